"""English figures of town and country: 46,343 yuan for urban residents and 23,662 for rural ones; rural income was
19,364 yuan, urban 41,278.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.scene import Scene, Told, alike
from xisuan.indicators.language.quantities import Quantity

_BEHIND = re.compile(
    r"\s+(?:a\s+head\s+|each\s+|per\s+head\s+|yuan\s+)?(?:for|among|of|in|by|per|an?)\s+(?:the\s+)?(?:(?P<urban>urban|towns?(?:people|folk)?|city|cities)|(?P<rural>rural|villag\w+|country\w*|farm\w+))\b"
)
"""Behind a figure, whether it is of town or of country."""
_AHEAD = re.compile(
    r"(?:[,;(]|\band|\bwhile|\bbut|\bagainst|^)\s*(?:and\s+|while\s+|but\s+|against\s+)?(?:in\s+[a-z]+'s\s+|the\s+)?(?:that\s+of\s+|those\s+of\s+|(?:of|for|among)\s+(?:the\s+)?|the\s+)?(?:(?P<urban>urban|townspeople|town\s+dwellers|city\s+dwellers|townsfolk|urbanites|city\s+residents|in\s+(?:urban\s+areas|the\s+(?:towns|cities)|towns|cities))|(?P<rural>rural|villages|countryside|in\s+(?:rural\s+areas|the\s+(?:countryside|villages)|villages)|villagers|country\s+dwellers|farmers))"
    r"(?:\s+permanent)?(?:\s+(?:residents?|households?|areas?|ones|people|dwellers|incomes?|inhabitants))?(?:'s?)?(?:\s+(?:was|were|had|reached|came\s+to|at|earned|stood\s+at|got|with|spent))?(?:,?\s+(?:it|this|the\s+figure)\s+(?:was|stood\s+at|came\s+to|reached))?[,:]?\s+(?:(?:about|only|just|some|nearly|over)\s+)*$"
)
"""Before a figure, that it is of the other of town and country."""


def other_half(scene: Scene, figure: Quantity, told: Told | None) -> Told | None:
    """The indicator of town or country that a figure is of, where the words right around it say which; else `told`."""
    if not scene.sentence.english:
        return told
    last = scene.drafts[-1] if scene.drafts else None
    ahead = _AHEAD.search(scene.text, scene.previous_end(figure), figure.start)
    first = not any(one.end <= figure.start and alike(one, figure) for one in scene.sentence.amounts)
    goes_on = ahead is not None and (
        last.value is not None if last is not None else first and not _DOES.search(ahead[0])
    )
    if ahead is not None and goes_on:
        term = last.term if last is not None else scene.context.term
        name = _named(term, "urban" if ahead["urban"] else "rural", scene)
        free = told is None or told[1] == term or told[1] == _plain(term)
        return (None, name) if name and free and fits(scene, name, figure) else told
    subject = _SUBJECT.search(scene.text, scene.sentence.clause(figure.start)[0], figure.start)
    if subject is not None and told is not None and told[1] == _plain(told[1]):
        name = _named(told[1], "urban" if subject["urban"] else "rural", scene)
        return (told[0], name) if name and fits(scene, name, figure) else told
    behind = _BEHIND.match(scene.text, figure.end)
    again = _IT_WAS.search(scene.text, 0, figure.start) is not None
    if behind is None or (told is None and last is None and not again):
        return told
    index, term = told if told is not None else (None, last.term if last is not None else scene.context.term)
    name = _named(term, "urban" if behind["urban"] else "rural", scene)
    return (index, name) if name and fits(scene, name, figure) else told


_DOES = re.compile(r"\b(?:spent|earned|got|had|with)\b")
"""What people of town or country do, which need not be what the sentence before told of."""
_SUBJECT = re.compile(
    r"\b(?:(?P<urban>urban|city|town)|(?P<rural>rural|country))\s+(?:permanent\s+)?(?:residents?|households?|people|dwellers)(?:\s+(?:of|in)\s+(?:the\s+)?[a-z'-]+(?:\s+[a-z'-]+)?)?\s+(?:had|earned|enjoyed|got|reported|saw|took\s+home)\b[^,;.]*$"
)
"""Who has what is told of."""
_IT_WAS = re.compile(
    r"\b(?:it|this|the\s+(?:figure|average|number))\s+(?:was|stood\s+at|came\s+to|amounted\s+to|reached)\s+$"
)
"""Before what was told of again."""


def _plain(term: str) -> str:
    """The indicator of all people of which one of town or country is a part."""
    return term.removeprefix("urban_").removeprefix("rural_")


def _named(term: str, half: str, scene: Scene) -> str:
    """The indicator of one half that goes with another; blank where the vocabulary has none."""
    name = f"{half}_{_plain(term)}"
    return name if name in scene.context.words.terms else ""
