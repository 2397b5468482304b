"""The structured method in several worker processes, and its checkpoints."""
