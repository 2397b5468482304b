"""Gigabit access: arrays by city, roll-out constraints, result tables."""
