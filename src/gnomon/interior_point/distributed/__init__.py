"""Several processes, checkpoints."""
