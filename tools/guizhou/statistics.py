"""Tables `indicators`, `observations`, `targets` and `drivers` from data/facts, with their source pages.

Figures are as published: units are scaled, nothing is recomputed. Notes of the fact file on a bound, a scope, a price
base or a share become columns.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tools.china import facts
from tools.china.book import Book, Value

WORDS = Path(__file__).resolve().parents[2] / "src" / "xisuan" / "indicators" / "data" / "indicators.csv"
REGIONS = {
    "Guizhou": "guizhou",
    "China": "china",
    "Guiyang": "guiyang",
    "Guiyang+Guian": "guiyang_guian",
    "Guian New Area": "guian_new_area",
    "West China": "west_china",
}
UNITS = {
    "亿元": ("mCNY", 100.0),
    "万个": ("1", 1e4),
    "万户": ("1", 1e4),
    "万人": ("1", 1e4),
    "万张": ("1", 1e4),
    "centres": ("1", 1.0),
    "cities": ("1", 1.0),
    "firms": ("1", 1.0),
    "%": ("pct", 1.0),
    "per 10k": ("per_10k", 1.0),
    "EFLOPS": ("EFLOPS", 1.0),
    "万Gbps": ("Gbps", 1e4),
    "万公里": ("km", 1e4),
    "GB/户·月": ("GB", 1.0),
    "TWh": ("GWh", 1e3),
}
"""Unit of the fact file → unit of the table, and the factor."""
_SERIES = {
    "eflops_total": ("compute_capacity", "EFLOPS"),
    "eflops_intelligent": ("intelligent_compute_capacity", "EFLOPS"),
    "racks": ("racks", "1"),
    "occupancy_pct": ("rack_occupancy", "pct"),
    "direct_cities": ("direct_cities", "1"),
}
"""Columns of the compute series that the long file lacks → indicator and unit."""
UNDATED = "2025"
"""Latest date of pages without one: they quote the compute plan for 2024-25 as current."""
_WORKED_OUT = ("bigdata_industry_required_cagr", "bigdata_industry_target_progress", "digital_industry_growth_2023_25")
"""Rows of the fact file that only restate others; `track` derives them for any day."""
BESIDE = {"bigdata_industry_output": "digital_industry_output"}
"""Indicator → another one that may count the same: shown together, never mixed."""
_OVER = re.compile(
    r'(?:^|"|; ?|, )over\b(?! all)|lower bound|at least|exceed|to pass\b|"more than|"passed', re.IGNORECASE
)
_ABOUT = re.compile(r'"about"|^about|; about|nearly|approximate', re.IGNORECASE)
_SHARE = re.compile(r"([\d.]+)% of (?:the )?(total|province)")
_INTELLIGENT = re.compile(r"^intelligent compute")
_WIDER = re.compile(r"wider scope|wider count|CAICT|scope probably widened")


def write(book: Book) -> None:
    """Write the four tables and their sources."""
    rows = [*facts.records("guizhou_indicators"), *facts.records("guizhou_indicators_derived")]
    _indicators(
        book,
        {_indicator(row) for row in rows}
        | {row["indicator"] for row in facts.records("indicator_drivers")}
        | {name for name, _ in _SERIES.values()}
        | {"pue"},
    )
    for row in rows:
        if row["indicator"] not in _WORKED_OUT:
            _row(book, row)
    _compute(book)
    _pue(book)
    _drivers(book)
    used = {
        key
        for table in ("observations", "targets", "drivers")
        for line in book.rows[table]
        for key in str(line["source"]).split(";")
    }
    listed = {str(row["source"]) for row in book.rows["sources"]}
    for key, (title, date, address) in _pages().items():
        if key in used - listed:
            publisher = _publisher(title, address)
            book.add(
                "sources", "", "published", source=key, title=title, publisher=publisher, date=date, address=address
            )


def _indicator(row: dict[str, str]) -> str:
    return "intelligent_compute_capacity" if _INTELLIGENT.match(row["notes"]) else row["indicator"]


def _indicators(book: Book, used: set[str]) -> None:
    """Write the indicators that a row refers to, and the wholes that they are part of."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        words = {row["indicator"]: row for row in csv.DictReader(file)}
    while wholes := {words[name]["part_of"] for name in used} - used - {""}:
        used |= wholes
    for name, row in words.items():
        if name in used:
            columns = {key: row[key] for key in ("indicator", "title", "title_zh", "unit", "kind", "part_of", "chain")}
            counts = next((one.removeprefix("per=") for one in row["flags"].split("|") if one.startswith("per=")), "")
            counts = counts if counts in used else ""
            book.add(
                "indicators", "guizhou-indicators", "published", beside=BESIDE.get(name, ""), counts=counts, **columns
            )


