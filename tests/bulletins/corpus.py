"""The corpus: bulletins in our own words with the observations they hold, and the score of a reading.

A figure is right when indicator, region, last day, value and unit are; for a figure that is only a growth or a share,
that percentage stands for the value, and so do the points of one that is only a change.
"""

from __future__ import annotations

import calendar
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xisuan.bulletins.read_bulletin import read_text
from xisuan.results.bulletin_reading import Observation, Reading

FOLDER = Path(__file__).parent / "corpus"
FILES = (
    "zh", "en", "holdout", "later", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", "twentyfirst", "twentysecond", "twentythird",
    "twentyfourth", "twentyfifth", "twentysixth", "twentyseventh", "twentyeighth", "twentyninth",
    "mission",
)  # fmt: skip
"""In the order in which they were written."""
Key = tuple[str, str, str, str, float, str]


@dataclass(frozen=True)
class Bulletin:
    """A text, the region it is said to be about where it names none, and what it says."""

    name: str
    text: str
    region: str
    expected: tuple[tuple[Key, dict[str, float]], ...]


def bulletins(file: str) -> list[Bulletin]:
    """All bulletins of a corpus file."""
    out = []
    for part in re.split(r"^=== ", (FOLDER / f"{file}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        text, _, lines = body.partition("\n---\n")
        given = next((word.removeprefix("region=") for word in head.split() if word.startswith("region=")), "")
        said = tuple(expected(line) for line in lines.splitlines() if line.strip())
        out.append(Bulletin(head.split()[0], text, given, said))
    return out


def expected(line: str) -> tuple[Key, dict[str, float]]:
    """`indicator region 2024-01..2024-10 value unit g=… s=… r=…`; @DAY for a level, - for no level."""
    indicator, region, period, value, unit, *more = line.split()
    extra = {part.partition("=")[0]: float(part.partition("=")[2]) for part in more}
    if period.startswith("@"):
        first = last = period[1:]
    else:
        start, end = period.split("..")
        first, last = (
            (start, end)
            if len(end) > 7
            else (f"{start}-01", f"{end}-{calendar.monthrange(*map(int, end.split('-')))[1]:02d}")
        )
    number = float(value) if value != "-" else extra.get("g", extra.get("s", 0.0))
    return (indicator, region, first, last, round(number, 4), unit), extra


def key(seen: Observation) -> Key:
    """What is compared of an observation."""
    told = (seen.value, seen.growth_pct, seen.share_pct, seen.change_points)
    value = next((one for one in told if one is not None), None)
    return seen.indicator, seen.region, seen.period_start, seen.period_end, round(value or 0.0, 4), seen.unit


@cache
def read(text: str, region: str) -> tuple[Observation, ...]:
    """The observations of a bulletin; several tests ask for each."""
    return tuple(reading(text, region).observations)


@cache
def reading(text: str, region: str) -> Reading:
    """The reading of a bulletin."""
    return read_text(text, region=region)


def score(cases: list[Bulletin]) -> tuple[int, int, int, list[str]]:
    """Right, wrong and missed figures over some bulletins, and a line for each that is not right."""
    right = wrong = missed = 0
    lines = []
    for case in cases:
        said = {key(seen) for seen in read(case.text, case.region)}
        known = {one for one, _ in case.expected}
        right += len(said & known)
        wrong += len(said - known)
        missed += len(known - said)
        lines += [f"{case.name} wrong {one}" for one in sorted(said - known)]
        lines += [f"{case.name} missed {one}" for one in sorted(known - said)]
    return right, wrong, missed, lines


def f1(cases: list[Bulletin]) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    right, wrong, missed, _ = score(cases)
    return right / (right + wrong), right / (right + missed), 2 * right / (2 * right + wrong + missed)


def chinese(case: Bulletin) -> bool:
    """Whether a bulletin is Chinese."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in case.text)


def main() -> None:
    """Print the scores of every file, with each figure that is wrong or missed."""
    for file in FILES:
        cases = bulletins(file)
        precision, recall, both = f1(cases)
        head = f"{file}: {len(cases)} bulletins, precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}"
        sys.stdout.write("\n".join([head, *score(cases)[3], ""]))


if __name__ == "__main__":
    main()
