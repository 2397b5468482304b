"""Gigabit access city by city: Dantzig-Wolfe, branch and price."""
