"""Editing of tables, curves, map and what-if questions."""
