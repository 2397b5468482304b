"""Lists of years as text."""

from __future__ import annotations

from collections.abc import Iterable


def spells(status: Iterable[tuple[int, bool]]) -> str:
    """Return the years whose status is True, in order, with consecutive entries as `first–last`; blank without any."""
    runs: list[list[int]] = []
    before = False
    for year, so in status:
        if so and before:
            runs[-1].append(year)
        elif so:
            runs.append([year])
        before = so
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
