"""The command line, as an administrator and an outside tester use it."""
