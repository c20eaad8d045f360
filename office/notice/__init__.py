"""What was decided: notices adopted, corrected, taken back; tasks assigned and signed for."""
