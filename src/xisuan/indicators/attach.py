"""From the parts of a sentence to observations: which indicator, place and time each figure belongs to.

A figure goes to the nearest indicator whose unit it can have. What nothing says is taken from the sentence before and
named in `inherited`. A figure whose indicator is not in the vocabulary is left over with its words, never guessed.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Sequence

from xisuan.indicators import dating
from xisuan.indicators.belonging import nearest
from xisuan.indicators.context import Context
from xisuan.indicators.drafting import finished
from xisuan.indicators.fitting import fits
from xisuan.indicators.growths import multiple
from xisuan.indicators.levels import level
from xisuan.indicators.percents import percent
from xisuan.indicators.periods import Span, When
from xisuan.indicators.scene import Draft, Scene, alike
from xisuan.indicators.sentence import Sentence
from xisuan.indicators.tokens import Mention
from xisuan.results.reading import Observation, Unplaced

MONEY = ("CNY", "USD")
_RARE = ("price", "foreign", "other", "rate", "MW")
"""Units that few indicators have."""


def attach(sentence: Sentence, context: Context) -> tuple[list[Observation], list[Unplaced]]:
    """Observations and left-overs of one sentence; the context is brought up to date."""
    _of_the_month(sentence, context)
    scene = Scene(
        sentence, context, dating.spans(sentence, context), bool(context.words.cues.part.search(sentence.text[:24]))
    )
    if context.main and scene.cues.by_region.search(sentence.text):
        context.term = context.main
    if context.aim is not None and scene.cues.the_aim.match(sentence.text) and not any(days for _, days in scene.spans):
        context.span, context.aimed, context.status = context.aim, True, "target"
    _respectively(scene)
    _side_by_side(scene)
    means = scene.cues.defines.match(scene.text)
    for at, figure in enumerate(sentence.amounts):
        if means:
            scene.leave(figure, "what a word means, not what was counted")
        elif at in scene.loose:
            scene.leave(figure, "one of several in a list, of which the text does not say which is which")
        else:
            _figure(scene, at)
    _undecided(scene)
    _over_years(scene)
    _multiplied(scene)
    _ranked(scene)
    _doubted(scene)
    sure = [draft for draft in scene.drafts if not draft.doubt]
    seen = [one for draft in sure if (one := finished(scene, draft)) is not None]
    _remember(scene)
    left = [
        Unplaced(sentence.raw[figure.start : figure.end], why, sentence.raw.strip(), sentence.place)
        for figure, why in scene.unplaced
    ]
    return seen, left


def _of_the_month(sentence: Sentence, context: Context) -> None:
    """Take the last of the months told, where a sentence without a time compares with the one before it."""
    compared = [when for when in sentence.times if when.compared and when.first == when.last and not when.day]
    days = context.span
    if days is None or days.point or not compared or any(not when.compared for when in sentence.times):
        return
    if days.first.month < days.last.month and compared[-1].first == days.last.month - 1:
        context.span = Span(days.last.replace(day=1), days.last)


def _figure(scene: Scene, at: int) -> None:
    figure = scene.sentence.amounts[at]
    if figure.unit == "pp":
        scene.leave(figure, "a change in percentage points, not a level")
    elif figure.unit in _RARE and not nearest(scene, at):
        scene.leave(figure, "no indicator of the vocabulary has this unit here")
    elif figure.unit == "fold":
        multiple(scene, at)
    elif figure.unit == "pct":
        percent(scene, at)
    else:
        level(scene, at)


def _respectively(scene: Scene) -> None:
    """Lists: A, B and C reached x, y and z respectively."""
    for match in re.finditer(r"分别|\brespectively\b", scene.text):
        amounts = scene.sentence.amounts
        if match[0] == "分别":
            group = _run(scene, [at for at, seen in enumerate(amounts) if seen.start >= match.end()])
            high = match.start()
        else:
            earlier = [at for at, seen in enumerate(amounts) if seen.end <= match.start()]
            group = _run(scene, earlier[::-1])[::-1]
            high = amounts[group[0]].start if group else match.start()
            behind = _run(scene, [at for at, seen in enumerate(amounts) if seen.start >= match.end()])
            if len(behind) > 1 and (len(group) < 2 or scene.cues.grows.match(scene.text, match.end() + 1)):
                group, high = behind, match.start()  # A and B respectively rose by x and y
        if len(group) < 2:
            _alternating(scene, match.start())
            continue
        low = max((amounts[at].end for at in range(group[0]) if amounts[at].unit != "rate"), default=0)
        _paired(scene, group, low, high)
        if match[0] == "分别":
            _goes_with(scene, group)
        if match[0] != "分别" and not scene.pairs.keys() & set(group):
            _twice(scene, group)
        if not (scene.pairs.keys() | scene.places.keys()) & set(group) and amounts[group[0]].unit in MONEY:
            scene.loose |= set(group)


def _alternating(scene: Scene, end: int) -> None:
    """Growths and levels by turns in the order of a list: A and B rose by 3 percent to x and 4 percent to y respectively."""
    amounts = scene.sentence.amounts
    before = [at for at, seen in enumerate(amounts) if seen.end <= end]
    turns: list[int] = []
    for at in reversed(before):
        if len(turns) > 1 and not alike(amounts[at], amounts[turns[-2]]):
            break
        turns.append(at)
    turns = turns[::-1][len(turns) % 2 :]
    if len(turns) < _TWO_TURNS or alike(amounts[turns[0]], amounts[turns[1]]):
        return
    start = amounts[turns[0]].start
    low = max((amounts[at].end for at in before if at < turns[0]), default=0)
    for group in (turns[::2], turns[1::2]):
        _paired(scene, group, low, start)


_TWO_TURNS = 4
"""Figures of two turns of a growth and a level."""


def _goes_with(scene: Scene, group: Sequence[int]) -> None:
    """Percentages right behind a list, as many as it has, in its order: 分别达到921亿GB、…,同比增长16%、…."""
    amounts = scene.sentence.amounts
    second = _run(scene, list(range(group[-1] + 1, len(amounts))))
    if len(second) != len(group) or amounts[second[0]].unit != "pct" or amounts[group[0]].unit == "pct":
        return
    between = scene.text[amounts[group[-1]].end : amounts[second[0]].start]
    if len(between) > _NEAR or "分别" in between:
        return
    told = list(zip(second, group, strict=True))
    scene.pairs |= {at: scene.pairs[one] for at, one in told if one in scene.pairs}
    scene.places |= {at: scene.places[one] for at, one in told if one in scene.places}


_NEAR = 12
"""Signs between a list and its percentages."""


def _side_by_side(scene: Scene) -> None:
    """Two lists of the same length right behind one another: A和B x和y, A and B of x and y."""
    amounts, mentions = scene.sentence.amounts, scene.sentence.mentions
    at = 0
    while at < len(amounts):
        group = _run(scene, list(range(at, len(amounts))))
        at = group[-1] + 1
        before = [one for one, seen in enumerate(mentions) if seen.end <= amounts[group[0]].start and not seen.whole]
        told = _listed(scene, before)[-len(group) :]
        if (
            len(group) < 2
            or len(told) != len(group)
            or scene.pairs.keys() & set(group)
            or amounts[group[0]].unit == "pct"
        ):
            continue
        gap = scene.text[mentions[told[-1]].end : amounts[group[0]].start]
        if scene.cues.list_to_figures.fullmatch(gap) and all(
            fits(scene, mentions[one].indicator, amounts[group[0]]) for one in told
        ):
            scene.pairs |= dict(zip(group, told, strict=True))


def _twice(scene: Scene, group: Sequence[int]) -> None:
    """Two lists of figures of which one word says the order: A and B grew by x and y to reach u and v respectively."""
    amounts = scene.sentence.amounts
    first = _run(scene, list(range(group[0] - 1, -1, -1)))[::-1]
    if len(first) != len(group) or first[-1] != group[0] - 1:
        return
    low = max((amounts[at].end for at in range(first[0])), default=0)
    _paired(scene, first, low, amounts[first[0]].start)
    if scene.pairs.keys() >= set(first):
        scene.pairs |= {at: scene.pairs[one] for at, one in zip(group, first, strict=True)}


def _paired(scene: Scene, group: Sequence[int], low: int, high: int) -> None:
    """Tie a list of figures to as many indicators, or regions, between `low` and `high`."""
    first = scene.sentence.amounts[group[0]]
    inside = [at for at, seen in enumerate(scene.sentence.mentions) if low <= seen.start < high and not seen.whole]
    told = inside
    if first.unit not in ("pct", "fold"):
        told = [at for at in inside if fits(scene, scene.sentence.mentions[at].indicator, first)]
    if len(told) > len(group) and (run := _listed(scene, told)[-len(group) :]) and len(run) == len(group):
        told = run
    regions = _places(scene, len(group), low, high)
    if len(told) < len(group) != len(regions) and (items := _items(scene, group, low, high)):
        scene.pairs |= {at: one for at, one in zip(group, items, strict=True) if one is not None}
        scene.loose |= {at for at, one in zip(group, items, strict=True) if one is None}
        return
    known = [at for at in told if not scene.sentence.mentions[at].indicator.startswith("?")]
    told = known if len(known) == len(group) else told
    if len(told) == len(group):
        scene.pairs |= dict(zip(group, told, strict=True))
    elif not told and scene.pairs and len(set(scene.pairs.values())) == len(group):
        scene.pairs |= dict(zip(group, dict.fromkeys(scene.pairs.values()), strict=True))
    elif len(regions) >= len(group):
        scene.places |= dict(zip(group, regions[-len(group) :], strict=True))
    elif not regions and len(set(scene.places.values())) == len(group):
        scene.places |= dict(zip(group, dict.fromkeys(scene.places.values()), strict=True))
    elif (
        not regions
        and len(scene.context.listed) == len(group)
        and (len(told) == 1 or re.search(r"[二三四五六七八九]大?个?(?:地区|区域)", scene.text))
    ):
        scene.places |= dict(zip(group, scene.context.listed, strict=True))


def _items(scene: Scene, group: Sequence[int], low: int, high: int) -> list[int | None]:
    """The indicators of just so many things in a list, None for what nobody knows: output of printers, cars and circuits."""
    if not scene.sentence.english:
        return []
    inside = [(at, one) for at, one in enumerate(scene.sentence.mentions) if low <= one.start < high and not one.whole]
    if not inside:
        return []
    starts = (low, max(low, scene.sentence.clause(inside[0][1].start)[0]))
    ways = (_cut(scene.text, start, high, [one for _, one in inside]) for start in starts)
    spans = next((spans for spans in ways if len(spans) == len(group)), [])
    if not spans:
        return []
    first = scene.sentence.amounts[group[0]]
    told = [
        [
            at
            for at, one in inside
            if start <= one.start < end and (first.unit in ("pct", "fold") or fits(scene, one.indicator, first))
        ]
        for start, end in spans
    ]
    return [] if any(len(one) > 1 for one in told) else [one[0] if one else None for one in told]


def _cut(text: str, low: int, high: int, known: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where the things of a list between two places stand, none cut through."""
    masked = text[low:high]
    for one in known:
        start, end = one.start - low, min(one.end, high) - low
        masked = masked[:start] + "x" * (end - start) + masked[end:]
    cuts = [low, *(low + found.end() for found in _ITEM.finditer(masked)), high]
    return list(itertools.pairwise(cuts))


