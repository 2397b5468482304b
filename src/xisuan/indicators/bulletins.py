"""Official releases to observations: English or Chinese text and HTML, CSV, Excel, SDMX-CSV.

No language model and no network: a grammar (`sentence`, `attach`) over words in data files (`vocabulary`). What is
seen and cannot be placed is left over with its words.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators import sheets
from xisuan.indicators.attach import Context, attach
from xisuan.indicators.periods import phrases
from xisuan.indicators.sentence import parse, split
from xisuan.indicators.vocabulary import Vocabulary, fold, found, vocabulary
from xisuan.results.reading import Observation, Reading, Unplaced

HOME = "guizhou"
"""The province of a text that says 全省 or `the province` and names none; its figures say that they inherited it."""
LARGEST_BYTES = 5_000_000
LONGEST_SENTENCE = 4_000
"""Signs of a sentence; nobody writes longer ones, and the grammar looks at every pair of its words."""
TEXTS, PAGES, BOOKS = (".txt", ".md", ""), (".html", ".htm", ".xhtml"), (".xlsx", ".xlsm")
_DATED = re.compile(
    r"(?:发布(?:时间|日期)|发文日期|成文日期|日期|时间|来源|published|updated|date|posted|release[d]?)\s*(?:on|at|:|：)?\s*(?:on\s+)?",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^\s*[A-Z][A-Z' /-]+,\s+(?P<date>[A-Z][a-z]+\.?\s+\d{1,2}(?:,\s*\d{4})?)")


def read_bulletin(path: str | Path, published: datetime.date | None = None, words: Path | None = None) -> Reading:
    """Everything a bulletin says, and what of it could not be placed.

    `published` anchors "last year" and months without a year where the text does not say its own date; `words` is a
    folder whose indicators.csv and regions.csv add to the vocabulary. Raises ScenarioError where the file cannot be read.
    """
    file = Path(path)
    spoken = vocabulary(words)
    kind = file.suffix.lower()
    if kind in BOOKS:
        return _join([sheets.read(rows, f"{file.name}, sheet {name}", spoken, published) for name, rows in _book(file)])
    text = _text(file)
    if kind in PAGES or re.match(r"\s*(?:<!doctype html|<html)", text, re.IGNORECASE):
        page = _Page()
        page.feed(text)
        page.close()
        return read_text("\n".join(page.lines), published or page.date, spoken, file.name, page.tables)
    if kind in (".csv", ".tsv"):
        rows = list(csv.reader(io.StringIO(text), delimiter="\t" if kind == ".tsv" else ","))
        return sheets.read(rows, file.name, spoken, published)
    if kind not in TEXTS:
        known = ", ".join((*TEXTS[:2], *PAGES[:2], ".csv", ".tsv", BOOKS[0]))
        raise ScenarioError([Problem(file.name, "", "", "", f"not a kind of file that is read; give one of {known}")])
    return read_text(text, published, spoken, file.name)


def read_text(
    text: str,
    published: datetime.date | None = None,
    words: Vocabulary | None = None,
    name: str = "text",
    tables: Sequence[list[list[str]]] = (),
) -> Reading:
    """The observations of a text in English or Chinese, sentence by sentence."""
    spoken = words or vocabulary()
    anchor = published or date_of(text)
    context = Context(spoken, anchor, home := home_of(text, spoken), year_of(text, anchor), region=home)
    topic = topic_of(text)
    seen: list[Observation] = []
    left: list[Unplaced] = []
    line, counted = 1, 0
    for start, raw in split(text):
        here = start + len(raw) - len(raw.lstrip())
        line, counted = line + text.count("\n", counted, here), here
        if _furniture(raw):
            continue
        if len(raw) > LONGEST_SENTENCE:
            why = f"a sentence of more than {LONGEST_SENTENCE:,} signs; break it up"
            left.append(Unplaced(raw.strip()[:60], why, raw.strip()[:200], f"{name}:{line}"))
            continue
        family = spoken.terms[context.term].family if context.term in spoken.terms else topic
        found_here, unplaced = attach(parse(raw, f"{name}:{line}", spoken, family), context)
        found_here = [_of_topic(one, topic) for one in found_here]
        seen += found_here
        left += unplaced
    parts = [Reading(tuple(_distinct(seen)), tuple(left))]
    for rows in tables:
        parts.append(sheets.read(rows, f"{name}, table", spoken, anchor, home))
    return _join(parts)


def _join(parts: Sequence[Reading]) -> Reading:
    return Reading(
        tuple(_distinct([seen for part in parts for seen in part.observations])),
        tuple(left for part in parts for left in part.unplaced),
    )


def _distinct(seen: Sequence[Observation]) -> list[Observation]:
    """Figures said twice, as in a title and in the text, once: the one that says more."""
    out: dict[tuple[object, ...], Observation] = {}
    for one in seen:
        key = (
            one.indicator,
            one.region,
            one.period_end,
            one.status == "target",
            one.value if one.value is not None else ("growth", one.growth_pct, one.share_pct),
        )
        known = out.get(key)
        if known is None or _says(one) > _says(known):
            out[key] = one
    levels = {
        (one.indicator, one.region, one.period_end, one.growth_pct) for one in out.values() if one.value is not None
    }
    return [
        one
        for one in out.values()
        if one.value is not None
        or one.growth_pct is None
        or (one.indicator, one.region, one.period_end, one.growth_pct) not in levels
    ]


def _says(one: Observation) -> tuple[int, bool]:
    return sum(
        value is not None for value in (one.growth_pct, one.share_pct, one.rank)
    ), one.period_start <= one.period_end


_TOPICS = (
    ("telecom", r"通信业|电信|通信行业|通信管理|telecom|communications\s+(?:industry|sector)"),
    ("software", r"软件|software"),
    ("electronics", r"电子信息制造|electronic information"),
)


def topic_of(text: str) -> str:
    """The industry that the title of a bulletin names; blank where it names none."""
    title = fold(next((line for line in text.splitlines() if line.strip()), ""))[:80]
    return next((topic for topic, words in _TOPICS if re.search(words, title)), "")


def _of_topic(one: Observation, topic: str) -> Observation:
    """Investment without more in a bulletin of the telecommunications administration is that of its industry."""
    if topic == "telecom" and one.indicator == "fixed_asset_investment":
        return replace(one, indicator="telecom_fai")
    return one


def _furniture(raw: str) -> bool:
    """Lines that carry no statement: dates of publication, links, editors."""
    line = raw.strip().strip("()（）[]【】 ")
    when = phrases(fold(line), [])
    if (
        len(when) == 1
        and when[0].day
        and when[0].end - when[0].start >= len(line) - 12
        and not re.search(r"\d", line[: when[0].start] + line[when[0].end :])
    ):
        return True
    return bool(_DATED.match(line) and len(line) < 60 and not re.search(r"元|yuan|%|percent", line)) or line.startswith(
        ("http://", "https://")
    )


def date_of(text: str) -> datetime.date | None:
    """The date of publication that a text states of itself, in its head or its foot, or in its dateline."""
    head = text[:600]
    foot = text[-160:] if len(text) > 700 else ""
    for part in (head, foot):
        for match in _DATED.finditer(part):
            if (day := _day(part[match.end() : match.end() + 30])) is not None:
                return day
    for line in [*head.splitlines()[:4], *foot.splitlines()[-2:]]:
        stripped = line.strip().strip("()（）")
        if (
            len(stripped) < 40
            and not re.search(r"元|yuan|%|percent|至|through", stripped)
            and (day := _day(stripped)) is not None
        ):
            return day
    said = re.search(r"\b([A-Z][a-z]+\.?\s+\d{1,2},\s+\d{4})\s*(?:\(|--|-|—|\|)", head)
    if said:
        return _day(said[1])
    dateline = re.search(
        r"[（(]?(?:记者|新华社|本报|中新网|中新社)[^，。]{0,14}?(?P<date>(?:20\d\d年)?\d{1,2}月\d{1,2}日)", head
    ) or _DATELINE.search(head)
    return _day(dateline["date"]) if dateline else None


def _day(text: str) -> datetime.date | None:
    """The first full date of a text."""
    for when in phrases(fold(text), []):
        if when.day and when.year and when.start < 24:
            try:
                return datetime.date(when.year, when.last, when.day)
            except ValueError:
                return None
    return None


def year_of(text: str, published: datetime.date | None) -> int | None:
    """The year a text speaks of where a month has none: that of publication, else the first that is no deadline."""
    if published is not None:
        return published.year
    years = [when for when in phrases(fold(text), []) if when.year and when.until is None]
    spoken = [when.year for when in years if not when.deadline] or [when.year for when in years]
    return spoken[0] if spoken else None


def home_of(text: str, words: Vocabulary) -> str:
    """The region a text is about: the one named in its title, else the first, else the most frequent province."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    for part in (lines[0][:120], text[:400], text):
        names = [found(words.place_words, match[0]) for match in words.places_pattern.finditer(fold(part))]
        local = [name for name in names if name != "china"]
        if len(local) > 1 and local[0] in words.within(local[1]) and part is not text:
            local = local[1:]  # Hebei's Zhangjiakou
        if local:
            return local[0] if part is not text else Counter(local).most_common(1)[0][0]
        if names and part is not text and not re.search(r"全省|the province", text):
            return "china"
    if re.search(r"全省|我省|本省|the province|provincial", fold(text)):
        return HOME
    return "china" if re.search(r"全国|工业和信息化部|国家统计局|nationwide|ministry of industry", fold(text)) else ""


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise ScenarioError(
            [Problem(str(file), "", "", "", f"{problem.strerror or problem}; give a file that can be read")]
        ) from None
    if len(data) > LARGEST_BYTES:
        raise ScenarioError(
            [Problem(file.name, "", "", "", f"larger than {LARGEST_BYTES // 1_000_000} MB; give one bulletin")]
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ScenarioError(
        [Problem(file.name, "", "", "", "not text in UTF-8 or GB 18030; give text, HTML, CSV or Excel")]
    )


def _book(file: Path) -> list[tuple[str, list[list[str]]]]:
    import zipfile  # noqa: PLC0415
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415

    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        return [
            (sheet.title, [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)])
            for sheet in book.worksheets
        ]
    except (OSError, KeyError, ValueError, InvalidFileException, zipfile.BadZipFile, ParseError) as problem:
        raise ScenarioError(
            [Problem(file.name, "", "", "", f"not an Excel workbook that can be read: {problem}")]
        ) from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


