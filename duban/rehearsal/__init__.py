"""Rehearse a plan year without Telegram: an embedded Bot API and the year played against it."""
