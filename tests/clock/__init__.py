"""The clock: what it does when, what it does after an outage, and how it watches itself."""
