"""Coordinated lists of numbers, with the region, name or time of each number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from xisuan.bulletins.language.annotation import Sentence
from xisuan.bulletins.language.name_matcher import Name, Stretch

_Mark = TypeVar("_Mark", bound=Stretch)
_BETWEEN = re.compile(
    r"\s*(?:个百分点|个|亿|万)?\s*(?:、|,\s*and(?=\s)|,(?=\s)|和|与|及|以及|and|&)\s*(?:about|nearly|over|约|近|超过?|the\s+|a\s+)*\s*"
)
_COMPASS = re.compile(r"(?P<list>(?:(?:东|中|西|东北)部?、?(?:和|与|及)?){2,4})(?:部|地区|北地区)*")
_SIDES = (("东北", "northeast_china"), ("东", "east_china"), ("中", "central_china"), ("西", "west_china"))


@dataclass(frozen=True)
class Series:
    """Coordinated numbers with the region, indicator name or time (by index) of each."""

    members: tuple[int, ...]
    regions: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    times: tuple[int, ...] = ()

    @property
    def settled(self) -> bool:
        """Return True if the text says which number belongs to which item."""
        return bool(self.regions or self.names or self.times)


@dataclass
class Lists:
    """Series of a sentence by the numbers they contain."""

    by_number: dict[int, Series] = field(default_factory=dict)


def lists_of(sentence: Sentence) -> Lists:
    """Return the series of a sentence.

    By ellipsis, a list without 分别 repeats the items of an equally long one before it.
    """
    out = Lists()
    last: Series | None = None
    for members in _runs(sentence):
        first, end = sentence.numbers[members[0]].start, sentence.numbers[members[-1]].end
        begin = sentence.clauses[sentence.clause(first)][0]
        told = sentence.lexicon.cues.respectively.search(sentence.text, begin, min(len(sentence.text), end + 20))
        series = _matched(sentence, members, last)
        if series is not None and not told and series.names == ():
            series = None  # without 分别, only names may form the list
        if series is None and last is not None and _goes_on(sentence, last, members):
            series = Series(members, last.regions, last.names, last.times)
        if series is None:
            series = Series(members)
        last = series if series.settled else last
        for at in members:
            out.by_number[at] = series
    return out


def _runs(sentence: Sentence) -> list[tuple[int, ...]]:
    """Return the runs of two or more coordinated numbers with the same unit."""
    out: list[list[int]] = []
    for at, number in enumerate(sentence.numbers):
        before = sentence.numbers[at - 1] if at else None
        alike = before is not None and (before.unit == number.unit or (not before.unit and before.scaled))
        joined = before is not None and alike and _BETWEEN.fullmatch(sentence.text, before.end, number.start)
        if joined and out:
            out[-1].append(at)
        else:
            out.append([at])
    return [tuple(run) for run in out if len(run) > 1]


def _matched(sentence: Sentence, members: tuple[int, ...], last: Series | None) -> Series | None:
    """Return the series with an equally long list of regions, names or times before it, else None."""
    count, start = len(members), sentence.numbers[members[0]].start
    if regions := _compass(sentence, start, count):
        return Series(members, regions=regions)
    found = [one for one in sentence.regions if one.end <= start and one.region]
    if (run := _last_run(sentence, found, count, start)) is not None:
        return Series(members, regions=tuple(one.region for one in run))
    names = [one for one in sentence.names if one.end <= start]
    if (run_ := _last_run(sentence, names, count, start)) is not None:
        if last is not None and last.names == tuple(run_) and not _goes_on(sentence, last, members):
            return None
        return Series(members, names=tuple(run_))
    if (behind := _with_levels(sentence, names, count, start)) is not None:
        return Series(members, names=tuple(behind))
    times = [one for one in sentence.times if one.end <= start and not one.compared]
    if (whens := _last_run(sentence, times, count, start)) is not None:
        return Series(members, times=tuple(sentence.times.index(one) for one in whens))
    if last is not None and last.settled and _goes_on(sentence, last, members):
        return Series(members, last.regions, last.names, last.times)
    return None


def _goes_on(sentence: Sentence, last: Series, members: tuple[int, ...]) -> bool:
    """Return True if a list is of the items of the one before: as long, and without names or other words of its own."""
    begin, start = sentence.numbers[last.members[-1]].end, sentence.numbers[members[0]].start
    named = any(begin <= one.start < start for one in (*sentence.names, *sentence.wholes))
    return len(last.members) == len(members) and not (last.names and (named or sentence.unexplained(begin, start)))


def _with_levels(sentence: Sentence, names: Sequence[Name], count: int, start: int) -> list[Name] | None:
    """Return the last `count` names if each has exactly one number behind it, else None.

    第一产业347亿元,第二产业5667亿元,分别增长3.6%、1.6%: the growths are of the two sectors.
    """
    if len(names) < count:
        return None
    run = list(names[-count:])
    ends = [*(one.start for one in run[1:]), start]
    alone = all(
        sum(one.end <= number.start < end for number in sentence.numbers) == 1
        for one, end in zip(run, ends, strict=True)
    )
    told = sentence.lexicon.cues.respectively.search(sentence.text, run[-1].end, start)
    return run if alone and told else None


def _last_run(sentence: Sentence, found: Sequence[_Mark], count: int, start: int) -> list[_Mark] | None:
    """Return the last `count` items before `start` if they form a list of exactly that length, else None."""
    if len(found) < count:
        return None
    run = list(found[-count:])
    joints = [sentence.text[one.end : other.start] for one, other in itertools.pairwise(run)]
    if not all(_JOINT.fullmatch(joint) for joint in joints) or any(run[-1].end <= one.start < start for one in found):
        return None
    longer = len(found) > count and _JOINT.fullmatch(sentence.text[found[-count - 1].end : run[0].start]) is not None
    return None if longer else run


_JOINT = re.compile(r"\s*(?:、|,\s*and|,|和|与|及|以及|and)\s*(?:the\s+|its\s+|in\s+)?")


def _compass(sentence: Sentence, start: int, count: int) -> tuple[str, ...]:
    """Return the parts of the country that are coordinated before a list: 东、中、西部和东北地区. Empty if none."""
    if sentence.english:
        return ()
    found = [one for one in _COMPASS.finditer(sentence.text, 0, start) if "、" in one[0] or "和" in one[0]]
    if not found:
        return ()
    parts = [
        part
        for part in re.split(r"[、和与及]", found[-1]["list"] + sentence.text[found[-1].end("list") : found[-1].end()])
        if part
    ]
    sides = tuple(next((name for sign, name in _SIDES if part.startswith(sign)), "") for part in parts)
    return sides if len(sides) == count and all(sides) else ()
