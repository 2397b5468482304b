"""Whether each city makes its date: how far it can get, from what opening it would, and in what share of draws.

Every city is looked at by itself, with its own crews and paces and all the money it asks for: what it cannot do then it
can do in no plan. The draws keep the budgets, which cities share, and ask for most residents in gigabit cities.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from xisuan.equations import cities, gigabit
from xisuan.equations.assemble import assemble_access
from xisuan.equations.assembly import Assembly
from xisuan.planning.goals import outside
from xisuan.progress import Report, tell
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.standard import Threshold
from xisuan.scenario.tables import BY_NAME, key_part
from xisuan.scenario.tables_access import COUNTED_IN, INDICATORS
from xisuan.solver import highs
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.highs import How

COUNT = 200
"""Draws that the share of those in which a city makes its date is of."""
DRAWN = ("cities", "city_state", "measures", "standard", "budgets")
"""Tables whose estimates are drawn."""
NEAR = 1e-6
"""Share of what is asked that is a solver's arithmetic."""
OPENINGS = ("city", "indicator", "deadline", "opening", "needed", "unit")
MONEY = ("period", "more_mcny", "resident_years", "saved_mcny")
DATES = ("city", "deadline", "made", "draws", "share", "binding")


# --- one city by itself ----------------------------------------------------------------------------------------------


def alone(scenario: Scenario, city: str) -> Scenario:
    """The scenario with one city, and without budgets."""
    kept = {name: scenario[name].loc[scenario[name]["city"] == city] for name in ("cities", "city_state")}
    measures = scenario["measures"]
    kept["measures"] = measures[measures["city"].isin(["all", city])]
    kept["budgets"] = scenario["budgets"].iloc[:0]
    tables = {name: frame.reset_index(drop=True) for name, frame in kept.items()}
    return replace(scenario, tables={**scenario.tables, **tables})


@dataclass(frozen=True)
class _City:
    """The access of one city: its model, and the periods in which it must be a gigabit city and is not named yet."""

    name: str
    assembly: Assembly
    flat: Flat
    due: tuple[int, ...]

    @classmethod
    def of(cls, scenario: Scenario, city: str) -> _City:
        assembly = assemble_access(alone(scenario, city))
        given = assembly.given
        open_ = cities.due(given, [(city,)])[:, 0] & ~cities.named(given, [(city,)])[:, 0]
        return cls(city, assembly, flatten(assembly.model), tuple(int(y) for y in np.flatnonzero(open_)))

    @property
    def first(self) -> int:
        """The first year at whose end it must be one."""
        given = self.assembly.given
        return int(given.periods[self.due[0]] + given.years[self.due[0]] - 1)

    def asked(self) -> Iterator[Threshold]:
        """What is asked of it at its date."""
        yield from cities.mandatory(self.assembly.given, self.due[0])

    def opening(self, one: Threshold) -> tuple[float, float]:
        """Numerator and denominator at its date if nothing is built."""
        labels = [(self.name, one.indicator.numerator), (self.name, one.indicator.denominator)]
        numerator, denominator = cities.opening(self.assembly.given, labels)[self.due[0]]
        return float(numerator), float(denominator)

    def slack(self, one: Threshold, *, others: bool, crews: bool = True) -> float:
        """The most by which numerator − ratio × denominator can exceed 0 in all periods due; −inf if nothing can be.

        `others`: while all other indicators are reached too. `crews`: whether crews limit what is built.
        """
        flat, row = self.flat, self.assembly.model.rows["gigabit_reached"]
        item = row.position[self.name, one.indicator.name]
        mine = {flat.place(row, y, 0, item) for y in range(flat.model.periods)}
        lower, upper = flat.row_lower.copy(), flat.row_upper.copy()
        for label in row.labels:
            at = [flat.place(row, y, 0, row.position[label]) for y in range(flat.model.periods)]
            lower[[i for i in at if not others or i in mine]] = -np.inf
        due = [flat.place(row, y, 0, item) for y in self.due]
        lower[due] = flat.row_lower[due]
        limit = self.assembly.model.rows.get("deploy_within_crews")
        if limit is not None and not crews:
            flat.part(upper, limit, rows=True)[...] = np.inf
        extra = np.zeros((flat.matrix.shape[0], 1))
        extra[due] = -1.0
        wider = replace(
            flat,
            matrix=sp.hstack([flat.matrix, sp.csr_matrix(extra)], format="csr"),
            row_lower=lower,
            row_upper=upper,
            lower=np.append(flat.lower, -np.inf),
            upper=np.append(flat.upper, np.inf),
            cost=np.append(np.zeros_like(flat.cost), -1.0),
            integer=np.append(np.zeros_like(flat.integer), False),
            constant=0.0,
        )
        found = highs.vertex(wider)
        return -np.inf if found is None else float(found[-1])

    def together(self) -> bool:
        """Whether it can reach all its indicators by its date."""
        return highs.vertex(replace(self.flat, cost=np.zeros_like(self.flat.cost))) is not None


