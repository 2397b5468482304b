"""Brief of two or more runs: what differs, by how much, and why."""
