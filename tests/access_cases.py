"""Small scenarios of gigabit access, and the oracle that tries every choice of cities."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
from scipy import optimize

from tests.scenarios import frame
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

PLACES = {
    "regions": "region\nr",
    "cities": "city,crew_days_year,investor\na,60,x\nb,90,y\nc,200,x",
    "city_state": """
        city,population,pon_ports,pon10g_ports,fixed_users,users_500m,g5_stations
        a,10000,100,10,1000,200,10
        b,20000,200,30,2000,450,30
        c,15000,150,20,1500,250,15
        """,
    "measures": """
        measure,unit,capex_cny_per_unit,life_years,pace_units_year,crew_days_per_unit,pon10g_ports_per_unit,users_500m_per_unit,g5_stations_per_unit
        port,ports,5000,8,25,1,1,2,
        user,users,400,8,100,0.1,,1,
        station,stations,180000,10,5,10,,,1
        """,
    "standard": """
        indicator,version,threshold,op
        pon10g_port_share,s1,25,>=
        user_500m_share,s1,25,>=
        g5_bs_per_10k,s1,12,>
        """,
}
"""Three cities that fall short in ports, users and stations."""

SETTINGS: dict[str, object] = {"name": "access", "periods": [2026, 2027], "base_year": 2026, "discount_rate": 0.0}


def access(tables: Mapping[str, str] | None = None, **settings: object) -> Scenario:
    """The three cities, with `tables` in place of their own (an empty text drops one)."""
    texts = {**PLACES, **(tables or {})}
    return load.build({**SETTINGS, **settings}, {name: frame(text) for name, text in texts.items() if text})


def brute_force(scenario: Scenario, budget: tuple[float, ...]) -> tuple[float, tuple[tuple[int, ...], ...]]:
    """Most resident-years, by trying every choice of gigabit cities and periods; each is a small program by scipy.

    Written for the three cities: no lead, no lag, every order in use to the end. Columns: order of measure m in city c
    in period y. `budget`: mCNY of each period.
    """
    state = scenario["city_state"].set_index("city")
    names, periods = list(state.index), range(len(budget))
    measures = scenario["measures"].drop_duplicates("measure").set_index("measure")
    columns = [(c, m, y) for c in names for m in measures.index for y in periods]
    upper = [measures.loc[m, "pace_units_year"] for _, m, _ in columns]
    rows, sides = [], []
    for y in periods:
        rows.append([measures.loc[m, "capex_cny_per_unit"] * 1e-6 * (t == y) for _, m, t in columns])
        sides.append(budget[y])
        for c in names:
            rows.append([measures.loc[m, "crew_days_per_unit"] * (k == c and t == y) for k, m, t in columns])
            sides.append(scenario["cities"].set_index("city").loc[c, "crew_days_year"])
    asked = {"pon10g_ports": ("pon_ports", 0.25), "users_500m": ("fixed_users", 0.25)}
    asked["g5_stations"] = ("population", 12.0012e-4)
    best: tuple[float, tuple[tuple[int, ...], ...]] = (-1.0, ())
    options = list(itertools.product((0, 1), repeat=len(periods)))
    for choice in itertools.product(options, repeat=len(names)):
        more, least = [], []
        for c, z in zip(names, choice, strict=True):
            for y in (y for y in periods if z[y]):
                for part, (whole, ratio) in asked.items():
                    gain = [-measures.loc[m, f"{part}_per_unit"] * (k == c and t <= y) for k, m, t in columns]
                    more.append(gain)
                    least.append(state.loc[c, part] - ratio * state.loc[c, whole])
        reached = float(sum(state.loc[c, "population"] * sum(z) for c, z in zip(names, choice, strict=True)))
        if reached > best[0]:
            limits = np.array(rows + more), np.array(sides + least)
            found = optimize.linprog(np.zeros(len(columns)), *limits, bounds=[(0.0, most) for most in upper])
            if found.status == 0:
                best = reached, choice
    return best
