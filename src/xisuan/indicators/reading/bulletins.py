"""Official releases to observations: English or Chinese text and HTML, CSV, Excel, SDMX-CSV.

No language model and no network: a grammar (`sentence`, `attach`) over words in data files (`vocabulary`). What is
seen and cannot be placed is left over with its words.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xisuan.indicators.figures.attach import attach
from xisuan.indicators.language.numerals import with_years
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import quantities
from xisuan.indicators.language.tokens import Topic
from xisuan.indicators.language.traditional import simplified
from xisuan.indicators.language.vocabulary import Vocabulary, fold, vocabulary
from xisuan.indicators.reading import files, sheets
from xisuan.indicators.reading.headings import Sections, is_heading
from xisuan.indicators.reading.home import about_elsewhere, home_of, named_in
from xisuan.indicators.reading.origin import (
    anchor_of,
    date_of,
    day_of,
    furniture,
    months_of,
    months_of_title,
    names_its_months,
    title_of,
    topic_of,
    without_captions,
    year_of,
)
from xisuan.indicators.reading.tables import without_tables
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import parse, split, unwrapped
from xisuan.results.bulletin_reading import Observation, Reading, Unplaced

LONGEST_SENTENCE = 4_000
"""Signs of a sentence; nobody writes longer ones, and the grammar looks at every pair of its words."""
_SET_APART = re.compile(r"(?<=[\d%])[ \u00a0](?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[ \u00a0](?=\d(?![\dgG.]*[gG]))")
"""Blanks that some set between figures and Chinese: 2023 年, 15.1 万亿元."""
_LATELY = 3
"""Sentences whose doer a pronoun may take up."""
_HEADING = 30
"""Signs up to which a line without a figure is a heading, whose region holds for what is under it."""


def read_bulletin(
    path: str | Path, published: datetime.date | None = None, words: Path | None = None, region: str = ""
) -> Reading:
    """Everything a bulletin says, and what of it could not be placed.

    `published` anchors "last year" and months without a year where the text does not say its own date; `words` is a
    folder whose indicators.csv and regions.csv add to the vocabulary; `region` is what a text is about that names no
    region, such as one that says 全省 only. Raises ScenarioError where the file cannot be read or there is no such region.
    """
    file = Path(path)
    spoken = vocabulary(words)
    spoken.known(region)
    held = files.content(file)
    if held.text or not held.tables:
        return read_text(held.text, published or held.date, spoken, file.name, held.tables, region)
    return _join([sheets.read(rows, name, spoken, published or held.date, region) for name, rows in held.tables])


def read_text(
    text: str,
    published: datetime.date | None = None,
    words: Vocabulary | None = None,
    name: str = "text",
    tables: Sequence[tuple[str, list[list[str]]]] = (),
    region: str = "",
) -> Reading:
    """The observations of a text in English or Chinese, sentence by sentence; `region` is that of a text that names none."""
    text, standing = without_tables(text)
    written = _GLUED.sub(r"\1 ", without_captions(_SET_APART.sub("", text)))
    quoted = unwrapped(written)
    text = _LABEL.sub(lambda found: " " * len(found[0]), with_years(simplified(quoted)))
    spoken = (words or vocabulary()).for_a_text(text, region)
    day = published or date_of(text, spoken.times)
    context = _begin(text, day, region, spoken)
    home = context.home
    sections = Sections(home, topic_of(text, spoken))
    names = spoken.cues.firm_report.search(fold(text)) is None
    seen: list[Observation] = []
    left: list[Unplaced] = []
    abroad: list[str] = []
    line, counted, said, title = 1, 0, "", title_of(text)
    lately: list[str] = []
    for start, raw in split(text):
        here = start + len(raw) - len(raw.lstrip())
        breaks = text.count("\n", counted, here)
        line, counted = line + written.count("\n", counted, here), here
        if breaks:
            sections.paragraph(raw, context)
            lately.clear()
        if furniture(raw, spoken.times):
            continue
        if len(raw) > LONGEST_SENTENCE:
            why = f"a sentence of more than {LONGEST_SENTENCE:,} signs; break it up"
            left.append(Unplaced(raw.strip()[:60], why, raw.strip()[:200], f"{name}:{line}"))
            continue
        about = replace(_topic(context, sections.topic, raw, said), lately=". ".join(reversed(lately[-_LATELY:])))
        sentence = parse(raw, f"{name}:{line}", spoken, about, names)
        said = sentence.text
        lately.append(said)
        sentence = replace(sentence, raw=quoted[start : start + len(raw)])
        found_here, unplaced = attach(sentence, context)
        behind = text[start + len(raw) : start + len(raw) + 1]
        alone = is_heading(raw, behind) or not _SENTENCE.search(raw.strip())
        if not sentence.amounts and sentence.regions and len(raw.strip()) < _HEADING and alone:
            sections.region = context.region
        if line > 1 and raw.strip() != title and is_heading(raw, behind):
            sections.heading(sentence, context)
        seen += [_of_topic(one, sections.topic, spoken) for one in found_here]
        abroad += sentence.dropped
        left += unplaced
    parts = [Reading(tuple(_distinct(_without_conversions(seen, abroad, spoken))), tuple(left))]
    title = title_of(text)
    parts += [sheets.read(table.rows, name, spoken, day, home, title, table.line) for table in standing]
    parts += [sheets.read(rows, place, spoken, day, home, title) for place, rows in tables]
    return _join(parts)


_LABEL = re.compile(r"(?m)^[ \t]*【\s*[约超近]?\d[\d.,]*[^】\n\d]{0,6}】(?=[^\n]{6})")
"""A figure set in brackets before the line that tells what it is: 【4.98万亿元】2024年全市地区生产总值达4.98万亿元."""
_GLUED = re.compile(r"(?<![A-Za-z])(GDP|PUE|CPI|PPI|DOU)(?=\d)", re.IGNORECASE)
"""A short name in Latin letters right before its figure in Chinese: 全省GDP16145亿元."""


def _begin(text: str, day: datetime.date | None, region: str, words: Vocabulary) -> Context:
    """What a text says of itself before its first sentence: region, year, whether it is a plan."""
    strange = about_elsewhere(text, words)
    home = region if strange else _home(text, region, words)
    context = Context(words, day, home, year_of(text, day, words.times), anchor_of(text, day, words.times), region=home)
    context.away = context.elsewhere = strange and not region
    context.reported = months_of(text, day, words.times)
    context.at_home = home in named_in(title_of(text), words)
    context.titled = names_its_months(text, words.times)
    context.planned = words.cues.plan_title.search(title_of(text)) is not None
    if day is None:
        _looks_back(text, context)
    elif (months := months_of_title(text, day)) is not None:
        context.span = context.settled = context.covered = context.stretch = months
    return context


def _home(text: str, region: str, words: Vocabulary) -> str:
    """Whom a text is about; `region`, that it is said to be about, where only places inside that are named, and not by its
    title.
    """
    home = home_of(text, words) or region
    within = region in words.within(home)[1:] and home not in named_in(title_of(text) or _first_line(text), words)
    return region if within else home


def _first_line(text: str) -> str:
    """What an English text without a title begins with; blank in Chinese."""
    line = next((line.strip() for line in text.splitlines() if len(line.strip()) > _HEADING), "")
    return line[:_OPENING] if line.isascii() else ""


_SENTENCE = re.compile(r"[。；]$|\w\s+\w+\s+\w.*\.[\"”]?$")
"""The end of a sentence, which a heading has not; of an English one only where it has three words or more."""
_OPENING = 200
"""Signs of a first line in which an English text says whom it is about."""
_REPORT = re.compile(r"(?P<year>(?:19|20)\d\d)年?[^，。\d]{0,12}政府工作报告")
"""The title of a government's report, whose year is the one it was given in."""
_LAST_YEAR = re.compile(r"\blast\s+year\b(?!')|去年|上年(?!同|末)", re.IGNORECASE)
_THIS_YEAR = re.compile(r"\bthis\s+year\b|今年", re.IGNORECASE)


