"""A scenario and a plan as arrays for the simulation."""
