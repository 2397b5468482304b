"""Time and memory of HiGHS as laws of the non-zeros of a model.

The laws are powers of the non-zeros, fitted by least squares in logarithms to processor seconds and peak memory of
HiGHS 1.15.1 on two cores: models of `tests/solver/synthetic.py` (24 to 672 hours, 31 regions, 18 sites, one and four
periods, 31 to 845 thousand non-zeros, 11 to 293 thousand columns) and the shipped `guizhou-days` with its first 4 and
24 hours (81 and 435 thousand non-zeros), gap 1e-6.

  | solver  | seconds at 100 k | power | measured / law | bytes a non-zero |
  |---------|------------------|-------|----------------|------------------|
  | hipo    | 4.0              | 1.25  | 0.6 - 1.5      | 570 - 2,760      |
  | ipx     | 1.8              | 1.67  | 0.6 - 1.6      | 260 - 540        |
  | simplex | 1.7              | 1.80  | 0.6 - 1.3      | 380 - 700        |

Beyond the sizes measured they are extrapolations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gnomon.errors import SolverError
from gnomon.highs.solver_sequence import solvers_in_turn
from gnomon.options import Options

PROCESS_MB = 200.0
"""Memory in MB of Python with its libraries, and a scenario."""


@dataclass(frozen=True, slots=True)
class Law:
    """Law seconds = at_100k × (nonzeros / 100,000)^power, with bytes per non-zero and MB per process.

    bytes: least, likely and most.
    """

    at_100k: float
    power: float
    bytes: tuple[float, float, float]
    process_mb: float = PROCESS_MB


LAWS = {
    "hipo": Law(4.0, 1.25, (570.0, 1_140.0, 2_760.0)),
    "ipx": Law(1.8, 1.67, (260.0, 340.0, 540.0)),
    "simplex": Law(1.7, 1.80, (380.0, 550.0, 700.0)),
}


def least_memory_mb(nonzeros: int, options: Options) -> float:
    """Return the minimum additional memory in MB of HiGHS for a model that exists."""
    law = LAWS[solvers_in_turn(nonzeros, replace(options, solver="auto"))[0]]
    return law.bytes[0] * nonzeros / 1e6


def require_memory(nonzeros: int, options: Options, free: int, end: str) -> None:
    """Raise SolverError if HiGHS, as the next method, needs more than the `free` bytes; the process could be killed.

    end: the reason why the structured method ended.
    """
    needed = least_memory_mb(nonzeros, options)
    if needed > free / 1e6:
        raise SolverError(
            f"structured: {end}; HiGHS would come next, but needs {needed / 1e3:,.1f} GB at least, and {free / 1e9:,.1f} are"
            " free: try a wider --gap, or fewer hours"
        )
