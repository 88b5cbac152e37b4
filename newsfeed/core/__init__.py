"""Pure decisions: values in, values out. No files, clock, network, chance or logging here."""
