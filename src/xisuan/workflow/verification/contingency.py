"""Failure of a site or a link as a scenario of its own: one day with the plan's capacity of a period.

There are two such scenarios. One is operated at the plan's prices: it gives the work that cannot be served and the cost
of the rest. The other is planned with only new capacity at a cost: it gives the cheapest spare. Limits of both: the
failure lasts the whole day, the hardest of the plan's hours; work that may wait longer than a day is left out; storage
is held, not run, and its copies are not modelled; yearly rules and budgets do not apply.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.errors import InfeasibleError, ScenarioError, lines
from xisuan.planning.expansion import plan as least_cost
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.scenario.queries import candidates
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.workflow import operate as operation

DAY = 24
EMPTIED = (
    "policies",
    "rules",
    "rule_terms",
    "contingencies",
    "budgets",
    "cities",
    "city_state",
    "measures",
    "standard",
    "city_targets",
    "blocks",
)
"""Tables that do not apply on such a day."""

LED = {"halls": "site", "links": "link", "technologies": "technology"}
"""Tables with lead times, and the column that names a row."""

LEAST = 1e-5
"""Share of a demand below which an amount is within an interior point's tolerance."""

FIRST = 1e-2
"""Cap on the penalty of other work, as a share of the penalty of mandatory work: about a thousand times the cost of
energy."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed part: `what` is a site, a link, or nothing."""

    what: Literal["nothing", "site", "link"]
    name: str = ""


NOTHING = Failure("nothing")


@dataclass(frozen=True)
class Day:
    """Best operation of the plan on that day, operation with the spare, plan of the spare, and traffic without a path."""

    schedule: Schedule
    mended: Schedule
    spare: Plan
    cut: Message | None


def cheapest_spare(scenario: Scenario, plan: Plan, period: int, failure: Failure, headroom: float = 0.0) -> Plan:
    """Return the cheapest spare that serves all work with a share `headroom` of every site and link left free."""
    changed = to_spare(scenario, plan, period, failure)
    rules = {"site_reserve_min": headroom, "link_load_max": 1.0 - headroom}
    rows = pd.DataFrame(
        [{"rule": rule, "scope": "all", "value": value, "applies": "all"} for rule, value in rules.items()]
    )
    policies = _joined(changed["policies"], rows) if headroom > 0 else changed["policies"]
    return least_cost(dataclasses.replace(changed, tables={**changed.tables, "policies": policies}))


def operated(scenario: Scenario, plan: Plan, period: int, failure: Failure) -> Day:
    """Solve both scenarios of a failure. Other traffic without a remaining path is named and left out of both."""
    cut: Message | None = None
    try:
        if failure.what == "link" and _stranded(to_spare(scenario, plan, period, failure), period):
            raise InfeasibleError(_("No link is left."))
        spare = cheapest_spare(scenario, plan, period, failure)
    except (InfeasibleError, ScenarioError) as problem:
        if failure.what != "link":
            raise
        first = lines(problem, "en")[0] if isinstance(problem, ScenarioError) else problem.message
        cut = _("other traffic has no way round it: {why}", why=first)
        scenario = dataclasses.replace(scenario, tables={**scenario.tables, "traffic": scenario["traffic"].iloc[:0]})
        spare = cheapest_spare(scenario, plan, period, failure)
    day = to_operate(scenario, plan, period, failure)
    schedule = operation.operated(day, _bare(spare))
    return Day(schedule, operation.operated(day, spare) if len(needed(spare, plan)) else schedule, spare, cut)


def _stranded(day: Scenario, period: int) -> bool:
    """Return True if other traffic must leave its node but no link remains; the model then has no rows for it."""
    regions = day["regions"].drop_duplicates("region").set_index("region")["node"].astype(str)
    ends = [day["traffic"][end].astype(str).map(lambda name: regions.get(name, name)) for end in ("from", "to")]
    return bool((ends[0] != ends[1]).any()) and not candidates.usable_links(day, period, existing=False)


def needed(spare: Plan, plan: Plan) -> pd.DataFrame:
    """Return the spare capacity by place and kind, without amounts below the solver's accuracy."""
    sums = spare.tables["builds"].groupby(["asset", "where", "technology", "unit"], as_index=False)
    frame = sums[["amount", "mw", "capex_mcny"]].sum()
    least = max(1e-7 * plan.cost_mcny, 1e-5 * float(frame["capex_mcny"].sum()))
    return frame[frame["capex_mcny"] > least]


