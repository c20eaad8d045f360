"""Telegram: updates in through the inbox, words out through the outbox; knows no SQL and decides nothing."""