_ITEM = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
"""What stands between two things of a list."""


def _places(scene: Scene, count: int, low: int, high: int) -> list[str]:
    """Regions between two places in the text: those of a list of just so many where there is one, else all."""
    inside = [seen for seen in scene.sentence.regions if low <= seen.start < high and seen.region]
    runs: list[list[str]] = []
    for at, seen in enumerate(inside):
        joined = at and scene.cues.joined.fullmatch(scene.text[inside[at - 1].end : seen.start])
        runs = [*runs[:-1], [*runs[-1], seen.region]] if joined else [*runs, [seen.region]]
    return next((run for run in reversed(runs) if len(run) == count), [seen.region for seen in inside])


def _listed(scene: Scene, told: Sequence[int]) -> list[int]:
    """The last indicators that stand in one list: …, with the revenue of A, as well as B."""
    out: list[int] = []
    for at in reversed(told):
        one = scene.sentence.mentions[at]
        if out and not scene.cues.joined.fullmatch(scene.text[one.end : scene.sentence.mentions[out[-1]].start]):
            break
        out.append(at)
    return out[::-1]


def _run(scene: Scene, order: Sequence[int]) -> list[int]:
    """Figures of one unit that follow one another in a list."""
    out: list[int] = []
    for at in order:
        if out:
            a, b = sorted((out[-1], at))
            between = scene.text[scene.sentence.amounts[a].end : scene.sentence.amounts[b].start]
            if not alike(
                scene.sentence.amounts[at], scene.sentence.amounts[out[0]]
            ) or not scene.cues.between_figures.fullmatch(between):
                break
        out.append(at)
    return out


