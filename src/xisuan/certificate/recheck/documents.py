"""Comparison of the main figures in the document of a plan or a schedule with recomputed ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xisuan.certificate.tolerances import SAME
from xisuan.results.certification import Difference
from xisuan.results.storage import json_document

LOOSE = {"certificate.lower_bound": 1e-6, "objective": 1e-6}
"""Relative tolerances of figures from longer sums."""
NOISE = {"certificate.max_violation": 1e-9, "certificate.families": 1e-9}
"""Absolute tolerances of figures that are rounding noise of the machine."""
OF_OBJECTIVE = ("perfect_information_mcny", "stochastic_solution_mcny")
"""Differences of costs, whose rounding is that of the objective."""


def compare(
    name: str, stored: Mapping[str, Any], right: Mapping[str, Any], keys: Iterable[str]
) -> Iterator[Difference]:
    """Yield a difference for each figure of `keys` that differs from the recomputed one. name: of the document."""
    for key in keys:
        yield from _compare(name, key, stored.get(key), json_document.plain(right[key]), _rounding(key, right))


def unknown(name: str, stored: Iterable[str], known: Iterable[str]) -> Iterator[Difference]:
    """Yield a difference for each key of a document that no document of its kind has. name: of the document."""
    names = set(known)
    for key in stored:
        if key not in names:
            yield Difference("unknown_figure", table=name, column=str(key))


def _rounding(key: str, right: Mapping[str, Any]) -> float:
    """Return the absolute tolerance of a figure that is a difference of costs, 0 of others."""
    return SAME * abs(right["objective"]) if key in OF_OBJECTIVE else 0.0


def _compare(name: str, key: str, stored: object, right: object, rounding: float = 0.0) -> Iterator[Difference]:
    if isinstance(right, dict):
        held = stored if isinstance(stored, dict) else {}
        for inner in dict.fromkeys((*right, *held)):
            yield from _compare(name, f"{key}.{inner}", held.get(inner), right.get(inner))
    elif isinstance(right, list) and isinstance(stored, list) and len(right) == len(stored):
        for at, (one, other) in enumerate(zip(stored, right, strict=True)):
            yield from _compare(name, f"{key}.{at}", one, other)
    elif not is_same(key, stored, right, rounding):
        yield Difference("figure", table=name, column=key, stored=stored, right=right)


def is_same(key: str, stored: object, right: object, rounding: float = 0.0) -> bool:
    """Return True if a figure equals the recomputed one up to rounding from another order of addition."""
    numbers = [isinstance(one, int | float) and not isinstance(one, bool) for one in (stored, right)]
    if not all(numbers):
        return stored == right and type(stored) is type(right)
    group = key.rpartition(".")[0]
    noise = max(rounding, NOISE.get(key, NOISE.get(group, 0.0)))
    return math.isclose(float(stored), float(right), rel_tol=LOOSE.get(key, SAME), abs_tol=max(noise, 1e-15))  # type: ignore[arg-type]
