"""Tables to observations: tidy columns, SDMX-CSV, and the bulletin table of indicators by period.

A bulletin table names an indicator in the first column of a row; its other columns are levels or growth by what
their headings say, and units stand in brackets, in a column of their own, or in the caption.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence

from xisuan.indicators.figures.drafting import clean, fitted, in_unit
from xisuan.indicators.language.periods import Span, phrases, span
from xisuan.indicators.language.quantities import Quantity, quantities
from xisuan.indicators.language.vocabulary import Vocabulary, fold
from xisuan.results.reading import Observation, Reading, Unplaced

Rows = Sequence[Sequence[str]]
_GROWTH = re.compile(r"增长|增速|增幅|同比|±|growth|change|yoy|year-on-year|increase")
_SHARE = re.compile(r"占比|比重|share|proportion")
_UNIT_HEAD = re.compile(r"^(?:计量)?单位$|^unit$")
_NAMES = {
    "indicator": ("indicator", "指标代码"),
    "region": ("region", "ref_area", "area"),
    "start": ("period_start",),
    "end": ("period_end",),
    "time": ("time_period", "period"),
    "value": ("value", "obs_value"),
    "unit": ("unit", "unit_measure"),
    "growth": ("growth_pct", "yoy_pct", "yoy"),
    "status": ("status", "obs_status_text"),
    "basis": ("basis",),
    "share": ("share_pct",),
    "rank": ("rank",),
    "bound": ("bound",),
}
_SDMX_TIME = re.compile(
    r"(?P<y>\d{4})(?:-?(?:Q(?P<q>[1-4])|S(?P<s>[12])|H(?P<h>[12])|M?(?P<m>\d{2})(?:-(?P<d>\d{2}))?))?(?:/P(?:(?P<n>\d+)M|(?P<days>\d+)D))?"
)


def read(rows: Rows, place: str, words: Vocabulary, published: datetime.date | None = None, home: str = "") -> Reading:
    """Observations of a table; cells that hold a number and cannot be placed are left over."""
    table = [[cell.strip() for cell in row] for row in rows]
    table = [row for row in table if any(row)]
    if not table:
        return Reading((), ())
    head = [cell.lower() for cell in table[0]]
    if any(name in head for name in _NAMES["indicator"]) and any(name in head for name in _NAMES["value"]):
        return _tidy(table, place, words)
    return _Bulletin(table, place, words, published, home).read()


def _tidy(table: list[list[str]], place: str, words: Vocabulary) -> Reading:
    """One observation a row, in columns by name: ours, or those of SDMX-CSV."""
    head = [cell.lower() for cell in table[0]]
    at = {key: next((head.index(name) for name in names if name in head), -1) for key, names in _NAMES.items()}
    seen: list[Observation] = []
    left: list[Unplaced] = []
    for line, row in enumerate(table[1:], start=2):

        def cell(key: str, row: list[str] = row) -> str:
            return row[at[key]] if 0 <= at[key] < len(row) else ""

        where, text = f"{place}:{line}", ", ".join(part for part in row if part)
        days = _days(cell("start"), cell("end"), cell("time"))
        name, region = _term(cell("indicator"), words), _region(cell("region"), words)
        value, growth = _float(cell("value")), _float(cell("growth"))
        if not name or days is None or not region or (value is None and growth is None):
            why = (
                "no such indicator"
                if not name
                else "no date"
                if days is None
                else "no such region"
                if not region
                else "no number"
            )
            left.append(Unplaced(cell("value") or cell("growth"), why, text, where))
            continue
        spec = words.terms[name]
        scaled = _scaled(value, cell("unit"), spec.unit, words) if value is not None else (None, "pct")
        if scaled is None:
            left.append(
                Unplaced(f"{cell('value')} {cell('unit')}", "the unit is not one of the indicator", text, where)
            )
            continue
        first, last, basis = fitted(days, spec.kind)
        share, rank = _float(cell("share")), _float(cell("rank"))
        seen.append(
            Observation(
                name,
                region,
                first.isoformat(),
                last.isoformat(),
                cell("basis") or basis,
                scaled[0],
                scaled[1],
                growth,
                share,
                int(rank) if rank else None,
                {"forecast": "projected"}.get(cell("status"), cell("status") or "actual"),
                cell("bound") or None,
                (),
                text,
                where,
            )
        )
    return Reading(tuple(seen), tuple(left))


def _term(cell: str, words: Vocabulary) -> str:
    if cell in words.terms:
        return cell
    match = words.names.search(fold(cell))
    return match.name if match else ""


def _region(cell: str, words: Vocabulary) -> str:
    if cell in words.places:
        return cell
    match = words.places_pattern.search(fold(cell))
    return words.place(match[0]) if match else ""


def _float(cell: str) -> float | None:
    text = fold(cell).replace(",", "").replace("%", "").strip()
    return float(text) if len(text) < 40 and re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)", text) else None


def _days(start: str, end: str, time: str) -> Span | None:
    """Days of a row: first and last, or an SDMX period such as 2023-Q1, 2023-04, 2023-01-01/P4M."""
    try:
        if end:
            last = datetime.date.fromisoformat(end)
            return Span(datetime.date.fromisoformat(start), last) if start else Span(last, last, True)
        match = _SDMX_TIME.fullmatch(time)
        if match is None:
            return None
        year, months = int(match["y"]), int(match["n"] or 0)
        if months:
            first = int(match["m"] or 1)
            last_month = first + months - 1
            until, month = year + (last_month - 1) // 12, (last_month - 1) % 12 + 1
            return Span(
                datetime.date(year, first, 1), datetime.date(until, month, calendar.monthrange(until, month)[1])
            )
        if match["d"] and match["days"]:
            day = datetime.date(year, int(match["m"]), int(match["d"]))
            return Span(day, day + datetime.timedelta(days=int(match["days"]) - 1))
        if match["d"]:
            day = datetime.date(year, int(match["m"]), int(match["d"]))
            return Span(day, day, True)
        length = 3 if match["q"] else 6 if match["s"] or match["h"] else 1 if match["m"] else 12
        number = int(match["q"] or match["s"] or match["h"] or match["m"] or 1)
        first, last_month = (number - 1) * length + 1, number * length
        return Span(
            datetime.date(year, first, 1), datetime.date(year, last_month, calendar.monthrange(year, last_month)[1])
        )
    except ValueError:
        return None


def _scaled(value: float, unit: str, wanted: str, words: Vocabulary) -> tuple[float, str] | None:
    """A number of a table in the unit of its indicator; None where the unit is of another kind."""
    if unit in ("", wanted):
        return value, wanted
    if unit in ("mUSD", "mCNY", "pct"):
        return (value, unit) if unit in ("mUSD", wanted) else None
    figures = quantities(fold(f"1{unit}"), [], words.units)
    if len(figures) != 1:
        return None
    one = figures[0]
    kinds = {
        "1": ("1", "per_10k", "ratio"),
        "": ("1", "per_10k", "ratio"),
        "CNY": ("mCNY", "CNY"),
        "USD": ("mUSD", "mCNY"),
        "GB": ("GB", "EB"),
    }
    if wanted not in kinds.get(one.unit, (one.unit,)):
        return None
    amount, name = in_unit(Quantity(0, 0, value * one.value, one.unit), wanted)
    return clean(amount), name


class _Bulletin:
    """A table of indicators by period, as bureaus print it."""

    def __init__(
        self, table: list[list[str]], place: str, words: Vocabulary, published: datetime.date | None, home: str
    ) -> None:
        self.table, self.place, self.words, self.published = table, place, words, published
        width = max(map(len, table))
        self.table = [[*row, *[""] * (width - len(row))] for row in table]
        self.top = self._top()
        caption = " ".join(cell for row in self.table[: self.top] for cell in row if cell)
        self.home = home or _region(f"{caption} {place}", words)
        self.caption = f"{caption} {place}"
        match = re.search(r"(?:单位|unit)\s*[:：]\s*([^\s)）]+)", caption, re.IGNORECASE)
        self.unit = match[1] if match else ""
        self.year = self._year()

    def _top(self) -> int:
        """Index of the first row that holds an indicator and a number."""
        for at, row in enumerate(self.table):
            if any(_float(cell) is not None for cell in row[1:]) and (
                _term(row[0], self.words) or _region(row[0], self.words)
            ):
                return at
        return len(self.table)

    def _year(self) -> int | None:
        years = [when.year for when in phrases(fold(self.caption), [], self.words.times) if when.year]
        return years[0] if years else self.published.year if self.published else None

    def read(self) -> Reading:
        seen: list[Observation] = []
        left: list[Unplaced] = []
        heads = [
            " ".join(dict.fromkeys(row[at] for row in self.table[: self.top] if row[at]))
            for at in range(len(self.table[0]))
        ]
        heads = self._spread(heads)
        unit_column = next(
            (at for at, head in enumerate(heads) if any(_UNIT_HEAD.match(part.lower()) for part in head.split())), -1
        )
        by_region = self._by_region()
        for line, row in enumerate(self.table[self.top :], start=self.top + 1):
            label = row[0]
            region = (_region(label, self.words) if by_region else "") or self.home
            drafts: dict[tuple[str, str, str], Observation] = {}
            for at in range(1, len(row)):
                value = _float(row[at])
                if value is None or at == unit_column:
                    continue
                where, text = f"{self.place}:{line}", f"{heads[at]} | {label} | {row[at]}"
                name = _term(heads[at], self.words) if by_region else _term(label, self.words)
                days = self._when(heads[at]) or self._when(label) or self._when(self.caption)
                if not name or days is None or not region:
                    why = "no indicator" if not name else "no date" if days is None else "no region"
                    left.append(Unplaced(row[at], why, text, where))
                    continue
                self._cell(
                    drafts,
                    name,
                    region,
                    days,
                    value,
                    heads[at],
                    (label, row[unit_column] if unit_column >= 0 else ""),
                    (text, where),
                    left,
                )
            seen += drafts.values()
        return Reading(tuple(seen), tuple(left))

    def _spread(self, heads: list[str]) -> list[str]:
        """Headings of columns that a wider heading covers: a period holds until the next."""
        out, last = [], ""
        for at, head in enumerate(heads):
            dated = self._when(head) is not None
            last = head if dated else last
            out.append(head if dated or not at or not last or not _GROWTH.search(fold(head)) else f"{head} {last}")
        return out

    def _by_region(self) -> bool:
        rows = self.table[self.top :]
        return sum(bool(_region(row[0], self.words)) and not _term(row[0], self.words) for row in rows) > len(rows) / 2

    def _when(self, text: str) -> Span | None:
        for when in phrases(fold(text), [], self.words.times):
            year = when.year or self.year
            if year is not None and not when.same_month:
                return span(when, year + (when.offset or 0) if when.year is None else year)
        return None

    def _cell(
        self,
        drafts: dict[tuple[str, str, str], Observation],
        name: str,
        region: str,
        days: Span,
        value: float,
        head: str,
        unit_words: tuple[str, str],
        origin: tuple[str, str],
        left: list[Unplaced],
    ) -> None:
        """One number: a level, or the growth or share of one."""
        label, unit = unit_words
        spec = self.words.terms[name]
        first, last, basis = fitted(days, spec.kind)
        key = (name, region, last.isoformat())
        growth, share = bool(_GROWTH.search(fold(head))), bool(_SHARE.search(fold(head)))
        if not growth and not share and not unit:
            inside = [
                part
                for part in re.findall(r"[(（]([^()（）]+)[)）]", f"{head} {label}")
                if _scaled(1.0, part, spec.unit, self.words)
            ]
            unit = inside[0] if inside else self.unit
        held = drafts.get(key)
        common = (name, region, first.isoformat(), last.isoformat(), basis)
        if growth or share:
            if held is None:
                drafts[key] = Observation(
                    *common,
                    None,
                    "pct",
                    value if growth else None,
                    value if share else None,
                    text=origin[0],
                    place=origin[1],
                )
            else:
                fields = {slot: getattr(held, slot) for slot in Observation.__slots__}
                drafts[key] = Observation(**(fields | ({"growth_pct": value} if growth else {"share_pct": value})))
            return
        scaled = _scaled(value, unit, spec.unit, self.words)
        if scaled is None or (not unit and spec.unit not in ("1", "pct", "ratio", "per_10k")):
            left.append(
                Unplaced(f"{value:g} {unit}".strip(), "the unit is not said or not one of the indicator", *origin)
            )
            return
        drafts[key] = Observation(
            *common,
            scaled[0],
            scaled[1],
            held.growth_pct if held else None,
            held.share_pct if held else None,
            text=origin[0],
            place=origin[1],
        )
