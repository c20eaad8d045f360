"""How the service looks after itself: alarms, its daily line, what is deleted when."""
