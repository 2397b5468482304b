"""Value of flexible work under clean shares: table `flexibility`, plans in which a share of work may wait or move.

Without flexibility every site serves a constant share of each kind of work, in the hour in which it arises. The plan
chooses these shares. Flexible in time: that share of the work may wait up to a day, and each site's part of it is done
within its day. Flexible in space: its division among the sites may change every hour. The three forms are those of
Riepin, Brown and Zavala, *Spatio-temporal load shifting for truly clean computing* (2025).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gnomon import Array, Block, Label, SolvedModel, Vertex, flatten, nearest_vertex
from xisuan.decisions.repeated_solve import Question
from xisuan.decisions.typical_day import steps_of_a_day
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError, XisuanError
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import frame
from xisuan.scenario.queries import candidates
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

CLEAN_SHARES = ("clean_share_hourly_min", "clean_share_monthly_min")
SHARES = (0.1, 0.4)
"""Shares of flexible work that are tried, as in the source."""
FORMS = {"time": (True, False), "space": (False, True), "both": (True, True)}
"""Forms of flexibility: may wait, may move."""
FLEXIBLE = " (flexible)"
"""Ending of the name of the flexible part of a kind of work."""
POWER = (
    "grid",
    "peak",
    "contract",
    "contract_power",
    "generation",
    "discharge",
    "supply",
    "build_supply",
    "build_energy",
)
"""Variables whose costs are those of power."""


def is_asked(scenario: Scenario) -> bool:
    """Return True if a clean share by the hour or by the month holds in some period."""
    rules = scenario["policies"]
    return bool((rules["rule"].isin(CLEAN_SHARES) & (rules["value"] > 0)).any())


def flexibility(question: Question, progress: Report | None = None) -> pd.DataFrame:
    """Return the table `flexibility`: no flexibility, then each share of flexible work in each form.

    Contingencies are left out. Raises XisuanError where the hours have no whole days, or an own rule names work.
    """
    scenario = question.scenario
    _refuse(scenario)
    tell(progress, "decisions", _("what flexible work saves under the clean shares"))
    cases = [("none", 0.0, False, False)]
    cases += [(form, share, *may) for share in SHARES for form, may in FORMS.items()]
    rows: list[dict[str, Any]] = []
    before: SolvedModel | None = None
    for form, share, waits, moves in cases:
        found, before = _solved(scenario, share, waits=waits, moves=moves, start=before)
        first = rows[0] if rows else found
        rows.append({"form": form, "flexible_share": share, **found, **_saved(first, found)})
    return frame("flexibility", rows)


def _refuse(scenario: Scenario) -> None:
    """Raise XisuanError where the forms of flexibility cannot be told apart."""
    if scenario["rule_terms"]["workload"].astype(bool).any():
        raise XisuanError(_("an own rule names a workload, which would be divided into a flexible part and the rest"))
    day = steps_of_a_day(scenario)
    if any(block.hours % day for block in scenario.timeline.blocks):
        raise XisuanError(_("the modelled hours are not whole days, within which work could wait; use days or weeks"))


def _saved(first: dict[str, float], found: dict[str, float]) -> dict[str, float]:
    """Return what is saved against no flexibility, and as a share of the cost of power."""
    saving = first["cost_mcny"] - found["cost_mcny"]
    power = first["power_mcny"]
    return {"saving_mcny": saving, "saving_of_power": saving / power if power > 0 else math.nan}


def _solved(
    scenario: Scenario, share: float, *, waits: bool, moves: bool, start: SolvedModel | None
) -> tuple[dict[str, float], SolvedModel]:
    """Return the cost of the plan, and of power in it, with its model as the next start.

    Raises InfeasibleError where there is no plan.
    """
    day = steps_of_a_day(scenario)
    assembly = assemble(divided(scenario, share, day if waits else 0))
    tie_shares(assembly, day, waits=waits, moves=moves)
    flat = flatten(assembly.model)
    vertex: Vertex | None = None
    still = False
    if start is not None:
        vertex, still = start.transfer(flat)
    found = nearest_vertex(flat, vertex, costs=still)
    if found is None:
        raise InfeasibleError(_("There is no plan in which every site serves a constant share of each kind of work."))
    values = flat.split_columns(found.x)
    power = sum(
        float((price * values[name]).sum())
        for name in POWER
        if name in values
        for price in assembly.terms.get(name, {}).values()
    )
    return {"cost_mcny": found.objective, "power_mcny": power}, SolvedModel(flat, found)


def divided(scenario: Scenario, share: float, wait: int) -> Scenario:
    """Return the scenario whose running work is divided: `share` of it may wait up to `wait` hours, the rest does not."""
    running = [name for name in candidates.names(scenario, "workloads") if not candidates.is_stock(scenario, name)]
    tables = {name: scenario[name] for name in ("workloads", "demand", "serving_cost")}
    mine = {name: table["workload"].isin(running) for name, table in tables.items()}
    stays = {
        "workloads": tables["workloads"].assign(
            defer_hours=tables["workloads"]["defer_hours"].mask(mine["workloads"], 0.0)
        ),
        "demand": _scaled(tables["demand"], mine["demand"], 1.0 - share),
        "serving_cost": tables["serving_cost"],
    }
    if share > 0.0:
        for name, table in stays.items():
            part = tables[name][mine[name]]
            part = part.assign(workload=part["workload"] + FLEXIBLE)
            if name == "workloads":
                part = part.assign(defer_hours=float(wait))
            elif name == "demand":
                part = part.assign(units=part["units"] * share)
            stays[name] = pd.concat([table, part], ignore_index=True)
    return scenario.with_tables(**stays, contingencies=scenario["contingencies"].iloc[:0])


def _scaled(demand: pd.DataFrame, rows: pd.Series[bool], factor: float) -> pd.DataFrame:
    """Return the demand with the units of some rows multiplied."""
    return demand.assign(units=demand["units"].mask(rows, demand["units"] * factor))


@dataclass(frozen=True)
class _Served:
    """Work of one kind at a site: the variable `column`, its labels, and for each the item whose share is constant.

    `demand`: what arises for each item, units. Shape (periods, hours, items).
    """

    name: str
    column: Block
    labels: list[Label]
    items: list[Label]
    demand: Array


def tie_shares(a: Assembly, day: int, *, waits: bool, moves: bool) -> None:
    """Add that every site serves a constant share of each kind of work, which the plan chooses.

    Σ paths serve[r,s,w,p,t] = share[r,s,w,y] × demand(r,w,y,t), or absorb[s,w,t] = share[s,w,y] × Σ regions demand. The
    flexible part may wait: then the sums of each day are equal; or move: then it is left free. `day`: hours of a day.
    """
    for served in _served(a):
        every = range(len(served.labels))
        rigid = [i for i in every if not served.labels[i][-2 if served.name == "serve" else -1].endswith(FLEXIBLE)]
        _tie(a, served, rigid, None)
        if not moves:
            _tie(a, served, sorted(set(every) - set(rigid)), day if waits else None)


def _served(a: Assembly) -> list[_Served]:
    """Return the running work at the sites: pair by pair, and free."""
    out: list[_Served] = []
    for name in ("serve", "absorb"):
        column = a.column(name)
        if column is None:
            continue
        labels = list(column.labels)
        items = [label[:3] for label in labels] if name == "serve" else labels
        of = list(dict.fromkeys(items))
        regions = a.given.demanded
        demand = [
            a.given.demand([(item[0], item[2])] if name == "serve" else [(r, item[1]) for r in regions[item[1]]]).sum(
                axis=2
            )
            for item in of
        ]
        out.append(_Served(name, column, labels, items, np.stack(demand, axis=-1)))
    return out


def _tie(a: Assembly, served: _Served, chosen: Sequence[int], day: int | None) -> None:
    """Add the constant shares of some labels: in every hour, or in the sum of every day of `day` hours."""
    if not chosen:
        return
    every = list(dict.fromkeys(served.items))
    at = {item: i for i, item in enumerate(every)}
    items = list(dict.fromkeys(served.items[i] for i in chosen))
    labels, rows = [served.labels[i] for i in chosen], [served.items[i] for i in chosen]
    demand = served.demand[..., [at[item] for item in items]]
    dims = ("region", "site", "workload")[-len(items[0]) :]
    name = f"share_of_{served.name}_by_{'hour' if day is None else 'day'}"
    share = a.model.add_columns(name, dims, items)
    if day is None:
        block = a.model.add_rows(name, dims, items, hourly=True, lower=0.0, upper=0.0)
        a.model.add(block, rows, served.column, labels)
        a.model.add(block, items, share, items, -demand)
        return
    hours = a.given.timeline.n_hours
    days = [str(number) for number in range(hours // day)]
    block = a.model.add_rows(name, (*dims, "day"), [(*item, d) for d in days for item in items], lower=0.0, upper=0.0)
    for number, d in enumerate(days):
        inside = (np.arange(hours) // day == number)[None, :, None]
        a.model.add(block, [(*item, d) for item in rows], served.column, labels, inside.astype(float))
        a.model.add(block, [(*item, d) for item in items], share, items, -(demand * inside).sum(axis=1))
