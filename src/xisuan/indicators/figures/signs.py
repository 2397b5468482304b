"""Which way a growth went: what fell is below 0, for all of a list where its words lead to all of it."""

from __future__ import annotations

import re

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity


def signed(scene: Scene, figure: Quantity, lead: str, rest: str, *, early: bool) -> float:
    """A growth with its sign: below 0 where the words say that something fell."""
    lead = _of_its_list(scene, figure) or lead
    if scene.sentence.english and scene.cues.growth_before.search(lead):
        return -abs(figure.value) if scene.cues.a_fall.match(rest) else figure.value
    if scene.sentence.english and early and scene.cues.growth_fell_to.search(lead):
        return figure.value
    behind = (_RIGHT_BEHIND.match(rest) or _A_CHANGE.match(rest)) if scene.sentence.english else None
    if behind is not None:
        return -abs(figure.value) if behind["fell"] else figure.value
    said = lead if early else rest[:44]
    if scene.sentence.english and early:
        said = next(
            (found[0] for found in reversed([*scene.cues.grows.finditer(lead)])), ""
        )  # the nearest word decides
    falls = scene.cues.falls.search(said)
    turned = _TURNED.search(said)
    if turned is not None:
        return -abs(figure.value) if turned["fell"] else figure.value
    if not scene.sentence.english and _SLOWED.search(said) and not re.search(r"[降跌]幅", scene.text[: figure.start]):
        return figure.value  # a growth that is lower than before
    narrowed = re.search(r"[降跌]幅[^,，]*(?:收窄|扩大)(?!.*[至到为])", lead)  # by how much, and not to what
    return -abs(figure.value) if falls and narrowed is None else figure.value


def goes_on(scene: Scene, at: int) -> bool:
    """Whether a percentage is the next of a list: the one before it, and nothing but what joins the two."""
    amounts = scene.sentence.amounts
    if not at or amounts[at - 1].unit != "pct":
        return False
    return _GOES_ON.fullmatch(scene.text, amounts[at - 1].end, amounts[at].start) is not None


def _of_its_list(scene: Scene, figure: Quantity) -> str:
    """The words that lead to the list whose further figure a percentage is, and which hold for all of it: 分别下降3.1%、
    5.7%; fell by 3.1, 5.7 and 13.3 percent respectively. Blank where it is none.
    """
    amounts = scene.sentence.amounts
    at = first = amounts.index(figure)
    while goes_on(scene, first):
        first -= 1
    return scene.segment(amounts[first]) if first < at else ""


_GOES_ON = re.compile(r"\s*(?:[、,，]|(?:[,，]\s*)?(?:and|和|与|及|以及)(?:\s*by)?)\s*")
"""Between the figures of a list."""
_TURNED = re.compile(r"转(?:为|而|成)?(?:(?P<fell>下降|降|负|跌|减)|增|升|正|涨|上升|上涨|回升)")
"""Chinese words for what turned to the other way, which then counts: 由1-2月份下降转为增长9.1%."""
_SLOWED = re.compile(r"(?:回落|放缓|收窄)[^,，]{0,3}[至到]")
"""Chinese words that make a growth a lower one, and no fall."""

_A_CHANGE = re.compile(
    r"\s+(?:(?:year-on-year|on-year|annual|yearly|nominal|real|sharp|slight|modest)\s+)?(?:(?P<fell>drop|fall|decline|decrease|dip|slump|plunge|slide|contraction|reduction)|rise|gain|increase|jump|growth|surge|expansion)(?=\s+(?:in|and|while|but|from|over|on)\s|\s*(?:[.,;)]|$))"
)
"""Right behind a percentage, the noun of the change that it is: a 3 percent drop in imports."""
_RIGHT_BEHIND = re.compile(
    r"\s*(?:(?P<fell>lower|cheaper|smaller|fewer|less|down)|higher|dearer|larger|bigger|up)\b(?!\s+(?:to|from)\b)"
)
"""Right behind a percentage, which way it went."""
