"""Every table and column, by subject."""
