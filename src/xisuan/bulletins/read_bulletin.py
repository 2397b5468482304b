"""Information extraction from official releases: English or Chinese text and HTML, CSV, Excel, SDMX-CSV.

No language model and no network. Each number has candidates for kind, indicator, period and region, scored by weighted
features (`data/weights.toml`). A number below the threshold is left unplaced with its reason.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xisuan.bulletins.figures.decision import read_sentence
from xisuan.bulletins.figures.discourse import Discourse, is_heading, is_key_value
from xisuan.bulletins.figures.drafts import NO_DEADLINE
from xisuan.bulletins.figures.number_kinds import UNCERTAIN, is_bare_aim
from xisuan.bulletins.figures.observations import checked
from xisuan.bulletins.figures.periods import Calendar, resolved
from xisuan.bulletins.files import decoding
from xisuan.bulletins.files.publication import (
    DATELINE,
    date_of,
    home_of,
    is_furniture,
    stamp_of,
    title_of,
    topic_of,
    without_captions,
    year_of,
)
from xisuan.bulletins.language.annotation import annotate, clauses, sentences, unwrapped
from xisuan.bulletins.language.lexicon import Lexicon, fold, lexicon
from xisuan.bulletins.language.quantities import with_years
from xisuan.bulletins.language.time_phrases import Span, phrases
from xisuan.bulletins.language.word_forms import simplified
from xisuan.bulletins.tables import printed_tables, tidy_tables
from xisuan.bulletins.tables.text_tables import Around, without_tables
from xisuan.results.bulletin_reading import Bulletin, Observation, Passage, Reading, Unplaced
from xisuan.text.translation import message as _

LONGEST_SENTENCE = 4_000
"""Maximum characters of a sentence; longer ones are no prose."""
_SET_APART = re.compile(r"(?<=[\d%])[ \u00a0](?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[ \u00a0](?=\d(?![\dgG.]*[gG]))")
"""Blanks between figures and Chinese characters: 2023 年, 15.1 万亿元."""
_GLUED = re.compile(r"(?<![A-Za-z])(GDP|PUE|CPI|PPI|DOU)(?=\d)", re.IGNORECASE)
"""Abbreviation directly before its figure: 全省GDP16145亿元."""


def read_bulletin(
    path: str | Path, published: datetime.date | None = None, words: Path | None = None, region: str = ""
) -> Reading:
    """Return the observations of a bulletin and its unplaced numbers with reasons.

    `published` anchors "last year" and months without a year; None takes the date that the text states. `words` is a
    folder whose indicators.csv and regions.csv extend the lexicon. `region` is the region of a text that names none,
    such as one with 全省 only. Raises ScenarioError if the file cannot be read or the region does not exist.
    """
    file = Path(path)
    known = lexicon(words)
    known.catalogue.check_region(region)
    held = decoding.content(file)
    day = published or held.date or date_of(held.text, known.times) or stamp_of(held.around, known.times)
    return replace(read_text(held.text, day, known, file.name, held.tables, region), notes=held.notes)


_LOOSE = _("its row has fewer cells than the table has columns; separate the cells by tabs or bars")


def read_text(
    text: str,
    published: datetime.date | None = None,
    words: Lexicon | None = None,
    name: str = "text",
    tables: Sequence[tuple[str, list[list[str]]]] = (),
    region: str = "",
) -> Reading:
    """Return the observations of a text and its tables; `region` is the region of a text that names none."""
    known = words or lexicon()
    plain, standing = without_tables(text)
    written = _GLUED.sub(r"\1 ", without_captions(_SET_APART.sub("", plain)))
    quoted = unwrapped(written)
    body = _without_nation(with_years(simplified(quoted)), region, known)
    day = published or date_of(text, known.times)
    discourse = _begin(body, day, region, known)
    title, topic = title_of(body), topic_of(body, known)
    seen: list[Observation] = []
    left: list[Unplaced] = []
    passages: list[Passage] = []
    told: list[tuple[int, str, str]] = []
    # Sentences in reading order, since each one updates the discourse state.
    for start, raw, sign in sentences(body):
        line = written.count("\n", 0, start + len(raw) - len(raw.lstrip())) + 1
        before = body[max(0, start - 1) : start + len(raw) - len(raw.lstrip())]
        if "\n" in before:
            discourse.paragraph()
        said = quoted[start : start + len(raw)]
        passages.append(Passage(f"{name}:{line}", said.strip(), begins=not passages or "\n" in before))
        found = _sentence(raw, said, sign, f"{name}:{line}", discourse, known, topic)
        told.append((line, discourse.firm, discourse.firm_under))
        seen += [_of_topic(one, topic, known) for one in found.observations]
        left += found.unplaced
    doubtful = {_key(one): _unplaced(one, UNCERTAIN) for one in discourse.doubtful}
    seen = [one for one in seen if _key(one) not in doubtful]
    left += doubtful.values()
    around = [
        (one.rows, Around(name, one.line, day, discourse.home, title or name, _firm_at(told, one.line)))
        for one in standing
    ]
    around += [
        (rows, Around(place, 1, day, discourse.home, title or place, _firm_at(told, 1))) for place, rows in tables
    ]
    read = [Reading(tuple(seen), tuple(left), tuple(passages)), *(_table(rows, one, known) for rows, one in around)]
    parts = [_checked(_with_notes(Reading.joined(read), title, known), known)]
    loose = [
        Unplaced(one, _LOOSE, line, f"{name}:{at}", ((0, 1),)) for table in standing for one, at, line in table.loose
    ]
    parts.append(Reading((), tuple(loose)))
    return _of_source(Reading.joined(parts), name, title, day)


def _key(one: Observation) -> tuple[object, ...]:
    return one.place, one.text, one.marks


def _unplaced(one: Observation, why: str) -> Unplaced:
    """Return a figure of prose as a number that is left over."""
    return Unplaced("、".join(one.text[start:end] for start, end in one.marks), why, one.text, one.place, one.marks)


_NOTE = re.compile(
    r"\s*(?:[*＊(（\[\d.、)）\]]*\s*)?(?:附?注|备注|说明|本(?:公报|表|文)|以上|上述|表[中内]|notes?\b|remarks?\b)", re.I
)
"""Start of a note on figures that stand elsewhere: 注, 本公报数据."""


def _with_notes(found: Reading, title: str, words: Lexicon) -> Reading:
    """Return a reading whose figures have the status that a note, caption or title gives them: 注：GDP为初步核算数.

    A note without a name or a year is of all figures of the latest year; one in a table is of that table alone.
    """
    seen = list(found.observations)
    for one in found.passages:
        cells = [cell for cell in one.cells if cell.strip()]
        text = fold(one.text or (cells[0] if len(cells) == 1 else ""))
        told = words.cues.status["preliminary"].search(text)
        if told is None or not (_NOTE.match(text) or cells or one.text == title):
            continue
        part = next((text[start:end] for start, end in clauses(text) if start <= told.start() < end), text)
        names = {name.name for name in words.names.finditer(part)}
        years = {str(when.year) for when in phrases(part, [], words.times) if when.year}
        place = one.place.rpartition(":")[0]
        of_it = [at for at, known in enumerate(seen) if not cells or known.place.rpartition(":")[0] == place]
        years = years or {max((seen[at].period_end[:4] for at in of_it if seen[at].status == "actual"), default="")}
        for at in of_it:
            known = seen[at]
            named = not names or known.indicator in names
            if known.status == "actual" and named and known.period_end[:4] in years:
                seen[at] = replace(known, status="preliminary")
    return replace(found, observations=tuple(seen))


def _of_source(found: Reading, name: str, title: str, day: datetime.date | None) -> Reading:
    """Return a reading with source and day of publication on every observation that does not state its own."""
    when = day.isoformat() if day else ""
    key = source_key(name, when)
    told = dict.fromkeys(found.observations)
    seen = [replace(one, published=one.published or when, source=one.source or key) for one in told]
    return replace(found, observations=tuple(seen), bulletins=(Bulletin(key, name, title, when),))


def source_key(name: str, published: str) -> str:
    """Return the key of a file as a source: its name without suffix, and the ISO day of publication where it is known."""
    stem = re.sub(r"[^\w.-]+", "-", Path(name).stem).strip("-") or "bulletin"
    return stem if not published or published in stem else f"{stem}-{published}"


def _sentence(raw: str, said: str, sign: str, place: str, discourse: Discourse, words: Lexicon, topic: str) -> Reading:
    """Return the observations of one sentence, and update the discourse state for the next."""
    line = fold(raw).strip()
    is_place = words.places_pattern.fullmatch(line) or words.cues.places["local"].fullmatch(line)
    if is_furniture(raw, words.times) and not is_place:
        return Reading((), ())
    if len(raw) > LONGEST_SENTENCE:
        why = _("a sentence of more than {count} signs; break it up", count=f"{LONGEST_SENTENCE:,}")
        return Reading((), (Unplaced(raw.strip()[:60], why, raw.strip()[:200], place),))
    shown = DATELINE.sub(lambda found: " " * len(found[0]), raw)
    sentence = annotate(shown, place, sign, words, (*discourse.families, topic), discourse.names)
    discourse.names.update({sentence.text[one.start : one.end]: one.indicator for one in sentence.names})
    apart = is_key_value(raw, sign)
    if apart and not sentence.numbers:
        return Reading((), ())
    if is_heading(raw, sign) and not sentence.numbers:
        discourse.heading(sentence)
        return Reading((), ())
    seen, left = read_sentence(replace(sentence, raw=said), discourse)
    if apart:
        return Reading(tuple(seen), tuple(left))
    if is_bare_aim(sentence, resolved(sentence, discourse.calendar), discourse.published):
        # 到2024年底6万个. 到2027年底8万个: the first may be an aim too, since the text words it like one.
        discourse.doubtful, discourse.bare = [*discourse.doubtful, *discourse.bare], []
    discourse.after(sentence, _aim(seen), any(one.why == NO_DEADLINE for one in left))
    if seen:
        discourse.measure = words.terms[seen[0].indicator].measure
        discourse.families = tuple(family for family in (words.terms[seen[0].indicator].family,) if family)
    return Reading(tuple(seen), tuple(left))


def _aim(seen: Sequence[Observation]) -> Span | None:
    """Return the deadline of a sentence with targets alone; None for others."""
    if not seen or any(one.status != "target" for one in seen):
        return None
    first, last = (datetime.date.fromisoformat(day) for day in (seen[-1].period_start, seen[-1].period_end))
    return Span(first, last, first == last)


_ANY_NATION = re.compile(r"\b(?:the|our|my)\s+(?:whole\s+)?(?:country|nation)\b|\bnationwide\b", re.IGNORECASE)
_CHINA = re.compile(r"\b(?:china|chinese|miit|ministry\s+of\s+industry)\b|[\u4e00-\u9fff]", re.IGNORECASE)


def _without_nation(text: str, region: str, words: Lexicon) -> str:
    """Return the text with `the country` blanked if nothing in the text refers to China or to a region of it."""
    named = {words.place(one[0]) for one in words.places_pattern.finditer(fold(text))} | {region}
    inside = any(words.places[one].kind != "nation" for one in named if one in words.places)
    return text if inside or _CHINA.search(text) else _ANY_NATION.sub(lambda found: " " * len(found[0]), text)


def _begin(text: str, day: datetime.date | None, region: str, words: Lexicon) -> Discourse:
    """Return the initial discourse state: home region, year, and the period of the title."""
    home = home_of(text, words)
    if region and (home not in words.places or home in words.catalogue.within(region)):
        home = region
    year = year_of(text, day, words.times)
    calendar = Calendar(day, year)
    days: Span | None = None
    for when in phrases(fold(title_of(text)), [], words.times):
        found = None if when.compared or when.deadline or when.day else calendar.resolve(when)
        if found is not None and (day is None or found.last <= day):
            days = found
    return Discourse(day, year, home, home, days)


def _firm_at(told: Sequence[tuple[int, str, str]], line: int) -> str:
    """Return why a table that begins at a line is of firms: of the sentence right above, else of the section.

    `told` has for each sentence its line, and what it and the heading in scope say of firms.
    """
    above = [one for one in told if one[0] < line] or told[:1]
    return "" if not above else above[-1][1] if above[-1][0] == line - 1 else above[-1][2]


def _checked(found: Reading, words: Lexicon) -> Reading:
    """Return a reading without contradictions, between prose and tables too."""
    kept, contradicted = checked(found.observations, words)
    return replace(found, observations=tuple(kept), unplaced=(*found.unplaced, *contradicted))


def _table(rows: Sequence[Sequence[str]], around: Around, words: Lexicon) -> Reading:
    """Return the observations of a table; numbers that cannot be placed are left over with reasons."""
    cells = [list(row) for row in rows]
    full = [row for row in cells if any(cell.strip() for cell in row)]
    if not full:
        return Reading((), ())
    if tidy_tables.is_tidy(full[0]):
        cells, found = full, tidy_tables.read(full, around.place, words)
    else:
        found = printed_tables.read(cells, around, words)
    passages = [
        Passage(f"{around.place}:{around.line + at}", cells=tuple(row), begins=not at) for at, row in enumerate(cells)
    ]
    return replace(found, passages=tuple(passages))


def _of_topic(one: Observation, topic: str, words: Lexicon) -> Observation:
    """Return an observation of a topical indicator as that of the bulletin's industry; others are unchanged."""
    spec = words.terms[one.indicator]
    topic = "telecom" if "通信管理局" in one.text or "信息通信行业" in one.text else topic
    mapped = topic and "topical" in spec.flags and spec.measure != "exports"
    own = words.catalogue.by_measure.get((topic, spec.measure), "") if mapped else ""
    return replace(one, indicator=own) if own else one
