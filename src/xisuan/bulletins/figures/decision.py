"""Decision of one sentence: each number gets a kind, an indicator, a period, a region and a status, or a reason."""

from __future__ import annotations

import re

from xisuan.bulletins.figures.attachment import (
    NO_MEASURE,
    NO_NAME,
    TOGETHER,
    both_names,
    by_measure_of,
    choose,
    meant_by,
    modifiers_of,
    unclear,
)
from xisuan.bulletins.figures.discourse import Discourse
from xisuan.bulletins.figures.drafts import (
    Draft,
    Work,
    add_ranks,
    begin_draft,
    latest_draft,
    marks,
    observation_of,
    waiting_draft,
)
from xisuan.bulletins.figures.number_kinds import (
    LEFT,
    Kind,
    against,
    compared_with,
    is_bare,
    kind_of,
)
from xisuan.bulletins.figures.observations import clean, has_unit, in_unit
from xisuan.bulletins.figures.periods import Dated, bases_of, resolved
from xisuan.bulletins.figures.series import Series, lists_of
from xisuan.bulletins.figures.subjects import Placed, firm_of
from xisuan.bulletins.language.annotation import Sentence
from xisuan.bulletins.language.name_matcher import Name
from xisuan.bulletins.language.quantities import Quantity
from xisuan.results.bulletin_reading import Observation, Unplaced
from xisuan.text.translation import message as _

IN_LIST = _("one of several in a list, of which the text does not say which is which")
SECOND = _("a second figure of the same thing")
ABOVE = _("points by which one thing is above or below another, not a change")
SPED_UP = _("points by which a growth sped up or slowed, not a change of a ratio")
SEVERAL_YEARS = _("growth over several years, not of one period")
POINTS = _("a change in percentage points of something that is not said")
SHARE = _("a share of something that is not in the vocabulary")
YEARLY = "the year before, yearly average"


def read_sentence(sentence: Sentence, discourse: Discourse) -> tuple[list[Observation], list[Unplaced]]:
    """Return the observations of a sentence and its unplaced numbers with their reasons."""
    times = resolved(sentence, discourse.calendar)
    bases = bases_of(sentence, times)
    own = [one for one in times if one not in bases.values()]
    work = Work(sentence, discourse, own, lists_of(sentence), bases)
    for at in range(len(sentence.numbers)):
        _decide(work, at)
    add_ranks(work)
    seen: list[Observation] = []
    for draft in work.drafts:
        one = observation_of(work, draft)
        if isinstance(one, Observation):
            seen.append(one)
            end = sentence.clauses[sentence.clause(sentence.numbers[draft.at].start)][1]
            if one.status != "target" and draft.day.deadline and is_bare(sentence, end):
                discourse.bare.append(one)
        else:
            work.leave(sentence.numbers[draft.at], one)
    work.left.sort(key=lambda found: found[0].start)
    firms = [why not in LEFT.values() and firm_of(sentence, number, discourse.firm) for number, why in work.left]
    return seen, [
        _unplaced(sentence, number, firm or why) for (number, why), firm in zip(work.left, firms, strict=True)
    ]


def _unplaced(sentence: Sentence, number: Quantity, why: str) -> Unplaced:
    words = sentence.raw[number.start : number.end].strip()
    at = sentence.numbers.index(number)
    return Unplaced(words, why, sentence.raw.strip(), sentence.place, marks(sentence, (at,)))


def _decide(work: Work, at: int) -> None:
    """Add number `at` to the drafts by its kind, or leave it with a reason."""
    sentence = work.sentence
    number = sentence.numbers[at]
    if number.value == 1.0 and not number.scaled and sentence.text[number.start].isalpha():
        return  # pronoun or article, no amount: one of them, 一座
    series = work.lists.by_number.get(at)
    first = series.members[0] if series else at
    kind = kind_of(sentence, first)
    if (at in work.bases and number.unit != "pct") or (kind.name == "before" and work.is_dated(at)):
        _base(work, at, series)
        return
    if kind.name in LEFT:
        if kind.name != "addition" or not _new(work, at, kind):
            work.leave(number, ABOVE if number.unit == "pp" and kind.name == "difference" else LEFT[kind.name])
        return
    if series is not None and not series.settled:
        work.leave(number, IN_LIST)
        return
    if series is not None:
        _in_series(work, at, kind, series)
    elif kind.name == "points":
        _points(work, at, kind)
    elif kind.name == "share":
        _share(work, at, kind)
    elif kind.name == "growth":
        _growth(work, at, kind)
    else:
        _level(work, at, kind)


