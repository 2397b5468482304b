"""Random nation of cities for the access roll-out, and the usual planning rule: the densest city first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gnomon.highs import warm_simplex
from gnomon.model.linear_program import LinearProgram, flatten
from xisuan.equations.build_model import assemble_access
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

CITIES, PERIODS = 333, (2026, 2027, 2028, 2029, 2030)
THRESHOLDS = {
    "home_gigabit_coverage": 80,
    "pon10g_port_share": 25,
    "key_place_5g_access": 80,
    "g5_bs_per_10k": 12,
    "user_500m_share": 25,
    "g5_user_share": 25,
}
MEASURES = {
    "pon_upgrade": {"capex_cny_per_unit": 5000, "life_years": 8, "crew_days_per_unit": 0.8, "pon10g_ports_per_unit": 1,
                    "homes_gigabit_per_unit": 16, "users_500m_per_unit": 8, "takeup_first": 0.2, "takeup_rate": 0.25},
    "pon_new": {"capex_cny_per_unit": 22000, "life_years": 15, "crew_days_per_unit": 6, "pon10g_ports_per_unit": 1,
                "pon_ports_per_unit": 1, "homes_gigabit_per_unit": 16, "users_500m_per_unit": 8, "takeup_first": 0.2,
                "takeup_rate": 0.25},
    "g5_station": {"capex_cny_per_unit": 179000, "life_years": 10, "crew_days_per_unit": 30, "g5_stations_per_unit": 1,
                   "g5_users_per_unit": 200, "takeup_first": 0.2, "takeup_rate": 0.25},
    "key_place": {"capex_cny_per_unit": 1200000, "life_years": 10, "crew_days_per_unit": 120, "lead_years": 1,
                  "key_places_5g_per_unit": 1, "g5_stations_per_unit": 3},
    "user_500m": {"capex_cny_per_unit": 160, "life_years": 5, "crew_days_per_unit": 0.02, "users_500m_per_unit": 1},
    "user_5g": {"capex_cny_per_unit": 300, "life_years": 5, "g5_users_per_unit": 1},
}  # fmt: skip
PACE = {
    "pon_upgrade": 30.0,
    "pon_new": 10.0,
    "g5_station": 3.0,
    "key_place": 0.05,
    "user_500m": 200.0,
    "user_5g": 600.0,
}
"""Largest pace per year and 10,000 residents."""


def nation(cities: int = CITIES, budget_share: float = 0.12, seed: int = 0) -> Scenario:
    """Return cities of every size, most below the standard, with yearly budgets for `budget_share` of the total need."""
    rng = np.random.default_rng(seed)
    names = [f"c{number:03d}" for number in range(cities)]
    people = np.round(np.exp(rng.normal(15.0, 0.6, cities)), -2)
    homes, mobile, fixed = people / 2.8 * rng.uniform(0.4, 0.8, cities), people * 1.2, people * 0.38
    ports = fixed / 13.0
    places = np.ceil(people / 40_000)
    state = pd.DataFrame(
        {
            "city": names,
            "population": people,
            "urban_households": homes,
            "homes_gigabit": homes * rng.uniform(0.45, 1.2, cities),
            "pon_ports": ports,
            "pon10g_ports": ports * rng.uniform(0.08, 0.4, cities),
            "key_places": places,
            "key_places_5g": places * rng.uniform(0.65, 1.0, cities),
            "g5_stations": people / 1e4 * rng.uniform(6.0, 18.0, cities),
            "fixed_users": fixed,
            "users_500m": fixed * rng.uniform(0.1, 0.32, cities),
            "mobile_users": mobile,
            "g5_users": mobile * rng.uniform(0.15, 0.4, cities),
        }
    )
    rows = [
        {"measure": name, "city": city, "pace_units_year": PACE[name] * residents / 1e4, **what}
        for name, what in MEASURES.items()
        for city, residents in zip(names, people, strict=True)
    ]
    table = pd.DataFrame(
        {
            "city": names,
            "area_km2": np.round(np.exp(rng.normal(9.4, 0.7, cities))),
            "crew_days_year": 200 * people / 1e4,
        }
    )
    tables = {
        "regions": pd.DataFrame({"region": ["nation"]}),
        "cities": table,
        "city_state": state,
        "measures": pd.DataFrame(rows),
        "standard": pd.DataFrame(
            {"indicator": list(THRESHOLDS), "version": "s", "threshold": list(THRESHOLDS.values())}
        ),
        "budgets": pd.DataFrame(
            {"period": PERIODS, "scope": "access", "limit_mcny": budget_share * np.sum(_need(state)) * 1e-6}
        ),
    }
    settings = {"name": "nation", "periods": list(PERIODS), "base_year": 2026, "objective": "residents"}
    return load.build(settings, tables)


def variants(cities: int = CITIES) -> dict[str, Scenario]:
    """Return nations that are hard cases, by name.

    Very small and very large budgets, identical cities, floors of an indicator for every city, scarce crews, several
    shared budgets, no budget, and one city that exceeds all budgets.
    """
    base = nation(cities)
    state, table = base["city_state"], base["cities"]
    first = state.iloc[[0] * len(state)].reset_index(drop=True).assign(city=state["city"])
    same = base["measures"][base["measures"]["city"] == state["city"].iloc[0]].assign(city="all")
    huge = state["population"].where(state["city"] != "c000", 50 * state["population"].max())
    floor = {"city": "all", "indicator": "pon10g_port_share", "deadline": 2028.0, "value": 20.0}
    floors = pd.DataFrame([floor]).reindex(columns=base["city_targets"].columns, fill_value="")
    payers = [f"operator {number % 3}" for number in range(cities)]
    whole = base["budgets"]
    thirds = [whole.assign(scope=f"investor:operator {k}", limit_mcny=whole["limit_mcny"] * 0.3) for k in range(3)]
    return {
        "budgets a sixth": nation(cities, 0.02),
        "budgets threefold": nation(cities, 0.36),
        "all alike": _with(base, city_state=first, measures=same),
        "floors": _with(base, city_targets=floors),
        "few crews": _with(base, cities=table.assign(crew_days_year=table["crew_days_year"] / 10)),
        "four budgets": _with(base, cities=table.assign(investor=payers), budgets=pd.concat([whole, *thirds])),
        "no money": nation(cities, 0.0),
        "one beyond reach": _with(base, city_state=state.assign(population=huge)),
    }


def _with(scenario: Scenario, **tables: pd.DataFrame) -> Scenario:
    return replace(scenario, tables={**scenario.tables, **tables})


def _need(state: pd.DataFrame) -> pd.Series[float]:
    """Return the CNY that each city needs to meet the thresholds on its own; budgets are scaled by their sum."""
    ports = (0.25 * state["pon_ports"] - state["pon10g_ports"]).clip(lower=0.0) * 5000
    homes = (0.8 * state["urban_households"] - state["homes_gigabit"]).clip(lower=0.0) * 5000 / 16
    places = (0.8 * state["key_places"] - state["key_places_5g"]).clip(lower=0.0) * 1_200_000
    stations = (0.0012 * state["population"] - state["g5_stations"]).clip(lower=0.0) * 179_000
    users = (0.25 * state["fixed_users"] - state["users_500m"]).clip(lower=0.0) * 160
    return np.maximum(ports, homes) + np.maximum(places, stations) + users  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Greedy:
    """Result of the densest-first rule: first period of each gigabit city, resident-years, and overnight mCNY."""

    first: dict[str, int]
    resident_years: float
    spent_mcny: float


def densest_first(scenario: Scenario) -> Greedy:
    """Build cities in order of density, each as early as the remaining budgets allow, at the least cost.

    It is an optimistic form of the rule in use: every city is built in the cheapest way within the remaining budgets.
    """
    people = scenario["city_state"].set_index("city")["population"]
    area = scenario["cities"].set_index("city")["area_km2"]
    left = scenario["budgets"].sort_values("period")["limit_mcny"].to_numpy(dtype=float).copy()
    begin = left.sum()
    first: dict[str, int] = {}
    for city in (people / area).sort_values(ascending=False, kind="stable").index:
        flat = _with_budget(alone(scenario, str(city)))
        for y, period in enumerate(scenario.settings.periods):
            spent = _cheapest(flat, y, left)
            if spent is not None:
                left -= spent
                first[str(city)] = period
                break
    count = {city: sum(period <= later for later in scenario.settings.periods) for city, period in first.items()}
    return Greedy(first, float(sum(people[city] * years for city, years in count.items())), float(begin - left.sum()))


def alone(scenario: Scenario, city: str) -> Scenario:
    """Return the scenario with one city and without budgets."""
    kept = {name: scenario[name].loc[scenario[name]["city"] == city] for name in ("cities", "city_state")}
    measures = scenario["measures"]
    kept["measures"] = measures[measures["city"].isin(["all", city])]
    kept["budgets"] = scenario["budgets"].iloc[:0]
    tables = {name: frame.reset_index(drop=True) for name, frame in kept.items()}
    return replace(scenario, tables={**scenario.tables, **tables})


def _with_budget(scenario: Scenario) -> LinearProgram:
    """Return the model of one city with a budget row whose side is set later."""
    budget = pd.DataFrame({"period": list(scenario.settings.periods), "scope": "access", "limit_mcny": 1.0})
    frame = budget.assign(source="", quality="", note="")[list(scenario["budgets"].columns)]
    return flatten(assemble_access(replace(scenario, tables={**scenario.tables, "budgets": frame}), budgets=True).model)


def _cheapest(flat: LinearProgram, y: int, left: np.ndarray) -> np.ndarray | None:
    """Return the overnight mCNY by period for a gigabit city from period number `y` on, or None if infeasible."""
    model = flat.model
    lower, upper, row_upper = flat.lower.copy(), flat.upper.copy(), flat.row_upper.copy()
    gigabit = model.columns["gigabit"]
    # Fix the city as gigabit from period y on, and not before; the budget rows hold what is left.
    flat.part(lower, gigabit)[y:, 0] = 1.0
    flat.part(upper, gigabit)[:y, 0] = 0.0
    flat.part(row_upper, model.rows["budget"], rows=True)[:, 0] = left
    x = warm_simplex.vertex(replace(flat, lower=lower, upper=upper, row_upper=row_upper))
    if x is None:
        return None
    rows = flat.part(np.asarray(flat.matrix @ x), model.rows["budget"], rows=True)
    return np.array(rows[:, 0])
