"""The iterations: starting point, direction, step, projection, termination."""
