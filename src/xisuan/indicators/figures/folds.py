"""Multiples: how many times as much there was, as the growth of what was just read, unless that is of something else."""

from __future__ import annotations

import re

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.growths import clause_of, growth_of
from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity


def multiple(scene: Scene, at: int) -> None:
    """2.7 times: of the level before (growth 170 %), or more than it (270 %)."""
    figure = scene.sentence.amounts[at]
    if scene.sentence.english and scene.cues.of_the_world.search(clause_of(scene, figure)):
        scene.leave(figure, "what something is compared with")
        return
    since = scene.cues.since_year_en.search(scene.text) if scene.sentence.english else None
    days = dating.of_figure(scene, figure)[0]
    long = since is not None and days is not None and abs(days.last.year - int(since["year"])) > 1
    long |= since is not None and any(when.year and when.year - int(since["year"]) > 1 for when in scene.sentence.times)
    if long or scene.cues.several_years.search(clause_of(scene, figure)):
        scene.leave(figure, "of several years, not of one period")
        return
    lead, said = scene.segment(figure), scene.text[figure.start : figure.end]
    if scene.cues.grows.search(lead) and not scene.cues.times_of.search(lead):
        fold = scene.sentence.english and "fold" in said
        growth_of(scene, at, (figure.value - fold) * 100.0, "")
    elif _OF_JANUARY.search(lead) or _of_another(scene, figure):
        scene.leave(figure, "a multiple of something that is not said")
    elif scene.cues.times_of.search(lead) or scene.cues.times_of.search(scene.text[figure.start : figure.end + 30]):
        growth_of(scene, at, (figure.value - 1.0) * 100.0, "")
    else:
        scene.leave(figure, "a multiple of something that is not said")


def _of_another(scene: Scene, figure: Quantity) -> bool:
    """Whether an English multiple is of something else, or of what another place has, which is no growth: 1.6 times the
    number of phone users; three times as many as in Shanxi.
    """
    end = scene.sentence.clause(figure.end)[1] if scene.sentence.english else 0
    last = scene.drafts[-1] if scene.drafts else None
    things = [one.start for one in scene.sentence.mentions if last is not None and one.indicator != last.term]
    here, words = last.region if last is not None else scene.context.region, scene.context.words
    named = words.places_pattern.finditer(scene.text, figure.end)
    places = [one.start() for one in named if words.place(one[0]) != here]
    near = [start for start in (*things, *places) if figure.end <= start < min(end, scene.next_amount(figure))]
    return any(_THAN_OF.fullmatch(scene.text, figure.end, start) is not None for start in near)


_THAN_OF = re.compile(
    r"\s*(?:that|those|(?:the|its|their)\s+(?:number|level|figure|total|size|amount|volume)|(?:the|its|their)\b|as\s+(?:many|much|large|high|big)\s+as(?:\s+(?:that|those))?|(?:more|higher|larger)\s+than)"
    r"(?:\s+(?:of|in|for))?(?:\s+(?:the|its|all|neighbou?ring))*\s+"
)
"""Between a multiple and something else, or another place, that it is of."""
_OF_JANUARY = re.compile(r"年初(?:规模|水平)?的?\D{0,2}$")
"""Before how many times so much there is as when the year began, which is no growth over a year."""
