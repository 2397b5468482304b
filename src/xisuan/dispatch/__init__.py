"""Dispatch: hourly operation of a plan's capacity, on any hours."""
