"""Second, independent formulation of the model, with the names of equations/constraints."""
