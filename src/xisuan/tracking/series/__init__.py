"""Published figures to series, and where they go."""
