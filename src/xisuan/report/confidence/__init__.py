"""How far to trust it (14, 15, 16, 18, 19)."""
