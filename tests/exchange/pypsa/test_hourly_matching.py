"""Clean shares by hour and by month beside a PyPSA network made by hand, with the rule in linopy, on random weather."""

from __future__ import annotations

import numpy as np
import pypsa
import pytest
import xarray as xr

import xisuan as xs
from tests.golden.small import small
from xisuan.planning.expansion import plan

HOURS = 24
WEIGHT = 365.0
FACILITY_MW = 6.0
PREMIUM = 60.0
"""CNY per MWh that the contract delivers."""


MONTHS = {"clean_share_hourly_min": range(HOURS), "clean_share_monthly_min": [0] * 10 + [1] * 14}
"""Span over which each rule asks for the share, by modelled hour: ten hours lie in January, 14 in February."""


def network(
    share: float, sun: np.ndarray, wind: np.ndarray, price: np.ndarray, clean: np.ndarray, rule: str
) -> pypsa.Network:
    """Return a site of 6 MW with sun and a battery to be built, whose grid power is clean in part.

    A contract for wind delivers over the grid, at 60 CNY per MWh of its output on top of the price of the energy drawn.
    """
    n = pypsa.Network()
    n.set_snapshots(range(HOURS))
    n.snapshot_weightings["objective"] = WEIGHT
    n.add("Bus", ["site", "battery"])
    n.add("Load", "facility", bus="site", p_set=FACILITY_MW)
    n.add("Generator", "grid", bus="site", p_nom=100.0, marginal_cost=price / 1e3)
    n.add("Generator", "sun", bus="site", p_nom_extendable=True, p_max_pu=sun, capital_cost=3.0)
    output = PREMIUM / 1e6 * WEIGHT * float(wind.sum())
    contract = {"p_max_pu": wind, "marginal_cost": price / 1e3, "capital_cost": output}
    n.add("Generator", "contract", bus="site", p_nom_extendable=True, **contract)
    n.add("Link", "charge", bus0="site", bus1="battery", efficiency=0.9, p_nom_extendable=True, capital_cost=0.4)
    n.add("Link", "discharge", bus0="battery", bus1="site", efficiency=0.9, p_nom_extendable=True)
    n.add("Store", "cells", bus="battery", e_nom_extendable=True, capital_cost=0.8, e_cyclic=True)

    def rules(n: pypsa.Network, snapshots: object) -> None:
        power, sent = n.model["Generator-p"], n.model["Link-p"]
        grid = power.sel(name="grid", drop=True)
        made = power.sel(name="sun", drop=True) + power.sel(name="contract", drop=True)
        part = xr.DataArray(clean, dims=["snapshot"], coords={"snapshot": n.snapshots})
        spans = np.array(MONTHS[rule])
        for span in np.unique(spans):
            here = np.flatnonzero(spans == span)
            unclean = (grid * (1 - part)).isel(snapshot=here).sum()
            n.model.add_constraints(unclean <= (1 - share) * FACILITY_MW * len(here), name=f"clean share {span}")
        charge = sent.sel(name="charge", drop=True)
        n.model.add_constraints(charge - made - grid * part <= 0, name="clean charge")
        size = n.model["Link-p_nom"]
        each = [size.sel(name=name, drop=True) for name in ("discharge", "charge")]
        n.model.add_constraints(each[0] * 0.9 - each[1] == 0, name="one converter")

    n.optimize(extra_functionality=rules, include_objective_constant=False, solver_name="highs", log_to_console=False)
    return n


@pytest.mark.parametrize("rule", MONTHS)
@pytest.mark.parametrize(("seed", "share"), [(1, 0.5), (2, 0.8), (3, 0.95), (4, 1.0)])
def test_clean_power_costs_what_a_network_of_pypsa_says(seed: int, share: float, rule: str) -> None:
    rng = np.random.default_rng(seed)
    sun = np.round(np.clip(np.sin(np.linspace(-1.5, 4.6, HOURS)), 0, 1) * rng.uniform(0.6, 1.0, HOURS), 3)
    wind = np.round(rng.uniform(0.0, 1.0, HOURS), 3)
    price, clean = np.round(rng.uniform(0.2, 0.9, HOURS), 3), np.round(rng.uniform(0.0, 0.9, HOURS), 3)
    with pypsa.option_context("api.legacy_string_dtype", False):
        n = network(share, sun, wind, price, clean, rule)
    shapes = {"sun": sun, "wind": wind, "price": price, "clean": clean}
    first = 744 - 10
    rows = [
        f"{name},{(first + hour) % 24},{value}" for name, values in shapes.items() for hour, value in enumerate(values)
    ]
    tables = {
        "sites": "site,zone,pue\ns,z,1.2",
        "power": f"zone,price,clean_share,green_premium_cny_per_kwh,green_profile\nz,price,clean,{PREMIUM / 1e3},wind",
        "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,rack,0.5,0,4",
        "supply": """
            site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,efficiency,profile
            s,solar,3,,1,,sun
            s,battery,0.4,0.8,1,0.9,
            """,
        "profile_rules": "\n".join(["profile,hours,value", *rows]),
        "blocks": f"block,first_hour,hours,weight\nday,{first},{HOURS},{WEIGHT}",
        "policies": f"rule,scope,value\n{rule},all,{share}",
    }
    found = plan(small(tables, {"periods": [2026]}), xs.Options(gap=1e-9))
    assert found.cost_mcny == pytest.approx(n.objective, rel=1e-6)
