"""Decoding of bulletin files to text and tables, and the metadata of a publication."""
