"""The HiGHS solvers: transfer of the model, runs, warm simplex, feasibility."""