class _Page(HTMLParser):
    """Text and tables of an HTML page; scripts, styles and navigation are left out."""

    BLOCKS = frozenset(
        [
            "p",
            "div",
            "br",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "article",
            "tr",
            "title",
            "table",
            "ul",
            "ol",
            "blockquote",
        ]
    )
    SILENT = frozenset(["script", "style", "noscript", "nav", "footer", "template", "svg"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.date: datetime.date | None = None
        self._parts: list[str] = []
        self._silent = 0
        self._rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._depth = 0
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Blocks break lines; cells are kept apart from the text."""
        given = {key: value or "" for key, value in attrs}
        if tag in self.SILENT:
            self._silent += 1
        if tag == "meta" and re.search(
            r"date|publish|time", given.get("name", "") + given.get("property", ""), re.IGNORECASE
        ):
            self.date = self.date or _day(given.get("content", "")[:10])
        if tag == "time":
            self.date = self.date or _day(given.get("datetime", "")[:10])
        if tag == "table":
            self._depth += 1
            self._rows = [] if self._depth == 1 else self._rows
        elif tag == "tr" and self._depth:
            self._rows.append([])
        elif tag in ("td", "th") and self._depth:
            self._cell = []
            self._span = int(given["colspan"]) if given.get("colspan", "").isdigit() else 1
        elif tag in self.BLOCKS and self._cell is None:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A finished table is kept."""
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in ("td", "th") and self._cell is not None:
            if not self._rows:
                self._rows.append([])
            self._rows[-1] += ["".join(self._cell).strip(), *[""] * (min(self._span, 100) - 1)]
            self._cell = None
        elif tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0 and self._rows:
                self.tables.append(self._rows)
        elif tag in self.BLOCKS and self._cell is None:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Words go to the cell they stand in, else to the text."""
        if self._silent:
            return
        if self._cell is not None:
            self._cell.append(data)
        else:
            self._parts.append(re.sub(r"\s+", " ", data))

    @property
    def lines(self) -> list[str]:
        """Lines of text, blank ones left out."""
        return [line.strip() for line in "".join(self._parts).splitlines() if line.strip()]
