"""A stored plan laid against the scenario beside it: every value, every table, every figure of its document."""
