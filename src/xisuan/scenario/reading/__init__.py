"""Files to typed tables, with every problem."""
