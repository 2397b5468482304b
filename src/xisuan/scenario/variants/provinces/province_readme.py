"""Page in the folder of a province: what is published, derived and estimated, and the rules that bind."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.provinces import published_figures
from xisuan.scenario.variants.provinces.province_list import Province


def text(nation: Scenario, province: Province, site: str) -> str:
    """Return the page. site: the one with the capacity outside the clusters."""
    clusters = ", ".join(province.clusters) or "none"
    zones = _zones(nation, province, site)
    hubs = {*nation["sites"].set_index("site")["hub"].reindex(list(province.clusters)), province.holder, "all"}
    rules = nation["policies"][nation["policies"]["scope"].isin({*hubs, *province.clusters})]
    rules = rules.sort_values(["rule", "scope", "period"], na_position="first", kind="stable")
    figures = published_figures.frames(province, ())
    counts = {name: len(figures.get(name, ())) for name in ("targets", "observations", "actuals")}
    halls = nation["halls"].set_index("site")["existing_mw"].reindex([next(iter(province.clusters), province.holder)])
    of = "" if site == province.holder else f", its part ({province.share:.3g}) of {province.holder}"
    return README.format(
        name=province.name, name_zh=province.name_zh, clusters=clusters, site=site, of=of, zone=next(iter(zones)),
        prices="\n".join(_price(nation, province, zone, sites) for zone, sites in zones.items()),
        count=len(province.prefectures), shares=SHARES[bool(province.capital.known)], nation=nation.settings.name,
        start=f"{units.racks(halls.iloc[0]):,.0f}", place=halls.index[0],
        rules="\n".join(map(_rule, rules.to_dict("records"))), **counts,
    )  # fmt: skip


def _zones(nation: Scenario, province: Province, site: str) -> dict[str, list[str]]:
    """Return the grid zones of the province, that of the reported site first, with sites or prefectures in them."""
    known = nation["sites"].set_index("site")["zone"]
    own = province.capital.zone or province.zone
    zones: dict[str, list[str]] = {}
    for name in dict.fromkeys([*province.clusters, site]):
        zones.setdefault(str(known.get(name, own)), []).append(f"`{name}`")
    for one in province.prefectures:
        if one.zone:
            zones.setdefault(one.zone, []).append(one.name)
    return zones


def _price(nation: Scenario, province: Province, zone: str, places: list[str]) -> str:
    """Return list price and reported price of a grid zone as two lines of a Markdown table."""
    tables = published_figures.shared(f"known/{province.code}")
    power = pd.concat([nation["power"], tables.get("power", nation["power"][:0])]).set_index("zone").loc[[zone]].iloc[0]
    contract = power["contract_price_cny_per_kwh"]
    is_known = not math.isnan(contract)
    reported = f"{contract:.4g} CNY/kWh without demand charge | published" if is_known else "none published | "
    charge = power["demand_charge_cny_per_kw_month"]
    is_national = bool((nation["power"]["zone"] == zone).any())
    mean = f"mean {nation.curve(power['price']).mean():.3g} CNY/kWh" if is_national else "in `profile_rules.csv`"
    return (
        f"| power price, zone `{zone}` ({', '.join(places)}) | list price by time of use, {mean}; demand charge"
        f" {charge:g} CNY/kW and month | derived |\n"
        f"| reported contract price, zone `{zone}` | {reported} |"
    )


def _rule(row: dict[Hashable, Any]) -> str:
    """Return a policy as a line of a Markdown table."""
    since = "" if math.isnan(row["period"]) else f"{row['period']:.0f}"
    return f"| `{row['rule']}` | {row['scope']} | {since} | {row['value']:g} | {row['applies']} | {row['quality']} |"


SHARES = {
    False: "half by towns (GeoNames), half by county-level divisions",
    True: "0.7 by GDP and 0.3 by the census, which `regions.csv` has",
}
"""Words for how demand is divided, by whether figures of the prefectures are published."""
README = """\
# {name} ({name_zh})

Made by `xisuan new NAME --province "{name}"` on top of `{nation}`. All totals of the nation are kept.

| what | from | grade |
|---|---|---|
| demand of the province | national totals by GDP and population | estimate |
| demand of its {count} prefectures | the province's, {shares} | estimate |
| clusters ({clusters}) | launch notice of the national hubs; equipment as in `{nation}` | published, derived |
| site `{site}` | capacity outside the clusters{of} | estimate |
{prices}
| trunks to the province's node | national backbone | estimate |
| links inside the province | shortest tree with a second route for each end, as in Guizhou by demand | estimate |
| targets ({targets}), observations ({observations}), gigabit cities named ({actuals}) | pages in `sources.csv` | \
published |

Figures whose page dates from after `as_of` are left out of a plan. The list price is paid; for the contract price, the
reported one or yours in `power.csv`, say `power_price = "contract"` and `contract_zones = ["{zone}"]` in section `[plan]`.

Two assumptions of the builder matter where a province is wide or large, and no published figure supports either:

* Prefectures that work with the shortest latency cannot reach from the capital have a metro site of their own, with the
  province's share of halls. Its orders have no yearly pace in `limits.csv`; only its halls limit them.
* Links inside the province have the capacity of the rings of Guizhou times the ratio of the traffic of the two
  provinces, at least that of Guizhou. Replace `capacity_gbps` in `links.csv` if you know it.

Both are graded estimates, as are the yearly paces of orders in `limits.csv`; `estimates.csv` gives the ranges of paces
and links, so that the report names what rests on them.

The plan starts from {start} standard racks at `{place}`. In the report, the chance of a target of racks or EFLOPS starts
from there too; growth is that of the published figures, which may count other racks (`observations.csv`).

## Rules that bind

| rule | scope | from | value | sites | grade |
|---|---|---|---|---|---|
{rules}

## Your figures

Replace estimates by your figures: a row with the same key replaces the row of this folder. `xisuan check` lists every
problem and what the folder changes. Gigabit access is not planned: the ports, stations and users of cities are published
for few provinces. `standard.csv` has the national thresholds. With `cities.csv`, `city_state.csv` and `measures.csv` of
your own they are planned, as in the tutorial on gigabit cities; `check` names the counts that each indicator needs. To
plan without an indicator, drop it: `standard = ["g5_user_share"]` in section `[drop]`.
"""