def _base(work: Work, at: int, series: Series | None) -> None:
    """Add the level that a change starts from; one of several only if the text says which is which."""
    listed = work.bases.get(at) is not None and any(work.bases.get(one) == work.bases[at] for one in (at - 1, at + 1))
    if series is not None and series.names:
        _of_named(work, at, Kind("level"), series)
    elif listed or series is not None:
        work.leave(work.sentence.numbers[at], IN_LIST)
    else:
        _level(work, at, Kind("level"), fresh=True)


def _new(work: Work, at: int, kind: Kind) -> bool:
    """Add the count of new things if the catalogue has an indicator for it: 新建5G基站. Return True if added."""
    chosen = choose(work.sentence, at, Kind("level"), work.taken).candidate
    if chosen is None or not chosen.name.indicator.endswith("_new"):
        return False
    _add_level(work, at, chosen.name, chosen.name.indicator)
    return True


def _level(work: Work, at: int, kind: Kind, fresh: bool = False) -> None:
    """Add number `at` as a level. With `fresh`, ignore the levels that its name already has."""
    number = work.sentence.numbers[at]
    choice = choose(work.sentence, at, kind, {} if fresh else work.taken)
    if choice.candidate is None:
        pair = both_names(work.sentence, at) if choice.why == TOGETHER else ()
        for one in pair:
            _add_level(work, at, one, one.indicator)
        if not pair:
            work.leave(number, choice.why)
        return
    name = choice.candidate.name
    spec = work.sentence.lexicon.terms[name.indicator]
    if spec.kind == "growth":
        _grow(work, at, name, kind)
        return
    meant = meant_by(work, at, name)
    if not meant:
        work.leave(number, NO_MEASURE)
        return
    _add_level(work, at, name, meant)


def _add_level(work: Work, at: int, name: Name, indicator: str) -> None:
    number = work.sentence.numbers[at]
    spec = work.sentence.lexicon.terms[indicator]
    value, unit = in_unit(number, spec.unit)
    # The level completes an open draft of the same name that has only a growth so far.
    open_draft = work.taken.get(name.start) is None and at not in work.bases
    draft = waiting_draft(work, name, at) if open_draft else None
    draft = draft or begin_draft(work, at, name, indicator)
    if draft.value is not None:
        work.leave(number, SECOND)
        return
    draft.value, draft.unit, draft.bound = clean(value), unit, number.bound
    draft.at = at
    draft.parts.append(at)
    if at not in work.bases:
        work.taken.setdefault(name.start, at)


def _in_series(work: Work, at: int, kind: Kind, series: Series) -> None:
    """Add a number of a coordinated list with its own region, name or time."""
    nth, number = series.members.index(at), work.sentence.numbers[at]
    if kind.name == "points":
        _points_in_series(work, at, kind, series)
        return
    if series.names:
        _of_named(work, at, kind, series)
        return
    first = choose(work.sentence, series.members[0], kind, {}).candidate
    if first is None:
        work.leave(number, NO_NAME)
        return
    region = series.regions[nth] if series.regions else ""
    held = next(
        (one for one in work.drafts if one.name == first.name.start and region and one.place.region == region), None
    )
    if kind.name in ("growth", "share") and held is not None:
        held.parts.append(at)
        if kind.name == "growth":
            held.growth = clean(kind.sign * number.value)
        else:
            held.share = clean(number.value)
        return
    indicator = first.name.indicator
    if kind.name == "share":
        indicator = work.sentence.lexicon.ratio(indicator)
        if not indicator:
            work.leave(number, SHARE)
            return
    draft = begin_draft(work, at, first.name, indicator)
    if region:
        draft.place = Placed(region)
    elif series.times:
        when = work.sentence.times[series.times[nth]]
        days = next((days for known, days in work.times if known is when), None)
        draft.day = Dated(days, mark=when)
    if kind.name == "growth":
        draft.growth = clean(kind.sign * number.value)
    else:
        value, unit = in_unit(number, work.sentence.lexicon.terms[indicator].unit)
        draft.value, draft.unit, draft.bound = clean(value), unit, number.bound


