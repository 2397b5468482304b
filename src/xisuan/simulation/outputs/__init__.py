"""Statistics of a simulation, and the bounds and baselines that they are compared with."""
