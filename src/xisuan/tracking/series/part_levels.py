"""Lower bounds of a whole from its published parts: intelligent computing counts towards computing capacity."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.tracking.series.reconciliation import Figure, ranked

Row = Mapping[str, Any]


def with_part_levels(figures: Sequence[Figure], specs: Mapping[str, Row]) -> list[Figure]:
    """Return the figures, ranked, with the level of a part as a lower bound of its whole where it says more.

    It does where no level of the whole is known of that day, and none known by then is as high. Only stocks of one
    unit count: flows of several industries overlap. `specs`: rows of `indicators` by name.
    """
    wholes: dict[tuple[str, str, str], list[Figure]] = {}
    for one in figures:
        if _is_level(one):
            wholes.setdefault((one.indicator, one.region, one.scope), []).append(one)
    found: list[Figure] = []
    for one in figures:
        whole = str(specs[one.indicator]["part_of"])
        if not whole or not _is_level(one) or one.bound == "under" or one.rank != 1:
            continue
        spec, own = specs[whole], specs[one.indicator]
        if (str(spec["kind"]), spec["unit"]) != ("stock", own["unit"]) or str(own["kind"]) != "stock":
            continue
        known = [seen for seen in wholes.get((whole, one.region, one.scope), ()) if seen.last <= one.last]
        if any(seen.last == one.last or seen.value >= one.value for seen in known):
            continue
        found.append(
            dataclasses.replace(one, indicator=whole, bound="over", quality="derived", growth=math.nan, change=math.nan)
        )
    return ranked([*figures, *found]) if found else list(figures)


def _is_level(one: Figure) -> bool:
    return math.isfinite(one.value) and one.status in ("actual", "preliminary")
