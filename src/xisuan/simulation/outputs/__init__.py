"""What is counted, and what it is compared with."""
