"""Reading files into typed tables, with every problem found."""
