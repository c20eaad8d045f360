"""Break the fake Telegram on purpose, and prove that it is as strict as the real one."""
