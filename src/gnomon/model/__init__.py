"""The block model, its linear program, and access to the coefficients."""
