"""The algorithm: start, direction, step, projection, termination."""