def lacking(spare: Plan, plan: Plan) -> pd.DataFrame:
    """Return the capacity that `plan` lacks for a spare: equipment in units, links in Gbps even where built in modules."""
    frame = needed(spare, plan)
    capacity = spare.tables["capacity"].set_index(["asset", "where"])
    added = (capacity["amount"] - capacity["existing"]).groupby(level=[0, 1]).sum()
    links = frame[frame["asset"] == "link"].drop_duplicates("where")
    gbps = [float(added["link", where]) for where in links["where"]]
    return pd.concat([frame[frame["asset"] == "compute"], links.assign(technology="", unit="Gbps", amount=gbps)])


def _bare(spare: Plan) -> Plan:
    """Return the plan of a spare with the capacity before the spare."""
    ordered = {"hall": "build_hall", "installed": "build", "capacity": "build_link"}
    variables = dict(spare.variables)
    modules = _in_modules(spare)
    for name, orders in ordered.items():
        if name in variables:
            new = Counter(modules if name == "capacity" else {})
            if orders in variables:
                new.update(dict(zip(variables[orders].labels, variables[orders].values[0], strict=True)))
            less = np.array([[new[label] for label in variables[name].labels]])
            variables[name] = dataclasses.replace(
                variables[name], values=np.maximum(variables[name].values - less, 0.0)
            )
    return dataclasses.replace(spare, variables=variables)


def _in_modules(spare: Plan) -> dict[tuple[str, ...], float]:
    """Return the Gbps of the modules that a spare orders, by link."""
    found: dict[tuple[str, ...], float] = {}
    size = spare.scenario["modules"].set_index(["link", "module"])["gbps"]
    if (ordered := spare.variables.get("link_modules")) is not None:
        for label, count in zip(ordered.labels, ordered.values[0], strict=True):
            found[label[:1]] = found.get(label[:1], 0.0) + float(count) * float(size[label])
    return found


def demand_of_the_day(scenario: Scenario) -> dict[str, float]:
    """Return the unit-hours of demand of each workload on the day of `scenario`."""
    out: dict[str, float] = {}
    for row in scenario["demand"].itertuples():
        mean = float(scenario.hourly("demand", "profile", str(row.profile)).mean())
        out[str(row.workload)] = out.get(str(row.workload), 0.0) + float(row.units) * mean * DAY  # type: ignore[arg-type]
    return out


