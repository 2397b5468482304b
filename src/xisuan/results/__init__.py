"""Frozen results and the run folders that store them."""
