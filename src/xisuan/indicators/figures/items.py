"""The things and places that a list of figures is beside."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.tokens import Mention
from xisuan.indicators.sentences.elsewhere import KIND


def leads(scene: Scene, at: int) -> bool:
    """Whether a bare measure leads to a list of what it is measured of: the value added of A, B and C."""
    one = scene.sentence.mentions[at]
    bare = scene.cues.measured.fullmatch(scene.text, one.start, one.end) is not None
    return bare and re.match(r"\s+(?:of|in|from)\s", scene.text[one.end :]) is not None


def items(scene: Scene, group: Sequence[int], low: int, high: int) -> list[int | None]:
    """The indicators of just so many things in a list, None for what nobody knows: output of printers, cars and circuits."""
    if not scene.sentence.english:
        return []
    inside = [(at, one) for at, one in enumerate(scene.sentence.mentions) if low <= one.start < high and not one.whole]
    inside = [(at, one) for at, one in inside if not leads(scene, at)]
    if not inside:
        return []
    starts = (low, max(low, scene.sentence.clause(inside[0][1].start)[0]))
    ways = (_cut(scene.text, start, high, [one for _, one in inside]) for start in starts)
    spans = next((spans for spans in ways if len(spans) == len(group)), [])
    if not spans:
        return []
    first = scene.sentence.amounts[group[0]]
    told = [
        [
            at
            for at, one in inside
            if start <= one.start < end and (first.unit in ("pct", "fold") or fits(scene, one.indicator, first))
        ]
        for start, end in spans
    ]
    return [] if any(len(one) > 1 for one in told) else [one[0] if one else None for one in told]


def _cut(text: str, low: int, high: int, known: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where the things of a list between two places stand, none cut through."""
    masked = text[low:high]
    for one in known:
        start, end = one.start - low, min(one.end, high) - low
        masked = masked[:start] + "x" * (end - start) + masked[end:]
    cuts = [low, *(low + found.end() for found in _ITEM.finditer(masked)), high]
    return list(itertools.pairwise(cuts))


_ITEM = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
"""What stands between two things of a list."""


def places(scene: Scene, count: int, low: int, high: int) -> list[str]:
    """Regions between two places in the text: those of a list of just so many where there is one, else all."""
    inside = [
        seen
        for seen in scene.sentence.regions
        if low <= seen.start < high and (seen.region or (seen.local == KIND and not scene.sentence.english))
    ]
    runs: list[list[str]] = []
    for at, seen in enumerate(inside):
        gap = scene.text[inside[at - 1].end : seen.start] if at else ""
        if at and not gap and not scene.sentence.english:
            runs[-1][-1] = seen.region  # 成都天府新区
        elif at and scene.cues.joined.fullmatch(gap):
            runs[-1].append(seen.region)
        else:
            runs.append([seen.region])
    return next((run for run in reversed(runs) if len(run) == count), [seen.region for seen in inside if seen.region])
