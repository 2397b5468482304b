"""Commands that make and check scenarios."""
