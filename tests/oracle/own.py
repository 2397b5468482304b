"""Own rules: tables.md `rules` and `rule_terms`, formulas.md own_at_most to own_at_least_hourly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tests.oracle.folder import Row, number, optional
from tests.oracle.program import Key, Sum, add

if TYPE_CHECKING:
    from tests.oracle.model import Model

Array = NDArray[np.float64]
SITE, LINK = ("site",), ("link",)
NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("build_hall", "hall_phases", "retrofit", "build_energy", "open", "opened", "hall"), SITE),
    **dict.fromkeys(("retrofitted", "energy", "contract"), SITE),
    **dict.fromkeys(("build", "build_modules", "installed", "stock_load", "load"), ("site", "technology")),
    "kept": ("site", "technology", "row"),
    **dict.fromkeys(("build_link", "capacity"), LINK),
    "link_modules": ("link", "module"),
    **dict.fromkeys(("build_supply", "supply", "generation"), ("site", "source")),
    **dict.fromkeys(("hold", "serve"), ("region", "site", "workload", "path")),
    **dict.fromkeys(("stock_absorb", "absorb"), ("site", "workload")),
    **dict.fromkeys(("stock_unserved", "backlog", "unserved"), ("region", "workload")),
    **dict.fromkeys(("it", "it_retrofitted", "grid", "charge", "discharge", "stored"), SITE),
}
"""What the key of a variable names, besides the period and the hour (formulas.md, Variables)."""
HOURLY = ("serve", "absorb", "load", "backlog", "unserved", "it", "it_retrofitted", "grid", "generation", "charge",
          "discharge", "stored")  # fmt: skip
FILTERS = ("site", "hub", "zone", "investor", "technology", "class", "source", "link", "region", "workload")


def build(m: Model) -> None:
    """State every own rule in every period in which it has a value."""
    for (name,) in m.folder.dated["rules"].keys():  # noqa: SIM118 (not a mapping)
        terms = [row for row in m.folder.rows.get("rule_terms", []) if row["rule"] == name]
        for y in m.clock.periods:
            row = m.folder.at("rules", y, name)
            value = None if row is None else optional(row, "value")
            lagged = any(number(term, "lag") for term in terms)
            if row is not None and value is not None and not (lagged and y == m.clock.periods[0]):
                _state(m, row, terms, y, value)


def _state(m: Model, rule: Row, terms: list[Row], y: int, value: float) -> None:
    """Add the row of a rule in a period, or one for each of its hours."""
    by_hour = rule.get("by") == "hour"
    rows: list[Sum] = [{} for _ in range(m.clock.count if by_hour else 1)]
    for term in terms:
        factor = number(term, "coefficient", 1.0)
        weight = _weight(m, term)
        period = m.clock.periods[m.clock.periods.index(y) - 1] if number(term, "lag") else y
        for key in _keys(m, term, period):
            column = m.program.columns[key]
            if term["variable"] not in HOURLY:
                for t, row in enumerate(rows):
                    add(row, column, factor * (weight[t] if by_hour else 1.0))
                continue
            t = int(str(key[-1]))
            add(rows[t if by_hour else 0], column, factor * weight[t] * (1.0 if by_hour else m.clock.weight[t]))
    for row in rows:
        if rule["sense"] == "=":
            m.program.row(row, lower=value, upper=value)
        else:
            least = rule["sense"] == ">="
            m.program.row(row, lower=value if least else -math.inf, upper=math.inf if least else value)


def _weight(m: Model, term: Row) -> Array:
    """Return the weight of a term in each modelled hour, as its profile is there."""
    name = term.get("weight", "")
    if not name:
        return np.ones(m.clock.count)
    curve = m.clock.curves[name]
    return np.full(m.clock.count, curve.mean()) if m.clock.is_mean else curve[m.clock.at]


def _keys(m: Model, term: Row, y: int) -> Iterator[Key]:
    """Yield the keys of a term's variable in a period that all its filters fit."""
    variable = term["variable"]
    parts = NAMES[variable]
    for key in m.program.columns:
        if key[0] != variable or key[1 + len(parts)] != y:
            continue
        known = dict(zip(parts, map(str, key[1:]), strict=False))
        if all(not term.get(name) or _said(m, known, name) == term[name] for name in FILTERS):
            yield key


def _said(m: Model, known: dict[str, str], name: str) -> str:
    """Return what a filter compares."""
    if name in known:
        return known[name]
    if name == "class":
        return m.class_of(known["technology"])
    table = "links" if "link" in known else "sites"
    return m.folder.dated[table].first(known["link" if table == "links" else "site"]).get(name, "")
