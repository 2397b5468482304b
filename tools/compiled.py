"""Compile the event core once, before anything needs it: Numba keeps the result beside the source.

It takes a minute of one core, in which the checks leave another idle; two tests that come to it at once would both do it.
"""

from __future__ import annotations

import numpy as np

from xisuan.simulation.floor import Floor, read_floor
from xisuan.simulation.jobs import jobs
from xisuan.simulation.serve import serve


def main() -> None:
    """One job on servers alike, and one on a machine that has a size: the two kinds of world there are."""
    one = jobs(np.zeros(1), np.ones(1))
    serve([one], 1, "fcfs")
    serve([one], Floor([read_floor("1x1")]), "fcfs")


if __name__ == "__main__":
    main()
