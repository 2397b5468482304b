"""Text output: translation, numbers, durations."""