def _of_named(work: Work, at: int, kind: Kind, series: Series) -> None:
    """Add a number of a list that is parallel to a list of names."""
    number, name = work.sentence.numbers[at], series.names[series.members.index(at)]
    if words := [word for one in series.names for word in modifiers_of(work.sentence, one)]:
        work.leave(number, unclear(words))
    elif kind.name == "growth":
        _grow(work, at, name, kind)
    elif kind.name == "level" and has_unit(number, work.sentence.lexicon.terms[name.indicator]):
        _add_level(work, at, name, name.indicator)
    else:
        work.leave(number, IN_LIST)


def _points_in_series(work: Work, at: int, kind: Kind, series: Series) -> None:
    """Add a change in points of a list to the ratio of the same region or name."""
    nth, number = series.members.index(at), work.sentence.numbers[at]
    region, name = series.regions[nth : nth + 1], series.names[nth : nth + 1]
    for held in work.drafts:
        mine = held.place.region in region or held.name in [one.start for one in name]
        if mine and held.points is None and (held.unit == "pct" or held.share is not None):
            held.points, held.change_to = clean(kind.sign * abs(number.value)), _compared_with(work, held, at)
            held.parts.append(at)
            return
    work.leave(number, POINTS)


def _growth(work: Work, at: int, kind: Kind) -> None:
    choice = choose(work.sentence, at, kind, work.taken)
    if choice.candidate is None:
        work.leave(work.sentence.numbers[at], choice.why)
        return
    name = choice.candidate.name
    meant = by_measure_of(work.sentence, name, work.sentence.numbers[at])
    if not meant:
        work.leave(work.sentence.numbers[at], NO_MEASURE)
        return
    _grow(work, at, Name(name.start, name.end, meant), kind)


def _grow(work: Work, at: int, name: Name, kind: Kind) -> None:
    """Add a growth to the draft of its name, else as a draft of its own."""
    number = work.sentence.numbers[at]
    days = work.day_of(number).days
    if days is not None and not kind.mean and (days.last.year > days.first.year):
        work.leave(number, SEVERAL_YEARS)
        return
    amount = abs(number.value) if kind.sign < 0 else number.value
    value = clean(kind.sign * amount * (100.0 if number.unit == "fold" else 1.0))
    held = latest_draft(work, name, at)
    if held is not None and held.at in work.lists.by_number and at not in work.lists.by_number:
        work.leave(number, TOGETHER)  # of a list, whose sum may be meant
        return
    if held is None or held.growth is not None:
        if held is not None and held.day.days == work.day_of(number).days:
            work.leave(number, _("a second growth of the same figure"))
            return
        held = begin_draft(work, at, name, name.indicator)
    held.parts.append(at)
    held.growth, held.growth_to = value, YEARLY if kind.mean else _compared_with(work, held, at)
    if held.value is None and number.bound and held.at == at:
        held.bound = number.bound


def _share(work: Work, at: int, kind: Kind) -> None:
    """Add a share to the level of its name, or as a level of the indicator that is this share."""
    sentence, number = work.sentence, work.sentence.numbers[at]
    ratios = [one for one in sentence.names if sentence.lexicon.terms[one.indicator].unit == "pct"]
    own = choose(sentence, at, Kind("level"), work.taken).candidate if ratios else None
    named = _nearest(sentence, number)
    if own is not None and (named is None or own.name.start >= named.start):
        _add_level(work, at, own.name, own.name.indicator)
        return
    choice = choose(sentence, at, kind, work.taken)
    if choice.candidate is None:
        work.leave(number, choice.why)
        return
    name = choice.candidate.name
    held = latest_draft(work, name, at)
    if held is not None and held.at in work.lists.by_number:
        work.leave(number, TOGETHER)  # of a list, whose sum may be meant
        return
    indicator = _ratio_of(work, name, number)
    if held is not None and held.value is not None and held.unit != "pct":
        if held.share is None:
            held.share = clean(number.value)
            held.parts.append(at)
        else:
            work.leave(number, _("a second share of the same figure"))
            return
    elif held is not None or not indicator:
        work.leave(number, SHARE)
        return
    if indicator:
        _add_level(work, at, Name(-1 - at, name.end, indicator), indicator)