def _looks_back(text: str, context: Context) -> None:
    """What a text without a day looks back on: a government's report on the year before; a text that names a year in its
    title and speaks of last year, never of this one, on the year that it names.
    """
    title = title_of(text)
    report = _REPORT.search(title)
    if report is not None:
        year = int(report["year"])
        context.anchor = context.year = year
        last = Span(datetime.date(year - 1, 1, 1), datetime.date(year - 1, 12, 31))
        context.span = context.settled = context.covered = last
    elif (
        context.anchor is not None
        and day_of(title, context.words.times) is None
        and _LAST_YEAR.search(text)
        and not _THIS_YEAR.search(text)
    ):
        context.anchor += 1


def _topic(context: Context, topic: str, raw: str, said: str) -> Topic:
    """What was spoken of before a sentence: nothing that is known where `the industry` is one that nobody knows."""
    if context.strange and context.words.cues.the_industry.search(fold(raw)):
        return Topic(said=said)
    stood = frozenset(name for name, _ in context.stood)
    return Topic(_family(context, topic, raw, said), context.term, context.main, said, stood=stood)


def _named_before(context: Context, said: str) -> str:
    """The industry that an English sentence without a figure, right before one, opens with: software did better still."""
    if not said.isascii() or re.search(r"\d", said):
        return ""
    opening = fold(said).strip().removeprefix("the ")[:_SUBJECT]
    return next((topic for topic, named in context.words.topics.items() if named.match(opening)), "")


