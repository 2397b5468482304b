"""Plan `china` for several futures with common capacities: `python -m benchmarks.members FUTURES HOURS [GAP]`.

Futures differ in the demand of the east and of intelligent computing and are equally likely. The structured method
solves with two threads; building and compiling are not counted.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

import xisuan as xs
from benchmarks.once import compiled, told
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.transforms.extensive_form import Futures
from xisuan.equations.build_model import EARLY, assemble
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.scenario.variants import members as futures

THREADS = 2
APART = 20.0
"""Largest change of the levers in either direction, per cent; the outermost futures have it."""


def main(members: int, hours: str, gap: float = 1e-3) -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    compiled(THREADS)
    print(told(together(members, hours), Options(gap=gap, threads=THREADS)))


def together(members: int, hours: str) -> LinearProgram:
    """Return the extensive form of `china` with the given number of futures on the given hours."""
    given = xs.on_hours(xs.load("china"), xs.Hours.parse(hours))
    moves = np.linspace(-APART, APART, members) if members > 1 else np.zeros(1)
    table = pd.DataFrame({"member": [f"m{i}" for i in range(members)], "probability": 1.0 / members})
    table = table.assign(**dict.fromkeys(LEVERS, 0.0), title="", title_zh="")
    table["eastern_demand"], table["intelligent_demand"] = moves, moves[::-1] / 2.0
    made = futures.members(given.with_tables(members=table.reindex(columns=given["members"].columns, fill_value="")))
    every = tuple(one.scenario for one in made)
    models = tuple(assemble(one, beside=every).model for one in every)
    return flatten(Futures(models, tuple(one.probability for one in made), frozenset(EARLY), 1).extensive_form())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], *map(float, sys.argv[3:4]))
