"""Plan `china` for several years: `python -m benchmarks.years YEARS HOURS [GAP [SCRATCH]]`.

`china` has demand in 2025 and 2030. Here every year from 2026 on has its own: it grows at a constant rate between the
two and is constant later. The structured method solves with two threads; with SCRATCH its factors and vectors are in
files there. Building and compiling are not counted.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import xisuan as xs
from benchmarks.once import compiled, told
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from xisuan.equations.build_model import assemble

THREADS = 2
FIRST = 2026
KEY = ["region", "workload"]


def main(years: int, hours: str, gap: float = 1e-3, scratch: str = "") -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    compiled(THREADS)
    print(
        told(
            flatten(assemble(planned(years, hours)).model),
            Options(gap=gap, threads=THREADS, scratch=Path(scratch) if scratch else None),
        )
    )


def planned(years: int, hours: str) -> xs.Scenario:
    """Return `china` on these hours with the given number of years, each with its demand."""
    given = xs.load("china")
    demand = given["demand"]
    early, late = (demand[demand["period"] == year].set_index(KEY) for year in (2025, 2030))
    growth = (late["units"] / early["units"].reindex(late.index)).fillna(1.0) ** 0.2
    periods = tuple(range(FIRST, FIRST + years))
    each = [late.assign(period=float(year), units=late["units"] * growth ** min(0, year - 2030)) for year in periods]
    table = pd.concat([one.reset_index() for one in each], ignore_index=True)[list(demand.columns)]
    return xs.on_hours(given, xs.Hours.parse(hours)).with_tables(demand=table).with_settings(periods=periods)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1e-3, "".join(sys.argv[4:5]))
