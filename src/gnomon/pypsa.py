"""Optimise PyPSA networks: `gnomon.pypsa.optimize(network)`. Needs the extra `linopy` and PyPSA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gnomon.linopy.model_solve import GAP, TIME, Report, run
from gnomon.options import Options
from gnomon.solution import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    import pypsa


def optimize(
    network: pypsa.Network,
    gap: float = GAP,
    *,
    method: str = "structured",
    options: Options | None = None,
    progress: Watch = None,
    extra_functionality: Callable[[Any, Any], None] | None = None,
    assign_all_duals: bool = False,
    **create_model: Any,
) -> Report:
    """Optimise a network like `network.optimize()` and return the report; its first two fields are PyPSA's result.

    * gap: proven relative gap.
    * method, options, progress: as in `gnomon.solve`.
    * extra_functionality: function of the network and its snapshots that changes the model before it is solved.
    * assign_all_duals: True to store the duals of custom constraints, too.
    * create_model: arguments of `network.optimize.create_model`, such as `multi_investment_periods`.

    The network then holds what it holds after any other solver. Raises UnsupportedModelError before any work if the
    model has what the engine cannot express, for example unit commitment.
    """
    model = network.optimize.create_model(**create_model)
    if extra_functionality is not None:
        extra_functionality(network, create_model.get("snapshots", network.snapshots))
    report = run(model, TIME, gap, method=method, options=options, progress=progress)
    if report.status == "ok":
        network.optimize.assign_solution()
        network.optimize.assign_duals(assign_all_duals)
        network.optimize.post_processing()
    return report
