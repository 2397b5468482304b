"""What a solve will take, before it begins: rows, memory and seconds to expect."""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.solver.highs import How


@dataclass(frozen=True, slots=True)
class Expectation:
    """Memory in MB (the whole process, peak) and seconds to expect, each as (low, likely, high), and a line for people."""

    memory_mb: tuple[float, float, float]
    seconds: tuple[float, float, float]
    text: str


def predict(rows: int, columns: int, nonzeros: int, integers: int = 0, how: How | None = None) -> Expectation:
    """The memory and time to expect of a model of this size."""
    memory = 150.0 + 1.2e-3 * nonzeros
    seconds = 2.0e-5 * nonzeros
    return Expectation((memory * 0.5, memory, memory * 2), (seconds / 5, seconds, seconds * 5), f"{rows:,} rows")
