"""Definitions of every table and column, by subject."""
