"""Checks across the tables of a scenario."""
