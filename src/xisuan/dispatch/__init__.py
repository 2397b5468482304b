"""Dispatch: how a plan's capacity is operated, hour by hour, on any hours."""
