"""The clock: one timetable of recurring work; knows no Telegram."""