def hardest_hour(scenario: Scenario, plan: Plan, period: int) -> int:
    """Return the first modelled hour of the day in which work without slack needs most IT power."""
    timeline = plan.scenario.timeline
    technologies = scenario.at("technologies", period).set_index("technology")["mw_per_unit"]
    asked = np.zeros(timeline.n_hours)
    for row in _demand(scenario, period).itertuples():
        able = technologies.reindex(list(candidates.runs(scenario, str(row.workload)))).mean()
        asked += float(row.units) * float(able) * timeline.sample(scenario.shape(str(row.profile)))  # type: ignore[arg-type]
    hour, start = int(asked.argmax()), 0
    for block in timeline.blocks:
        if hour < start + block.hours:
            return start + min((hour - start) // DAY * DAY, max(0, block.hours - DAY))
        start += block.hours
    return 0


def to_operate(scenario: Scenario, plan: Plan, period: int, failure: Failure) -> Scenario:
    """Return the day with `failure`, capacity as planned, at the plan's prices, with mandatory work served first.

    Penalties of other work are capped so that mandatory work takes priority.
    """
    work, owed = scenario.at("workloads", period), scenario.settings.plan.shortfall_mcny_per_unit_hour
    price = work["unserved_mcny_per_unit_hour"].clip(upper=FIRST * owed)
    return _day(scenario, plan, period, failure, {"workloads": work.assign(unserved_mcny_per_unit_hour=price)})


def to_spare(scenario: Scenario, plan: Plan, period: int, failure: Failure) -> Scenario:
    """Return the same day with costs only for new halls, equipment and links, so that its plan is the cheapest spare.

    Mandatory work left undone costs the penalty of a shortfall; other work may be left at no cost, as no spare is
    bought for it.
    """
    power, links, cost = scenario.at("power", period), scenario.at("links", period), scenario["serving_cost"]
    work = scenario.at("workloads", period)
    owed = scenario.settings.plan.shortfall_mcny_per_unit_hour
    may = work["workload"].isin(candidates.droppable(scenario, period))
    free = {
        "power": power.assign(
            price=0.0,
            contract_price_cny_per_kwh=0.0,
            demand_charge_cny_per_kw_month=0.0,
            green_premium_cny_per_kwh=np.nan,
            green_profile="",
        ),
        "links": links.assign(cost_mcny_per_gbps_hour=0.0),
        "serving_cost": cost.assign(mcny_per_unit_hour=0.0),
        "workloads": work.assign(unserved_mcny_per_unit_hour=np.where(may, 0.0, owed)),
    }
    return _day(scenario, plan, period, failure, free)


def _day(scenario: Scenario, plan: Plan, period: int, failure: Failure, changed: dict[str, pd.DataFrame]) -> Scenario:
    """Return the scenario of that day. `changed` replaces tables of `scenario`."""
    tables = {name: _undated(scenario, name, period) for name in scenario.tables}
    tables |= {name: frame.assign(period=np.nan) if "period" in frame else frame for name, frame in changed.items()}
    tables |= {name: tables[name].iloc[:0] for name in EMPTIED}
    tables["demand"] = _demand(scenario, period)
    tables |= _standing(plan, period, tables)
    for name, key in LED.items():
        tables[name] = tables[name].assign(lead_years=_lead(scenario, name, key, period))
    tables["limits"] = _room(scenario, plan, period, tables["limits"])
    if failure.what == "site":
        tables["fleet"] = tables["fleet"][tables["fleet"]["site"] != failure.name]
        names = candidates.names(scenario, "technologies")
        gone = pd.DataFrame({"site": failure.name, "technology": names, "min_units": 0.0, "max_units": 0.0})
        tables["limits"] = _joined(tables["limits"][tables["limits"]["site"] != failure.name], gone)
    if failure.what == "link":
        # Its row stays, without capacity: a scenario without any row of links has no network limits.
        tables["modules"] = tables["modules"][tables["modules"]["link"] != failure.name]
        links, cut = tables["links"], tables["links"]["link"] == failure.name
        tables["links"] = links.assign(
            capacity_gbps=links["capacity_gbps"].mask(cut, 0.0),
            capex_mcny_per_gbps=links["capex_mcny_per_gbps"].mask(cut),
        )
    timeline = plan.scenario.timeline
    if not timeline.mean:
        first = hardest_hour(scenario, plan, period)
        hours = min(DAY, timeline.n_hours)
        row = {"block": "day", "first_hour": int(timeline.hour_of_year[first]), "hours": hours}
        row |= {"weight": units.HOURS_PER_YEAR / hours, "keep_means": False}
        tables["blocks"] = _joined(tables["blocks"], pd.DataFrame([row]))
    settings = dataclasses.replace(
        scenario.settings, periods=(period,), last_period_years=1, as_of=None, objective="cost", capital="annuity"
    )
    whole = {name: frame.reset_index(drop=True) for name, frame in tables.items()}
    return dataclasses.replace(scenario, settings=settings, tables=whole)


def _undated(scenario: Scenario, name: str, period: int) -> pd.DataFrame:
    """Return the rows of a table in force in the period, valid from the start."""
    frame = scenario.tables[name]
    if name in ("demand", "budgets", "actuals") or "period" not in frame or not len(frame):
        return frame
    return scenario.at(name, period).assign(period=np.nan)


def _demand(scenario: Scenario, period: int) -> pd.DataFrame:
    """Return the demand of work that runs and cannot wait until the failure is over."""
    frame = scenario["demand"]
    defer = scenario.at("workloads", period).set_index("workload")["defer_hours"].fillna(0.0)
    kept = [w for w in candidates.names(scenario, "workloads") if not candidates.is_stock(scenario, w)]
    return frame[(frame["period"] == period) & frame["workload"].isin([w for w in kept if defer[w] <= DAY])]


def _standing(plan: Plan, period: int, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables in which the plan's capacity of the period exists, with the planned efficiency."""
    frame = plan.tables["capacity"]
    frame = frame[frame["period"] == period]

    def has(asset: str) -> pd.Series:
        part = frame[frame["asset"] == asset]
        return part.groupby("where")["amount"].sum()

    def of(name: str, key: str, column: str, asset: str, **more: Any) -> pd.DataFrame:
        table = tables[name]
        return table.assign(**{column: table[key].map(has(asset)).fillna(0.0)}, **more)

    compute = frame[frame["asset"] == "compute"]
    fleet = pd.DataFrame({
        "site": compute["where"], "technology": compute["technology"], "units": compute["amount"],
        "opened": np.nan, "retires": np.nan, "may_retire": False,
    })  # fmt: skip
    power = plan.tables["power"]
    drawn = power[power["period"] == period].groupby("site")[["it_mw", "facility_mw"]].sum()
    pue = (drawn["facility_mw"] / drawn["it_mw"]).replace([np.inf, -np.inf], np.nan)
    sites = tables["sites"]
    planned_pue = sites["site"].map(pue)
    supply = tables["supply"]
    stands = [float(has(source).get(site, 0.0)) for site, source in zip(supply["site"], supply["source"], strict=True)]
    energy = supply["site"].map(has("battery_energy")).fillna(0.0).where(supply["source"] == "battery", 0.0)
    return {
        "halls": of("halls", "site", "existing_mw", "hall", phase_mw=0.0,
                    retrofit_capex_mcny_per_mw=np.nan),
        "links": of("links", "link", "capacity_gbps", "link", min_gbps=0.0),
        "modules": tables["modules"].assign(max_count=_modules(plan, period, tables["modules"])),
        "technologies": tables["technologies"].assign(module_units=0.0),
        "fleet": _joined(tables["fleet"].iloc[:0], fleet),
        "sites": sites.assign(fixed_cost_mcny=0.0, pue=planned_pue.where(planned_pue.notna(), sites["pue"])),
        "supply": supply.assign(existing_mw=stands, existing_mwh=energy, limit_mw=stands, limit_mwh=energy),
    }  # fmt: skip


def _lead(scenario: Scenario, name: str, key: str, period: int) -> list[float]:
    """Return lead times: 0 for assets that could have been ordered in time in some period so far, else unchanged."""
    in_time: set[str] = set()
    for year in (year for year in scenario.settings.periods if year <= period):
        offers = scenario.at(name, year)
        in_time |= set(offers.loc[~(year + offers["lead_years"].fillna(0.0) > period), key])
    now = scenario.at(name, period)
    return [0.0 if row in in_time else float(lead) for row, lead in zip(now[key], now["lead_years"], strict=True)]


def _modules(plan: Plan, period: int, table: pd.DataFrame) -> NDArray[np.float64]:
    """Return the number of modules left after those that the plan orders."""
    builds = plan.tables["builds"]
    builds = builds[(builds["asset"] == "link") & (builds["period"] <= period)]
    ordered = builds.groupby(["where", "technology"])["amount"].sum()
    pairs = pd.MultiIndex.from_frame(table[["link", "module"]])
    left = table["max_count"].to_numpy(dtype=np.float64) - ordered.reindex(pairs).fillna(0.0).round().to_numpy()
    return np.asarray(np.maximum(left, 0.0))


def _room(scenario: Scenario, plan: Plan, period: int, limits: pd.DataFrame) -> pd.DataFrame:
    """Return the limits of the spare: what could have been ordered until the period beyond the plan's orders."""
    keys = ["site", "technology"]
    pairs = pd.MultiIndex.from_frame(limits[keys])
    room = np.zeros(len(pairs))
    for year in (year for year in scenario.settings.periods if year <= period):
        offers = scenario.at("technologies", year).set_index("technology").reindex(pairs.get_level_values(1))
        on_offer = ~(offers["available_from"] > year) & ~(offers["available_until"] < year) & offers["class"].notna()
        in_time = ~(year + offers["lead_years"].fillna(0.0) > period)
        most = scenario.at("limits", year).set_index(keys)["max_build_units"].reindex(pairs).fillna(np.inf)
        room += np.where((on_offer & in_time).to_numpy(), most.to_numpy(), 0.0)
    builds = plan.tables["builds"]
    builds = builds[(builds["asset"] == "compute") & (builds["period"] <= period)]
    ordered = builds.groupby(["where", "technology"])["amount"].sum().reindex(pairs).fillna(0.0).to_numpy()
    left = np.maximum(room - ordered, 0.0)
    return limits.assign(min_units=0.0, max_build_units=np.where(np.isfinite(left), left, np.nan))


def _joined(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with more rows; columns that they lack are blank."""
    blank = {column: np.nan if frame[column].dtype.kind == "f" else "" for column in frame.columns}
    more = rows.assign(**{column: value for column, value in blank.items() if column not in rows})[list(frame.columns)]
    joined = pd.concat([frame, more], ignore_index=True) if len(frame) else more
    return joined.astype(frame.dtypes.to_dict())
