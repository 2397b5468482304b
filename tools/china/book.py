"""Book in which the modules collect rows of tables, their sources, and the range of every estimate."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tools.china import facts

Value = float | int | str | None
Keep = Callable[[str], Sequence[int]]
"""Table → positions of the rows to write."""

_COLUMNS = {
    "regions": "region title title_zh lat lon population gdp_mcny node hub",
    "nodes": "node title title_zh lat lon",
    "sites": (
        "site title title_zh kind hub lat lon node zone it_limit_mw pue capex_factor fixed_cost_mcny "
        "investor water_l_per_kwh"
    ),
    "halls": (
        "site existing_mw capex_mcny_per_mw opex_mcny_per_mw_year life_years phase_mw limit_mw lead_years "
        "retrofit_capex_mcny_per_mw retrofit_pue"
    ),
    "technologies": (
        "technology period title title_zh class unit precision eflops_per_unit mw_per_unit idle_share "
        "attainable_utilisation fp32_per_unit capex_mcny_per_unit opex_mcny_per_unit_year life_years "
        "lead_years module_units machine_units available_from available_until embodied_t_per_unit kind"
    ),
    "fleet": "site technology opened units retires may_retire",
    "limits": "site technology period max_build_units",
    "workloads": (
        "workload title title_zh class latency_ms defer_hours gbps_per_unit return_gbps_per_unit "
        "unserved_mcny_per_unit_hour sweep_unserved_mcny_per_unit_hour"
    ),
    "demand": "region workload period units profile",
    "links": (
        "link period from to length_km capacity_gbps min_gbps limit_gbps capex_mcny_per_gbps life_years lead_years "
        "cost_mcny_per_gbps_hour investor"
    ),
    "traffic": "from to period gbps profile routing",
    "power": (
        "zone period price contract_price_cny_per_kwh demand_charge_cny_per_kw_month co2_kg_per_kwh grid_limit_mw "
        "green_premium_cny_per_kwh green_profile"
    ),
    "supply": (
        "site source capex_mcny_per_mw capex_mcny_per_mwh opex_mcny_per_mw_year life_years lead_years "
        "existing_mw limit_mw limit_mwh efficiency cost_mcny_per_mwh profile"
    ),
    "profile_rules": "profile months hours value",
    "budgets": "period scope limit_mcny",
    "contingencies": "contingency site link share_lost hours workloads extra_latency_ms",
    "policies": "rule scope period value applies",
    "actuals": "quantity place period date kind value unit bound low high scope scope_zh why why_zh",
    "payers": "scope investor party share residual_payer",
    "levers": "lever low_percent high_percent how how_zh",
    "members": (
        "member title title_zh probability western_power_price eastern_demand intelligent_demand budgets detour "
        "population_demand how how_zh"
    ),
    "indicators": "indicator title title_zh unit kind part_of chain beside counts",
    "observations": (
        "indicator region period_start period_end basis value unit growth_pct growth_to share_pct share_of rank bound "
        "status scope price_base published tier source"
    ),
    "targets": "indicator region deadline period_start value unit bound scope published tier source",
    "drivers": "indicator variable kind region low high unit how how_zh source",
    "cities": "city period title title_zh lat lon area_km2 investor zone crew_days_year",
    "city_state": (
        "city population urban_households homes_gigabit pon_ports pon10g_ports key_places key_places_5g g5_stations "
        "fixed_users users_500m mobile_users g5_users named_under"
    ),
    "measures": (
        "measure city period title title_zh unit kind capex_cny_per_unit opex_cny_per_unit_year life_years "
        "pace_units_year crew_days_per_unit power_kw_per_unit pon10g_ports_per_unit pon_ports_per_unit "
        "homes_gigabit_per_unit key_places_5g_per_unit g5_stations_per_unit users_500m_per_unit g5_users_per_unit "
        "takeup_first takeup_rate"
    ),
    "standard": "indicator period version version_zh threshold op",
    "city_targets": "city indicator deadline value",
    "estimates": "table key column low high how how_zh",
    "sources": "source title title_zh publisher publisher_zh date address",
}
HEADERS = {name: tuple(columns.split()) for name, columns in _COLUMNS.items()}
"""Columns of each table in the order they are written; the annotation columns follow."""

WHERE_GIVEN = ("green_profile",)
"""Columns that a table has only where some row gives them."""

TWINS = {
    "actuals": ("scope",), "drivers": ("how",), "estimates": ("how",), "levers": ("how",),
    "members": ("title", "how"), "sources": ("title", "publisher"),
}  # fmt: skip
"""Table → text columns whose Chinese is in the column of the same name with _zh, from words_zh.csv."""

KEYS = {
    "regions": ("region",),
    "sites": ("site",),
    "halls": ("site",),
    "technologies": ("technology",),
    "fleet": ("site", "technology", "opened"),
    "limits": ("site", "technology"),
    "workloads": ("workload",),
    "demand": ("region", "workload", "period"),
    "links": ("link",),
    "traffic": ("from", "to"),
    "power": ("zone",),
    "supply": ("site", "source"),
    "budgets": ("period", "scope"),
    "policies": ("rule", "scope", "period"),
    "payers": ("scope", "investor"),
    "cities": ("city",),
    "city_state": ("city",),
    "measures": ("measure", "city"),
    "standard": ("indicator", "period"),
    "city_targets": ("city", "indicator"),
}
"""Key columns of the tables that hold estimates."""

SHARES = ("idle_share", "attainable_utilisation")
"""Columns that are at most 1, as are their ranges."""

OWN = "xisuan"
"""Source key of judgements made for this scenario."""


def text(value: Value) -> str:
    """Return a cell: numbers with at most six significant digits and no exponent, an empty text for None."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int):
        return str(value)
    short = f"{value:.6g}"
    plain = f"{float(short):.12f}" if "e" in short else short
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