def _cities(scenario: Scenario) -> Iterator[_City]:
    """Cities that must become gigabit cities within the horizon."""
    names = scenario["cities"]["city"].astype(str).unique()
    found = (_City.of(scenario, name) for name in names)
    return (city for city in found if city.due)


def hopeless(scenario: Scenario) -> tuple[str, ...]:
    """Why cities cannot meet their dates whatever is spent, in words; empty where each of them can by itself."""
    said: list[str] = []
    for city in _cities(scenario):
        short = [sentence for one in city.asked() if (sentence := _short(city, one))]
        if not short and not city.together():
            short = [
                f"{city.name} cannot reach all its indicators together by {city.first}: crews allow one or the other"
            ]
        said += short
    return tuple(said)


def _short(city: _City, one: Threshold) -> str:
    """Why one indicator cannot be reached by the date; empty where it can."""
    numerator, denominator = city.opening(one)
    missing = one.ratio * denominator - numerator
    slack = city.slack(one, others=False)
    if slack >= -NEAR * one.ratio * denominator:
        return ""
    crews = city.slack(one, others=False, crews=False) > slack + NEAR * one.ratio * denominator
    what = f"{one.value:g} {'% ' if one.indicator.unit == '%' else ''}{one.indicator.title}"
    why = "crews allow" if crews else "the pace of the measures allows"
    counts = f"{_amount(missing + slack)} of {_amount(missing)} {COUNTED_IN[one.indicator.numerator]}"
    return f"{city.name} cannot reach {what} by {city.first}: {why} {counts}"


