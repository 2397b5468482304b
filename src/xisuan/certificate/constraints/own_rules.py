"""Rows of a scenario's own rules, read a second time from the tables `rules` and `rule_terms`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.dated_rows import as_number, records
from xisuan.certificate.reading.sparse_rows import Rows, Sense
from xisuan.certificate.reading.table_values import Reading
from xisuan.certificate.reading.variables import OF_OPERATION, Columns, Label

FAMILIES: dict[str, tuple[str, Sense, bool]] = {
    "own_at_most": ("<=", "<", False),
    "own_at_least": (">=", ">", False),
    "own_equal": ("=", "=", False),
    "own_at_most_hourly": ("<=", "<", True),
    "own_at_least_hourly": (">=", ">", True),
}
"""Family of rows → sense as written, sense of the rows, and True for a row of every hour."""
SOFT = ("own_at_most", "own_at_least", "own_at_most_hourly", "own_at_least_hourly")
"""Families that operation may exceed."""


@dataclass(frozen=True)
class Own:
    """An own rule: its value in each period (NaN: none) and its rows of `rule_terms`."""

    name: str
    value: Array
    terms: tuple[Mapping[str, Any], ...]

    @property
    def operates(self) -> bool:
        """True if a term names a variable of operation."""
        return any(term["variable"] in OF_OPERATION for term in self.terms)


def own_rules(reading: Reading, family: str) -> list[Own]:
    """Return the rules of a family of rows that hold in some period of the scenario."""
    sense, _, hourly = FAMILIES[family]
    table = reading.tables["rules"]
    terms = records(reading.scenario["rule_terms"])
    found = []
    for key in table.keys:
        row = table.earliest[key]
        value = table.number(key, "value").copy()
        mine = tuple(term for term in terms if term["rule"] == key[0])
        if any(term["lag"] for term in mine):
            # The variable before the first period of the scenario is unknown, so that the rule is open there.
            value[np.array(reading.clock.periods) == reading.scenario.settings.periods[0]] = np.nan
        if row["sense"] == sense and (row["by"] == "hour") == hourly:
            found.append(Own(str(key[0]), value, mine))
    return found


def own_rows(columns: Columns) -> Iterator[Rows]:
    """Yield the rows of all own rules."""
    for family in FAMILIES:
        yield _rows(columns, family, own_rules(columns.reading, family))


def own_operating_labels(columns: Columns, family: str) -> list[Label]:
    """Return the labels of the rules of a family that name a variable of operation."""
    return [(own.name,) for own in own_rules(columns.reading, family) if own.operates]


def own_operating_rows(columns: Columns) -> Iterator[Rows]:
    """Yield the rows of the own rules that name a variable of operation."""
    for family in SOFT:
        yield _rows(columns, family, [own for own in own_rules(columns.reading, family) if own.operates])


def _rows(columns: Columns, family: str, rules: list[Own]) -> Rows:
    """Return a family of rows. A row is empty and 0 in the periods in which its rule does not hold."""
    _, sense, hourly = FAMILIES[family]
    rows = Rows(columns, family, [(own.name,) for own in rules], sense, hourly=hourly)
    for i, own in enumerate(rules):
        rows.rhs[..., i] = np.nan_to_num(own.value)[:, None] if hourly else np.nan_to_num(own.value)
        for term in own.terms:
            _add(rows, i, own, term)
    return rows


def _add(rows: Rows, row: int, own: Own, term: Mapping[str, Any]) -> None:
    """Add a term of a rule to its row."""
    reading, variable = rows.columns.reading, str(term["variable"])
    number = as_number(term["coefficient"])
    factor = np.where(np.isnan(own.value), 0.0, 1.0 if np.isnan(number) else number)
    family = rows.columns[variable]
    items = [i for i, label in enumerate(family.labels) if matches(reading, variable, label, term)]
    if term["lag"]:
        # Coefficient of period u at the variable of period u − 1.
        before = np.diag(factor[1:], -1)
        rows.add_orders(variable, [row] * len(items), items, np.broadcast_to(before, (len(items), *before.shape)))
        return
    coefficient = factor[:, None]
    if family.hourly or rows.hourly:
        curve = reading.scenario.curve(term["weight"] or 1.0)
        by_hour = reading.clock.series("rule_terms", "weight", curve)
        by_hour = by_hour if rows.hourly else by_hour * reading.clock.weight
        coefficient = (factor[:, None] * by_hour)[..., None]
    rows.add(variable, [row] * len(items), items, coefficient)


PLACES = {
    "hall_phases": "site",
    **dict.fromkeys(("hold", "serve"), "region site workload path"),
    **dict.fromkeys(("stock_unserved", "unserved", "backlog"), "region workload"),
    **dict.fromkeys(("absorb", "stock_absorb"), "site workload"),
    **dict.fromkeys(("build", "build_modules", "installed", "load", "stock_load"), "site technology"),
    "kept": "site technology opened",
    **dict.fromkeys(("build_supply", "supply", "generation"), "site source"),
    **dict.fromkeys(("build_link", "capacity"), "link"),
    "link_modules": "link module",
}
"""Parts of the labels of variables; all others have a site alone."""


def matches(reading: Reading, variable: str, label: Label, term: Mapping[str, Any]) -> bool:
    """Return True if every filter of a term that is not blank fits the label of a variable."""
    parts = dict(zip(PLACES.get(variable, "site").split(), label, strict=True))
    if "site" in parts:
        for column in ("hub", "zone", "investor"):
            parts[column] = str(reading.tables["sites"].first((parts["site"],), column) or "")
    if "link" in parts:
        parts["investor"] = str(reading.tables["links"].first((parts["link"],), "investor") or "")
    if "technology" in parts:
        parts["class"] = reading.classes[parts["technology"]]
    filters = ("site", "hub", "zone", "investor", "technology", "class", "source", "link", "region", "workload")
    return all(not term[column] or parts.get(column) == term[column] for column in filters)


def asks_for_more(reading: Reading) -> bool:
    """Return True if more of some variable can help to keep an own rule, so that it may reward more than is needed."""
    return any(
        _helps(reading, own, sense) for family, (sense, _, _) in FAMILIES.items() for own in own_rules(reading, family)
    )


def _helps(reading: Reading, own: Own, sense: str) -> bool:
    """Return True if some coefficient of a rule has the sign that helps to keep it."""
    for term in own.terms:
        number = as_number(term["coefficient"])
        curve = (1.0 if np.isnan(number) else number) * reading.scenario.curve(term["weight"] or 1.0)
        if (sense != "<=" and curve.max() > 0.0) or (sense != ">=" and curve.min() < 0.0):
            return True
    return False


def largest_asked(reading: Reading) -> float:
    """Return the sum over own rules of the largest amount of a single variable that their values amount to."""
    total = 0.0
    for family in FAMILIES:
        for own in own_rules(reading, family):
            sizes = [abs(as_number(term["coefficient"])) for term in own.terms]
            least = min((1.0 if np.isnan(size) else size for size in sizes if size != 0.0), default=1.0)
            total += float(np.abs(np.nan_to_num(own.value)).max(initial=0.0)) / least
    return total
