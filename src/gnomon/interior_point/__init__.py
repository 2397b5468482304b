"""The time-structured interior-point solver: numbers in, numbers out. It knows no scenario."""