PLACE = ("lat", "lon")
"""Columns written with all digits of the facts."""


def _cell(row: dict[str, Value], column: str, key: str) -> str:
    value = row.get(key)
    return f"{value:.10g}" if column in PLACE and isinstance(value, float) else text(value)


@cache
def _words() -> dict[str, str]:
    return {row["text"]: row["zh"] for row in facts.records("words_zh")}


def chinese(sentence: str) -> str:
    """Return the Chinese of a sentence. Raises LookupError if words_zh.csv lacks it."""
    if sentence and sentence not in _words():
        raise LookupError(f"words_zh.csv lacks: {sentence}")
    return _words().get(sentence, "")


@dataclass
class Book:
    """Rows collected by table, to be written once; `own` is the source of the project's judgements."""

    own: str = OWN
    rows: dict[str, list[dict[str, Value]]] = field(default_factory=lambda: {name: [] for name in HEADERS})

    def add(self, table: str, source: str, quality: str, note: str = "", /, **values: Value) -> None:
        """Add one row of `table` with its annotations. Raises KeyError for an unknown column."""
        unknown = set(values) - set(HEADERS[table])
        if unknown:
            raise KeyError(f"{table} has no column {sorted(unknown)}")
        for column in TWINS.get(table, ()):
            values[f"{column}_zh"] = chinese(text(values.get(column)))
        self.rows[table].append({**values, "cited": source, "quality": quality, "note": note})

    def estimate(self, table: str, key: str, column: str, low: float, high: float, how: str) -> None:
        """Add the plausible range of an estimated value and its basis; a part of `key` may be *."""
        self.add("estimates", self.own, "estimate", table=table, key=key, column=column, low=low, high=high, how=how)

    def spread(self, table: str, column: str, low: float, high: float, how: str, /, **where: Value) -> None:
        """Add an estimate for each key of `table` whose rows equal `where`: the value times `low` and times `high`.

        If a key has rows of several periods, the range covers them all; the range of a share ends at 1.
        """
        ranges: dict[str, tuple[float, float]] = {}
        whole = 1.0 if column in SHARES else float("inf")
        for row in self.rows[table]:
            value = row.get(column)
            if isinstance(value, str) or not value or any(row.get(name) != want for name, want in where.items()):
                continue
            key = "/".join(text(row.get(name)) for name in KEYS[table]).rstrip("/")  # a row without period
            least, most = ranges.get(key, (float("inf"), 0.0))
            ranges[key] = min(least, value * low), max(most, min(value * high, whole))
        for key, (least, most) in ranges.items():
            self.estimate(table, key, column, least, most, how)

    def cited(self) -> set[str]:
        """Return the keys of all sources that rows cite."""
        return {key for rows in self.rows.values() for row in rows for key in text(row["cited"]).split(";") if key}

    def write(self, folder: Path, keep: Keep | None = None) -> None:
        """Write the tables as folder/NAME.csv, deterministically; a table without rows has no file.

        `keep` returns the positions of the rows of a table to write; without it all are written.
        """
        for name in HEADERS:
            columns, lines = self.lines(name)
            chosen = [lines[at] for at in keep(name)] if keep else lines
            if chosen:
                write_csv(folder / f"{name}.csv", columns, chosen)

    def lines(self, name: str) -> tuple[list[str], list[list[str]]]:
        """Return header and rows of a table as text."""
        own = dict.fromkeys(("sources", "observations", "targets", "drivers"))
        annotation = {"supply": "reference", **own}.get(name, "source")
        given = {column for row in self.rows[name] for column in WHERE_GIVEN if row.get(column)}
        columns = {column: column for column in HEADERS[name] if column not in WHERE_GIVEN or column in given}
        if annotation:
            columns[annotation] = "cited"
        columns |= {"quality": "quality", "note": "note"}
        return list(columns), [[_cell(row, column, key) for column, key in columns.items()] for row in self.rows[name]]


def write_csv(path: Path, header: list[str], lines: list[list[str]]) -> None:
    """Write a CSV file in UTF-8 with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
