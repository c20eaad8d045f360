"""Documents in: bytes to text and tables to a `Notice`; knows nothing of the database or of Telegram."""
