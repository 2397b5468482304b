"""Interpretation of numbers: number kind, indicator, period, region and status."""
