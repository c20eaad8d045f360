"""Pure rules and values: working days, periods, characters, the ladder, which task a text means; reads no clock, file or database."""
