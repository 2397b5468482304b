"""Plan the nation for futures with tables and profiles of their own: `python -m benchmarks.careful SOLVER FUTURES HOURS`.

The scenario is `china-futures` with other members: up to four features, each as it is or otherwise, in all combinations,
equally likely. Weather: sun and wind of the week after, 15 % less. Price: 1.3 times as far from their mean. Training and
inference: 25 % more. All other work: 15 % more. The risk is CVaR at 0.9 with weight 0.3.

SOLVER is `plan`: all that `xisuan plan` does, each future by itself, certificate included; `structured`: the extensive
form alone; or a solver of HiGHS, which takes the same extensive form and has ten minutes. Two threads. Building the
model and compiling the kernels are not counted, except by `plan`.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

import xisuan as xs
from benchmarks.once import compiled
from benchmarks.process import forget_peak, peak_mb
from gnomon.highs import solver_sequence
from gnomon.methods.risk_start import solve_futures
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.transforms.extensive_form import Futures
from gnomon.transforms.risk_rows import Risk
from xisuan.equations.build_model import EARLY, assemble
from xisuan.scenario.settings import RiskOptions
from xisuan.scenario.variants import members as futures

THREADS = 2
GAP = 1e-4
RISK = RiskOptions(level=0.9, weight=0.3)
LATER, CALM, SWING, TRAINING, WORK = 168, 0.85, 1.3, 1.25, 1.15
"""Hours by which the weather is later, and its factor; factors of the swing of prices and of demand."""
TIME_LIMIT = 600.0


def main(solver: str, count: int, hours: str, gap: float = GAP) -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    compiled(THREADS)
    given = careful(count, hours)
    print(json.dumps(_planned(given, gap) if solver == "plan" else _joint(given, solver, gap)))


def careful(count: int, hours: str) -> xs.Scenario:
    """Return the scenario with `count` members, a power of 2 up to 16."""
    given = xs.on_hours(xs.load("china-futures"), xs.Hours.parse(hours)).with_settings(risk=RISK)
    curves = given.curves.copy()
    weather = [name for name in curves if str(name).startswith(("solar_", "wind_"))]
    prices = [name for name in curves if str(name).startswith("price_")]
    for name in weather:
        curves[f"{name}_calm"] = CALM * np.roll(curves[name], -LATER)
    for name in prices:
        curves[f"{name}_swing"] = curves[name].mean() + SWING * (curves[name] - curves[name].mean())
    calm = [("profiles", "*", name, f"{name}_calm") for name in weather]
    swing = [("profiles", "*", name, f"{name}_swing") for name in prices]
    features = (calm, swing, _demand(given, ("training", "inference"), TRAINING), _demand(given, None, WORK))
    features = features[: int(np.log2(count))]
    chosen = list(product((False, True), repeat=len(features)))
    names = ["".join("ab"[on] for on in one) or "a" for one in chosen]
    table = pd.DataFrame({"member": names, "probability": 1.0 / len(names)})
    rows = [
        (name, *value)
        for name, one in zip(names, chosen, strict=True)
        for on, values in zip(one, features, strict=True)
        for value in (values if on else ())
    ]
    values = pd.DataFrame(rows, columns=["member", "table", "key", "column", "value"])
    return replace(given, curves=curves).with_tables(
        members=_filled(table, given["members"]), member_values=_filled(values, given["member_values"])
    )


def _demand(given: xs.Scenario, works: tuple[str, ...] | None, factor: float) -> list[tuple[str, str, str, float]]:
    """Return the values of demand of some workloads, or of all but training and inference, times `factor`."""
    demand = given["demand"]
    of = demand["workload"].isin(works) if works else ~demand["workload"].isin(("training", "inference"))
    return [
        ("demand", f"{row.region}/{row.workload}/{int(row.period)}", "units", factor * row.units)
        for row in demand[of & (demand["units"] > 0)].itertuples()
    ]


def _filled(table: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the columns and kinds of a table of the scenario; levers are 0."""
    out = table.reindex(columns=like.columns)
    for column in like.columns.difference(table.columns):
        out[column] = 0.0 if like[column].dtype.kind == "f" else ""
    return out


def _planned(given: xs.Scenario, gap: float) -> dict[str, object]:
    """Plan as a user does, and report the certificate of the whole."""
    forget_peak()
    began, spent = time.perf_counter(), time.process_time()
    found = xs.two_stage(given, Options(gap=gap, threads=THREADS), method="structured")
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    certificate = found.certificate
    assert certificate is not None
    return {
        "seconds": seconds, "cpu_seconds": processor, "solves": found.effort.seconds, "rows": found.effort.rows,
        "columns": found.effort.columns, "nonzeros": found.effort.nonzeros,
        "iterations": found.effort.iterations, "objective": found.objective, "gap": found.gap, "peak_mb": peak_mb(),
        "certified": certificate.ok, "certified_gap": certificate.gap(certificate.cost), "members": len(found.members),
        "members_certified": sum(bool(one.plan.certificate and one.plan.certificate.ok) for one in found.members),
    }  # fmt: skip


def _joint(given: xs.Scenario, solver: str, gap: float) -> dict[str, object]:
    """Solve the extensive form alone."""
    made = futures.members(given)
    every = tuple(one.scenario for one in made)
    models = tuple(assemble(one, beside=every).model for one in every)
    joint = Futures(models, tuple(one.probability for one in made), frozenset(EARLY), 1, Risk(RISK.level, RISK.weight))
    flat = flatten(joint.extensive_form())
    forget_peak()
    spent = time.process_time()
    if solver == "structured":
        found = solve_futures(joint, flat, Options(gap=gap, threads=THREADS), None, "structured")
    else:
        options = Options(solver, gap, THREADS, time_limit=TIME_LIMIT)  # type: ignore[arg-type]
        found = solver_sequence.solve(flat, options)
    return {
        "seconds": found.seconds, "cpu_seconds": time.process_time() - spent, "rows": flat.shape[0],
        "columns": flat.shape[1], "nonzeros": flat.nonzeros, "iterations": found.iterations,
        "objective": found.objective, "gap": found.gap, "violation": weak_duality.violation(flat, found.x),
        "peak_mb": peak_mb(), "solver": found.solver,
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], *map(float, sys.argv[4:5]))
