"""Compile the event core and the structured solver once, ahead of use: Numba caches the result next to the source.

It uses one core, while the checks leave another idle, and keeps parallel tests from compiling the same functions.
"""

from __future__ import annotations

import numpy as np

from gnomon.interior_point.solve import solve
from gnomon.model.linear_program import flatten
from gnomon.model.row_kernels import Templates
from xisuan.equations.build_model import assemble
from xisuan.scenario.variants.synthetic import country
from xisuan.simulation.jobs import jobs
from xisuan.simulation.policies.machine_inventory import Floor, read_floor
from xisuan.simulation.serve import serve


def main() -> None:
    """Run each kind of simulation (uniform servers, machines with a size) and a small plan once."""
    one = jobs(np.zeros(1), np.ones(1))
    serve([one], 1, "fcfs")
    serve([one], Floor([read_floor("1x1")]), "fcfs")
    model = assemble(country(3, 2, hours="hours:60")).model
    solve(flatten(model))
    rows = Templates(model)
    once = rows.pull(rows.times(rows.pull(np.ones(rows.shape[0]))) + rows.largest(np.ones(rows.shape[1])))
    rows.sizes(once), rows.pulled_sizes(rows.times(once), np.arange(1)), rows.some(np.arange(1))


if __name__ == "__main__":
    main()
