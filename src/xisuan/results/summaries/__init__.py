"""Figures worked out of results."""
