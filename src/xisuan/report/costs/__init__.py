"""What it costs and why here (5, 7, 8, 13)."""
