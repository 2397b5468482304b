"""Linear programs with a structure in time: hours with states, periods with capacities, solved to a proven gap.

    import gnomon

    model = gnomon.Model(1, previous)       # one period; previous[t] is the hour before hour t
    solution = gnomon.solve(model, gap=1e-6)

`gnomon.linopy` solves linopy models, `gnomon.pypsa` PyPSA networks. These two are extras and are imported by name.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "gnomon.errors": ("GnomonError", "InfeasibleError", "OptionError", "SolverError", "UnboundedError"),
    "gnomon.linear_solve": ("column_values", "reduced_costs", "row_duals", "solve"),
    "gnomon.model.block_model": ("Block", "Model"),
    "gnomon.options": ("Options",),
    "gnomon.solution": ("Progress", "Solution"),
}
"""Module of each public name; it is imported when the name is first used, so that `import gnomon` is quick."""
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gnomon' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
