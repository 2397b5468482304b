"""Linear programs with a structure in time: hours with states, periods with capacities, solved to a proven gap.

    import gnomon

    model = gnomon.Model(1, previous)       # one period; previous[t] is the hour before hour t
    solution = gnomon.solve(model, gap=1e-6)

`gnomon.linopy` solves linopy models, `gnomon.pypsa` PyPSA networks. These two are extras and are imported by name.
"""

from gnomon.errors import GnomonError, InfeasibleError, OptionError, SolverError, UnboundedError
from gnomon.linear_solve import column_values, reduced_costs, row_duals, solve
from gnomon.model.block_model import Block, Model
from gnomon.options import Options
from gnomon.solution import Progress, Solution

__version__ = "0.1.0"

__all__ = [
    "Block",
    "GnomonError",
    "InfeasibleError",
    "Model",
    "OptionError",
    "Options",
    "Progress",
    "Solution",
    "SolverError",
    "UnboundedError",
    "__version__",
    "column_values",
    "reduced_costs",
    "row_duals",
    "solve",
]
