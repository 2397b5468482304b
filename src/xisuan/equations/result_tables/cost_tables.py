"""Tables of costs by term, place and investor (`costs`) and of shadow prices (`prices`)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import CONSTRAINT, VARIABLE
from xisuan.results.plan import CAPEX_TERMS

Values = Mapping[str, Array]
Row = dict[str, object]
Key = tuple[int, str, str, str]
"""Position of the period, term, place, investor."""

NOTHING = 1e-9
"""Threshold below which a shadow price is rounding."""


def costs(a: Assembly, values: Values) -> list[Row]:
    """Return every cost by term and place; the discounted ones add up to the cost of the plan.

    `mcny` is overnight capital for capital terms, and the cost of one year otherwise.
    """
    discounted = _discounted(a, values)
    overnight = _overnight(a, values)
    return [
        {
            "period": a.given.periods[y],
            "term": term,
            "where": where,
            "investor": investor,
            "mcny": overnight.get((y, term, where, investor), money / a.given.discount[y]),
            "discounted_mcny": money,
        }
        for (y, term, where, investor), money in sorted(discounted.items())
    ]


def _discounted(a: Assembly, values: Values) -> dict[Key, float]:
    """Discounted cost of all columns and constants, by period, term, place and investor."""
    found: dict[Key, float] = {}
    for name, terms in a.terms.items():
        block = a.column(name)
        for term, cost in terms.items() if block else ():
            _collect(a, found, name, term, cost * values[name])
    for term, yearly in a.constants.items():
        for y, money in enumerate(yearly):
            found[y, term, "", ""] = found.get((y, term, "", ""), 0.0) + float(money)
    return found


def _overnight(a: Assembly, values: Values) -> dict[Key, float]:
    """Overnight capital cost of the orders, by period, term, place and investor."""
    found: dict[Key, float] = {}
    for name, price in a.capex.items():
        if a.column(name):
            term = next(term for term in a.terms[name] if term in CAPEX_TERMS)
            _collect(a, found, name, term, price * values[name])
    return found


def _collect(a: Assembly, found: dict[Key, float], name: str, term: str, money: Array) -> None:
    """Add the cost of the items of a variable to their places."""
    block = a.model.columns[name]
    total = money.sum(axis=1) if block.hourly else money
    for (y, i), amount in np.ndenumerate(total):
        if amount:
            key = (y, term, *_place(a, name, block.labels[i]))
            found[key] = found.get(key, 0.0) + float(amount)


def _place(a: Assembly, name: str, label: Label) -> tuple[str, str]:
    """Return the place of a cost (site, city, link, else region or scope of the rule) and its investor."""
    if name.startswith("excess_"):
        return label[0], ""
    dims = VARIABLE[name].dims
    if "site" in dims:
        site = label[dims.index("site")]
        return site, a.given.site_text[site]["investor"]
    if "city" in dims:
        city = label[dims.index("city")]
        return city, a.given.city_text["investor"][city]
    if "link" in dims:
        link = label[dims.index("link")]
        return link, a.given.link_investor[link]
    return label[0], ""


def prices(a: Assembly, duals: Values, reduced: Values) -> list[Row]:
    """Return shadow prices of constraints (hourly ones summed over the year) and of active bounds."""
    rows: list[Row] = []
    for name, block in a.model.rows.items():
        table = duals[name].sum(axis=1) if block.hourly else duals[name]
        rows += _priced(a, block, table, name, CONSTRAINT[name].unit)
    for name, block in a.model.columns.items():
        if not block.hourly and name in VARIABLE and not (a.fixed and name in a.fixed):
            bounded = (np.isfinite(block.upper) & (reduced[name] < 0)) | ((block.lower > 0) & (reduced[name] > 0))
            rows += _priced(a, block, np.where(bounded, reduced[name], 0.0), f"bound on {name}", VARIABLE[name].unit)
    return rows


def _priced(a: Assembly, block: Block, table: Array, name: str, unit: str) -> list[Row]:
    """Return a row for each price that is not rounding."""
    return [
        {
            "period": a.given.periods[y],
            "constraint": name,
            "item": "/".join(block.labels[i]),
            "value": value,
            "unit": unit,
        }
        for (y, i), value in np.ndenumerate(table)
        if abs(value) > NOTHING
    ]
