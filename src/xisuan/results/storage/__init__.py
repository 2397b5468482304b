"""Folders, sealed and read back."""
