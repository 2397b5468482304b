"""The model and the ways to read its coefficients."""
