"""What survives faults: kills, refusals, time-outs, poison; against the embedded Bot API."""
