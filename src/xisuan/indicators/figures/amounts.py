"""What an English amount is of by its size, or by the word behind it: industrial output of so much yuan, 22 GB a month, so
many people.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Stretch


def who_is_counted(scene: Scene, figure: Quantity, term: str) -> str | None:
    """The word for people right behind an English count of things, which are then not counted: firms employ 3,900 people."""
    if not scene.sentence.english or figure.unit not in ("", "1") or not term.endswith(_THINGS):
        return None
    behind = _PEOPLE.match(scene.text, figure.end)
    return behind["who"] if behind is not None else None


_THINGS = ("_firms", "_stations", "_stations_new", "_centres", "racks", "_servers", "_ports", "projects", "_villages")
"""How indicators end that count no people."""


_PEOPLE = re.compile(
    r"\s+(?:(?!(?:of|in|and|or|for|to|with|at|by)\b)[a-z-]+\s+){0,2}?(?P<who>people|persons|workers|employees|staff|engineers|graduates|residents|jobs)\b"
)
"""People, right behind their number."""


def of_its_makers(scene: Scene, figure: Quantity, term: str) -> str:
    """The indicator of the vehicles that their makers are said to build: makers of new-energy vehicles turned out 520,000
    cars.
    """
    start = scene.sentence.clause(figure.start)[0]
    own = term == "car_output" and scene.sentence.english and "nev_output" in scene.context.words.terms
    return "nev_output" if own and _OF_NEW_ENERGY.search(scene.text, start, figure.start) else term


_OF_NEW_ENERGY = re.compile(
    r"\b(?:makers?|producers?|manufacturers?|builders?)\s+of\s+(?:new[\s-]energy|electric|battery)\b"
    r"|\b(?:new[\s-]energy|electric|battery)[\s-](?:(?:powered|vehicle|car)\s+)*(?:car|vehicle)?\s?-?(?:makers?|producers?|manufacturers?|plants?|factory|factories)\b"
    r"|\b(?:nev|ev)\s+(?:makers?|producers?|manufacturers?|plants?)\b"
)
"""Makers of new-energy vehicles."""


def of_one_user(scene: Scene, figure: Quantity, index: int | None, term: str) -> bool:
    """Whether electricity is said to be that of one industry, which nobody names so that it is known: electricity use by the
    industry, power demand of the city's computing sector.
    """
    if index is None or term != "electricity_use" or not scene.sentence.english:
        return False
    one = scene.sentence.mentions[index]
    return one.end <= figure.start and _BY_AN_INDUSTRY.match(scene.text, one.end) is not None


_BY_AN_INDUSTRY = re.compile(
    r"\s+(?:by|of|in|from|at)\s+(?:the|this|that|its|their|[a-z]+'s?)\s+(?:[a-z0-9-]+\s+){0,3}?(?:industry|sector|facilities|cent(?:er|re)s|halls)\b"
)
"""Between electricity and how much of it an industry used."""


def of_each(scene: Scene, figure: Quantity, term: str) -> str:
    """The data used by each, where the traffic of all is told in bare gigabytes: users burned through 22 GB a month."""
    few = figure.unit == "GB" and not figure.scaled and figure.value < _OF_ALL
    return "dou_month" if few and term == "mobile_data_traffic" else term


_OF_ALL = 1000.0
"""Gigabytes from which on they may be those of more than one user."""


def gross(scene: Scene, figure: Quantity, index: int | None, term: str) -> str:
    """The indicator of an amount of money that industry turned out: industrial output of so much yuan is gross output,
    while what it grew by is that of value added.
    """
    words = scene.context.words
    if index is None or not scene.sentence.english or not money(figure.unit) or words.terms[term].family != "industry":
        return term
    one = scene.sentence.mentions[index]
    said = scene.text[one.start : one.end]
    gross = words.terms[term].measure == "value_added" and _MADE.search(said) is not None and "add" not in said
    return words.by_measure.get(("industry", "output"), term) if gross else term


_MADE = re.compile(r"\b(?:output|production)\b")
"""Words of a name for what was turned out."""


def of_value(scene: Scene, figure: Quantity) -> bool:
    """Whether an amount that an industry added is its value added: added 258 billion yuan in value."""
    return money(figure.unit) and _VALUE.match(scene.text, figure.end) is not None


_VALUE = re.compile(
    r"\s+(?:\([^)]*\)\s+)?(?:of|in)\s+(?:added\s+)?value\b(?!\s+added)|\s+to\s+(?:the\s+)?(?:[\w']+\s+){0,2}(?:gdp|economy|gross)\b"
)
"""Behind an amount that is value added."""


def somewhere(scene: Scene, figure: Quantity) -> str:
    """The noun of a phrase right behind an English number that is neither time nor place, so that what was counted before
    is not what this counts: Yichang had 33,000 at the gate; else blank.
    """
    said = _AT_A.match(scene.text, figure.end)
    if not scene.sentence.english or figure.unit not in ("", "1") or said is None:
        return ""
    known: list[Stretch] = [*scene.sentence.times, *scene.sentence.regions, *scene.sentence.mentions]
    near = any(said.start() <= one.start <= said.end() for one in known)
    return "" if near or says_nothing(scene.cues, said["noun"]) else said["noun"]


_AT_A = re.compile(r"\s+(?:at|in|on)\s+(?:the|an?)\s+(?P<noun>[a-z]+)\b(?!\s+(?:of|half|quarter|year|months?))")


def of_so_many(scene: Scene, figure: Quantity, index: int | None) -> bool:
    """Whether a figure counts how many there are among a number of others, and not all: 68 5G users per 100 mobile users."""
    counted = scene.sentence.mentions[index] if index is not None and scene.sentence.english else None
    return counted is not None and counted.start >= figure.end and _PER.match(scene.text, counted.end) is not None


_PER = re.compile(
    r"\s+(?:per|for\s+(?:each|every)|in\s+every|(?:out\s+)?of\s+every|to\s+every)\s+"
    r"(?:100(?:,?000)?|10?,?000|(?:one\s+|ten\s+|a\s+)?(?:hundred|thousand|million))\b"
)
"""Between what is counted and the number of others."""
