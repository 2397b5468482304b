"""Solve capacity expansion of a PyPSA network once: `python -m benchmarks.network_solve SOLVER HOURS BUSES [GAP]`.

SOLVER is gnomon, hipo or ipx. The network has wind, sun, gas with ramps, batteries, hydrogen, extendable lines with
Kirchhoff's laws, and a cap on CO₂. Seconds run from linopy's model to values in it for gnomon, and from the arrays to the
optimum, without crossover, for HiGHS. Building the model and compiling the kernels are not counted. Two threads.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pypsa

import gnomon.linopy
from benchmarks.process import forget_peak, peak_mb
from gnomon.options import Options

THREADS = 2
GAP = 1e-4


def network(hours: int, buses: int) -> pypsa.Network:
    """Return the network; its numbers depend on the arguments alone."""
    rng, n = np.random.default_rng(7), pypsa.Network()
    n.set_snapshots(pd.date_range("2030-01-01", periods=hours, freq="h"))
    n.add("Carrier", ["gas", "AC", "H2"], co2_emissions=[0.2, 0.0, 0.0])
    clock, share = np.arange(hours), hours / 8760
    sun = np.clip(np.sin((clock % 24 - 6) / 12 * np.pi), 0, 1)
    for i in range(buses):
        here, gas = f"n{i}", f"h{i}"
        n.add("Bus", here, carrier="AC", v_nom=380.0)
        n.add("Bus", gas, carrier="H2")
        load = (60 + 15 * (i % 4)) * (1 + 0.25 * np.sin((clock - 8) / 24 * 2 * np.pi)) + 6 * rng.random(hours)
        wind = np.clip(0.35 + 0.25 * np.sin(clock / 53 + i) + rng.normal(0, 0.12, hours), 0.01, 1)
        n.add("Load", here, bus=here, p_set=load)
        _built(n, "Generator", f"sun{i}", here, 5.0e4 * share, p_max_pu=sun * (0.5 + 0.5 * rng.random(hours)))
        _built(n, "Generator", f"wind{i}", here, 9.0e4 * share, p_max_pu=wind)
        _built(n, "Generator", f"gas{i}", here, 4.5e4 * share, carrier="gas", efficiency=0.5, marginal_cost=70.0 + i,
               ramp_limit_up=0.4, ramp_limit_down=0.4)  # fmt: skip
        _built(n, "StorageUnit", f"battery{i}", here, 4.0e4 * share, max_hours=6, efficiency_store=0.95,
               efficiency_dispatch=0.95, cyclic_state_of_charge=True, marginal_cost=0.01)  # fmt: skip
        n.add("Store", f"tank{i}", bus=gas, e_nom_extendable=True, e_cyclic=True, capital_cost=500.0 * share)
        for name, a, b, loss, cost in ((f"make{i}", here, gas, 0.7, 3.5e4), (f"use{i}", gas, here, 0.5, 5.0e4)):
            n.add("Link", name, bus0=a, bus1=b, efficiency=loss, p_nom_extendable=True, capital_cost=cost * share)
    for i in range(buses):
        for step in (1, 3) if buses > 6 else (1,):
            n.add("Line", f"l{i}.{step}", bus0=f"n{i}", bus1=f"n{(i + step) % buses}", x=0.1 * step + 0.003 * i, r=0.01,
                  s_nom_extendable=True, capital_cost=1.5e4 * step * share, carrier="AC")  # fmt: skip
    n.add("GlobalConstraint", "co2", type="primary_energy", carrier_attribute="co2_emissions", sense="<=",
          constant=4.0 * buses * hours)  # fmt: skip
    return n


def _built(n: pypsa.Network, kind: str, name: str, bus: str, cost: float, **more: object) -> None:
    n.add(kind, name, bus=bus, p_nom_extendable=True, capital_cost=cost, **more)


def main(solver: str, hours: str, buses: str, gap: float = GAP) -> None:
    """Solve once and print seconds, iterations, gap and sizes as JSON."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if solver == "gnomon":  # compile or load the kernels
        gnomon.linopy.solve(network(48, 2).optimize.create_model(include_objective_constant=False))
    model = network(int(hours), int(buses)).optimize.create_model(include_objective_constant=False)
    sizes = {"columns": int(model.nvars), "rows": int(model.ncons)}
    forget_peak()
    print(json.dumps(sizes | (_ours(model, gap) if solver == "gnomon" else _highs(model, solver, gap))))


def _ours(model, gap: float) -> dict[str, object]:
    began, used = time.perf_counter(), time.process_time()
    report = gnomon.linopy.run(model, gap=gap, options=Options(threads=THREADS))
    return {
        "seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - used,
        "iterations": report.iterations, "objective": report.objective, "gap": report.gap, "peak_mb": peak_mb(),
        "status": report.condition,
    }  # fmt: skip


def _highs(model, solver: str, gap: float) -> dict[str, object]:
    engine = model.to_highspy()
    for option, value in {
        "output_flag": False, "solver": solver, "run_crossover": "off", "threads": THREADS, "ipm_optimality_tolerance": gap
    }.items():  # fmt: skip
        engine.setOptionValue(option, value)
    began, used = time.perf_counter(), time.process_time()
    engine.run()
    seconds, info = time.perf_counter() - began, engine.getInfo()
    objective, dual = (
        info.objective_function_value,
        info.dual_objective_value if hasattr(info, "dual_objective_value") else np.nan,
    )
    return {
        "seconds": seconds, "processor_seconds": time.process_time() - used, "iterations": int(info.ipm_iteration_count),
        "objective": objective, "gap": abs(objective - dual) / abs(objective), "peak_mb": peak_mb(),
        "status": engine.modelStatusToString(engine.getModelStatus()).lower(),
    }  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:4], *(float(of) for of in sys.argv[4:]))
