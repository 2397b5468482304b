"""Years in which something is so, as people write them."""

from __future__ import annotations

from collections.abc import Iterable


def spells(status: Iterable[tuple[int, bool]]) -> str:
    """The years of which it is so, in their order; those that follow one another in it as `first–last`; blank: never."""
    runs: list[list[int]] = []
    before = False
    for year, so in status:
        if so and before:
            runs[-1].append(year)
        elif so:
            runs.append([year])
        before = so
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
