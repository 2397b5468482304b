"""Run all measurements, or those named: `python -m benchmarks A1 A3`. `--quick` takes the small sizes only."""

from __future__ import annotations

import argparse
import inspect

from benchmarks import (
    a1_building,
    a2_run,
    a3_objective,
    a4_week,
    a5_year,
    a6_rollout,
    a7_year,
    a8_growth,
    b1_events,
    b2_peers,
    b3_agreement,
    d1_hostile,
    d2_kills,
    e1_reading,
    e2_backtest,
)
from benchmarks.tables import machine

ALL = {
    "A1": a1_building.run,
    "A2": a2_run.run,
    "A3": a3_objective.run,
    "A4": a4_week.run,
    "A5": a5_year.run,
    "A6": a6_rollout.run,
    "A7": a7_year.run,
    "A8": a8_growth.run,
    "B1": b1_events.run,
    "B2": b2_peers.run,
    "B3": b3_agreement.run,
    "D1": d1_hostile.run,
    "D2": d2_kills.run,
    "E1": e1_reading.run,
    "E2": e2_backtest.run,
}


def main() -> None:
    """Measure what is asked for and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(ALL), help="what to measure; all unless given")
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(ALL))
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}; choose from {', '.join(ALL)}")
    print(machine())
    for name in asked.names or ALL:
        print(f"\n## {name}\n\n{inspect.cleandoc(ALL[name].__doc__ or '')}\n", flush=True)
        for text in ALL[name](asked.quick):
            print(text, flush=True)


if __name__ == "__main__":
    main()
