"""The scenario folder: its tables and settings, read, checked and written."""
