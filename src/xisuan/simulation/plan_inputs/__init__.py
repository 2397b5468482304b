"""Scenario and plan as arrays."""
