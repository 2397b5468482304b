"""Second, independent reading of the scenario's tables."""
