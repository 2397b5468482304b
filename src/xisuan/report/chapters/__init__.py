"""Chapters of the report: eight drill-downs of one or two screens each, then the annex."""
