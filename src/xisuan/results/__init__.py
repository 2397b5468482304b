"""What is found: frozen results and the run folders that keep them."""
