"""A PDF with a text layer becomes lines and piped tables; nothing here knows what a notice is."""
