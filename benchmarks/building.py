"""Build one model by one tool in this process: `python -m benchmarks.building TOOL SCENARIO HOURS`.

The time runs from the data to a solver that holds the model. xisuan assembles the equations and passes them to HiGHS.
linopy creates variables and constraints from the same arrays. PyPSA creates its model from an existing network.
Reading the scenario, importing, and creating the network are not counted. Seconds are processor seconds of all
threads. Memory is the peak above what the process held before.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import highspy
import linopy
import numpy as np
import xarray as xr

import xisuan as xs
from benchmarks.process import forget_peak, peak_mb, resident_mb
from gnomon.highs.model_transfer import hand_over
from gnomon.model.block_model import Block, Entries, Model
from gnomon.model.linear_program import flatten
from xisuan.equations.build_model import assemble
from xisuan.exchange.pypsa import network as exchange
from xisuan.exchange.pypsa.linopy_constraints import Rules

Steps = dict[str, float]


def scenario(name: str, hours: str) -> xs.Scenario:
    """Return a shipped scenario on the given hours, its first period only."""
    given = xs.load(name)
    first = given.settings.periods[0]
    return xs.on_hours(given.with_settings(periods=(first,), last_period_years=1), xs.Hours.parse(hours))


def build_xisuan(given: xs.Scenario) -> Callable[[], Steps]:
    """Return a function that builds the model by xisuan: equations to arrays, arrays to HiGHS."""

    def build() -> Steps:
        began = time.process_time()
        flat = flatten(assemble(given).model)
        built, held = time.process_time(), peak_mb()
        engine = highspy.Highs()
        engine.setOptionValue("output_flag", False)
        hand_over(engine, flat)
        done = time.process_time()
        rows, columns = flat.shape
        sizes = {"rows": rows, "columns": columns, "nonzeros": flat.nonzeros}
        return {"build": built - began, "hand": done - built, "built_mb": held, **sizes}

    return build


# --- linopy ------------------------------------------------------------------------------------------------------------


def build_linopy(given: xs.Scenario) -> Callable[[], Steps]:
    """Return a function that builds the same model by linopy from the same arrays, with the hours as a dimension.

    Terms are joined by numpy instead of `groupby`, which is faster than linopy's own way.
    """
    model = assemble(given).model
    assert model.periods == 1
    terms = _terms(model)

    def build() -> Steps:
        began = time.process_time()
        m = linopy.Model()
        variables = {name: _add(m, block) for name, block in model.columns.items()}
        m.objective = sum(
            (_priced(variables[name], block) for name, block in model.columns.items() if np.any(block.cost)),
            start=linopy.LinearExpression(None, m),
        )
        for name, parts in terms.items():
            _constrain(m, model.rows[name], parts, variables, model)
        built, held = time.process_time(), peak_mb()
        engine = linopy.io.to_highspy(m)
        done = time.process_time()
        lp = engine.getLp()
        sizes = {"rows": lp.num_row_, "columns": lp.num_col_, "nonzeros": len(lp.a_matrix_.value_)}
        return {"build": built - began, "hand": done - built, "built_mb": held, **sizes}

    return build


def _terms(model: Model) -> dict[str, list[Entries]]:
    out: dict[str, list[Entries]] = {}
    for part in model.entries:
        out.setdefault(part.row.name, []).append(part)
    return out


def _add(m: Any, block: Block) -> Any:
    """Add the variables of a block, with an axis of hours if it is hourly."""
    return m.add_variables(_labelled(block, block.lower), _labelled(block, block.upper), name=block.name)


def _labelled(block: Block, numbers: np.ndarray) -> xr.DataArray:
    dims = ["hour", block.name] if block.hourly else [block.name]
    coords: dict[str, Any] = {block.name: ["/".join(label) for label in block.labels]}
    if block.hourly:
        coords["hour"] = np.arange(numbers.shape[1])
    return xr.DataArray(np.ascontiguousarray(numbers[0]), coords, dims)


def _priced(variable: Any, block: Block) -> Any:
    return (variable * _labelled(block, block.cost)).sum()


def _constrain(m: Any, block: Block, parts: list[Entries], variables: dict[str, Any], model: Model) -> None:
    """Add the constraints of a block from an array of term labels and one of coefficients."""
    hours = model.hours if block.hourly else 1
    count = np.zeros(len(block), dtype=int)
    # Position of each term within its row; an hourly column in a yearly row takes one position per hour.
    places: list[np.ndarray] = []
    for part in parts:
        wide = model.hours if part.column.hourly and not block.hourly else 1
        place = np.empty(len(part.rows), dtype=int)
        for i, row in enumerate(part.rows):
            place[i], count[row] = count[row], count[row] + wide
        places.append(place)
    shape = (hours, len(block), int(count.max(initial=0)))
    labels, coefficients = np.full(shape, -1, dtype=np.int64), np.zeros(shape)
    for part, place in zip(parts, places, strict=True):
        _put(labels, coefficients, part, place, _numbers(variables[part.column.name]), model)
    dims = ["hour", f"row {block.name}", "_term"]
    data = xr.Dataset({"coeffs": (dims, coefficients), "vars": (dims, labels)})
    left = linopy.LinearExpression(data, m)
    sides = [np.broadcast_to(side[0], shape[:2]) for side in (block.lower, block.upper)]
    for at, (side, sign) in enumerate(zip(sides, (">=", "<="), strict=True)):
        if np.isfinite(side).any() and not (at == 1 and np.array_equal(*sides)):
            held = xr.DataArray(np.isfinite(side), dims=dims[:2])
            right = xr.DataArray(np.where(held, side, 0.0), dims=dims[:2])
            equal = np.array_equal(*sides)
            m.add_constraints(left, "=" if equal else sign, right, name=f"{block.name}{sign}", mask=held)


def _numbers(variable: Any) -> np.ndarray:
    """Return the integer labels of a variable, hours first."""
    labels = variable.labels
    return np.asarray(labels.transpose("hour", ...) if "hour" in labels.dims else labels)


def _put(
    labels: np.ndarray, coefficients: np.ndarray, part: Entries, place: np.ndarray, numbers: np.ndarray, model: Model
) -> None:
    values = part.values if part.periods is not None else part.values[0]
    if not part.column.hourly:
        labels[:, part.rows, place], coefficients[:, part.rows, place] = numbers[part.columns], values
    elif part.row.hourly:
        # Terms with `before` refer to the previous hour, cyclic in its block.
        hour = numbers[model.previous] if part.before else numbers
        labels[:, part.rows, place], coefficients[:, part.rows, place] = hour[:, part.columns], values
    else:
        for i, (row, column) in enumerate(zip(part.rows, part.columns, strict=True)):
            span = slice(place[i], place[i] + model.hours)
            labels[0, row, span], coefficients[0, row, span] = numbers[:, column], values[:, i]


# --- PyPSA -------------------------------------------------------------------------------------------------------------


def build_pypsa(given: xs.Scenario) -> Callable[[], Steps]:
    """Return a function that builds the same scenario by PyPSA from its network (`xisuan.exchange.pypsa.network`)."""
    parts = exchange.planning(given)
    n = parts.network()

    def build() -> Steps:
        began = time.process_time()
        multi = n.has_investment_periods
        m = n.optimize.create_model(multi_investment_periods=multi, include_objective_constant=False)
        Rules(parts)(n, n.snapshots)
        built, held = time.process_time(), peak_mb()
        engine = linopy.io.to_highspy(m)
        done = time.process_time()
        lp = engine.getLp()
        sizes = {"rows": lp.num_row_, "columns": lp.num_col_, "nonzeros": len(lp.a_matrix_.value_)}
        return {"build": built - began, "hand": done - built, "built_mb": held, **sizes}

    return build


TOOLS = {"xisuan": build_xisuan, "linopy": build_linopy, "pypsa": build_pypsa}


def main(tool: str, name: str, hours: str) -> None:
    """Build once and print seconds, MB and sizes."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    build = TOOLS[tool](scenario(name, hours))
    highspy.Highs().setOptionValue("output_flag", False)
    gc.collect()
    forget_peak()
    before = resident_mb()
    steps = build()
    print(json.dumps({**steps, "built_mb": steps["built_mb"] - before, "peak_mb": peak_mb() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