def _undecided(scene: Scene) -> None:
    """Leave levels of a list that were all given to one indicator of one place and time: at most one can be its."""
    amounts = scene.sentence.amounts
    at = 0
    while at < len(amounts):
        group = _run(scene, list(range(at, len(amounts))))
        at = group[-1] + 1
        told = [one for one in scene.drafts if one.at in group and one.value is not None and one.at not in scene.places]
        same = {(one.term, one.region, one.span) for one in told}
        if len(group) < 2 or len(told) < 2 or len(same) > 1 or len(told) < len(group):
            continue
        scene.drafts = [one for one in scene.drafts if one not in told]
        for one in told:
            scene.leave(amounts[one.at], "one of several in a list, of which the text does not say which is which")


def _doubted(scene: Scene) -> None:
    """Leave the figures of drafts whose phrase has words that nobody explains, and their growths and shares with them."""
    left = [figure for figure, _ in scene.unplaced]
    own = {draft.at for draft in scene.drafts}
    for at, figure in enumerate(scene.sentence.amounts):
        before = [draft for draft in scene.drafts if draft.at <= at]
        draft = before[-1] if before else None
        if draft is None or not draft.doubt or any(one is figure for one in left):
            continue
        if at == draft.at or (at not in own and figure.unit):
            words = ", ".join(dict.fromkeys(draft.doubt))
            scene.leave(figure, f"of something that the vocabulary does not have: {words}")


