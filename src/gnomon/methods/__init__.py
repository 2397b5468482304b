"""Solve by the chosen strategies: one after the other, by rounding and diving, without small amounts."""
