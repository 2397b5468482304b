"""Linear models with a time structure and the solvers for them. The package knows no scenario, only numbers."""
