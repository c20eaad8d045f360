"""The service as a whole: settings, wiring, logging, the command line and the rehearsal."""
