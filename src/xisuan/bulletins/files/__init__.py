"""Files to text and tables, and where a text comes from."""
