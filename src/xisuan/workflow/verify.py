"""`verify(scenario, plan, trial)`: does the plan hold under jobs and failures, and with what reserve would it?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan.errors import InfeasibleError, Problem, ScenarioError
from xisuan.progress import Report, tell
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.roads import Roads
from xisuan.simulation.setting import setting
from xisuan.simulation.simulate import Down, Trial, simulate
from xisuan.workflow.plan import plan as planned

RESERVES = (0.1, 0.2, 0.3, 0.4, 0.5)
"""Reserves tried in turn: at sites a share of what could run, on links of what could flow."""

LIMIT = 0.01
"""Jobs that may be late, share of those due."""

Planner = Callable[[Scenario], Plan]


@dataclass(frozen=True)
class Verification:
    """`holds`: the last plan keeps lateness within the limit whatever one site or link is down for a day; `why` says so,
    or why no reserve is enough. `cases`: every trial of every round. `spare`: what the last plan has more than the first.
    """

    holds: bool
    why: str
    plan: Plan
    cases: pd.DataFrame
    spare: pd.DataFrame


def verify(
    scenario: Scenario, plan: Plan, trial: Trial, *, limit: float = LIMIT, planner: Planner = planned,
    progress: Report | None = None,
) -> Verification:  # fmt: skip
    """Simulate `plan` whole, with each of its sites and each of its links down for a day; where jobs are late, plan again
    with a reserve at every site and on every link, until it holds.

    It stops where no reserve can help: all that still breaks is work that only one equipped site can serve in time, no
    plan has the reserve, or the last of RESERVES is not enough. Raises ScenarioError for what cannot be.
    """
    if not 0.0 <= limit < 1.0:
        raise ScenarioError([Problem("", "", "limit", str(limit), "give a share of jobs from 0 to below 1")])
    rows: list[dict[str, object]] = []
    current, reserve = plan, 0.0
    for following in (*RESERVES, None):
        found = _round(scenario, current, trial, reserve, limit, progress)
        rows += found
        broken = [row for row in found if not row["holds"]]
        if not broken:
            return _ended(True, f"holds with a reserve of {reserve:.0%}", plan, current, rows)
        if all(row["stranded"] for row in broken):
            why = "; ".join(f"with {row['what']} {row['name']} down, {row['stranded']}" for row in broken)
            return _ended(False, f"no reserve helps: {why}", plan, current, rows)
        if following is None:
            break
        tell(
            progress, "verify", f"{len(broken)} of {len(found)} cases break; planning with a reserve of {following:.0%}"
        )
        try:
            current, reserve = planner(with_reserve(scenario, following)), following
        except InfeasibleError as problem:
            why = f"no plan has a reserve of {following:.0%}: {str(problem).splitlines()[0]}"
            return _ended(False, why, plan, current, rows)
    worst = max(broken, key=lambda row: float(row["late_share"]))  # type: ignore[arg-type]
    case = "nothing down" if worst["what"] == "nothing" else f"{worst['what']} {worst['name']} down"
    why = f"a reserve of {reserve:.0%} is not enough: with {case}, {worst['late_share']:.1%} of jobs are late"
    return _ended(False, why, plan, current, rows)


def with_reserve(scenario: Scenario, reserve: float) -> Scenario:
    """`scenario` with at least this reserve at every site and on every link, from the start; stricter rules stay."""
    table = scenario["policies"]
    keep = table.copy()
    sites, links = keep["rule"] == "site_reserve_min", keep["rule"] == "link_load_max"
    keep.loc[sites, "value"] = np.maximum(keep.loc[sites, "value"], reserve)
    keep.loc[links, "value"] = np.minimum(keep.loc[links, "value"], 1.0 - reserve)
    new = []
    for rule, value in (("site_reserve_min", reserve), ("link_load_max", 1.0 - reserve)):
        for_all = keep[(keep["rule"] == rule) & (keep["scope"] == "all")]
        if not for_all["period"].isna().any():
            new.append({"rule": rule, "scope": "all", "period": np.nan, "value": value, "applies": "all"})
    blank = {column: "" if table[column].dtype.kind not in "fi" else np.nan for column in table.columns}
    rows = pd.DataFrame([{**blank, **row} for row in new], columns=table.columns)
    joined = pd.concat([keep, rows], ignore_index=True) if len(keep) and new else rows if new else keep
    return dataclasses.replace(scenario, tables={**scenario.tables, "policies": joined.astype(table.dtypes.to_dict())})


def _round(
    scenario: Scenario, plan: Plan, trial: Trial, reserve: float, limit: float, progress: Report | None
) -> list[dict[str, object]]:
    """One plan with nothing, each site and each link down for a day, from the first hour."""
    period = plan.scenario.settings.periods[-1] if trial.period is None else trial.period
    of = setting(scenario, plan, period)
    roads = Roads(scenario, plan, of)
    names = [("nothing", ""), *(("site", site) for site in of.sites), *(("link", link[0]) for link in roads.links)]
    rows: list[dict[str, object]] = []
    for at, (what, name) in enumerate(names):
        tell(progress, "verify", f"reserve {reserve:.0%}: {what} {name}", at / len(names))
        down = () if what == "nothing" else (Down(what, name),)
        figures = simulate(
            scenario, plan, dataclasses.replace(trial, down=(*trial.down, *down), baseline=False)
        ).figures
        latency = roads.latency({name} if what == "link" else ())
        if what == "site":
            latency[:, of.site_of == of.sites.index(name)] = np.inf
        alone = [of.origins[o] for o in np.flatnonzero(~np.isfinite(latency).any(axis=1))]
        late = float(figures["late_share"])
        rows.append(
            {
                "reserve": reserve, "what": what, "name": name, "late_share": late,
                "mean_wait_s": float(figures["mean_wait_s"]), "energy_mcny": float(figures["energy_mcny"]),
                "plan_mcny": plan.cost_mcny, "holds": late <= limit, "stranded": _stranded(alone),
            }
        )  # fmt: skip
    return rows


def _stranded(origins: list[tuple[str, str]]) -> str:
    """Work that no equipped site can serve in time, in words; blank where there is none."""
    if not origins:
        return ""
    shown = ", ".join(f"{workload} of {region}" for region, workload in origins[:3])
    more = f" and {len(origins) - 3} more" if len(origins) > 3 else ""
    return f"no other equipped site can serve {shown}{more} in time"


def _ended(holds: bool, why: str, first: Plan, last: Plan, rows: list[dict[str, object]]) -> Verification:
    return Verification(holds, why, last, pd.DataFrame(rows), _spare(first, last))


def _spare(first: Plan, last: Plan) -> pd.DataFrame:
    """Builds of the last plan less those of the first, by asset and place: MW and million CNY. Rounding left out."""
    keys = ["asset", "where"]
    sums = [plan.tables["builds"].groupby(keys)[["mw", "capex_mcny"]].sum() for plan in (first, last)]
    more = sums[1].sub(sums[0], fill_value=0.0)
    return more[more.abs().max(axis=1) > 1e-6].reset_index()