def _days(row: dict[str, str]) -> tuple[str, str, str]:
    """Return first day, last day and basis; a quarter of the fact file is any span of three months."""
    basis = {"quarter": "single"}.get(row["basis"], row["basis"])
    if row["indicator"] == "dou_month":
        return row["period_end"][:8] + "01", row["period_end"], "single"
    return row["period_start"] or row["period_end"], row["period_end"], basis


def _row(book: Book, row: dict[str, str]) -> None:
    """Add one row of the fact file as an observation or a target."""
    unit, factor = UNITS[row["unit"]]
    value = _exact(float(row["value"]) * factor) if row["value"] else None
    growth = row["yoy_pct"] or None
    note = row["notes"]
    bound = "over" if _OVER.search(note) else "about" if _ABOUT.search(note) else ""
    start, end, basis = _days(row)
    row = row | {"published": row["published"] or UNDATED}
    common = {
        "indicator": _indicator(row),
        "region": REGIONS[row["region"]],
        "value": value,
        "unit": unit,
        "bound": bound,
        "scope": _scope(note),
        "published": row["published"],
        "tier": row["source_tier"],
        "source": _keys(row["source"], row["published"]),
    }
    if row["status"] == "target" and value is not None:
        book.add(
            "targets", "", row["quality"], note, deadline=end, period_start=start if basis != "point" else "", **common
        )
        return
    share = _SHARE.search(note)
    yearly = "average a year" in note
    book.add(
        "observations",
        "",
        row["quality"],
        note,
        **common,
        period_start=start,
        period_end=end,
        basis=basis,
        growth_pct=growth,
        growth_to="the year before, yearly average" if yearly else "",
        share_pct=float(share[1]) if share else None,
        share_of=("bigdata_field_investment" if share[2] == "total" else "guizhou") if share else "",
        rank=1 if "first nationwide" in note or "highest growth of all provinces" in note else None,
        status={"forecast": "projected"}.get(row["status"], row["status"]),
        price_base=_price_base(row),
    )


def _exact(value: float) -> str:
    """Return a figure with all its digits: official statistics have more than the six of other tables."""
    return f"{value:.12g}" if abs(value) < 1e11 else f"{value:.0f}"


def _scope(note: str) -> str:
    if re.search(r"above[- ](?:size|scale)|above 5m", note):
        return "firms above designated size"
    return "wider" if _WIDER.search(note) else ""


def _price_base(row: dict[str, str]) -> str:
    """Return the year of the constant prices: as stated, or the year before if the note says so."""
    if row["indicator"] != "telecom_business_volume":
        return ""
    stated = re.search(r"(20\d\d) constant prices", row["notes"])
    if stated:
        return stated[1]
    return "2015" if "old" in row["notes"] else str(int(row["period_end"][:4]) - 1)


def _compute(book: Book) -> None:
    """Write racks, chips, occupancy and intelligent computing of the compute series that the long file lacks."""
    for row in facts.records("guizhou_compute_series"):
        if row["kind"] == "plan" or "one campus" in row["racks_note"]:
            continue
        for column, (indicator, unit) in _SERIES.items():
            if not row[column]:
                continue
            if (line := _line(book, indicator, row["date"], float(row[column]))) is not None:
                _cite(line, row)
            else:
                _point(book, row, column, indicator, unit)
        _intelligent(book, row)