def _amount(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def openings(scenario: Scenario) -> pd.DataFrame:
    """For each city with a date, and each indicator, the opening value above which it makes the date.

    All other indicators start where the tables say, and are reached too; NaN where they cannot be. Columns `OPENINGS`;
    `opening` and `needed` in the indicator's `unit`; 0: from any.
    """
    rows: list[dict[str, object]] = []
    for city in _cities(scenario):
        for one in city.asked():
            numerator, denominator = city.opening(one)
            scale = one.indicator.scale / denominator
            slack = city.slack(one, others=True)
            needed = max(0.0, (numerator - slack) * scale) if np.isfinite(slack) else np.nan
            values = (city.name, one.indicator.name, city.first, numerator * scale, needed, one.indicator.unit)
            rows.append(dict(zip(OPENINGS, values, strict=True)))
    return pd.DataFrame(rows, columns=list(OPENINGS))


# --- draws -----------------------------------------------------------------------------------------------------------


def draws(scenario: Scenario, count: int = COUNT, *, seed: int = 0, progress: Report | None = None) -> pd.DataFrame:
    """In how many of `count` draws of the estimates each city makes its date.

    Every estimate of access is drawn by itself from the triangle of its low, its value and its high; the plan of each
    draw is that of most residents in gigabit cities within the budgets, for access alone. `binding`: what most often
    stood in the way, with the number of draws. Columns `DATES`.
    """
    wished = replace(
        scenario.with_settings(objective="residents"),
        tables={**scenario.tables, "city_targets": scenario["city_targets"].iloc[:0]},
    )
    dates = {city.name: city.due[0] for city in _cities(scenario)}
    ranges = list(_ranges(scenario))
    made = dict.fromkeys(dates, 0)
    blocked: dict[str, dict[str, int]] = {name: {} for name in dates}
    for number in range(count):
        tell(progress, "draws", f"draw {number + 1} of {count}", number / count)
        found = _drawn_plan(_drawn(wished, ranges, np.random.default_rng([seed, number])))
        for name, y in dates.items():
            row = found[name, scenario.settings.periods[y]]
            made[name] += bool(row["gigabit"])
            for word in str(row["binding"]).split(";") if row["binding"] else ():
                blocked[name][word] = blocked[name].get(word, 0) + 1
    return pd.DataFrame(
        [
            {
                "city": name,
                "deadline": scenario.settings.periods[y],
                "made": made[name],
                "draws": count,
                "share": made[name] / count,
                "binding": ";".join(f"{word} {n}" for word, n in sorted(blocked[name].items(), key=lambda kv: -kv[1])),
            }
            for name, y in dates.items()
        ],
        columns=list(DATES),
    )


@dataclass(frozen=True, slots=True)
class _Range:
    """An estimate: the rows of a column it is of, and low and high as factors on their value."""

    table: str
    column: str
    rows: np.ndarray
    low: float
    high: float


def _ranges(scenario: Scenario) -> Iterator[_Range]:
    """Estimates of access that have a range."""
    keys = {name: _keys(scenario, name) for name in DRAWN}
    for row in scenario["estimates"].to_dict("records"):
        name, column = str(row["table"]), str(row["column"])
        if name not in DRAWN or column not in scenario[name].columns or np.isnan(row["low"]) or np.isnan(row["high"]):
            continue
        parts = tuple(str(row["key"]).split("/"))
        at = np.array([i for i, key in enumerate(keys[name]) if _matches(parts, key)], dtype=np.int64)
        values = scenario[name][column].to_numpy(dtype=np.float64)[at]
        known = at[np.isfinite(values) & (values > 0)]
        if len(known):
            low, high = values[values > 0].min(), values[values > 0].max()
            yield _Range(name, column, known, min(1.0, float(row["low"]) / low), max(1.0, float(row["high"]) / high))


def _keys(scenario: Scenario, table: str) -> list[tuple[str, ...]]:
    cells = [[key_part(cell) for cell in scenario[table][name].tolist()] for name in BY_NAME[table].keys]
    return list(zip(*cells, strict=True))


def _matches(parts: Sequence[str], key: Sequence[str]) -> bool:
    return len(parts) <= len(key) and all(part in ("*", value) for part, value in zip(parts, key, strict=False))


def _drawn(scenario: Scenario, ranges: Sequence[_Range], rng: np.random.Generator) -> Scenario:
    """The scenario with every estimate drawn; what becomes more than its whole is the whole."""
    frames = {name: scenario[name].copy() for name in DRAWN}
    for one in ranges:
        factor = rng.triangular(one.low, 1.0, one.high) if one.low < one.high else 1.0
        values = frames[one.table][one.column].to_numpy(dtype=np.float64).copy()
        values[one.rows] *= factor
        frames[one.table][one.column] = values
    state = frames["city_state"]
    for part in (one for one in INDICATORS if one.part):
        state[part.numerator] = np.minimum(state[part.numerator], state[part.denominator])
    return replace(scenario, tables={**scenario.tables, **frames})


def _drawn_plan(scenario: Scenario) -> Mapping[tuple[str, int], Mapping[str, object]]:
    """The rows of the table `gigabit` of the plan of most residents, by city and period."""
    assembly = assemble_access(scenario, budgets=True)
    flat = flatten(assembly.model)
    aim = replace(flat, cost=outside(assembly), constant=assembly.outside_constant)
    values = flat.split_columns(highs.solve(aim, How()).x)
    return {(str(row["city"]), int(str(row["period"]))): row for row in gigabit.gigabit(assembly, values)}


# --- money -----------------------------------------------------------------------------------------------------------


def more_money(scenario: Scenario, mcny: float = 100.0) -> pd.DataFrame:
    """What `mcny` million CNY more of the budget of access in one period buy, for access alone. Columns `MONEY`.

    Empty where access has no budget of its own.
    """
    base = scenario["budgets"]
    if not (base["scope"] == "access").any():
        return pd.DataFrame(columns=list(MONEY))
    reached, cost = _bought(scenario)
    rows = []
    for period in scenario.settings.periods:
        held = scenario.at("budgets", period)
        limit = held.loc[held["scope"] == "access", "limit_mcny"]
        if not len(limit) or np.isnan(limit.iloc[0]):
            continue
        frame = _with_limit(scenario, period, float(limit.iloc[0]) + mcny)
        more, paid = _bought(replace(scenario, tables={**scenario.tables, "budgets": frame}))
        rows.append({"period": period, "more_mcny": mcny, "resident_years": more - reached, "saved_mcny": cost - paid})
    return pd.DataFrame(rows, columns=list(MONEY))


def _with_limit(scenario: Scenario, period: int, limit: float) -> pd.DataFrame:
    """The budgets of access, one a period, with another limit in one of them; all other budgets are left out."""
    rows = []
    for year in scenario.settings.periods:
        held = scenario.at("budgets", year)
        for row in held[held["scope"] == "access"].to_dict("records"):
            rows.append({**row, "period": float(year), "limit_mcny": limit if year == period else row["limit_mcny"]})
    return pd.DataFrame(rows, columns=list(scenario["budgets"].columns))


def _bought(scenario: Scenario) -> tuple[float, float]:
    """Resident-years in gigabit cities, and the discounted cost of access."""
    assembly = assemble_access(scenario, budgets=True)
    flat = flatten(assembly.model)
    residents = scenario.settings.objective == "residents"
    aim = replace(flat, cost=outside(assembly), constant=assembly.outside_constant) if residents else flat
    found = highs.solve(aim, How())
    if not residents:
        return -float(outside(assembly) @ found.x), found.objective
    block = assembly.model.columns["gigabit"]
    lower, upper = flat.lower.copy(), flat.upper.copy()
    for side in (lower, upper):
        flat.part(side, block)[...] = np.rint(flat.part(found.x, block))
    settled = replace(flat, lower=lower, upper=upper, integer=np.zeros_like(flat.integer))
    return assembly.outside_constant - found.objective, highs.solve(settled, How()).objective
