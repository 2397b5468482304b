"""Run all benchmarks, or those named, and write benchmarks/results/: `python -m benchmarks A1 A3`.

`--quick` measures small sizes only, prints them and writes nothing.
"""

from __future__ import annotations

import argparse

from benchmarks import (
    a1_building,
    a2_run,
    a3_objective,
    a4_week,
    a5_year,
    a6_rollout,
    a7_year,
    a8_growth,
    a9_clean_year,
    ablation,
    b1_events,
    b2_peers,
    b3_agreement,
    c1_studio,
    c2_browser,
    c3_tasks,
    d1_hostile,
    d2_kills,
    e1_reading,
    e2_backtest,
    networks,
    r1_risk,
)
from benchmarks.result_file import environment, measured, write

ALL = {
    "A1": a1_building,
    "A2": a2_run,
    "A3": a3_objective,
    "A4": a4_week,
    "A5": a5_year,
    "A6": a6_rollout,
    "A7": a7_year,
    "A8": a8_growth,
    "A9": a9_clean_year,
    "B1": b1_events,
    "B2": b2_peers,
    "B3": b3_agreement,
    "C1": c1_studio,
    "C2": c2_browser,
    "C3": c3_tasks,
    "D1": d1_hostile,
    "D2": d2_kills,
    "E1": e1_reading,
    "E2": e2_backtest,
    "R1": r1_risk,
    "gnomon": networks,
    "ablation": ablation,
}


def main() -> None:
    """Run the named benchmarks, print their tables and write the result files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(ALL), help="what to measure; all unless given")
    parser.add_argument("--quick", action="store_true", help="small sizes only; no result file is written")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(ALL))
    if unknown:
        parser.error(f"unknown benchmark: {', '.join(unknown)}. Choose from {', '.join(ALL)}.")
    for name in asked.names or ALL:
        module, began = ALL[name], environment()
        print(f"\n## {name}\n\n{measured(module)}\n\n{began}\n", flush=True)
        texts = []
        for text in module.run(asked.quick):
            print(text, flush=True)
            texts.append(text)
        if not asked.quick:
            print(f"\nwritten: {write(module, began, texts)}", flush=True)


if __name__ == "__main__":
    main()
