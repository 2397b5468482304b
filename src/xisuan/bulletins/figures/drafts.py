"""Drafts of observations in one sentence with their period, scope and precision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeVar

from xisuan.bulletins.figures.discourse import Discourse
from xisuan.bulletins.figures.number_kinds import repeats_elsewhere, status_of, why_uncertain
from xisuan.bulletins.figures.observations import fitted_to, precision_in, scope_in
from xisuan.bulletins.figures.periods import PAST, UNDER_WAY, Dated, Moment, dated, dated_by
from xisuan.bulletins.figures.series import Lists
from xisuan.bulletins.figures.subjects import NOT_SAID, Placed
from xisuan.bulletins.language.annotation import Sentence
from xisuan.bulletins.language.name_matcher import Name, Stretch
from xisuan.bulletins.language.quantities import Quantity
from xisuan.bulletins.language.time_phrases import Span
from xisuan.results.bulletin_reading import Observation
from xisuan.text.translation import message as _

_Mark = TypeVar("_Mark", bound=Stretch)
NO_DAY = _("its period is not said")
NO_YEAR = _("its year is not said; give the date of publication")
NO_DEADLINE = _("its deadline is not said")
NOT_OVER = _("said of a period that is not over")


@dataclass
class Draft:
    """Observation under construction.

    `at` is the position of its number, `name` the start of its name in the text (below 0 for a derived share), `parts`
    the positions of all numbers that it is made of.
    """

    at: int
    name: int
    indicator: str
    day: Dated
    place: Placed
    status: str
    value: float | None = None
    unit: str = "pct"
    growth: float | None = None
    growth_to: str = ""
    share: float | None = None
    points: float | None = None
    change_to: str = ""
    rank: int | None = None
    bound: str | None = None
    parts: list[int] = field(default_factory=list)


_PRESENT = re.compile(
    r"\b(?:is\s+home\s+to|are\s+home\s+to|boasts|hosts|houses|operates|owns|has(?=\s+(?:about\s+|over\s+|some\s+|more\s+than\s+|nearly\s+)?$))"
)
"""Present-tense verb of state; its figure is as of the day of publication."""


_GOES_ON = re.compile(
    r"\s*(?:其中|包括|the\s+(?:goal|target|aim)\w*\s|(?:this|these|it)\s+(?:is\s+to\s+)?includ|of\s+(?:this|that|which))"
)
"""Start of a sentence that continues the targets of the one before."""


@dataclass
class Work:
    """State of one sentence while its numbers are interpreted.

    `times` date all numbers but `bases`, the levels that changes start from, each with its own time. `taken` maps the
    start of a name to the number that is its level; `left` holds unplaced numbers with reasons.
    """

    sentence: Sentence
    discourse: Discourse
    times: list[Moment]
    lists: Lists
    bases: Mapping[int, Moment] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    left: list[tuple[Quantity, str]] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)

    def day_of(self, number: Quantity) -> Dated:
        """Return the period of a number; behind a semicolon, that of the targets before it if it has none of its own."""
        if (base := self.bases.get(self.sentence.numbers.index(number))) is not None:
            return dated_by(base)
        day = dated(self.sentence, number, self.times, self.discourse.calendar)
        published = self.discourse.published
        start = self.sentence.clauses[self.sentence.clause(number.start)][0]
        # An English verb of present state dates a figure as of publication.
        if (
            day.inherited
            and published is not None
            and self.sentence.english
            and _PRESENT.search(self.sentence.text, start, number.start)
        ):
            return Dated(Span(published, published, True), inherited=True)
        if day.inherited and self.discourse.aim is not None:
            goes_on = self.discourse.aim_open or _GOES_ON.match(self.sentence.text) is not None
            return Dated(self.discourse.aim if goes_on else None, not goes_on, deadline=True, carried=goes_on)
        return day

    def is_dated(self, at: int) -> bool:
        """Return True if a number has a time of its own directly next to it."""
        number = self.sentence.numbers[at]
        return any(
            0 <= when.start - number.end < _RIGHT_BESIDE or 0 <= number.start - when.end < _RIGHT_BESIDE
            for when, _ in self.times
        )

    def leave(self, number: Quantity, why: str) -> None:
        """Record a number as unplaced with a reason."""
        self.left.append((number, why))


_RIGHT_BESIDE = 6
"""Characters between a number and the time that dates it: 282.4 billion yuan in 2021, 2020年的7个."""
_GROWTH_TO_LEVEL = 100
"""Characters between a growth and the level reached: rose 8.7 percent year on year to 753.3 billion."""


def waiting_draft(work: Work, name: Name, at: int) -> Draft | None:
    """Return the draft of a name with a growth and no level yet (rose 8.7 percent to 753.3 billion yuan), else None."""
    for draft in reversed(work.drafts):
        if draft.name == name.start and draft.value is None and draft.share is None:
            start, end = work.sentence.numbers[draft.at].end, work.sentence.numbers[at].start
            moved = any(start <= when.start < end and days != draft.day.days for when, days in work.times)
            return draft if not moved and end - start < _GROWTH_TO_LEVEL else None
    return None


def begin_draft(work: Work, at: int, name: Name, indicator: str) -> Draft:
    """Add a new draft with period, region and status, and return it."""
    sentence, number = work.sentence, work.sentence.numbers[at]
    day = work.day_of(number)
    start, end = (name.start, name.end) if name.start >= 0 else (number.start, number.end)
    if repeats_elsewhere(sentence, work.taken.get(name.start, at), at):
        start, end = number.start, number.end
    place = work.discourse.place_of(sentence, number, (min(start, number.start), end), indicator)
    published = work.discourse.published
    over = published is not None and day.days is not None and day.days.last <= published
    planned = work.discourse.planned or (day.deadline and not over)
    status = "actual" if at in work.bases else status_of(sentence, number, day, published, planned)
    unsure = why_uncertain(sentence, number, day, work.times, published, status, work.discourse.aim is not None)
    if unsure and not (published is None and work.discourse.planned):
        place = Placed("", why=unsure)
    draft = Draft(at, name.start, indicator, day, place, status, parts=[at])
    work.drafts.append(draft)
    return draft


def latest_draft(work: Work, name: Name, at: int) -> Draft | None:
    """Return the latest draft of a name; None if another time stands between its level and the number."""
    for draft in reversed(work.drafts):
        past = draft.day.mark is not None and draft.day.mark.kind in PAST and len(work.drafts) > 1
        if draft.name != name.start or draft.at in work.bases or past:
            continue
        between = (work.sentence.numbers[draft.at].end, work.sentence.numbers[at].start)
        moved = any(between[0] <= when.start < between[1] and days != draft.day.days for when, days in work.times)
        return None if moved else draft
    return None


def observation_of(work: Work, draft: Draft) -> Observation | str:
    """Return the observation of a draft, or the reason why it has none."""
    sentence, discourse = work.sentence, work.discourse
    spec = sentence.lexicon.terms[draft.indicator]
    if draft.place.why or not draft.place.region:
        return draft.place.why or NOT_SAID
    beside = {days.last.year for when, days in work.times if days is not None and when is not draft.day.mark}
    days, inherited = _days(draft, "stock" if "day" in spec.flags else spec.kind, discourse, beside)
    if isinstance(days, str):
        return days
    first, last, basis = fitted_to(days, spec)
    published = discourse.published
    summed = spec.measure == "investment" or draft.indicator.endswith("_new")
    if draft.status == "target" and basis != "point" and first.year < last.year and not summed:
        first = last.replace(month=1, day=1)  # a target of a plan of several years is for its last year
    if draft.indicator.endswith("_new") and draft.day.deadline and (published is None or last.year > published.year):
        return _("the day from which they are counted is not said")
    # Reject actual figures dated after publication; clip periods under way to the day of publication.
    if draft.status in ("actual", "preliminary") and published is not None and last > published:
        if days.first > published or (days.point and (last - published).days > UNDER_WAY):
            return _("said to have happened, with a day after that of the text")
        if not days.point and ((last - published).days > UNDER_WAY or (days.last - days.first).days > _MONTHS):
            years = not inherited and days.first.year < days.last.year
            if years and sentence.lexicon.cues.status["actual"].search(sentence.text) is None:
                return NOT_OVER
            last = published
        first = last if basis == "point" else first
    unit = draft.unit if draft.value is not None else "pct"
    carried = [*(["period"] if inherited or draft.day.carried else []), *(["region"] if draft.place.inherited else [])]
    return Observation(
        indicator=draft.indicator, region=draft.place.region, period_start=first.isoformat(), period_end=last.isoformat(),
        basis=basis, value=draft.value, unit=unit, growth_pct=draft.growth, share_pct=draft.share, rank=draft.rank,
        status=draft.status, bound=draft.bound, inherited=tuple(carried), text=sentence.raw.strip(), place=sentence.place,
        growth_to=draft.growth_to, change_points=draft.points, change_to=draft.change_to,
        price_base=sentence.price_base if "volume" in draft.indicator else "",
        scope=_scope(sentence, draft),
        precision=precision_in(sentence.text) if draft.unit == "EFLOPS" else "", marks=marks(sentence, draft.parts),
    )  # fmt: skip


def marks(sentence: Sentence, parts: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return start and end of numbers of a sentence in its stripped text."""
    indent = len(sentence.raw) - len(sentence.raw.lstrip())
    spans = (sentence.numbers[at] for at in sorted(set(parts)))
    return tuple((one.start - indent, one.end - indent) for one in spans)


