"""Explanation of infeasible models in few statements."""
