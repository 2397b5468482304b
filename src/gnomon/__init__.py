"""Numbers in, numbers out: linear models with a time structure, and the solvers that take them. Knows no scenario."""