_MONTHS = 350  # minimum length in days of a span of about a year
_DECEMBER, _EARLY = 12, 3
"""Months. Up to March, a statement about the current year is unlikely to be a result."""


def _is_year(days: Span) -> bool:
    """Return True for a calendar year."""
    return (
        (days.first.month, days.last.month) == (1, _DECEMBER) and days.first.year == days.last.year and not days.point
    )


def _scope(sentence: Sentence, draft: Draft) -> str:
    """Return the scope if the clause of a name or of its number limits it to firms above designated size; else blank."""
    start = draft.name if draft.name >= 0 else sentence.numbers[draft.at].start
    clause = sentence.clauses[sentence.clause(start)]
    return scope_in(sentence.text[clause[0] : sentence.numbers[draft.at].start])


def _days(draft: Draft, kind: str, discourse: Discourse, beside: Set[int]) -> tuple[Span | str, bool]:
    """Return the period of a draft and True if it is inherited; in place of the period the reason if unknown.

    `beside` are the years of the other times of its sentence.
    """
    published = discourse.published
    day = draft.day
    ahead = draft.status in ("target", "projected")
    whole_year = day.mark is not None and day.mark.kind == "year"
    unsaid = whole_year and day.mark is not None and day.mark.year is None and day.mark.offset is None
    over = published is not None and day.days is not None and day.days.last < published
    if (
        ahead
        and unsaid
        and published is not None
        and over
        and day.days is not None
        and day.days.last.year not in beside
    ):
        return Span(published.replace(month=1, day=1), published.replace(month=12, day=31)), False
    if draft.status == "target" and day.inherited:
        return (discourse.aim_days, True) if discourse.planned and discourse.aim_days else (NO_DEADLINE, True)
    if day.days is None and day.deadline:
        return NO_DEADLINE, True
    # A year under way: an inherited stock is as of publication; other figures need `this year` or a date in December.
    under_way = published is not None and day.days is not None and _is_year(day.days) and day.days.last > published
    if under_way and not ahead and published is not None and day.days is not None and day.days.first <= published:
        said = day.mark is not None and day.mark.offset == 0 and published.month > _EARLY
        stands = day.inherited and kind == "stock" and published.month > _EARLY
        if stands:
            return Span(published, published, True), True
        if not said and published.month < _DECEMBER:
            return NOT_OVER, False
    if day.unknown:
        return (NO_DAY if published is not None or discourse.year is not None else NO_YEAR), False
    if day.days is None:
        if kind == "stock" and published is not None and not ahead:
            return Span(published, published, True), True
        return (NO_DAY if published is not None or discourse.year is not None else NO_YEAR), True
    return day.days, day.inherited


def add_ranks(work: Work) -> None:
    """Add each rank of the sentence to the figure directly before it."""
    for start, _end, rank in work.sentence.ranks:
        before = [one for one in work.drafts if work.sentence.numbers[one.at].end <= start]
        if before and before[-1].rank is None:
            end = work.sentence.numbers[before[-1].at].end
            if not any(end <= name.start < start for name in work.sentence.names):
                before[-1].rank = rank