def _over_years(scene: Scene) -> None:
    """Give two levels of one change the years that it took: from 11 to 45 trillion from 2012 to 2021."""
    stretches = [
        (when, days) for when, days in scene.spans if when.until is not None and when.year is not None and days
    ]
    for first, second in itertools.pairwise(scene.drafts):
        ahead = scene.text[: scene.sentence.amounts[first.at].start]
        changed = scene.cues.from_.search(ahead) and first.term == second.term and first.unit == second.unit
        if first.value is None and first.share is not None and second.value is not None and changed:
            first.value, first.share = first.share, None  # a ratio, of which the second said so
        if not changed or first.value is None or second.value is None or second.at != first.at + 1:
            continue
        for when, days in stretches:
            if first.span == second.span == days and when.year is not None and days is not None:
                first.span = Span(datetime.date(when.year, 1, 1), datetime.date(when.year, 12, 31))
                second.span = Span(datetime.date(days.last.year, 1, 1), days.last)


def _multiplied(scene: Scene) -> None:
    """Doubled, 翻一番: growth of the figure before it, unless it took several years."""
    for match in scene.cues.multiplied.finditer(scene.text):
        before = [draft for draft in scene.drafts if scene.sentence.amounts[draft.at].start < match.start()]
        if before and before[-1].growth is None and before[-1].value is not None:
            before[-1].growth = 100.0 if match["twice"] else 200.0


def _ranked(scene: Scene) -> None:
    """Give each rank to the figure before it, unless another indicator stands between; else to the first behind it."""
    mentions = scene.sentence.mentions
    for rank in scene.sentence.ranks:
        before = [draft for draft in scene.drafts if scene.sentence.amounts[draft.at].start < rank.start]
        for draft in before[-1:] or scene.drafts[:1]:
            start = scene.sentence.amounts[draft.at].end if before else 0
            other = any(
                start <= seen.start
                and seen.end <= rank.start
                and not seen.whole
                and index != draft.mention
                and seen.indicator != draft.term
                for index, seen in enumerate(mentions)
            )
            ahead = not before and scene.sentence.clause(rank.start) != scene.sentence.clause(
                figure_start(scene, draft)
            )
            if draft.rank is None and not other and not ahead:
                draft.rank = rank.rank


def figure_start(scene: Scene, draft: Draft) -> int:
    """Where the figure of a draft stands."""
    return scene.sentence.amounts[draft.at].start


def _wider(settled: Span | None, now: Span | None) -> Span | None:
    """The stretch that a new paragraph is of: the months so far, where the last figure was of their last month."""
    if settled is None or now is None or settled.point or now.point:
        return now
    month = (now.first.year, now.first.month) == (now.last.year, now.last.month)
    return settled if month and settled.first < now.first and settled.last == now.last else now


def _alone(scene: Scene, when: When) -> bool:
    """Whether a month is but an aside in what is told of more months: in March alone."""
    return bool(re.match(r"\s+alone\b|当月", scene.text[when.end :]))


def _tells(scene: Scene, when: When) -> bool:
    """Whether a date without a figure is one that the figures to come are of."""
    return not re.match(r"随着|\bwith\b", scene.sentence.text.strip()) and not _of_an_event(scene, when)


def _of_before(scene: Scene, when: When) -> bool:
    """Whether a date is that of a level before a change: dropped to 13.7 percent from 17.9 percent in 2017."""
    return scene.sentence.english and bool(_FROM_BEFORE.search(scene.text[: when.start]))


