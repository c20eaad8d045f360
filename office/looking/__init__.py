"""What the office sees: what is overdue, how a period stands, digests."""
