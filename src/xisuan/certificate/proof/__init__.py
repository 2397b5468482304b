"""Violations and bounds."""