def _nearest(sentence: Sentence, number: Quantity) -> Name | None:
    return next((one for one in reversed(sentence.names) if one.end <= number.start), None)


def _ratio_of(work: Work, name: Name, number: Quantity) -> str:
    """Return the indicator for the share of a name in its whole, else blank.

    The whole is named in the clause, or is the antecedent: the latest level before the name.
    """
    sentence, words = work.sentence, work.sentence.lexicon
    wholes = [one.indicator for one in sentence.wholes if sentence.clause(one.start) == sentence.clause(number.start)]
    told = [
        one.indicator
        for one in work.drafts
        if one.value is not None and one.name != name.start and sentence.numbers[one.at].end <= name.start
    ]
    for whole in wholes or told[-1:]:
        if found := words.ratio(name.indicator, whole):
            return found
        if whole == "gdp":
            family = words.terms[name.indicator].family
            found = words.catalogue.by_measure.get((family, "share"), "") if family else ""
            if found and words.terms[found].flag("of") == "gdp":
                return found
    return "" if wholes or told else words.ratio(name.indicator)


def _points(work: Work, at: int, kind: Kind) -> None:
    """Add a change in percentage points to the share or ratio directly before it, else to the ratio that is named."""
    number = work.sentence.numbers[at]
    before = [one for one in work.drafts if one.points is None and (one.unit == "pct" or one.share is not None)]
    near = [one for one in before if one.growth is None and not _far(work, one, at)]
    held = near[-1] if near else None
    if held is None:
        chosen = choose(work.sentence, at, Kind("points"), work.taken).candidate
        if chosen is None:
            grows = any(one.growth is not None for one in work.drafts) or _GROWTH.search(work.sentence.text)
            work.leave(number, SPED_UP if grows else POINTS)
            return
        held = latest_draft(work, chosen.name, at) or begin_draft(work, at, chosen.name, chosen.name.indicator)
    if held.day.days is not None and held.day.days.first.year < held.day.days.last.year and held.status != "target":
        work.leave(number, SEVERAL_YEARS)
        work.drafts.remove(held)
        return
    held.points, held.change_to = clean(kind.sign * abs(number.value)), _compared_with(work, held, at)
    held.parts.append(at)


_GROWTH = re.compile(r"增速|增幅|\bgrowth\b")


def _compared_with(work: Work, held: Draft, at: int) -> str:
    """Return the base of comparison of a change; blank for the same day or period of the previous year."""
    text, days = work.sentence.text, held.day.days
    start = work.sentence.clauses[work.sentence.clause(work.sentence.numbers[at].start)][0]
    later = next((one.start for one in work.sentence.numbers[at + 1 :]), len(text))
    last = days.last if days else work.discourse.published
    numbers = work.sentence.numbers
    percent = numbers[at].unit == "pp"  # points start from a percentage, a growth from an amount
    beside = [
        work.bases[one][1]
        for one in (at - 1, at + 1, at - 2)
        if one in work.bases and (numbers[one].unit == "pct") == percent
    ]
    if beside and beside[0] is not None and last is not None:
        return against(beside[0].last.year, last)
    return compared_with(text[start:later], last)


def _far(work: Work, draft: Draft, at: int) -> bool:
    """Return True if another name, or more than 40 characters, lies between a draft and a number."""
    start, end = work.sentence.numbers[draft.at].end, work.sentence.numbers[at].start
    return any(start <= name.start < end for name in work.sentence.names) or end - start > 40