def _end(row: dict[str, str]) -> str:
    """Return the last day of the month of a row."""
    year, month = map(int, row["date"].split("-"))
    return f"{year}-{month:02d}-{ {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31) }"


def _place(row: dict[str, str], column: str) -> str:
    """Return the region of a column: the province for targets of computing and racks, Gui'an for occupancy."""
    if row["kind"] == "target":
        return "guian_new_area" if column == "occupancy_pct" else "guizhou"
    if "Guiyang + Gui'an" in row["racks_note"]:
        return "guiyang_guian"
    if row["note"].startswith("Guiyang only"):
        return "guiyang"
    return "guian_new_area" if "Gui'an" in row["note"] + row["racks_note"] else "guizhou"


def _published(row: dict[str, str]) -> str:
    """Return the publication date of a row: figures in their month, targets with their plan."""
    return row["date"] if row["kind"] == "actual" else "2026-01-14" if row["date"].startswith("2026") else "2022-08"


def _cite(line: dict[str, Value], row: dict[str, str]) -> None:
    """Add the second source of a target that another page confirms."""
    if row["kind"] == "target" and row["date"].startswith("2026"):
        keys = [*str(line["source"]).split(";"), *_keys(row["source"], _published(row)).split(";")]
        line["source"] = ";".join(dict.fromkeys(keys))


def _point(book: Book, row: dict[str, str], column: str, indicator: str, unit: str) -> None:
    """Add one cell of the series as an observation or a target; the long file has the targets for 2025."""
    end = _end(row)
    common = {
        "indicator": indicator, "region": _place(row, column), "value": _exact(float(row[column])), "unit": unit,
        "scope": "", "published": _published(row), "tier": "B", "source": _keys(row["source"], _published(row)),
    }  # fmt: skip
    if row["kind"] == "actual":
        _observe(book, row["quality"], row["note"], end, common, stock=column != "occupancy_pct")
    elif not (column.startswith("eflops") and row["date"].startswith("2025")):
        book.add("targets", "", row["quality"], row["note"], **common, bound="over", deadline=end)


def _observe(
    book: Book, quality: str, note: str, end: str, common: dict[str, str], bound: str = "", *, stock: bool = True
) -> None:
    book.add(
        "observations", "", quality, note, **common, bound=bound, status="actual", basis="point" if stock else "single",
        period_start=end if stock else f"{end[:8]}01", period_end=end,
    )  # fmt: skip


def _intelligent(book: Book, row: dict[str, str]) -> None:
    """Add intelligent computing if a row has total computing and its share: the product, with the vaguer bound of both.

    The weak pages of the targets for 2025 are left out: 35 % of 80 EFLOPS includes supercomputing.
    """
    if not row["eflops_total"] or not row["intelligent_pct"] or row["eflops_intelligent"]:
        return
    end, place = _end(row), _place(row, "eflops_total")
    note = f"{row['eflops_total']} EFLOPS at an intelligent share of {row['intelligent_pct']} %: {row['note']}"
    common = {
        "indicator": "intelligent_compute_capacity", "region": place, "unit": "EFLOPS", "scope": "", "tier": "B",
        "value": _exact(float(row["eflops_total"]) * float(row["intelligent_pct"]) / 100.0),
        "published": _published(row), "source": _keys(row["source"], _published(row)),
    }  # fmt: skip
    if row["kind"] == "actual":
        # Xinhua published the figures of the end of 2025 in January
        common["published"] = "2026-01-14" if row["source"].startswith("http://en.people.cn/n3/2026") else row["date"]
        common["source"] = _keys(row["source"], common["published"])
        bound = "about" if "share about" in row["note"] else "over" if _OVER.search(note) else ""
        _observe(book, "derived", note, end, common, bound)
    elif not row["date"].startswith("2025"):
        book.add("targets", "", "derived", note, **common, bound="over", deadline=end)


