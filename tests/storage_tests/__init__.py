"""What storage promises: commits, locks, schema, backups."""
