"""HiGHS: passing the model, running, warm simplex, feasibility."""
