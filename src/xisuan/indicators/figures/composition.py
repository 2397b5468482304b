"""What an economy is made of: 三次产业结构为13.8∶34.4∶51.8, the shares of its three sectors in one breath."""

from __future__ import annotations

import itertools
import re

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Scene
from xisuan.text.translation import message as _

SECTORS = ("primary_industry_value_added", "secondary_industry_value_added", "tertiary_industry_value_added")
"""In the order in which their shares are told."""


def composed(scene: Scene) -> set[int]:
    """Draft the shares of the three sectors; the numbers of the figures that say them.

    Of two make-ups in one clause the first is the one before a change (由14.1∶35.2∶50.7调整为…), whose date is mostly not
    said, and is left over.
    """
    out: set[int] = set()
    told = scene.cues.make_up.search(scene.text)
    while told is not None:
        stop = _STOP.search(scene.text, told.end())
        end = stop.start() if stop else len(scene.text)
        if scene.sentence.english and (shares := _in_a_list(scene, told.end())):
            out |= set(shares)
            for at, term in zip(shares, SECTORS, strict=True):
                draft(scene, at, None, term, share=scene.sentence.amounts[at].value)
                scene.drafts[-1].doubt = ()
        runs = [found for found in _RATIO.finditer(scene.text, told.end(), end) if _hundred(found)]
        for run in runs:
            inside = [at for at, one in enumerate(scene.sentence.amounts) if run.start() <= one.start < run.end()]
            out |= set(inside)
            for at, term in zip(inside, SECTORS, strict=False):
                if len(inside) != len(SECTORS) or run is not runs[-1]:
                    scene.leave(scene.sentence.amounts[at], _("the level before a change, whose date is not said"))
                else:
                    draft(scene, at, None, term, share=scene.sentence.amounts[at].value)
        told = scene.cues.make_up.search(scene.text, end)
    return out


def _in_a_list(scene: Scene, low: int) -> list[int]:
    """The percentages of an English list from a place in the text on, where they are the parts of a whole: the shares of
    the three sectors were 5.9, 44.1 and 50 percent.
    """
    amounts = scene.sentence.amounts
    inside = [at for at, one in enumerate(amounts) if low <= one.start and one.unit == "pct"]
    group = inside[: len(SECTORS)]
    listed = all(
        scene.cues.between_figures.fullmatch(scene.text, amounts[one].end, amounts[other].start)
        for one, other in itertools.pairwise(group)
    )
    whole = abs(sum(amounts[at].value for at in group) - 100.0) < _ROUNDING
    return group if len(group) == len(SECTORS) and listed and whole else []


def _hundred(run: re.Match[str]) -> bool:
    """Whether three numbers are the parts of a whole."""
    return abs(sum(map(float, run.groups())) - 100.0) < _ROUNDING


_ROUNDING = 0.5
"""Points by which rounded parts of a whole may miss a hundred."""
_STOP = re.compile(r"[,，;；。]|\.(?=\s|$)")
"""Where a clause ends; a colon may stand between the parts."""
_RATIO = re.compile(r"(\d+(?:\.\d+)?)\s?[:：∶]\s?(\d+(?:\.\d+)?)\s?[:：∶]\s?(\d+(?:\.\d+)?)")
"""Three parts of a whole."""
