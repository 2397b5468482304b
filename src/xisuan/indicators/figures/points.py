"""Changes in percentage points: of the ratio or the share just read, or of a ratio whose level is not told.

Points by which a growth sped up or slowed, by which one thing is above another, and which something contributed to the
growth of something else are none of these. They are left over, each with its reason.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures import bases, dating, placing
from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.growths import clause_of, of_place, same_time
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.figures.whose_growth import subject
from xisuan.indicators.language.quantities import Quantity
from xisuan.scenario.schema.statistics_tables import YEARLY
from xisuan.text.translation import message as _

OF_NOTHING = _("a change in percentage points of something that is not said")
OF_GROWTH = _("points by which a growth sped up or slowed, not a change of a ratio")
APART = _("points by which one thing is above or below another, not a change")
CONTRIBUTED = _("points contributed to the growth of something, not a change")
_UNLIKE = (CONTRIBUTED, APART, OF_GROWTH)
"""Why points are no change of a ratio, for all of a list of them."""


def points(scene: Scene, at: int) -> None:
    """Give a change in percentage points to the ratio or share that changed, or say why it is none."""
    figure = scene.sentence.amounts[at]
    first, last = _its_list(scene, at)
    lead, rest = scene.segment(scene.sentence.amounts[first]), scene.rest(scene.sentence.amounts[last])
    if why := _unlike(scene, at, first, lead, rest):
        scene.leave(figure, why)
        return
    value = _signed(scene, figure, lead, rest)
    if value is None:
        scene.leave(figure, OF_NOTHING)
        return
    to = bases.relative_to(scene, at, lead, rest)
    if why := _of_no_period(scene, figure, lead, to):
        scene.leave(figure, why)
        return
    to = to or bases.since(scene, figure)
    held = _just_read(scene, at, first)
    if held is not None and not same_time(scene, held, figure):
        scene.leave(figure, OF_NOTHING)
    elif held is not None and held.change is not None and (to or held.change_to not in bases.PERIODS):
        scene.leave(figure, _("a second change of the same figure"))
    elif held is not None:
        if held.change is not None:
            scene.leave(scene.sentence.amounts[at - 1], bases.BESIDE)
        held.change, held.change_to = value, to
    elif not _alone(scene, at, value, to):
        scene.leave(figure, OF_NOTHING)


def _its_list(scene: Scene, at: int) -> tuple[int, int]:
    """The first and last figure of the list of points that one is in: up 3.2 and 1.1 percentage points respectively."""
    amounts = scene.sentence.amounts
    first = last = at
    while first and _goes_on(scene, first):
        first -= 1
    while last + 1 < len(amounts) and _goes_on(scene, last + 1):
        last += 1
    return first, last


def _goes_on(scene: Scene, at: int) -> bool:
    one, other = scene.sentence.amounts[at - 1 : at + 1]
    return one.unit == other.unit == "pp" and _AND.fullmatch(scene.text, one.end, other.start) is not None


_AND = re.compile(r"\s*(?:[、,，]|(?:[,，]\s*)?(?:and|和|与|及|以及))\s*")
"""Between the figures of a list."""


def _unlike(scene: Scene, at: int, first: int, lead: str, rest: str) -> str:
    """Why points are no change of a ratio; blank where they may be one."""
    cues = scene.cues
    if cues.points_contributed.search(lead) or cues.points_contributed_behind.match(rest):
        return CONTRIBUTED
    if _apart(scene, first, lead, rest):
        return APART
    if cues.points_of_growth.search(lead) or _behind_a_growth(scene, first):
        return OF_GROWTH
    return placing.NOT_NAMED if placing.of_all_listed(scene, at) else ""


def _apart(scene: Scene, first: int, lead: str, rest: str) -> bool:
    """Whether points are the distance to something else at the same time: 高于全国1.1个百分点; 2 percentage points above
    the national average.
    """
    if not scene.sentence.english:
        return _beside_another(scene, scene.sentence.amounts[first], lead)
    behind = scene.cues.points_way.match(rest)
    if behind is not None and not _WAY_ALONE.fullmatch(rest, behind.end()):
        return scene.cues.points_then.match(rest) is None
    return scene.cues.points_apart.search(lead) is not None


_WAY_ALONE = re.compile(r"\s*")
"""What stands behind a word for up or down that says no more."""


def _beside_another(scene: Scene, figure: Quantity, lead: str) -> bool:
    """Whether what Chinese points are above or below is no time of the same: 比全国平均水平高, not 比上年同期高."""
    said = scene.cues.points_beside.search(lead)
    if said is None:
        return False
    low = figure.start - len(lead) + max(said.start("what"), said.start("than"))
    what = [*scene.text[low : figure.start]]
    for when in scene.sentence.times:
        what[max(0, when.start - low) : max(0, when.end - low)] = " " * len(
            what[max(0, when.start - low) : max(0, when.end - low)]
        )
    placed = any(low <= one.start < figure.start for one in scene.sentence.regions) or _A_WHOLE.search("".join(what))
    return bool(placed) or bool(scene.residue(_OF_THE_SAME.sub("", "".join(what))))


_A_WHOLE = re.compile(r"全[国省市区州县]|平均")
"""Chinese words for a whole, or a mean, that one is above or below."""
_OF_THE_SAME = re.compile(r"(?:上|去|前)年|上[月季]|同期|同月|水平|相比|年初|(?<!提)[高低快慢多少出末底]")
"""Chinese words for the same at another time, and for which way it went."""


def _behind_a_growth(scene: Scene, first: int) -> bool:
    """Whether the figure before is a growth, or of an indicator that is one: 增长5.2%,较上月回落0.3个百分点."""
    before = scene.sentence.amounts[first - 1] if first else None
    if before is None or before.unit != "pct":
        return False
    terms = scene.context.words.terms
    last = scene.drafts[-1] if scene.drafts else None
    if last is not None and last.at == first - 1 and last.value is not None and last.term in terms:
        return terms[last.term].kind == "growth"
    return any(abs(before.value) == abs(one.growth or 0.0) for one in scene.drafts) or not any(
        before.value == _percentage(one) for one in scene.drafts
    )


def _signed(scene: Scene, figure: Quantity, lead: str, rest: str) -> float | None:
    """The change with its sign; None where the text does not say which way it went."""
    if scene.sentence.english:
        behind = scene.cues.points_way.match(rest)
        if behind is not None:
            return -abs(figure.value) if behind["fell"] else figure.value
        lead = next((found[0] for found in reversed([*scene.cues.grows.finditer(lead)])), "")
    fell = scene.cues.falls.search(lead) or _LOW.search(lead)
    rose = scene.cues.grows.search(lead) or _HIGH.search(lead)
    return -abs(figure.value) if fell else figure.value if rose or figure.value < 0.0 else None


_LOW, _HIGH = re.compile(r"[低少]了?$"), re.compile(r"[高多]了?$")
"""Which way a Chinese ratio went that is higher or lower than before."""


def _of_no_period(scene: Scene, figure: Quantity, lead: str, to: str) -> str:
    """Why a change is none between two days that are known; blank where it is one."""
    several = scene.cues.several_years.search(clause_of(scene, figure)) or scene.cues.recent_years.search(lead)
    days = dating.of_figure(scene, figure)[0]
    long = days is not None and days.last.year - days.first.year > 1
    if several or long or to == YEARLY:
        return _("of several years, not of one period")
    base = bases.over(scene, figure)
    if base == bases.OTHER or (base == bases.LONG and not bases.since(scene, figure)):
        return _("a change over another time than the year before")
    return ""


def _just_read(scene: Scene, at: int, first: int) -> Draft | None:
    """The ratio, or the level with a share, that changed: of the list, else the one right before."""
    if at in scene.follows:
        return next((one for one in scene.drafts if one.at == scene.follows[at]), None)
    if at in scene.pairs:
        return next(
            (one for one in reversed(scene.drafts) if one.mention == scene.pairs[at] and _percentage(one) is not None),
            None,
        )
    if at in scene.places:
        return of_place(scene, at)
    last = scene.drafts[-1] if scene.drafts and at == first and at else None
    before = scene.sentence.amounts[at - 1] if last is not None else None
    if last is None or before is None:
        return None
    again = before.unit == "pp" and abs(before.value) == abs(last.change or 0.0)
    if not again and (before.unit != "pct" or before.value != _percentage(last)):
        return None
    start, end = before.end, scene.sentence.amounts[at].start
    named = any(start <= one.start < end and not one.whole for one in scene.sentence.mentions)
    elsewhere = any(start <= one.start < end for one in scene.sentence.regions)
    return None if named or elsewhere or dating.aside(scene, before) else last


def _percentage(one: Draft) -> float | None:
    """What a figure has that may change by points: its share, or a level in per cent; None where it has neither."""
    return one.share if one.share is not None else one.value if one.unit == "pct" else None


def _alone(scene: Scene, at: int, value: float, to: str) -> bool:
    """Draft the change of a ratio whose level is not told, or not yet; whether there is one that it is of."""
    terms = scene.context.words.terms
    told = subject(scene, at)
    if told is None and scene.cues.a_ratio_again.search(scene.text, 0, scene.sentence.amounts[at].start):
        told = None, scene.context.term
    if told is None or told[1] not in terms or (terms[told[1]].unit, terms[told[1]].kind) != ("pct", "ratio"):
        return False
    draft(scene, at, told[0], told[1], change=value, change_to=to)
    return True
