"""Jobs queue of runs, and what is read of finished ones."""
