"""Summary figures computed from results."""
