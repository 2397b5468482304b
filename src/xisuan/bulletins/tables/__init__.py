"""Tables as bureaus print them, and those of one observation a row."""
