"""Whole pages and workbooks."""
