"""Obstacles to the dates of cities: missing budget, or limits that no budget can lift.

Halls and compute may use the same budgets. Dates that access alone cannot pay for are infeasible for the whole plan
too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gnomon import find_vertex, flatten
from xisuan.equations.build_model import assemble_access
from xisuan.errors import InfeasibleError, no_plan
from xisuan.planning.access import single_city
from xisuan.planning.access.single_city import LATER, NEAR, OPENINGS, City, Requirement, every_city
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import COUNTED_IN, GIGABIT
from xisuan.scenario.schema.column_types import described
from xisuan.text.translation import Language, unfilled
from xisuan.text.translation import message as _

DECIMALS = 3
"""Decimals of amounts in million CNY."""


def budget_error(scenario: Scenario) -> InfeasibleError | None:
    """Return the error that states how much the budgets lack for all dates and floors of access; None if they suffice.

    The total increase is minimal: with less, in any split over budgets and years, no plan exists. With the limits
    stated, a plan of access alone exists.
    """
    assembly = assemble_access(single_city.access_only(scenario), budgets=True)
    flat, block = flatten(assembly.model), assembly.model.rows.get("budget")
    if block is None:
        return None
    rows = flat.part(np.arange(len(flat.row_upper)), block, rows=True)
    limits = flat.part(flat.row_upper, block, rows=True)
    held = list(zip(*np.nonzero(np.isfinite(limits)), strict=True))
    # Elastic relaxation: one increase per finite budget limit, with the least sum.
    extra = np.zeros((len(flat.row_upper), len(held)))
    for k, at in enumerate(held):
        extra[rows[at], k] = -1.0
    found = find_vertex(single_city.with_columns(flat, extra, lower=0.0, cost=1.0))
    if found is None:  # infeasible at any budget
        return None
    more = found[len(flat.cost) :]
    if more.sum() <= NEAR * max(1.0, sum(float(limits[at]) for at in held)):
        return None
    lacking = {
        (y, block.labels[i][0]): (limits[y, i], amount)
        for (y, i), amount in zip(held, more, strict=True)
        if amount > 10.0**-DECIMALS / 2
    }
    said = [
        _(
            "budgets, {year}/{scope}, limit_mcny: at most {limit}, and {needed} is needed · {loosen}",
            year=scenario.settings.periods[y],
            scope=scope,
            limit=_number(limit),
            needed=_number(limit + amount, up=True),
            loosen=_loosen(scenario, y, scope),
        )
        for (y, scope), (limit, amount) in lacking.items()
    ]
    if not said:  # below the precision of messages: the IIS search explains it
        return None
    scopes = {scope for _y, scope in lacking}
    if len(scopes) > 1:  # an order may use several budgets, so the sum is not an amount of money
        said_first = _("Several budgets lack money for the dates of cities; one way to give it:")
        return InfeasibleError(no_plan(said_first), said)
    said_first = _(
        "The budget {scope} lacks {amount} million CNY or more for the dates of cities; one way to give it:",
        scope=scopes.pop(),
        amount=_number(more.sum()),
    )
    return InfeasibleError(no_plan(said_first), said)


def _loosen(scenario: Scenario, y: int, scope: str) -> str:
    """Return the advice for raising a limit in one period alone.

    A row holds until the next one, so a single year needs its own row and one for the next year.
    """
    given, periods = scenario["budgets"], scenario.settings.periods
    mine = set(given.loc[given["scope"] == scope, "period"].dropna().astype(int))
    by_itself = periods[y] in mine and (y + 1 == len(periods) or periods[y + 1] in mine)
    if by_itself:
        return _("raise it, or set later deadlines in city_targets")
    return _("give that year and the next a row of their own, or set later deadlines in city_targets")


def _number(mcny: float, up: bool = False) -> str:
    """Return an amount in million CNY as text with three decimals, rounded up or down so that the statement stays true.

    It is first rounded to whole CNY, so that rounding error of the solver changes nothing.
    """
    scale = 10.0**DECIMALS
    text = f"{(math.ceil if up else math.floor)(round(mcny * scale, DECIMALS)) / scale:,.{DECIMALS}f}"
    return text.rstrip("0").rstrip(".")


def impossible_dates(scenario: Scenario) -> tuple[str, ...]:
    """Return the reasons why cities cannot meet their dates at any budget; empty where every city can."""
    said: list[str] = []
    for city in every_city(scenario):
        name = _title(scenario, city.name)
        short = [sentence for ask in city.requirements if (sentence := _short(name, city, ask))]
        if not short and not city.is_feasible():
            first = min(ask.first for ask in city.requirements)
            crews, other = _("crews allow one or the other"), _("what raises one lowers another")
            why = crews if city.is_feasible(crews=False) else other
            source = unfilled("{name} cannot reach all its indicators together by {year}: {why} · {loosen}")
            short = [_(source, name=name, year=first, why=why, loosen=LATER)]
        said += short
    return tuple(said)


@dataclass(frozen=True, slots=True)
class _Name:
    """Name of a city for messages: English with Chinese in brackets, Chinese, or the one it has."""

    title: str
    title_zh: str

    def in_language(self, language: Language) -> str:
        """Return the name in `language`."""
        if language == "zh":
            return self.title_zh or self.title
        both = self.title and self.title_zh and self.title != self.title_zh
        return f"{self.title} ({self.title_zh})" if both else self.title or self.title_zh

    def __str__(self) -> str:
        return self.in_language("en")


def _title(scenario: Scenario, city: str) -> _Name:
    """Return the name of a city for messages."""
    rows = scenario["cities"]
    mine = rows[rows["city"] == city]
    title, title_zh = (next((str(name) for name in mine[column] if name), "") for column in ("title", "title_zh"))
    return _Name(title, title_zh) if title or title_zh else _Name(city, city)


def _short(name: _Name, city: City, ask: Requirement) -> str:
    """Return the reason why one indicator cannot be reached by the date; empty where it can."""
    near = NEAR * ask.ratio * ask.whole
    added = city.most_added(ask)
    if added >= ask.missing - near:
        return ""
    one = ask.one
    percent = _("{value:g} % {indicator}", value=ask.value, indicator=one.title)
    number = _("{value:g} {indicator}", value=ask.value, indicator=one.title)
    unit = described(COUNTED_IN[one.numerator])
    values = {
        "name": name,
        "what": percent if one.unit == "%" else number,
        "year": ask.first,
        "unit": unit,
        "later": LATER,
    }
    if not city.can_add(ask):
        return _(
            "{name} cannot reach {what} by {year}: {missing} {unit} are missing, and no measure adds to them in time · "
            "offer one with {column}_per_unit that is in use by then, or {later}",
            missing=_amount(ask.missing),
            column=one.numerator,
            **values,
        )
    crews = city.most_added(ask, crews=False) > added + near
    source = (
        unfilled(
            "{name} cannot reach {what} by {year}: crews allow {some} of {missing} {unit} · "
            "raise crew_days_year in cities, or {later}"
        )
        if crews
        else unfilled(
            "{name} cannot reach {what} by {year}: the pace of the measures allows {some} of {missing} {unit} · "
            "raise pace_units_year in measures, or {later}"
        )
    )
    return _(source, some=_amount(max(added, 0.0)), missing=_amount(ask.missing), **values)


def _amount(number: float) -> str:
    """Return a number with three significant digits, or whole from 100 on."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def openings(scenario: Scenario) -> pd.DataFrame:
    """Return the least opening value with which each city meets its date, for each of its indicators. Columns
    `OPENINGS`.

    All other indicators keep their opening values and are met too; NaN where that is impossible. Floors under single
    indicators are not part of a date and are left out. `opening` and `needed` are in the indicator's `unit`; 0 means
    any opening suffices.
    """
    dates = scenario["city_targets"]
    dated = replace(scenario, tables={**scenario.tables, "city_targets": dates[dates["indicator"] == GIGABIT]})
    rows: list[dict[str, object]] = []
    for city in every_city(dated):
        first: dict[str, Requirement] = {}
        for ask in city.requirements:
            first.setdefault(ask.one.name, ask)
        for ask in first.values():
            scale = ask.one.scale / ask.whole
            needed = np.maximum(city.lowest(ask) * scale, 0.0)
            values = (city.name, ask.one.name, ask.first, ask.opening * scale, needed, ask.one.unit)
            rows.append(dict(zip(OPENINGS, values, strict=True)))
    return pd.DataFrame(rows, columns=list(OPENINGS))
