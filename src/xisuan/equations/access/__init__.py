"""Gigabit access: figures, roll-out, tables."""
