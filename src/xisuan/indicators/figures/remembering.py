"""What one sentence leaves to the next: the days, the region, the indicator and the standing that this may leave unsaid."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from xisuan.indicators.figures import dating
from xisuan.indicators.figures.glancing import glanced_from, is_wider, last_of_the_whole, passed_by
from xisuan.indicators.figures.lasting import back, lags, says_no_more, wider
from xisuan.indicators.figures.presence import NOW
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.figures.strangers import introduces
from xisuan.indicators.figures.turning import ends_in_its_province, turned_to
from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.language.tokens import Where
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.elsewhere import KIND
from xisuan.indicators.sentences.regions import asides
from xisuan.indicators.sentences.sentence import Sentence


def figure_start(scene: Scene, draft: Draft) -> int:
    """Where the figure of a draft stands."""
    return scene.sentence.amounts[draft.at].start


def _when_and_how_long(scene: Scene, draft: Draft) -> tuple[datetime.date, int]:
    """The last day of a figure and, in Chinese, of how many days it is: behind 7月…;1-7月累计… the seven months go on."""
    if draft.span is None:
        return datetime.date.min, 0
    return draft.span.last, 0 if scene.sentence.english else (draft.span.last - draft.span.first).days


def _is_over(scene: Scene, draft: Draft) -> bool:
    """Whether a Chinese figure is only estimated, of days that had passed when it was told: 预计全年…, in January."""
    published = scene.context.published
    over = published is not None and draft.span is not None and draft.span.last < published
    return over and draft.status == "projected" and not scene.sentence.english


def _alone(scene: Scene, when: When) -> bool:
    """Whether a month is but an aside in what is told of more months: in March alone."""
    return dating.ALONE.match(scene.text, when.end) is not None


def _of_a_firm(scene: Scene) -> bool:
    """Whether an English sentence with figures, all of which were left over, tells of a firm, so that it dates nothing."""
    return (
        scene.sentence.english
        and bool(scene.sentence.amounts)
        and scene.cues.firm_subject.match(scene.text) is not None
    )


def _tells(scene: Scene, when: When) -> bool:
    """Whether a date without a figure is one that the figures to come are of."""
    return not re.match(r"随着|\bwith\b", scene.sentence.text.strip()) and not _of_an_event(scene, when)


def _only_a_year(scene: Scene, when: When) -> bool:
    """Whether a line without a figure names a year, not `this year` of which it goes on to tell."""
    return not scene.sentence.amounts and when.kind == "year" and when.offset is None


def _longest(done: Sequence[Draft]) -> Span | None:
    """The latest days of what happened that are more than one."""
    return next((one.span for one in reversed(done) if one.span is not None and not one.span.point), None)


def _goes_on(draft: Draft) -> bool:
    """Whether what was told goes on behind it, and is no aside: a city of 21 million people."""
    return draft.term != "dou_month" and not draft.aside


def _lookedback(scene: Scene, days: Span) -> bool:
    """Whether days are but those of an earlier year, of figures that were all left over, in what is told of a later one."""
    settled = scene.context.settled
    return bool(scene.sentence.amounts) and settled is not None and days.last.year < settled.last.year


def _of_an_event(scene: Scene, when: When) -> bool:
    """Whether a date is that of something that happened once, not of figures: launched in February 2022."""
    if scene.sentence.english:
        said = _BEYOND.search(scene.text, 0, when.start) if when.kind == "year" else None
        return (said or scene.cues.event_in.search(scene.text[: when.start])) is not None
    if when.day and when.kind == "point" and not scene.sentence.amounts and not _TILL.search(scene.text, 0, when.start):
        return True  # 8月5日,在全市…会上,…晒出了成绩单
    long = when.first != when.last and (when.first, when.last) != (1, 12)  # 前三季度…新闻发布会
    return not long and not scene.sentence.amounts and scene.cues.event_zh.search(scene.text, when.end) is not None


_TILL = re.compile(r"(?:截至|截止|截止到|到|至)\s*$")
"""Before a Chinese day as of which something is told."""
_BEYOND = re.compile(r"\b(?:after|before|since|prior\s+to)\s+(?:the\s+year\s+)?$")
"""Before a year outside which something happened: one in four was founded after 2022."""


def _part_of_the_stretch(scene: Scene) -> bool:
    """Whether a sentence only tells parts of the stretch of which the same was just told: in March alone."""
    settled, drafts = scene.context.settled, scene.drafts
    if settled is None or settled.point or not drafts or len({one.term for one in drafts}) > 1:
        return False
    by_turns = len({one.span for one in drafts}) > 1  # 5.3 percent in the first quarter and 4.7 percent in the second
    if not by_turns and drafts[0].term != scene.context.term:
        return False
    return all(
        one.span is not None
        and one.span != settled
        and "period" not in one.inherited
        and settled.first <= one.span.first
        and one.span.last <= settled.last
        for one in drafts
    )


def remember(scene: Scene) -> None:
    """Bring the context up to date: what the next sentence may leave unsaid."""
    context, sentence = scene.context, scene.sentence
    known = [
        (when, days)
        for when, days in scene.spans
        if days is not None and when.kind not in ("lately", "years_before", "month_before")
    ]
    long = [days for when, days in scene.spans if when.kind == "lately"]
    settled = context.settled if any(_alone(scene, when) for when, _ in known) or _part_of_the_stretch(scene) else None
    drafts = [draft for draft in scene.drafts if _goes_on(draft) and draft.span not in long]
    told_now = [draft for draft in drafts if not dating.aside(scene, sentence.amounts[draft.at])]
    told_now = [draft for draft in told_now if not _of_before(scene, draft) and not looks_back(scene, draft)]
    told = [days for when, days in known if not _of_what_was_before(scene, when) and not _of_a_change(scene, when)]
    undated = sentence.english and context.settled is not None and all(_as_of_the_text(scene, one) for one in drafts)
    if drafts and (undated or not told_now):
        pass  # but what was before, or stands when the text is written: the time spoken of stays
    elif drafts and drafts[0].span is not None:
        drafts = told_now
        done = [draft for draft in drafts if draft.status in ("actual", "preliminary") or _is_over(scene, draft)]
        apart = [days for when, days in known if _alone(scene, when)]
        if sentence.english and apart and any(draft.span not in apart for draft in done):
            done, settled = (
                [draft for draft in done if draft.span not in apart],
                None,
            )  # for July alone the drop was 6.7
        latest = max(done or drafts[:1], key=lambda draft: _when_and_how_long(scene, draft))
        changed = context.change is not None and drafts[0].span == context.change[0]
        context.span = (drafts[0] if scene.part and not changed else latest).span
        context.span = settled if settled is not None and _part_of_the_stretch(scene) else context.span
        context.aimed = not done
        aims = [draft.span for draft in drafts if draft.status in ("target", "projected") and draft.span is not None]
        context.aim = aims[-1] if aims else context.aim
        context.stretch = _longest(done) or context.stretch
        if done:
            context.settled = settled or back(context.covered, wider(context.settled, context.span))
            context.settled = context.covered if lags(context.covered, context.settled) else context.settled
            context.covered = context.covered or context.span
    elif told and any(_alone(scene, when) for when, _ in known):
        context.span = context.settled or told[-1]
    elif (
        told
        and sentence.english
        and sentence.amounts
        and context.settled
        and all(when.kind == "now" for when, _ in known)
    ):
        pass  # it now has so many, all of which were left over
    elif told and _only_a_year(scene, known[-1][0]) and says_no_more(told[-1], context.settled):
        pass  # a line with its year: the bureau, 2024
    elif told and not _of_a_firm(scene) and _tells(scene, known[-1][0]) and not _lookedback(scene, told[-1]):
        context.span = told[-1]
        context.aimed = bool(scene.cues.aims.search(scene.cues.met.sub(" ", _TITLES.sub("", sentence.text))))
        if not context.aimed:
            context.settled = wider(context.settled, context.span)
            context.status = "actual" if _over(context) else context.status
        elif sentence.english and not _over(context):
            context.status = "target"  # what do we plan for 2025?
    elif not known and any(days is None for _, days in scene.spans):
        context.span = context.settled = None  # a date without a year: what came before it is over
    _remember_year(scene, known)
    _remember_now(scene)
    _remember_subject(scene)
    _remember_standing(scene, drafts)


def _remember_standing(scene: Scene, drafts: Sequence[Draft]) -> None:
    """Whether what follows is aimed at, and the latest levels of what stands."""
    context = scene.context
    if not drafts and scene.sentence.mentions and scene.cues.aims.search(scene.text):
        context.status = "target"
    stood = (one for one in drafts if one.status == "actual" and context.words.terms[one.term].kind == "stock")
    context.stood |= {(one.term, one.region): one.value for one in stood if one.value is not None}


_TITLES = re.compile(r"《[^《》]*》")
"""Names of plans and reports, which aim at nothing: 《数字中国建设整体布局规划》."""


def _remember_year(scene: Scene, known: Sequence[tuple[When, Span]]) -> None:
    """The year that months without one are of: the latest that a sentence tells something of."""
    context, sentence = scene.context, scene.sentence
    drafts = [draft for draft in scene.drafts if _goes_on(draft)]
    years = [
        when.year
        for when, _ in known
        if when.year is not None
        and not when.deadline
        and when.until is None
        and when.kind != "since"
        and (drafts or not _of_an_event(scene, when))
        and (sentence.english or not dating.BEFORE.search(scene.text[: when.start]))
        and not (sentence.english and _of_what_was_before(scene, when))
    ]
    if years and context.published is None:
        context.year = years[0] if drafts and len(set(years)) > 1 else years[-1]
    elif years and context.published is not None and years[-1] <= context.published.year:
        context.year = max(year for year in years if year <= context.published.year)


def _remember_now(scene: Scene) -> None:
    """Whether the latest figures stood when their text was written."""
    context = scene.context
    if scene.drafts:
        dated = context.settled is not None and context.settled.last != context.published
        said = context.now or not dated or NOW.search(scene.text) is not None
        context.now = said and all(_as_of_the_text(scene, one) for one in scene.drafts)
        context.today = context.now and NOW.search(scene.text) is not None


def _of_what_was_before(scene: Scene, when: When) -> bool:
    """Whether a date is but that of the level before a change: 占比从2020年的52.4%提高到56%."""
    if scene.sentence.english:
        return dating.of_a_level_before(scene, when)
    return when.kind == "year" and dating.BEFORE.search(scene.text[: when.start]) is not None


def _of_a_change(scene: Scene, when: When) -> bool:
    """Whether days are those since which figures changed that were all left over: a net gain of 1.2 million since May."""
    return when.kind == "since" and scene.sentence.english and bool(scene.sentence.amounts)


def _of_before(scene: Scene, draft: Draft) -> bool:
    """Whether an English figure is but the level before, whose time is its own: compared with 98 EFLOPS in June 2024."""
    lead = scene.text[: figure_start(scene, draft)]
    earlier = ("years_before", "before", "month_before")
    ago = any(when.kind in earlier and days == draft.span for when, days in scene.spans)
    return scene.sentence.english and (ago or scene.cues.from_before.search(lead) is not None)


def looks_back(scene: Scene, draft: Draft) -> bool:
    """Whether an English figure is but what was just told, at an earlier time, so that those to come are of the later one:
    at the end of last year the total was 23 EFLOPS.
    """
    context = scene.context
    same = draft.region == context.region and draft.term in (context.term, *context.earlier[-_LATEST:])
    if not scene.sentence.english or not same or context.settled is None or draft.span is None:
        return False
    headline = context.settled.point and context.settled.last == context.published  # as of the day of its text
    return (
        (not headline or context.today) and context.latest == context.settled and draft.span.last < context.settled.last
    )


_LATEST = 3
"""Figures told last, of which one may be told again."""


def _as_of_the_text(scene: Scene, draft: Draft) -> bool:
    """Whether a figure is of the day of its text only because nothing says when, so that those to come are of another."""
    span = draft.span
    if scene.sentence.english and span is not None and span.point and span.last == scene.context.published:
        return True
    return "period" in draft.inherited and span is not None and span.point and span.last == scene.context.published


def _over(context: Context) -> bool:
    """Whether the days that a sentence without a figure tells of have passed, so that the aims before it are done with."""
    return context.published is not None and context.span is not None and context.span.last <= context.published


def _only_compares(sentence: Sentence) -> bool:
    """Whether a sentence tells but by how many points one growth exceeds another, and so speaks of nothing new."""
    return bool(sentence.amounts) and all(one.unit == "pp" for one in sentence.amounts)


def _aside(scene: Scene, first: Draft) -> bool:
    """Whether a Chinese text on the nation names a region only after a figure of the nation that was left over."""
    context = scene.context
    if scene.sentence.english or context.home != "china" or context.region != "china" or first.region == "china":
        return False
    begins = min(one.start for one in scene.sentence.regions) if scene.sentence.regions else 0
    return any(figure.end <= begins for figure in scene.sentence.amounts)


def _stands_out(scene: Scene, regions: Sequence[str]) -> bool:
    """Whether a sentence without a figure in a text on the nation only says how a part of it stands to others."""
    context, sentence = scene.context, scene.sentence
    nation = context.words.nation
    if sentence.amounts or context.region != nation or nation in regions:
        return False
    first = sentence.regions[0] if sentence.regions and sentence.english else None
    if first is not None and not scene.text[: first.start].strip() and _MEANS_TO.match(scene.text, first.end):
        return False  # Guangdong has the most ambitious plan, of which the text goes on to tell
    told = any(not one.whole and not one.indicator.startswith("?") for one in sentence.mentions)
    return not told and scene.cues.only_compares.search(scene.text) is not None


_MEANS_TO = re.compile(r"(?:,[^,;.]{3,60},)?\s+(?:also\s+)?(?:has|have|wants|plans|aims|hopes|intends)\b")
"""Behind a place that has, or means to do, something."""


def _of_one_place(scene: Scene, regions: Sequence[str]) -> bool:
    """Whether regions are one and what it lies in or holds, so that a sentence without a figure is about that one."""
    within = scene.context.words.within
    return all(name in within(regions[0]) or regions[0] in within(name) for name in regions)


def _last_before(scene: Scene) -> Where | None:
    """The last place that a sentence names before its first figure, in Chinese the one that opens a sentence without any;
    None where there is none.
    """
    first = next((figure.start for figure in scene.sentence.amounts), 0)
    if not scene.sentence.amounts and not scene.sentence.english:
        return next((one for one in scene.sentence.regions if one.start <= 1), None)
    return next((one for one in reversed(scene.sentence.regions) if one.end <= first), None)


_OF_THEM = re.compile(
    r"\b(?:has|had|have|accounts?|accounted\s+for|contributed|hosts?)\s+[^.;]{0,20}?\d[\d,.]*(?:\s+million)?\s+of\s+(?:them|these|those|the\s+[a-z-]+)\b"
)
"""That a place has so many of what was counted in all."""


def _of_parts(context: Context, drafts: Sequence[Draft]) -> bool:
    """Whether figures go through the parts of a nation: the east used 55 billion GB and the west 40 billion GB."""
    regions = {draft.region for draft in drafts}
    return len(regions) > 1 and all(
        one in context.words.places and context.words.places[one].kind == "area" for one in regions
    )


def _earlier(scene: Scene) -> Span | None:
    """The last days of a sentence that are before the latest of it; None where it tells of one time."""
    spans = [draft.span for draft in scene.drafts if draft.span is not None]
    newest = max((one.last for one in spans), default=datetime.date.min)
    return next((one for one in reversed(spans) if one.last < newest), None)


def _remember_whole(scene: Scene, here: str) -> None:
    """Keep the place spoken of, where an English sentence names a cluster in it, or a part of it only to say where something
    is, so that figures of another kind than data centers have are of the whole again: computing power in Gui'an is to ….
    """
    context, region = scene.context, scene.context.region
    named = [one for one in scene.sentence.regions if one.region == here and not one.local]
    if not scene.sentence.english or (not named and here != region):
        context.whole = ""
    elif named:
        part = region in context.words.within(here)[1:] and all(_only_where(scene, one) for one in named)
        context.whole = region if part else context.whole if here == region else ""


def _only_where(scene: Scene, seen: Where) -> bool:
    """Whether a place is that of a cluster, or only says where something is."""
    return _CLUSTER.match(scene.text, seen.start) is not None or _IN_IT.search(scene.text, 0, seen.start) is not None


_CLUSTER = re.compile(r"[a-z']+(?:\s+(?:computing|data(?:\s+cent(?:er|re))?))?\s+cluster\b")
_IN_IT = re.compile(r"\w\s+(?:in|at|inside|within|around)\s+(?:the\s+)?(?:city\s+of\s+)?$")
"""Before a place that only says where something is."""


_AVERAGE = re.compile(r"全国平均")
"""Of the nation, beside which a place is told of."""


def _remember_subject(scene: Scene) -> None:
    """The region and the indicator that the next sentence may leave unsaid."""
    context, sentence = scene.context, scene.sentence
    drafts = [draft for draft in scene.drafts if _goes_on(draft)]
    regions = [seen.region for seen in sentence.regions if seen.region and not seen.local]
    context.recent += (
        regions
        if not sentence.english
        else [context.words.place(found[0]) for found in context.words.places_pattern.finditer(sentence.text)]
    )  # also those in passing: outside Zhongwei; …. The city on the edge of the desert …
    if (last := _last_before(scene)) is not None and not (scene.part and last.local == KIND):
        context.elsewhere = last.local == KIND or (last.local == "zone" and not sentence.amounts)
    part = scene.part or bool(re.search(r"分(?:区域|地区|市州|省份|企业)", sentence.text))
    several = not sentence.english and len({draft.region for draft in drafts}) > 1  # 苏州、南京分别为…: parts of it
    several |= sentence.english and _OF_THEM.search(sentence.text) is not None
    several |= sentence.english and _of_parts(context, drafts)
    beside = not sentence.english and bool(drafts) and drafts[0].region == context.words.nation != context.home
    several |= beside and _AVERAGE.search(sentence.text) is not None  # 全国平均PUE为1.46: what a place is beside
    several &= beside or all(context.region in context.words.within(draft.region)[1:] for draft in drafts)
    if drafts and not part and not several and not _aside(scene, drafts[0]):
        _remember_whole(scene, drafts[0].region)
        context.whole_told = glanced_from(scene, drafts)
        context.region = last_of_the_whole(scene, drafts) or drafts[0].region
        context.wide = context.wide is not False and is_wider(context, drafts[0].region)
        context.told = drafts[-1].region if drafts[-1].region != context.words.nation else context.told
    elif (
        regions and not scene.part and not drafts and _of_one_place(scene, regions) and not _stands_out(scene, regions)
    ):
        before, context.region = context.region, turned_to(scene) or context.region
        context.whole_told = passed_by(scene, before)
    elif sentence.english and not sentence.amounts and not regions and (province := ends_in_its_province(scene)):
        context.region = province
    context.earlier += [draft.term for draft in drafts if not draft.doubt]
    families = (context.words.terms[draft.term].family for draft in drafts if not draft.doubt)
    context.strange = introduces(sentence, context.words) or (context.strange and not any(families))
    context.grew = drafts[-1].growth is not None if drafts else context.grew
    context.latest = drafts[-1].span if drafts else context.latest
    context.before = _earlier(scene) if scene.drafts else context.before
    context.listed = tuple(dict.fromkeys(draft.region for draft in drafts))
    levels = tuple(draft.term for draft in drafts if draft.value is not None)
    context.levels = levels or context.levels
    context.main = context.main or next(
        (draft.term for draft in drafts if draft.value is not None and not draft.doubt), ""
    )
    whole = [draft for draft in drafts if not draft.term.startswith("operator_investment_") and not draft.doubt]
    if drafts and not whole and all(draft.doubt for draft in drafts):
        context.term = ""  # what was spoken of last is not known
    if whole and not scene.part:
        context.term = next((draft.term for draft in whole if draft.value is not None), whole[0].term)
        context.status = drafts[-1].status
    elif scene.drafts and not drafts and not sentence.mentions and not any(one.doubt for one in scene.drafts):
        context.term = scene.drafts[-1].term  # told by its unit alone, as the next sentence may be
    elif sentence.mentions and not drafts and not _only_compares(sentence):
        named = [seen.indicator for seen in sentence.mentions if not seen.whole and not seen.indicator.startswith("?")]
        apart = asides(sentence.text) if sentence.english else []
        told_of = [one for one in sentence.mentions if all(not low <= one.start < high for low, high in apart)]
        named = [one.indicator for one in told_of if one.indicator in named and not one.whole] or named
        aside = all(seen.whole for seen in sentence.mentions)
        context.term = named[0] if named else context.term if aside else ""
