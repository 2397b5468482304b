"""xisuan."""
