"""Linear algebra of assembled models."""
