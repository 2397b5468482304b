"""What is built (section 4)."""
