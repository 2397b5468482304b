"""Proof of a solution: bounds by weak duality, repair of the primal, certification by the caller."""
