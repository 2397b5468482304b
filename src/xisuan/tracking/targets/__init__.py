"""Targets: values, status, dates, and planned paths."""
