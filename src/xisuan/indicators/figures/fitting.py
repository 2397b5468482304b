"""Which units an indicator can have: money, counts with their classifiers, traffic in bytes."""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import BREAK, Mention
from xisuan.indicators.language.vocabulary import MONEY

_BYTES = re.compile(r"[gt]$")
"""A bare letter may mean bytes of traffic as well as bits a second of a line."""


def fits(scene: Scene, term: str, figure: Quantity) -> bool:
    """Whether an indicator can have the unit of a figure."""
    spec = scene.context.words.terms.get(term)
    if spec is None:
        return False
    if money(figure.unit):
        return spec.unit in MONEY and not (spec.unit == "mCNY" and not figure.scaled and abs(figure.value) < _LEAST)
    if figure.unit in ("1", ""):
        if spec.unit == "1":
            if figure.value != round(figure.value) and not figure.scaled:
                return False  # nobody counts 1.2 of anything
            return "named" in spec.flags or _classified(term, scene.text[figure.start : figure.end])
        of_100 = spec.unit == "pct" and term.endswith("penetration") and _of_a_hundred(scene, figure)
        return (spec.unit in ("per_10k", "ratio") or of_100) and not figure.scaled and figure.value < 1000
    if figure.unit == "GB" or (figure.unit == "Gbps" and _BYTES.search(scene.text[figure.start : figure.end])):
        return spec.unit in ("GB", "EB", figure.unit) and not (term == "dou_month" and figure.value > _OF_ONE)
    if figure.unit == "ratio" and spec.unit == "pct":
        return term.endswith("penetration")  # 127.1 per 100 people
    return figure.unit == spec.unit


_OF_ONE = 10_000.0
"""Gigabytes above which traffic is not that of one user."""
_LEAST = 1.0
"""Million yuan below which an amount is of a head or a piece, not of a region."""


def _of_a_hundred(scene: Scene, figure: Quantity) -> bool:
    """Whether a count is one for every hundred people, and so a percentage: 每百人110.5部, 110.5部/百人; mobile phones per
    100 people reached 123.8.
    """
    before = _HUNDRED_AHEAD.search(scene.text, 0, figure.start)
    return (before or _HUNDRED_BEHIND.match(scene.text, figure.end)) is not None


_HUNDRED_AHEAD = re.compile(
    r"每百(?:人|户)(?:拥有|有|约|为|达)*$"
    r"|\b(?:per|for\s+every)\s+(?:100|hundred)\s+(?:people|persons|residents|inhabitants)\b"
    r"[^.;,\d]*$"
)
_HUNDRED_BEHIND = re.compile(r"/(?:百|100)人")


def own_figure(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether a figure may be of an indicator by where it stands: one that only the text names has that right behind it, and
    how many did something is not what they did.
    """
    spec = scene.context.words.terms.get(seen.indicator)
    if scene.sentence.english and seen.deed and figure.unit == "1" and figure.end <= seen.start:
        return False  # two airports handled 14.3 million passengers
    if scene.sentence.english and figure.end <= seen.start and _bracketed_with_its_own(scene, seen, figure):
        return False
    if spec is None or "named" not in spec.flags or figure.unit == "pct":
        return True
    between = [one for one in scene.sentence.amounts if seen.end <= one.start < figure.start]
    apart = any(one.unit not in ("pct", "pp") for one in between) or BREAK.search(scene.text, seen.end, figure.start)
    return seen.end <= figure.start and not apart


def _bracketed_with_its_own(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether an indicator stands in brackets behind a figure, with a figure of its own: 43.8 million (5G: 26.1 million)."""
    opened = scene.text.rfind("(", figure.end, seen.start)
    closed = scene.text.find(")", seen.end)
    if opened < 0 or closed < 0 or ")" in scene.text[opened : seen.start]:
        return False
    inside = (one for one in scene.sentence.amounts if seen.end <= one.start < closed)
    return any(one.unit not in ("pct", "pp") for one in inside)


def _classified(term: str, words: str) -> bool:
    """Whether a counted thing has the classifier of the indicator: 户 for users, 架 for racks, 家 for firms."""
    people = (
        "births",
        "deaths",
        "population",
        "employment",
        "talent",
        "workers",
        "jobs",
        "netizens",
        "users",
        "tourist",
        "employees",
        "visits",
        "passenger",
        "personnel",
    )
    firms = ("firms", "enterprises_in_cloud", "giants", "champions", "smes", "unicorns", "business_entities")
    for sign, endings in (
        ("户", ("users", "households", *firms)),
        ("人", people),
        ("架", ("racks", "drones_output")),
        ("家", (*firms, "centres", "factories")),
    ):
        if words.endswith(sign) or words.endswith(f"{sign}次"):
            return any(ending in term for ending in endings)
    if words.endswith("座"):
        return term.removesuffix("_new").endswith(("stations", "centres", "cities", "factories"))
    if words.endswith("台"):
        return not term.removesuffix("_new").endswith(("centres", "cities", "factories", "users", *firms))
    if words.endswith("张"):
        return "chips" in term
    if words.endswith("件"):
        return "deliveries" in term or "patents" in term
    return not (words.endswith("项") and not term.endswith(("projects", "applications")))
