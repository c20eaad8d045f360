"""What the office does about silence: reminders, calls, slips, inspections; its calendar and its stop button."""
