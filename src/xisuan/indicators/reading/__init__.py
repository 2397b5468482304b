"""Whole texts, tables and files read into observations and targets, with what could not be placed."""
