"""Why a model has no solution, in few statements."""
