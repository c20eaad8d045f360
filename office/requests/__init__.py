"""What units ask for: later dates, completion, absence; and the office's decisions."""