_FROM_BEFORE = re.compile(r"\b(?:from|than|compared\s+(?:with|to))\s+(?:about\s+|only\s+)?[\d.,]+[^,;]{0,24}$")
"""A level before a change, right before its date."""


def _of_an_event(scene: Scene, when: When) -> bool:
    """Whether a date is that of something that happened once, not of figures: launched in February 2022."""
    return scene.sentence.english and bool(scene.cues.event_in.search(scene.text[: when.start]))


def _part_of_the_stretch(scene: Scene) -> bool:
    """Whether a sentence only tells parts of the stretch of which the same was just told: in March alone."""
    settled, drafts = scene.context.settled, scene.drafts
    if settled is None or settled.point or not drafts or {one.term for one in drafts} != {scene.context.term}:
        return False
    return all(
        one.span is not None
        and one.span != settled
        and settled.first <= one.span.first
        and one.span.last <= settled.last
        for one in drafts
    )


def _remember(scene: Scene) -> None:
    """Bring the context up to date: what the next sentence may leave unsaid."""
    context, sentence = scene.context, scene.sentence
    known = [
        (when, days) for when, days in scene.spans if days is not None and when.kind not in ("lately", "years_before")
    ]
    long = [days for when, days in scene.spans if when.kind == "lately"]
    settled = context.settled if any(_alone(scene, when) for when, _ in known) or _part_of_the_stretch(scene) else None
    drafts = [draft for draft in scene.drafts if draft.term != "dou_month" and draft.span not in long]
    told = [days for when, days in known if not _of_before(scene, when)]
    if drafts and drafts[0].span is not None:
        done = [draft for draft in drafts if draft.status in ("actual", "preliminary")]
        latest = max(done or drafts[:1], key=lambda draft: draft.span.last if draft.span else datetime.date.min)
        context.span = (drafts[0] if scene.part else latest).span
        context.span = settled if settled is not None and _part_of_the_stretch(scene) else context.span
        context.aimed = not done
        aims = [draft.span for draft in drafts if draft.status in ("target", "projected") and draft.span is not None]
        context.aim = aims[-1] if aims else context.aim
        if done:
            context.settled = settled or _wider(context.settled, context.span)
    elif told and _tells(scene, known[-1][0]):
        context.span = told[-1]
        context.aimed = bool(scene.cues.aims.search(sentence.text))
        if not scene.cues.aims.search(sentence.text):
            context.settled = context.span
    elif scene.spans and not known:
        context.span = None  # a date without a year: what came before it is over
    years = [
        when.year
        for when, _ in known
        if when.year is not None
        and not when.deadline
        and when.until is None
        and when.kind != "since"
        and (drafts or not _of_an_event(scene, when))
    ]
    if years and context.published is None:
        context.year = years[0] if drafts and len(set(years)) > 1 else years[-1]
    elif years and context.published is not None and years[-1] <= context.published.year:
        context.year = years[-1]
    _remember_subject(scene)
    if not drafts and sentence.mentions and scene.cues.aims.search(sentence.text):
        context.status = "target"
    for one in drafts:
        if one.value is not None and one.status == "actual" and context.words.terms[one.term].kind == "stock":
            context.stood[one.term, one.region] = one.value


def _remember_subject(scene: Scene) -> None:
    """The region and the indicator that the next sentence may leave unsaid."""
    context, sentence = scene.context, scene.sentence
    drafts = [draft for draft in scene.drafts if draft.term != "dou_month"]
    regions = [seen.region for seen in sentence.regions if seen.region and not seen.local]
    context.recent += regions
    part = scene.part or bool(re.search(r"分(?:区域|地区|市州|省份|企业)", sentence.text))
    if drafts and not part:
        context.region = drafts[0].region
    elif regions and not scene.part and not drafts:
        context.region = regions[0]
    context.earlier += [draft.term for draft in drafts if not draft.doubt]
    context.listed = tuple(dict.fromkeys(draft.region for draft in drafts))
    context.main = context.main or next(
        (draft.term for draft in drafts if draft.value is not None and not draft.doubt), ""
    )
    whole = [draft for draft in drafts if not draft.term.startswith("operator_investment_") and not draft.doubt]
    if drafts and not whole and all(draft.doubt for draft in drafts):
        context.term = ""  # what was spoken of last is not known
    if whole and not scene.part:
        context.term = next((draft.term for draft in whole if draft.value is not None), whole[0].term)
        context.status = drafts[-1].status
    elif sentence.mentions and not drafts:
        named = [seen.indicator for seen in sentence.mentions if not seen.whole and not seen.indicator.startswith("?")]
        context.term = named[0] if named else context.term
