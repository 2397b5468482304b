"""Gigabit cities (12)."""