def _pue(book: Book) -> None:
    """Add Gui'an's target of the mean PUE for 2026, from the policy rules."""
    (row,) = [row for row in facts.records("policy_rules") if row["rule_id"] == "R30"]
    book.add(
        "targets", "", row["quality"], "average of Gui'an, published among the rules of 2026", indicator="pue",
        region="guian_new_area", deadline=f"{row['deadline']}-12-31", value=row["threshold"], unit=row["unit"],
        bound="under", scope="", published="2026-01-14", tier="B", source=_keys(row["source"], "2026-01-14"),
    )  # fmt: skip


def _line(book: Book, indicator: str, month: str, value: float) -> dict[str, Value] | None:
    """Return the row that has this figure already, else None: the long file knows the day of publication."""
    return next(
        (
            line
            for table in ("observations", "targets")
            for line in book.rows[table]
            if line["indicator"] == indicator
            and str(line.get("period_end", line.get("deadline")))[:7] == month
            and float(str(line["value"] or "nan")) == value
        ),
        None,
    )


def _drivers(book: Book) -> None:
    for row in facts.records("indicator_drivers"):
        number = {name: float(row[name]) for name in ("low", "high")}
        columns = {name: row[name] for name in ("indicator", "variable", "kind", "unit", "how")}
        columns["region"] = REGIONS.get(row["region"], row["region"])
        book.add("drivers", "", row["quality"], source=_page(row["source"], ""), **columns, **number)


_SEEN: dict[str, tuple[str, str, str]] = {}


def _pages() -> dict[str, tuple[str, str, str]]:
    """Return title, date and address by page key; a page without a title has that of the source with its address."""
    titles = {row["address"]: row["title"] for row in reversed(facts.records("sources"))}
    return {key: (title or titles.get(_address(at), ""), date, at) for key, (title, date, at) in _SEEN.items()}


PUBLISHERS = (
    "AAStocks", "ASKCI", "CCTV", "CE.cn", "CRI", "China Daily", "China Daily/eguizhou", "China News", "China News Service",
    "China Quality News", "Data Centre Magazine", "Duocai Guizhou", "Economic Daily", "Guiyang government", "Guizhou Daily",
    "Guizhou Communications Administration", "Guizhou Information Centre", "Guizhou TV", "MENAFN/Xinhua", "MIIT",
    "People's Daily", "People's Daily Online", "People.cn", "SCIO", "Science and Technology Daily", "Shujuguan",
    "Sina Finance", "Workers Daily", "Xinhua", "Xinhua Guizhou", "Xinhua/China Daily", "Guizhou Daily/Xinhua", "Yicai",
    "eguizhou", "third-news",
)  # fmt: skip
"""Publishers, as they stand at the start of page titles."""


def _publisher(title: str, address: str) -> str:
    """Return the publisher of a page: from the list of sources, else from the start of its title, else blank."""
    for row in facts.records("sources"):
        if row["address"] == _address(address):
            return row["publisher"]
    begins = [name for name in PUBLISHERS if re.match(rf"{re.escape(name)}(?=[:\s])", title)]
    return max(begins, key=len, default="")


def _address(cell: str) -> str:
    """Return the address in a cell that may name the page before it."""
    found = re.search(r"https?://\S+", cell)
    return found.group() if found else cell


def _keys(cell: str, date: str) -> str:
    """Return the keys of a source cell: one page, or several separated by `; http`."""
    return ";".join(dict.fromkeys(_page(part, date) for part in re.split(r";\s+(?=http)|\|\s+(?=http)", cell)))


def _page(cell: str, date: str) -> str:
    """Return the key of a page: its host and date, numbered if one host has several pages of a date."""
    address, _, title = (part.strip() for part in cell.partition("|"))
    host = re.sub(r"^(?:www|m)\.", "", re.sub(r"^https?://", "", address).split("/")[0].split(" ")[0]) or "press"
    host = re.sub(r"[^A-Za-z0-9.-]+", "-", host).strip("-") or "press"
    for number in range(1, 100):
        key = f"{host}-{date}" if date else host
        key += f"-{number}" if number > 1 else ""
        if key not in _SEEN or _SEEN[key][2] == address:
            _SEEN.setdefault(key, (title, date, address))
            return key
    raise LookupError(f"too many pages of {host} on {date}")
