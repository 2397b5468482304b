"""Linear programs with a structure in time: hours with states, periods with capacities, solved to a proven gap.

    import gnomon

    model = gnomon.Model(1, previous)       # one period; previous[t] is the hour before hour t
    solution = gnomon.solve(model, gap=1e-6)

`gnomon.linopy` solves linopy models, `gnomon.pypsa` PyPSA networks. These two are extras and are imported by name.

The names of this module are the public face. Modules below it are private and may change.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gnomon.arrays import Array, Index, Label, Mask
    from gnomon.errors import (
        INFEASIBLE,
        OPTION_PROBLEMS,
        GnomonError,
        InfeasibleError,
        ModelError,
        OptionError,
        SolverError,
        UnboundedError,
    )
    from gnomon.highs.feasibility import FEASIBLE as ACCEPTED_VIOLATION
    from gnomon.highs.solver_sequence import solve as solve_direct
    from gnomon.highs.solver_sequence import solve_once
    from gnomon.highs.warm_simplex import RepeatedProgram, SolvedModel, Vertex, best_integer_point, nearest_vertex
    from gnomon.highs.warm_simplex import vertex as find_vertex
    from gnomon.infeasibility.elastic_program import Slacks as ElasticSlacks
    from gnomon.infeasibility.elastic_program import least_slacks
    from gnomon.infeasibility.iis import Conflict, Kin, explain_small_part, is_conflict
    from gnomon.infeasibility.iis import explain as explain_infeasibility
    from gnomon.infeasibility.relaxation_ladder import PROOF as PROOF_ROWS
    from gnomon.infeasibility.relaxation_ladder import WHOLE as WHOLE_MODEL
    from gnomon.infeasibility.relaxation_ladder import Part as ModelPart
    from gnomon.infeasibility.relaxation_ladder import statements_part
    from gnomon.interior_point.distributed.dask_workers import cluster_recruit as recruit_from_cluster
    from gnomon.interior_point.distributed.dask_workers import count as count_cluster_workers
    from gnomon.interior_point.solve import UnprovenError
    from gnomon.interior_point.solve import solve as solve_structured
    from gnomon.linear_solve import column_values, reduced_costs, row_duals, solve
    from gnomon.methods.method_choice import check_method, strategies_for
    from gnomon.methods.method_choice import run as run_strategies
    from gnomon.methods.method_choice import solve as solve_flat
    from gnomon.methods.risk_start import solve_futures
    from gnomon.methods.rolling_horizon import Rolling
    from gnomon.methods.rolling_horizon import roll as roll_horizon
    from gnomon.methods.small_amounts import removed as remove_small_amounts
    from gnomon.model.block_model import Block, Model
    from gnomon.model.coefficients import StoredCoefficients
    from gnomon.model.csr_matrix import size as model_size
    from gnomon.model.linear_program import LinearProgram, flatten
    from gnomon.options import LONG_GAP, Clock, Options
    from gnomon.package_versions import PACKAGES as SOLVER_PACKAGES
    from gnomon.package_versions import versions as installed_versions
    from gnomon.proof.confirmation import Confirm
    from gnomon.proof.primal_repair import tiny as is_tiny
    from gnomon.proof.weak_duality import proven as proven_bound
    from gnomon.proof.weak_duality import violation as largest_violation
    from gnomon.runtime.dask_client import client_of as cluster_client
    from gnomon.runtime.dask_client import refuse_other as require_same_versions
    from gnomon.runtime.memory import available as available_memory
    from gnomon.solution import LEAST_OBJECTIVE, Progress, Solution, Watch, relative_gap
    from gnomon.strategies.resource_estimates import Expectation, predict_futures, predict_parallel
    from gnomon.strategies.strategy_order import LARGE as LARGE_NONZEROS
    from gnomon.strategies.strategy_order import Name as StrategyName
    from gnomon.strategies.strategy_order import Request as SolveRequest
    from gnomon.strategies.strategy_order import highs_solvers, least_highs_memory_mb, require_highs_memory
    from gnomon.strategies.strategy_order import predict as predict_solve
    from gnomon.transforms.extensive_form import Futures
    from gnomon.transforms.integer_part import integer_program, with_integers
    from gnomon.transforms.integrality import narrow_bounds
    from gnomon.transforms.objective_limit import with_objective, with_objective_limit
    from gnomon.transforms.risk_rows import Risk
    from gnomon.transforms.time_aggregation import tightest_hours

__version__ = "0.2.0.dev0"

__all__ = [
    "ACCEPTED_VIOLATION",
    "INFEASIBLE",
    "LARGE_NONZEROS",
    "LEAST_OBJECTIVE",
    "LONG_GAP",
    "OPTION_PROBLEMS",
    "PROOF_ROWS",
    "SOLVER_PACKAGES",
    "WHOLE_MODEL",
    "Array",
    "Block",
    "Clock",
    "Confirm",
    "Conflict",
    "ElasticSlacks",
    "Expectation",
    "Futures",
    "GnomonError",
    "Index",
    "InfeasibleError",
    "Kin",
    "Label",
    "LinearProgram",
    "Mask",
    "Model",
    "ModelError",
    "ModelPart",
    "OptionError",
    "Options",
    "Progress",
    "RepeatedProgram",
    "Risk",
    "Rolling",
    "Solution",
    "SolveRequest",
    "SolvedModel",
    "SolverError",
    "StoredCoefficients",
    "StrategyName",
    "UnboundedError",
    "UnprovenError",
    "Vertex",
    "Watch",
    "__version__",
    "available_memory",
    "best_integer_point",
    "check_method",
    "cluster_client",
    "column_values",
    "count_cluster_workers",
    "explain_infeasibility",
    "explain_small_part",
    "find_vertex",
    "flatten",
    "highs_solvers",
    "installed_versions",
    "integer_program",
    "is_conflict",
    "is_tiny",
    "largest_violation",
    "least_highs_memory_mb",
    "least_slacks",
    "model_size",
    "narrow_bounds",
    "nearest_vertex",
    "predict_futures",
    "predict_parallel",
    "predict_solve",
    "proven_bound",
    "recruit_from_cluster",
    "reduced_costs",
    "relative_gap",
    "remove_small_amounts",
    "require_highs_memory",
    "require_same_versions",
    "roll_horizon",
    "row_duals",
    "run_strategies",
    "solve",
    "solve_direct",
    "solve_flat",
    "solve_futures",
    "solve_once",
    "solve_structured",
    "statements_part",
    "strategies_for",
    "tightest_hours",
    "with_integers",
    "with_objective",
    "with_objective_limit",
]

_HOMES = {
    "gnomon.arrays": "Array Index Label Mask",
    "gnomon.errors": "GnomonError INFEASIBLE InfeasibleError ModelError "
    "OPTION_PROBLEMS OptionError SolverError UnboundedError",
    "gnomon.highs.feasibility": "FEASIBLE=ACCEPTED_VIOLATION",
    "gnomon.highs.solver_sequence": "solve=solve_direct solve_once",
    "gnomon.highs.warm_simplex": "RepeatedProgram SolvedModel Vertex best_integer_point nearest_vertex vertex=find_vertex",
    "gnomon.infeasibility.elastic_program": "Slacks=ElasticSlacks least_slacks",
    "gnomon.infeasibility.iis": "Conflict Kin explain=explain_infeasibility explain_small_part is_conflict",
    "gnomon.infeasibility.relaxation_ladder": "PROOF=PROOF_ROWS Part=ModelPart WHOLE=WHOLE_MODEL statements_part",
    "gnomon.interior_point.distributed.dask_workers": "cluster_recruit=recruit_from_cluster count=count_cluster_workers",
    "gnomon.interior_point.solve": "UnprovenError solve=solve_structured",
    "gnomon.linear_solve": "column_values reduced_costs row_duals solve",
    "gnomon.methods.method_choice": "check_method run=run_strategies solve=solve_flat strategies_for",
    "gnomon.methods.risk_start": "solve_futures",
    "gnomon.methods.rolling_horizon": "Rolling roll=roll_horizon",
    "gnomon.methods.small_amounts": "removed=remove_small_amounts",
    "gnomon.model.block_model": "Block Model",
    "gnomon.model.coefficients": "StoredCoefficients",
    "gnomon.model.csr_matrix": "size=model_size",
    "gnomon.model.linear_program": "LinearProgram flatten",
    "gnomon.options": "Clock LONG_GAP Options",
    "gnomon.package_versions": "PACKAGES=SOLVER_PACKAGES versions=installed_versions",
    "gnomon.proof.confirmation": "Confirm",
    "gnomon.proof.primal_repair": "tiny=is_tiny",
    "gnomon.proof.weak_duality": "proven=proven_bound violation=largest_violation",
    "gnomon.runtime.dask_client": "client_of=cluster_client refuse_other=require_same_versions",
    "gnomon.runtime.memory": "available=available_memory",
    "gnomon.solution": "LEAST_OBJECTIVE Progress Solution Watch relative_gap",
    "gnomon.strategies.resource_estimates": "Expectation predict_futures predict_parallel",
    "gnomon.strategies.strategy_order": "LARGE=LARGE_NONZEROS Name=StrategyName Request=SolveRequest highs_solvers "
    "least_highs_memory_mb predict=predict_solve require_highs_memory",
    "gnomon.transforms.extensive_form": "Futures",
    "gnomon.transforms.integer_part": "integer_program with_integers",
    "gnomon.transforms.integrality": "narrow_bounds",
    "gnomon.transforms.objective_limit": "with_objective with_objective_limit",
    "gnomon.transforms.risk_rows": "Risk",
    "gnomon.transforms.time_aggregation": "tightest_hours",
}
"""Names that each module gives to the face, with `=` before another public name. They are imported when first used, so that
`import gnomon` is quick."""
_HOME = {
    public or inside: (module, inside)
    for module, names in _HOMES.items()
    for inside, _, public in (name.partition("=") for name in names.split())
}
"""Public name → module and name there."""


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gnomon' has no attribute {name!r}")
    module, inside = _HOME[name]
    value = getattr(importlib.import_module(module), inside)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
