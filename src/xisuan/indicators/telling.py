"""Figures whose indicator the words right around them tell: a source of power, a region between two figures, so many for
every 10,000 people, what a region or firms bring in.
"""

from __future__ import annotations

import re

from xisuan.indicators.fitting import fits
from xisuan.indicators.quantities import Quantity
from xisuan.indicators.scene import Scene, Told
from xisuan.indicators.tokens import Mention

_SOURCE = re.compile(
    r"\s+of\s+(?:installed\s+)?(?P<what>wind|solar|hydro|thermal|nuclear|photovoltaic)(?:power|\s+power)?\b"
)


def of_a_source(scene: Scene, figure: Quantity) -> Told | None:
    """The capacity of a source of power that stands behind its figure: 18.9 GW of wind and 34.6 GW of solar power."""
    said = _SOURCE.match(scene.text, figure.end) if figure.unit == "MW" else None
    words = scene.context.words
    name = words.term_words.get(words.wording.key(f"{said['what']} power capacity")) if said else None
    return (None, name) if name else None


def told_at_once(scene: Scene, seen: Mention, figure: Quantity) -> bool:
    """Whether the whole of a share is told right behind it: 64 percent of its installed capacity of 107 gigawatts."""
    return scene.sentence.english and bool(
        re.fullmatch(r"\s+of\s+(?:about\s+|over\s+)?", scene.text[seen.end : figure.start])
    )


def gapped(scene: Scene, figure: Quantity) -> Told | None:
    """The indicator of the figure before, where a region alone stands between: …; the western region 67.6 billion yuan."""
    if not scene.drafts or figure.unit in ("", "pct"):
        return None
    last = scene.drafts[-1]
    start = max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure))
    named = [one for one in scene.sentence.regions if start <= one.start and one.end <= figure.start]
    if len(named) != 1 or not fits(scene, last.term, figure) or last.value is None:
        return None
    lead = scene.text[start : named[0].start] + scene.text[named[0].end : figure.start]
    bare = scene.cues.filler_en.sub(" ", scene.cues.filler.sub(" ", lead))
    return (last.mention, last.term) if not re.search(r"[a-z\u4e00-\u9fff]{2,}", bare) else None


def region_earns(scene: Scene, figure: Quantity) -> Told | None:
    """Money that a region takes in, where the text is about a revenue: eastern regions took in 5.88 trillion yuan."""
    terms = scene.context.words.terms
    term = scene.context.main if scene.context.main in terms else scene.context.term
    start = max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure))
    named = [one for one in scene.sentence.regions if start <= one.start and one.end <= figure.start]
    if figure.unit != "CNY" or not named or term not in terms or terms[term].measure != "revenue":
        return None
    lead = scene.text[named[-1].end : figure.start]
    if any(start <= one.start < figure.start for one in scene.sentence.mentions):
        return None
    return (None, term) if scene.cues.earns.search(lead) else None


def by_heads(scene: Scene, figure: Quantity) -> Told | None:
    """So many for every 10,000 people: the rate of what the sentence counts (flag `per=` of the rate)."""
    ahead = figure.unit in ("", "1") and scene.cues.every_10k.search(scene.text[: figure.start])
    if not ahead and figure.unit in ("", "1") and scene.cues.for_every.search(scene.text[: figure.start]):
        behind = next((one.indicator for one in scene.sentence.mentions if one.start >= figure.end), "")
        told = (name for name, term in scene.context.words.terms.items() if f"per={behind}" in term.flags)
        return next(((None, name) for name in told), None)
    if figure.unit != "per_10k" and not ahead:
        return None
    before = [one.indicator for one in scene.sentence.mentions if one.end <= figure.start and not one.whole]
    counted = next(reversed(before), scene.context.term)
    rates = (name for name, term in scene.context.words.terms.items() if f"per={counted}" in term.flags)
    return next(((None, name) for name in rates), None)


def by_deed(scene: Scene, figure: Quantity) -> tuple[int, str] | None:
    """Money of firms without a measure: what they bring in is revenue, what they turn out is output."""
    if figure.unit != "CNY" or not scene.sentence.english:
        return None
    terms = scene.context.words.terms
    firms = [
        (index, one)
        for index, one in enumerate(scene.sentence.mentions)
        if one.end <= figure.start and not one.whole and one.indicator.endswith("_firms")
    ]
    if not firms or any(firms[-1][1].end <= one.start < figure.start for one in scene.sentence.amounts):
        return None
    lead = scene.text[firms[-1][1].end : figure.start]
    measure = "revenue" if scene.cues.earns.search(lead) else "output" if scene.cues.makes.search(lead) else ""
    name = scene.context.words.by_measure.get((terms[firms[-1][1].indicator].family, measure))
    return (firms[-1][0], name) if name else None
