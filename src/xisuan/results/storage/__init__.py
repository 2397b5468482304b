"""Storage of results in sealed folders."""
