"""Obstacles to the dates of cities: missing budget, or limits that no budget can lift.

Halls and compute may use the same budgets. Dates that access alone cannot pay for are infeasible for the whole plan
too.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from gnomon.highs import warm_simplex
from gnomon.model.linear_program import flatten
from xisuan.equations.build_model import assemble_access
from xisuan.errors import InfeasibleError
from xisuan.planning.access import single_city
from xisuan.planning.access.single_city import LATER, NEAR, OPENINGS, City, Requirement, every_city
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import COUNTED_IN, GIGABIT

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
    found = warm_simplex.vertex(single_city.with_columns(flat, extra, lower=0.0, cost=1.0))
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
        f"budgets, {scenario.settings.periods[y]}/{scope}, limit_mcny: at most {_number(limit)}, and"
        f" {_number(limit + amount, up=True)} is needed · {_loosen(scenario, y, scope)}"
        for (y, scope), (limit, amount) in lacking.items()
    ]
    if not said:  # below the precision of messages: the IIS search explains it
        return None
    scopes = {scope for _, scope in lacking}
    if len(scopes) > 1:  # an order may use several budgets, so the sum is not an amount of money
        return InfeasibleError(
            "No plan satisfies the scenario. Several budgets lack money for the dates of cities; one way to give it:",
            said,
        )
    return InfeasibleError(
        f"No plan satisfies the scenario. The budget {scopes.pop()} lacks {_number(more.sum())} million CNY or more for the"
        " dates of cities; one way to give it:",
        said,
    )


def _loosen(scenario: Scenario, y: int, scope: str) -> str:
    """Return the advice for raising a limit in one period alone.

    A row holds until the next one, so a single year needs its own row and one for the next year.
    """
    given, periods = scenario["budgets"], scenario.settings.periods
    mine = set(given.loc[given["scope"] == scope, "period"].dropna().astype(int))
    by_itself = periods[y] in mine and (y + 1 == len(periods) or periods[y + 1] in mine)
    if by_itself:
        return "raise it, or set later deadlines in city_targets"
    return "give that year and the next a row of their own, or set later deadlines in city_targets"


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
            why = "crews allow one or the other" if city.is_feasible(crews=False) else "what raises one lowers another"
            short = [f"{name} cannot reach all its indicators together by {first}: {why} · {LATER}"]
        said += short
    return tuple(said)


def _title(scenario: Scenario, city: str) -> str:
    """Return the name of a city for messages: English with Chinese in brackets, or the one it has."""
    rows = scenario["cities"]
    mine = rows[rows["city"] == city]
    title, chinese = (next((str(name) for name in mine[column] if name), "") for column in ("title", "title_zh"))
    return f"{title} ({chinese})" if title and chinese and title != chinese else title or chinese or city


def _short(name: str, city: City, ask: Requirement) -> str:
    """Return the reason why one indicator cannot be reached by the date; empty where it can."""
    near = NEAR * ask.ratio * ask.whole
    added = city.most_added(ask)
    if added >= ask.missing - near:
        return ""
    one = ask.one
    what = f"{ask.value:g} {'% ' if one.unit == '%' else ''}{one.title}"
    if not city.can_add(ask):
        lacks = f"{_amount(ask.missing)} {COUNTED_IN[one.numerator]} are missing"
        loosen = f"offer one with {one.numerator}_per_unit that is in use by then, or {LATER}"
        return f"{name} cannot reach {what} by {ask.first}: {lacks}, and no measure adds to them in time · {loosen}"
    crews = city.most_added(ask, crews=False) > added + near
    why = "crews allow" if crews else "the pace of the measures allows"
    counts = f"{_amount(max(added, 0.0))} of {_amount(ask.missing)} {COUNTED_IN[one.numerator]}"
    loosen = f"raise {'crew_days_year in cities' if crews else 'pace_units_year in measures'}, or {LATER}"
    return f"{name} cannot reach {what} by {ask.first}: {why} {counts} · {loosen}"


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
