"""Press, speeches and interviews: short texts, each with every observation that must be read of it.

`wordings/press.txt`, `voices.txt` and `articles.txt` have English ones, `structure.txt` ways of putting figures together,
`names.txt` ways of saying what one is of, `chinese.txt` Chinese ones: the day of publication, the text, and
`=> indicator region first..last value`, a month as 2024-06, a day as 2024-06-30, a growth or share behind g= or s= where
there is no level, `target` behind what is aimed at.
"""

from __future__ import annotations

import calendar
from pathlib import Path

import pytest

from xisuan.indicators.reading.bulletins import read_text
from xisuan.results.bulletin_reading import Observation

FILES = [
    Path(__file__).parent / "wordings" / name
    for name in ("press.txt", "voices.txt", "articles.txt", "structure.txt", "names.txt", "chinese.txt")
]
NOTHING = "-"


def blocks() -> list[tuple[str, frozenset[str]]]:
    """Each text with what is expected of it."""
    out = []
    for block in "\n\n".join(file.read_text(encoding="utf-8") for file in FILES).split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        said = [line for line in lines if not line.startswith("=> ")]
        expected = frozenset(line.removeprefix("=> ").strip() for line in lines if line.startswith("=> "))
        if said:
            out.append(("\n".join([f"Published: {said[0]}", *said[1:]]), expected - {NOTHING}))
    return out


def month(day: str, *, last: bool) -> str:
    """A first or last day of a month as the month; any other day as it is."""
    year, at, number = map(int, day.split("-"))
    return day[:7] if number == (calendar.monthrange(year, at)[1] if last else 1) else day


def told(one: Observation) -> str:
    """An observation as the file writes it."""
    point = one.period_start == one.period_end
    first, last = month(one.period_start, last=False), month(one.period_end, last=True)
    days = one.period_end if point else first if first == last else f"{first}..{last}"
    numbers = ((one.value, ""), (one.growth_pct, "g="), (one.share_pct, "s="))
    said = next((f"{sign}{number:.12g}" for number, sign in numbers if number is not None), "")
    aim = [one.status] if one.status in ("target", "projected") else []
    return " ".join([one.indicator, one.region, days, said, *aim])


@pytest.mark.parametrize(("text", "expected"), blocks())
def test_what_newspapers_say(text: str, expected: frozenset[str]) -> None:
    assert {told(one) for one in read_text(text).observations} == expected


def test_growths_behind_a_list_are_those_of_its_places() -> None:
    """The second list is tied to the places of the first, not to the words that both name: software firms, software."""
    said = (
        "Published: 2024-01-24\nSoftware firms in Chongqing and Chengdu booked sales of 342 billion yuan and 531 billion"
        " yuan respectively in 2023, up 13 percent and 10.5 percent."
    )
    seen = {(one.region, one.value, one.growth_pct) for one in read_text(said).observations}
    assert seen == {("chongqing", 342000.0, 13.0), ("chengdu", 531000.0, 10.5)}


@pytest.mark.parametrize(
    ("said", "rank", "left"),
    [
        (
            "Telecom revenue of Guizhou rose 8 percent in 2024, ranking third in the country and first in the west.",
            3,
            "first",
        ),
        ("Exports of Hunan rose 8 percent in 2024, ranking 4th among provinces and second inland.", 4, ""),
        ("Guizhou had 120,000 5G base stations in May 2024, ranking second in the west and 7th nationwide.", 2, "7th"),
    ],
)
def test_a_second_rank_of_a_figure_is_left_over(said: str, rank: int, left: str) -> None:
    seen = read_text(f"Published: 2025-03-02\n{said}")
    assert [one.rank for one in seen.observations] == [rank]
    assert [one.words for one in seen.unplaced] == ([left] if left else [])
