"""Violations of a plan, and proofs of lower bounds."""
