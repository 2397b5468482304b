"""Factorisation of the Newton system: hours, states, and the Schur complement of the border."""
