"""Jobs one by one: they arrive, are placed, move their data, wait, run, and finish or do not."""
