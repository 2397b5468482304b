"""Tables of what is published about a province: targets, observations, gigabit cities, and their sources."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from importlib import resources
from urllib.parse import urlsplit

import pandas as pd

from xisuan.scenario.variants.provinces.province_list import Province, published

Row = dict[str, object]

INDICATORS = {
    "compute_capacity": ("Computing capacity", "算力规模", "EFLOPS", ""),
    "intelligent_compute_capacity": ("Intelligent computing capacity", "智能算力规模", "EFLOPS", "compute_capacity"),
    "general_compute_capacity": ("General-purpose computing capacity", "通用算力规模", "EFLOPS", "compute_capacity"),
    "racks": ("Racks", "机架数", "1", ""),
    "g5_bs_per_10k": ("5G base stations per 10,000 residents", "每万人拥有5G基站数", "per_10k", ""),
    "g5_user_share": ("5G users in mobile users", "5G用户普及率", "pct", ""),
    "pon10g_port_share": ("10G PON ports in broadband ports", "10G PON端口占比", "pct", ""),
    "mbps500_user_share": ("Users of 500 Mbps and more in broadband users", "500M及以上用户占比", "pct", ""),
}
"""Indicator → title, title in Chinese, unit, and the whole of which it is a part, as in the catalogue of bulletins."""
PLANNED = {
    "compute_capacity": ("eflops_fp16", "EFLOPS per EFLOPS", "precision not stated; the figures read like FP16",
                         "未说明精度，从数值看为FP16"),
    "racks": ("racks", "racks per rack", "standard racks of 2.5 kW", "2.5 kW标准机架"),
}  # fmt: skip
"""Indicator → variable of a plan that counts the same, unit, and the reason in English and Chinese."""
QUANTITIES = {
    "compute_capacity": ("compute_eflops", "EFLOPS"),
    "intelligent_compute_capacity": ("compute_fp16_eflops", "EFLOPS"),
    "general_compute_capacity": ("compute_fp32_eflops", "EFLOPS FP32"),
    "racks": ("racks", "standard racks"),
}
"""Indicator of a level → quantity of `actuals` and its unit; the other indicators are ratios of access."""
NAMED: dict[str, str | float] = {
    "quantity": "gigabit_city",
    "kind": "actual",
    "value": 1.0,
    "unit": "0 or 1",
    "bound": "exact",
}
"""Columns of `actuals` that say that a place has been named a gigabit city."""
SHOWN_TITLE = 120
"""Characters of the title of a source."""


def frames(province: Province, focus: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return the tables; a table without rows is left out.

    focus: names of the place that the report is about, its site first: the plan is compared with figures on the first
    of them that has any.
    """
    claims = published("claims", province)
    observed = {row["place"] for row in claims if row["status"] == "actual" and row["indicator"] in QUANTITIES}
    cities = published("gigabit", province)
    out: dict[str, list[Row]] = {
        "indicators": [_indicator(name) for name in INDICATORS if claims],
        "observations": [_observation(row) for row in claims if row["status"] == "actual"],
        "targets": [_target(row) for row in claims if row["status"] == "target" and row["place"] in observed],
        "drivers": _drivers(claims, [_key(name) for name in focus]),
        "actuals": [
            *map(_gigabit, cities),
            *(_aim(row) for row in claims if row["status"] == "target" and row["place"] not in observed),
        ],
    }
    rows = [(row["source"], row.get("published", "")) for row in (*claims, *cities)]
    cited: dict[str, Row] = {}
    for text, day in rows:
        cited.setdefault(_source(text), _source_row(text, day))
    out["sources"] = list(cited.values())
    return {table: pd.DataFrame(found) for table, found in out.items() if found}


def shared(folder: str) -> dict[str, pd.DataFrame]:
    """Return the tables in a folder of this package; none if there is no such folder.

    `national`: gigabit access as it holds for every province; `known/CODE`: what is published of one province.
    """
    place = resources.files(__package__).joinpath(folder)
    files = sorted(place.iterdir(), key=lambda file: file.name) if place.is_dir() else []
    return {file.name.removesuffix(".csv"): pd.read_csv(io.StringIO(file.read_text("utf-8"))) for file in files}


def _key(place: str) -> str:
    """Return the key of a place: lower case, parts joined by _."""
    return re.sub("[^a-z]+", "_", place.lower()).strip("_")


def _source(text: str) -> str:
    """Return the key of a source: site and last part of its address."""
    parts = urlsplit(re.split(r" \| |;", text, maxsplit=1)[0])
    page = re.sub("[^0-9A-Za-z]+", "-", parts.path.rstrip("/").rpartition("/")[2] + parts.query).strip("-")
    return "-".join(filter(None, (parts.netloc.removeprefix("www."), page[-24:].strip("-"))))


def _source_row(text: str, day: str) -> Row:
    """Return the row of a source."""
    address, _, title = text.partition(" | ")
    title = (title or urlsplit(address).netloc)[:SHOWN_TITLE]
    return {"source": _source(text), "title": title, "title_zh": title, "date": day, "address": address,
            "quality": "published"}  # fmt: skip


def _indicator(name: str) -> Row:
    title, title_zh, unit, whole = INDICATORS[name]
    kind = "stock" if name in QUANTITIES else "ratio"
    return {"indicator": name, "title": title, "title_zh": title_zh, "unit": unit, "kind": kind, "part_of": whole}


def _observation(row: dict[str, str]) -> Row:
    return _figure(row) | {"period_end": row["day"], "basis": "point", "status": "actual"}


def _target(row: dict[str, str]) -> Row:
    return _figure(row) | {"deadline": row["day"]}


def _aim(row: dict[str, str]) -> Row:
    """Return a target of a place without observations, which cannot be followed, as a row for comparison."""
    quantity, unit = QUANTITIES[row["indicator"]]
    return {"quantity": quantity, "place": row["place"], "period": float(row["day"][:4]), "kind": "target",
            "value": float(row["value"]), "unit": unit, "bound": "at least" if row["bound"] else "exact",
            "source": _source(row["source"]), "quality": "published", "note": row["note"]}  # fmt: skip


def _figure(row: dict[str, str]) -> Row:
    """Return the columns that observations and targets share."""
    return {
        "indicator": row["indicator"], "region": _key(row["place"]), "value": float(row["value"]), "unit": row["unit"],
        "bound": row["bound"], "precision": row["precision"], "published": row["published"],
        "source": _source(row["source"]), "quality": "published", "note": row["note"],
    }  # fmt: skip


def _drivers(claims: list[dict[str, str]], focus: list[str]) -> list[Row]:
    """Return the indicators that the plan counts at the reported place."""
    known = {_key(row["place"]) for row in claims}
    region = next((name for name in focus if name in known), None)
    indicators = dict.fromkeys(row["indicator"] for row in claims if _key(row["place"]) == region)
    return [
        {"indicator": name, "variable": variable, "kind": "identity", "region": region, "low": 1.0, "high": 1.0,
         "unit": unit, "how": how, "how_zh": how_zh, "quality": "derived"}
        for name in indicators if name in PLANNED
        for variable, unit, how, how_zh in [PLANNED[name]]
    ]  # fmt: skip


def _gigabit(row: dict[str, str]) -> Row:
    """Return the row of a city that was named a gigabit city."""
    return {
        "place": _key(row["city"]), "period": float(row["year"]), **NAMED, "source": _source(row["source"]),
        "quality": "published", "note": "named by the list of the year",
    }  # fmt: skip