_SUBJECT = 30
"""Signs of the subject that a sentence opens with."""


def _family(context: Context, topic: str, raw: str, said: str = "") -> str:
    """The industry spoken of: of the latest figure, else of the title; `the industry` is the latest that a figure had."""
    terms, cues = context.words.terms, context.words.cues
    if (named := _named_before(context, said)) and not cues.the_industry.search(fold(raw)):
        return named
    earlier = (context.term, *reversed(context.earlier)) if cues.the_industry.search(fold(raw)) else (context.term,)
    told = [terms[one].family for one in earlier if one in terms]
    return next(filter(None, (*told[:1], topic, *told[1:])), "")


def _of_topic(one: Observation, topic: str, words: Vocabulary) -> Observation:
    """Investment without more in a bulletin of the telecommunications administration is that of its industry."""
    spec = words.terms[one.indicator]
    topic = "telecom" if "通信管理局" in one.text else topic
    topical = topic and "topical" in spec.flags and not words.cues.of_all_industry.search(fold(one.text))
    own = words.by_measure.get((topic, spec.measure), "") if topical else ""
    return replace(one, indicator=own) if own else one


def _join(parts: Sequence[Reading]) -> Reading:
    return Reading(
        tuple(_distinct([seen for part in parts for seen in part.observations])),
        tuple(left for part in parts for left in part.unplaced),
    )


def _distinct(seen: Sequence[Observation]) -> list[Observation]:
    """Figures said twice, as in a title and in the text, once: the one that says more."""
    out: dict[_Key, Observation] = {}
    for one in seen:
        said = one.value if one.value is not None else ("growth", one.growth_pct, one.share_pct, one.change_points)
        key = (one.indicator, one.region, one.period_end, one.status == "target", said)
        known = out.get(key)
        if known is None or _says(one) > _says(known):
            out[key] = one
    left = _with_changes(list(_with_growths(out).values()))
    for without in (_without_rounded, _without_headlines, _without_later_days):
        left = without(left)
    first = seen[0].place if seen else ""
    return _without_growths(_without_rounded_titles(left, first), first)


_Key = tuple[object, ...]


def _without_rounded(seen: Sequence[Observation]) -> list[Observation]:
    """The figures without vague ones of which the exact one is told."""
    exact: dict[_Key, list[float]] = {}
    for one in seen:
        if one.value is not None and one.bound is None:
            exact.setdefault((one.indicator, one.region, one.period_end), []).append(one.value)

    def told(one: Observation) -> list[float]:
        return exact.get((one.indicator, one.region, one.period_end), [])

    return [one for one in seen if one.bound is None or not any(_rounds(one, value) for value in told(one))]


def _without_headlines(seen: Sequence[Observation]) -> list[Observation]:
    """The figures without levels of a headline that the text tells with their day."""
    dated: dict[_Key, list[float]] = {}
    for one in seen:
        if one.value is not None and "period" not in one.inherited and one.status != "target":
            dated.setdefault((one.indicator, one.region), []).append(one.value)

    def told(one: Observation) -> bool:
        return any(_headline(one, value) for value in dated.get((one.indicator, one.region), ()))

    return [one for one in seen if not _of_no_day(one) or not told(one)]


def _without_rounded_titles(seen: Sequence[Observation], first: str) -> list[Observation]:
    """The figures without those of the title, at `first`, that the text tells exactly: 427亿元 of 427.25亿元."""

    def same(one: Observation) -> _Key:
        return one.indicator, one.region, one.period_end, one.status

    exact: dict[_Key, list[float]] = {}
    for one in seen:
        if one.value is not None and one.place != first:
            exact.setdefault(same(one), []).append(one.value)

    def told(one: Observation) -> bool:
        return any(_headline(one, value) for value in exact.get(same(one), ()) if value != one.value)

    return [one for one in seen if one.place != first or not told(one)]


def _without_later_days(seen: Sequence[Observation]) -> list[Observation]:
    """What a headline says without a day is as of the day of the text, so that the same of a later day goes."""
    stood: dict[_Key, str] = {}
    for one in seen:
        if _of_no_day(one) and one.status != "target":
            place = (one.indicator, one.region, one.value)
            stood[place] = min(one.period_end, stood.get(place, one.period_end))

    def first(one: Observation) -> str:
        return stood.get((one.indicator, one.region, one.value), one.period_end)

    return [one for one in seen if not _of_no_day(one) or first(one) == one.period_end]


def _of_no_day(one: Observation) -> bool:
    """Whether a figure is as of a day that its sentence does not say."""
    return one.basis == "point" and "period" in one.inherited


