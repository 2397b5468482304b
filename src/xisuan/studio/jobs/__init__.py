"""Queue of runs, and readers of finished ones."""
