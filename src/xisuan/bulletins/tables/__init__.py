"""Printed tables of statistical offices, and tidy tables of one observation per row."""
