"""Plans as PyPSA networks, and an independent computation of the least cost."""
