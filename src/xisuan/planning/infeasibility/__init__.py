"""Infeasibility: the conflicting statements of a scenario, and by how much they must be relaxed."""
