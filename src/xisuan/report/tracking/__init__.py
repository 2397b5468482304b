"""Targets (2) and the page of a track."""