def _without_growths(seen: Sequence[Observation], first: str) -> list[Observation]:
    """The figures without growths that the text dates, or tells with their level; `first`: the place of the title."""

    def dated(one: Observation) -> _Key:
        return one.indicator, one.region, one.growth_pct

    def ended(one: Observation) -> _Key:
        return one.indicator, one.region, one.period_end, one.growth_pct

    grown = {dated(one) for one in seen if "period" not in one.inherited}
    out = [
        one
        for one in seen
        if one.value is not None
        or one.growth_pct is None
        or "period" not in one.inherited
        or one.status == "target"
        or one.place != first
        or dated(one) not in grown
    ]
    levels = {ended(one) for one in out if one.value is not None}
    return [one for one in out if one.value is not None or one.growth_pct is None or ended(one) not in levels]


def _without_conversions(seen: Sequence[Observation], abroad: Sequence[str], words: Vocabulary) -> list[Observation]:
    """The figures without those of a headline in dollars that the text says in yuan: $682b, of 4.42 trillion yuan."""
    said = [one.value for text in abroad for one in quantities(fold(text), [], words.units) if one.unit == "USD"]

    def converted(one: Observation) -> bool:
        if one.unit != "mUSD" or one.value is None or words.terms[one.indicator].unit == "mUSD":
            return False
        return any(abs(one.value / value - 1.0) < _ROUNDED for value in said if value)

    return [one for one in seen if not converted(one)]


_ROUNDED = 0.01
"""Difference up to which a headline only rounds."""


def _with_growths(seen: dict[_Key, Observation]) -> dict[_Key, Observation]:
    """A growth, or a share, and a level of the same days told in two sentences as one: …. This is a surge of 13.4 %."""

    def days(one: Observation) -> tuple[str, ...]:
        return one.indicator, one.region, one.period_start, one.period_end, one.status

    levels = {days(one): key for key, one in seen.items() if one.value is not None and one.growth_pct is None}
    unshared = {days(one): key for key, one in seen.items() if one.value is not None and one.share_pct is None}
    out = dict(seen)
    for key, one in seen.items():
        if one.value is not None or one.growth_to or (one.share_pct is not None and not one.text.isascii()):
            continue  # a Chinese bulletin tells shares beside levels, each for itself
        level, whole = levels.get(days(one)), unshared.get(days(one))
        if one.share_pct is None and one.growth_pct is not None and level is not None and out[level].growth_pct is None:
            out[level] = replace(out[level], growth_pct=one.growth_pct, rank=out[level].rank or one.rank)
            del out[key]
        elif (
            one.growth_pct is None and one.share_pct is not None and whole is not None and out[whole].share_pct is None
        ):
            out[whole] = replace(out[whole], share_pct=one.share_pct)
            del out[key]
    return out


def _with_changes(seen: Sequence[Observation]) -> list[Observation]:
    """A change in points and the level of the same days told in two sentences as one: …. The share rose by 3 points."""

    def days(one: Observation) -> tuple[str, ...]:
        return one.indicator, one.region, one.period_start, one.period_end, one.status

    alone = {days(one): one for one in seen if one.change_points is not None and one.value is None is one.share_pct}
    levels = {days(one) for one in seen if one.unit == "pct" and one.value is not None and one.change_points is None}

    def joined(one: Observation) -> Observation:
        change = alone.get(days(one)) if one.unit == "pct" and one.value is not None else None
        told = change is not None and one.change_points is None
        return replace(one, change_points=change.change_points, change_to=change.change_to) if change and told else one

    return [joined(one) for one in seen if one is not alone.get(days(one)) or days(one) not in levels]


def _headline(one: Observation, value: float) -> bool:
    """Whether a figure that says no day is one with a day, rounded: 3 million in the headline, 3.055 in the text."""
    if not one.value or not value or one.value == value or one.status == "target":
        return one.value == value and one.status != "target"
    if one.bound == "over" and _rounds(one, value):
        return True
    return abs(one.value / value - 1.0) < 0.05 and len(f"{one.value:.6g}".strip("0.")) < len(f"{value:.6g}".strip("0."))


def _rounds(one: Observation, value: float) -> bool:
    """Whether a vague figure only rounds an exact one of the same period: over 20 bn in a title, 20.54 bn in the text."""
    if one.value is None or one.status == "target" or not one.value:
        return False
    low, high = (0.9, 1.0) if one.bound == "over" else (1.0, 1.1) if one.bound == "under" else (0.95, 1.05)
    return low <= one.value / value <= high if value else False


def _says(one: Observation) -> tuple[int, bool]:
    return sum(
        value is not None for value in (one.growth_pct, one.share_pct, one.rank, one.change_points)
    ), one.period_start <= one.period_end
