"""Time and memory of the solvers as laws of the non-zeros of a model.

The laws of HiGHS are powers of the non-zeros, fitted by least squares in logarithms to processor seconds and peak memory of
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

from dataclasses import dataclass

PROCESS_MB = 200.0
"""Memory in MB of Python with its libraries, and a scenario."""


@dataclass(frozen=True, slots=True)
class Law:
    """Law seconds = at_100k × (nonzeros / 100,000)^power, with bytes per non-zero and MB per process.

    bytes: least, likely and most, besides those of the model.
    """

    at_100k: float
    power: float
    bytes: tuple[float, float, float]
    process_mb: float = PROCESS_MB


PROCESSORS = 2
"""Threads in the measurements of the structured method."""
LAWS = {
    "hipo": Law(4.0, 1.25, (570.0, 1_140.0, 2_760.0)),
    "ipx": Law(1.8, 1.67, (260.0, 340.0, 540.0)),
    "simplex": Law(1.7, 1.80, (380.0, 550.0, 700.0)),
    "structured": Law(1.2, 1.0, (50.0, 90.0, 250.0), 400.0),
}
"""Law of each solver; of the structured method with two threads, linear in the non-zeros as in the hours.

Seconds: `china`, a week (0.985 million non-zeros) to 1e-6 eight, a month (4.3) to 1e-3 24, the year (51.3) to 1e-3 460;
five periods of `guizhou-days` (1.73 million) to 1e-6 41. Memory: `china`, a week 0.58 GB, a month 1.1, the year 8.1;
the five periods of `guizhou-days` 0.8.
"""
OPERATED = Law(1.2, 1.0, (60.0, 105.0, 240.0), 300.0)
"""Law of the operation of a plan by the structured method to 1e-4, with two threads.

Seconds per 100,000 non-zeros of a period: 0.3 on the year of `guizhou-2023`, 0.5 on four weeks of `guizhou-days`, 0.7
on a quarter of `guizhou`, 1.3 on a month of `china`; on years of a busy machine 1.9 of `guizhou-days`, 2.9 of
`guizhou`, 2.5 of `china`. Memory of years: `starter` (684 thousand non-zeros) 416 MB, `guizhou-2023` 4.8 GB,
`guizhou-days` 5.8, `guizhou` 8.6, `china` (81.5 million) 13.1.
"""


def law_of(solver: str, purpose: str) -> Law:
    """Return the law of a solver for a purpose (`gnomon.options.Purpose`)."""
    return OPERATED if solver == "structured" and purpose == "operation" else LAWS[solver]
