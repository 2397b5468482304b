"""Model to scaled, presolved standard form."""
