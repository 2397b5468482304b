"""Drafts: a figure with its indicator, region, days and standing, and the observation it becomes."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Any

from xisuan.indicators.figures import dating, placing, standing
from xisuan.indicators.figures.certainty import unexplained
from xisuan.indicators.figures.level_days import FROM, of_the_level, stands
from xisuan.indicators.figures.presence import as_of_now, now_behind, of_a_day, still_now
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity
from xisuan.scenario.schema.statistics_tables import YEARLY
from xisuan.text.translation import message as _


def draft(scene: Scene, at: int, index: int | None, term: str, **more: Any) -> None:
    """Make a draft of a figure, or leave the figure over with what is missing."""
    figure = scene.sentence.amounts[at]
    term = _meant(scene, index, term, more)
    if term.endswith("_new") and any(way.search(scene.text, 0, figure.start) for way in (_FROM_NOW, _TO_THEN)):
        term = term.removesuffix("_new")  # 新建2万个,由目前的13万个增至15万个
    if term not in scene.context.words.terms:
        scene.leave(figure, _("something that is not in the vocabulary"))
        return
    when = _when(scene, figure, term, more)
    if isinstance(when, str):
        scene.leave(figure, when)
        return
    days, status, old = when
    where = _where(scene, figure, at, index)
    if isinstance(where, str):
        scene.leave(figure, where)
        return
    region, lent = where
    if more.get("value") is not None and _since_ever(scene, figure, term, region, days):
        scene.leave(figure, _("of several years, not of one period"))
        return
    if more.get("value") is not None and _filled(scene, figure, index, term, region, days, more):
        return
    doubt = [] if at in scene.told else unexplained(scene, figure, index, term)
    names = (("period", old), ("region", lent), ("indicator", index is None))
    scene.drafts.append(
        Draft(
            at,
            index,
            term,
            bound=figure.bound,
            span=days,
            region=region,
            status=status,
            inherited=tuple(name for name, is_so in names if is_so),
            doubt=tuple(doubt),
            **more,
        )
    )


def _when(scene: Scene, figure: Quantity, term: str, more: dict[str, Any]) -> tuple[Span, str, bool] | str:
    """Days and standing of a figure, and whether the days are those of one before it; or why they are not known."""
    days, old, deadline = _days_of(scene, figure, term)
    if days is None:
        return _("its year is not said; give the date of publication")
    settled = _dated(scene, figure, term, days, (old, deadline))
    if settled is None:
        return _("said to have happened, with a day after that of the text")
    aimed = _of_the_aim(scene, figure, term, *settled, deadline=deadline)
    if aimed is None:
        return _("its deadline is not said")
    days, status = aimed
    if old and status in ("target", "projected") and days.point and term not in _SIGNED_FOR and _is_past(days, scene):
        return _("its deadline is not said")
    if why := _period_unsaid(scene, term, days, old, more):
        return why
    if more.get("value") is not None:
        days = of_the_level(scene, figure, term, days, (old, deadline))
    return days, status, old


def _where(scene: Scene, figure: Quantity, at: int, index: int | None) -> tuple[str, bool] | str:
    """The region of a figure and whether it is that of one before it; or why it is not known."""
    if placing.abroad(scene, figure, index):
        return _("of another nation")
    region, lent = placing.of_figure(scene, figure, at, index)
    if not region or (lent and placing.undecided(scene, region)):
        return placing.why_none(scene, figure, index)
    if _other_dollar(scene, figure, region):
        return _("in another dollar than that of the United States")
    return region, lent


def _of_the_aim(
    scene: Scene, figure: Quantity, term: str, days: Span, status: str, *, deadline: bool
) -> tuple[Span, str] | None:
    """Days and standing of what seems aimed at by a day that had come: of the aim just told (currently 286,000, it is to
    reach 400,000), or what stood on the day behind it (105,000 at the end of 2024, to pass 130,000); None where neither.
    """
    published, aim = scene.context.published, scene.context.aim
    from_now = _FROM_NOW.search(scene.text, 0, figure.start) or _now_to(scene, figure)
    if published is not None and from_now:
        return Span(published, published, True), "actual"
    if _TO_THEN.search(scene.text, 0, figure.start) and not deadline:
        this_year = published is not None and _THIS_YEAR.search(scene.text, 0, figure.start) is not None
        return (_end_of(published), "target") if this_year and published is not None else None
    come = days.point and published is not None and days.last <= published and not deadline
    if status not in ("target", "projected") or not come or published is None or term in _SIGNED_FOR:
        return days, status
    behind = (when for when, told in scene.spans if told == days and when.start >= figure.end)
    if days.last < published and any(when.kind in _DATED for when in behind):
        return days, "actual"
    return (aim, status) if aim is not None and aim.last > published else None


def _now_to(scene: Scene, figure: Quantity) -> bool:
    """Whether an English figure is that of today from which another is to come: from 3 EFLOPS now to 6 EFLOPS by …."""
    leads = scene.sentence.english and FROM.search(scene.text, 0, figure.start) is not None
    return leads and _NOW_TO.match(scene.text, figure.end) is not None


_NOW_TO = re.compile(r"(?:\s+[a-z0-9-]+){0,3}?,?\s+(?:now|today|at\s+present|currently|at\s+the\s+moment),?\s+to\b")
"""Behind what stands now, before what it is to become."""


def _end_of(day: datetime.date) -> Span:
    """The last day of the year of a day, as the days of an aim."""
    last = datetime.date(day.year, 12, 31)
    return Span(last, last, True)


_FROM_NOW = re.compile(r"[由从](?:目前|现在|现有|当前)的?\D{0,4}$")
_TO_THEN = re.compile(
    r"[由从](?:目前|现在|现有|当前)的?[^，,。;；由从]{1,16}?(?:增加?|升|提[升高]|扩大?|降低?|减少?|下降|上升)[^，,。;；\d]{0,4}[到至]\D{0,4}$"
)
"""Before what stands now, and before what it is to become: 由目前的13万个增至15万个, which no day has seen yet."""
_THIS_YEAR = re.compile(r"今年|年内|本年")
_DATED = ("point", "span", "year")
"""Kinds of times that say their own days."""


def _days_of(scene: Scene, figure: Quantity, term: str) -> tuple[Span | None, bool, bool]:
    """The days of a figure, whether they are those of one before it, and whether they are a deadline."""
    days, old, deadline = dating.of_figure(scene, figure)
    published = scene.context.published
    if old and days is not None and days.point and days.last == published and _of_a_quarter(scene):
        days = None
    spoken = any(when.end <= figure.start and not dating.left_behind(scene, when, figure) for when, _ in scene.spans)
    if old and days is not None and not spoken and stands(scene, term) and _stale(days, scene):
        days = None  # what stands now, in a text on a year that is long over
    if old and days is not None and days.point and not deadline and not spoken:
        days = _before_the_day(scene, term, days) or days
    if days is None and published and not spoken and stands(scene, term) and not _of_a_quarter(scene):
        days, old = Span(published, published, True), True  # what stands is as of the day that says so
    if old and not deadline and published and as_of_now(scene, figure, term):
        days = Span(published, published, True)
    if old and not deadline and published and still_now(scene, figure, term):
        days = Span(published, published, True)
    if old and not deadline and stands(scene, term) and (now := now_behind(scene, figure)) is not None:
        days, old = now, False
    return days, old, deadline


def _before_the_day(scene: Scene, term: str, day: Span) -> Span | None:
    """The latest stretch that an English text told of, for what comes in a period, behind what stands on the day of its
    text, or on another in that year: twenty-two centers are now in operation. GDP rose 6.4 percent.
    """
    context = scene.context
    flow = context.words.terms[term].kind == "flow" and not stands(scene, term) and term not in _SIGNED_FOR
    if not flow or not scene.sentence.english:
        return None
    if day.last == context.published:
        return context.stretch
    told = [one for one in (context.stretch, context.covered) if one is not None and one.last.year == day.last.year]
    months = (one for one in told if not one.point and (one.first.month, one.first.day) == (1, 1))
    return None if context.aimed else next(months, None)


def _meant(scene: Scene, index: int | None, term: str, more: dict[str, Any]) -> str:
    """The indicator that a general name stands for: `the exports` behind those of software are no others."""
    spec = scene.context.words.terms.get(term)
    if index is None and spec is not None and "batch" in spec.flags and more.get("growth") is not None:
        return ""  # nobody tells the growth of projects without a word of them
    if index is None or not scene.sentence.english:
        return term
    told, before = scene.context.term, scene.text[: scene.sentence.mentions[index].start]
    general = spec is not None and "generic" in spec.flags and not spec.family  # industry is none of its sectors
    if general and told.endswith(f"_{term}") and _DEFINITE.search(before):
        return told if told in scene.context.words.terms else term
    return (
        ""
        if term in scene.context.words.terms
        and "generic" in scene.context.words.terms[term].flags
        and _THESE.search(before)
        else term
    )


_THESE = re.compile(r"\b(?:these|those|such)\s+$")
"""Before what was told of and is not all that there is."""
_DEFINITE = re.compile(r"\b(?:the|these|those)\s+$")
"""Before what has been told of."""


def _of_a_quarter(scene: Scene) -> bool:
    """Whether an English sentence tells of a quarter that it does not name, whose last day is not that of the text."""
    return scene.sentence.english and scene.cues.some_quarter.search(scene.text) is not None


def _other_dollar(scene: Scene, figure: Quantity, region: str) -> bool:
    """Whether a bare $ is that of a nation with a dollar of its own."""
    said = scene.text[figure.start : figure.end]
    return figure.unit == "USD" and said.startswith("$") and scene.cues.own_dollar.match(region) is not None


def _period_unsaid(scene: Scene, term: str, days: Span, old: bool, more: dict[str, Any]) -> str:
    """Why the days of a figure are none of its own; blank where they are."""
    spec = scene.context.words.terms[term]
    now_told = of_a_day(scene, term) and (scene.context.now or days.last == scene.context.published)
    if old and not scene.context.aimed and not now_told and _only_a_day(days, term, scene):
        return _("its period is not said")
    if old and spec.family == "rd" and not days.point and (days.first.month, days.last.month) != (1, 12):
        return _("its period is not said")  # nobody tells research spending by the month
    lately = any(when.kind == "lately" and days == long for when, long in scene.spans)
    if lately and (more.get("growth") is not None or more.get("unit") == "pct" or term in _SIGNED_FOR):
        return _("of several years, not of one period")
    now = days.last == scene.context.published and any(
        when.kind == "now" and scene.cues.bare_now.fullmatch(scene.text, when.start, when.end)
        for when, _ in scene.spans
    )
    begun = days.last != days.first and days.first.month == 1 and days.first.day == 1
    if (
        now
        and (days.point or begun)
        and spec.kind == "flow"
        and spec.measure != "investment"
        and term not in _SIGNED_FOR
    ):
        return _("its period is not said")  # what comes in a year is of no day: 如今超5000亿元
    return ""


def _stale(days: Span, scene: Scene) -> bool:
    """Whether days are a stretch that was over for half a year when their text was published."""
    published = scene.context.published
    return published is not None and not days.point and (published - days.last).days > _HALF_A_YEAR


_HALF_A_YEAR = 183
"""Days after which a stretch of time is long over."""


def _is_past(days: Span, scene: Scene) -> bool:
    """Whether days had passed when their text was published, so that nothing can be aimed at by then."""
    published = scene.context.published
    return published is not None and days.last <= published


def _dated(scene: Scene, figure: Quantity, term: str, days: Span, said: tuple[bool, bool]) -> tuple[Span, str] | None:
    """Days and standing of a figure whose days were found, by whether they are inherited and a deadline; None where it is
    said to have happened after the day of its text.
    """
    old, deadline = said
    published = scene.context.published
    if (
        published
        and not deadline
        and days.first <= published < days.last
        and days.first == datetime.date(published.year, 1, 1)
        and days.last == datetime.date(published.year, 12, 31)
        and standing.of_figure(scene, figure, days, deadline=deadline, old=old) in ("actual", "preliminary")
    ):
        days = _under_way(scene, figure, days, published)
    status = standing.of_figure(scene, figure, days, deadline=deadline, old=old)
    aim = scene.context.aim
    if status in ("target", "projected") and old and published and days.last <= published:
        if aim is not None and aim.last >= published:
            days = aim
        elif status == "target" and days.last < published:
            days = Span(datetime.date(published.year, 1, 1), datetime.date(published.year, 12, 31))
    if status in ("actual", "preliminary") and (moved := _happened(scene, days, term, old)) != days:
        if moved is None:
            return None
        days = moved
    if status == "actual" and published and days.last > published:
        status = "preliminary"  # the month or quarter that was ending
    return days, status


def _under_way(scene: Scene, figure: Quantity, days: Span, published: datetime.date) -> Span:
    """The days of a year under way: to the end of the months that the text tells of, else to the day that it tells it."""
    behind = (told for when, told in scene.spans if told is not None and when.start >= figure.end)
    told = (*behind, scene.context.settled, scene.context.reported)
    months = (one for one in told if one is not None and not one.point and one.first == days.first)
    return next((one for one in months if one.last < published), Span(days.first, published))


def _only_a_day(days: Span, term: str, scene: Scene) -> bool:
    """Whether the days of a flow, not said with it, are but one day in the midst of a month, as of an opening."""
    last = calendar.monthrange(days.last.year, days.last.month)[1]
    return days.point and days.last.day != last and not stands(scene, term) and term not in _SIGNED_FOR


_SIGNED_FOR = ("project_investment", "contracted_investment", "projects")
"""What is told of the projects that stand on a day, and may be planned all the same."""


def _since_ever(scene: Scene, figure: Quantity, term: str, region: str, days: Span) -> bool:
    """Whether a flow is summed up over all its years, beside that of the period: …亿元;累计交易额突破140亿元."""
    said = scene.cues.in_all.search(scene.segment(figure))
    again = [one for one in scene.drafts if (one.term, one.region, one.span) == (term, region, days) and one.value]
    return bool(said and again) and scene.context.words.terms[term].kind == "flow"


def _happened(scene: Scene, days: Span, term: str, old: bool) -> Span | None:
    """The days of a figure that is no aim: never inherited from one, and never after the text; None where no day is left."""
    context = scene.context
    published = context.published
    late = published is not None and days.last > published
    today = published is not None and days.point and days.last == published and scene.sentence.english
    if old and (context.aimed or late) and not today:
        settled = context.settled
        stale = settled is not None and stands(scene, term) and _stale(settled, scene)
        if settled is not None and (published is None or settled.last <= published) and not stale:
            return settled
        if settled is None and not late and published is not None:
            return days  # they have passed, so that nothing can be aimed at by then
        return Span(published, published, True) if published is not None and stands(scene, term) else None
    if not late or published is None:
        return days
    if (days.last.year, days.last.month) == (published.year, published.month) and not old:
        return days
    return Span(days.first, published) if days.first <= published and not days.point else None


def _filled(
    scene: Scene, figure: Quantity, index: int | None, term: str, region: str, days: Span, more: dict[str, Any]
) -> bool:
    """Whether a level went into the draft that its growth had opened: grew by 5 % to 300."""
    waiting = next((one for one in reversed(scene.drafts) if (one.mention, one.term) == (index, term)), None)
    if index is None and waiting is not None and waiting.at != scene.sentence.amounts.index(figure) - 1:
        return False
    if waiting is None or waiting.value is not None or waiting.region != region or waiting.share is not None:
        return False
    since = scene.sentence.amounts[waiting.at].end
    if (
        scene.sentence.english
        and waiting.span != days
        and any(since <= one.start < figure.start for one in scene.sentence.times)
    ):
        return False  # rose 4 percent in the quarter, which took the half-year figure to 300
    if waiting.growth_to == YEARLY or (
        waiting.span is not None and waiting.span != days and _apart(waiting.span, days)
    ):
        return False
    waiting.value, waiting.unit, waiting.bound = more["value"], more["unit"], figure.bound
    if scene.sentence.english and waiting.span is not None and _inside(days, waiting.span):
        waiting.span = days  # this year, with GDP up 5.6 percent to 429 billion yuan in the first quarter
    return True


def _inside(one: Span, other: Span) -> bool:
    """Whether a stretch is one of the months of another of the same year."""
    return not one.point and not other.point and other.first <= one.first and one.last < other.last


def _apart(one: Span, other: Span) -> bool:
    """Whether two stretches are of different years, or two different days."""
    return one.first.year != other.last.year or (one.point and other.point)
