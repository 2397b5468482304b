"""Recheck of a stored plan against the scenario in its folder: every value, every table, every figure of its document."""
