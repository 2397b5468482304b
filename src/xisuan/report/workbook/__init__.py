"""Workbook of a run: the brief, a list of contents, the chapters, and tables of the plan with names beside codes."""
