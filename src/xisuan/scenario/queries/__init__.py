"""What follows from the tables."""
