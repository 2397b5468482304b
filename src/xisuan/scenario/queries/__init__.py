"""Derived data of a scenario: candidates, routes, levers, the gigabit standard."""
