"""Sites with an opening cost: constraints that allow capacity only after the opening, and their big-M bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gnomon import Array, Label
from xisuan import units
from xisuan.equations import asset_sets
from xisuan.equations.constraints import contingencies, work_balances
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.scenario.queries.own_rules import own_rules, rewards

SHARES: dict[str, str] = {
    "hub_share_min": "fp32",
    "intelligent_share_min": "fp32",
    "occupancy_min": "mw",
    "green_share_min": "idle_mw",
    "clean_share_hourly_min": "idle_mw",
    "clean_share_monthly_min": "idle_mw",
    "pue_max": "idle_mw",
}
"""Rules that can require more equipment than demand does, and the quantity they measure: computing power at FP32, MW of
IT, or the MW drawn when idle (which dilute what other sites draw)."""
MOST_SHARE = 0.999
"""Largest share treated as a share; beyond it the multiple 1/(1 − share) would be unusable as a bound."""


def add(a: Assembly) -> None:
    """Add the constraints of openings, where a plan is made."""
    if a.column("open") is None:
        return
    opened_balance(a)
    fleet_when_open(a)
    hall_when_open(a)


def opened_balance(a: Assembly) -> None:
    """Add opened = Σ open up to the period, by site; opened ≤ 1 allows one opening."""
    ordered, opened = a.model.columns["open"], a.model.columns["opened"]
    block = a.rows("opened_balance", opened.labels, lower=0.0, upper=0.0)
    a.model.add(block, opened.labels, opened, opened.labels)
    pairs = [(y, then, label) for y in range(a.model.periods) for label in opened.labels for then in range(y + 1)]
    rows, columns = [(y, label) for y, _, label in pairs], [(then, label) for _, then, label in pairs]
    a.model.add_across(block, rows, ordered, columns, -1.0)


def fleet_when_open(a: Assembly) -> None:
    """Add installed ≤ most × opened (units): no equipment at a site with an opening cost before it is opened."""
    sites = set(a.labels("open"))
    labels = [label for label in a.labels("installed") if label[:1] in sites]
    _when_open(a, "fleet_when_open", "installed", labels, most_installed(a, labels))


def hall_when_open(a: Assembly) -> None:
    """Add hall ≤ most × opened (MW), `most` being the halls of all possible equipment, or their limit."""
    g = a.given
    sites = [site for site in a.labels("hall") if site in set(a.labels("open"))]
    need = np.zeros((len(g.periods), len(sites)))
    for i, site in enumerate(sites):
        labels = [label for label in a.labels("installed") if label[:1] == site]
        need[:, i] = (most_installed(a, labels) * asset_sets.it_mw(g, labels)).sum(axis=1)
    need = need + _sum_targets(g, "reach_racks") * units.mw_of_racks(1.0)
    need = need + _afforded(a, "build_hall", sites)
    phase = g.numbers("halls", sites, "phase_mw")
    stands = g.numbers("halls", sites, "existing_mw")
    if _own_rules_reward(a):
        need = np.full_like(need, np.inf)
    most = np.minimum(g.numbers("halls", sites, "limit_mw", np.inf), stands + _living(g, "halls", sites, need, phase))
    _when_open(a, "hall_when_open", "hall", sites, most)


def _when_open(a: Assembly, name: str, used: str, labels: list[Label], most: Array) -> None:
    """Add used ≤ most × opened, the big-M form with `most` as M."""
    if labels:
        block = a.rows(name, labels, upper=0.0)
        a.model.add(block, labels, a.model.columns[used], labels)
        a.model.add(block, labels, a.model.columns["opened"], [label[:1] for label in labels], -most)


# --- upper bounds on useful capacity ---------------------------------------------------------------------------------


def most_installed(a: Assembly, labels: Sequence[Label]) -> Array:
    """Upper bound on equipment (site, technology) that some optimal plan respects. Shape (periods, labels).

    It is the smallest of the limit on units, the site's power, and the sum of living orders. Each order is at most the
    largest need in its time of use, in this scenario or in a future that shares the order.
    """
    g = a.given
    technology = asset_sets.technology_of(labels)
    power = asset_sets.it_mw(g, labels)
    room = g.numbers("sites", [label[:1] for label in labels], "it_limit_mw", np.inf)
    by_power = np.divide(room, power, out=np.full_like(room, np.inf), where=power > 0)
    hard = np.minimum(g.numbers("limits", labels, "max_units", np.inf), by_power)
    need = np.maximum.reduce([_useful(replace(a, given=given), labels) for given in (g, *a.beside)])
    if _own_rules_reward(a):
        need = np.full_like(need, np.inf)
    module = g.numbers("technologies", technology, "module_units")
    return np.minimum(hard, fleet_units(g, labels) + _living(g, "technologies", technology, need, module))


def _own_rules_reward(a: Assembly) -> bool:
    """Return True if an own rule can ask for more than the work needs, so that only limits of the tables bound it."""
    scenarios = [given.scenario for given in (a.given, *a.beside)]
    return any(rewards(scenario, rule) for scenario in scenarios for rule in own_rules(scenario))


def fleet_units(given: Given, labels: Sequence[Label]) -> Array:
    """Existing units of (site, technology) that have been opened and not retired. Shape (periods, labels)."""
    position = {label: at for at, label in enumerate(labels)}
    out = np.zeros((len(given.periods), len(labels)))
    for row in given.scenario["fleet"].to_dict("records"):
        at = position.get((str(row["site"]), str(row["technology"])))
        if at is not None:
            there = [not (row["opened"] > period or row["retires"] <= period) for period in given.periods]
            out[there, at] += float(row["units"])
    return out


def _useful(a: Assembly, labels: Sequence[Label]) -> Array:
    """Units of (site, technology) beyond which no constraint or target requires more. Shape (periods, labels)."""
    return needed(a, labels) + rewarded(a, labels) + reached(a, labels)


def _living(given: Given, table: str, rows: Sequence[Label], need: Array, whole: Array) -> Array:
    """Largest sum of living orders, each at most the largest need in its use plus one `whole` for rounding up."""
    lead, life = given.numbers(table, rows, "lead_years"), given.numbers(table, rows, "life_years", np.nan)
    most = np.zeros_like(need)
    for (y, i), years in np.ndenumerate(lead):
        made, lasts = given.periods[y], float(life[y, i])
        used = [x for x, at in enumerate(given.periods) if given.timeline.usable(made, at, float(years), lasts)]
        if used:
            # One order is at most the largest need in its periods of use, rounded up to a whole module or phase.
            most[used, i] += need[used, i].max() + whole[y, i]
    return most


def needed(a: Assembly, labels: Sequence[Label]) -> Array:
    """Units of (site, technology) that could run all work of the class alone, in a contingency too. Shape (periods,
    labels)."""
    least = a.given.numbers("limits", labels, "min_units")
    most = np.stack([_all_work(a.given, name) for _, name in labels], axis=-1) if labels else np.zeros_like(least)
    share = work_balances.attainable(a, labels)
    need = np.divide(most, share, out=np.zeros_like(most), where=share > 0)
    return np.maximum(need * _spare(a.given, labels), least)


def _spare(given: Given, labels: Sequence[Label]) -> Array:
    """Return 1 over the smallest share of the site that a contingency leaves, 1 where it leaves none.

    Units that could run all work alone could run it with this multiple of them during a contingency. Shape (periods,
    labels).
    """
    out = np.ones((len(given.periods), len(labels)))
    for case in contingencies.held(given):
        left = case.left("site", [site for site, _ in labels])
        out = np.maximum(out, np.divide(1.0, left, out=np.ones_like(left), where=left > 0.0))
    return out


def _all_work(given: Given, technology: str) -> Array:
    """Largest work in an hour of all workloads that `technology` can run, deferred work included. Shape (periods,)."""
    names = [name for name in given.demanded if given.target[name] in (technology, given.class_of[technology])]
    asking = given.asking(names)
    if given.kind[technology] == "stock":
        return np.asarray(given.mean_demand(asking).sum(axis=1))
    waits = given.window(asking)[:, given.timeline.previous]
    return np.asarray((given.demand(asking) + waits).sum(axis=2).max(axis=1, initial=0.0))


def rewarded(a: Assembly, labels: Sequence[Label]) -> Array:
    """Units beyond the need of demand that share rules could require. Shape (periods, labels).

    A minimum share v makes the rest at most 1/(1 − v) − 1 times as large again; several rules multiply.
    """
    g = a.given
    frame = g.scenario["policies"]
    frame = frame[frame["rule"].isin(list(SHARES))]
    factor = float(np.prod([_multiple(g, rule, v) for rule, v in zip(frame["rule"], frame["value"], strict=True)]))
    out = np.zeros((len(g.periods), len(labels)))
    for measure in {SHARES[rule] for rule in frame["rule"]}:
        whole = _whole(a, measure)
        unit = _measured(g, labels, measure)
        more = np.divide((factor - 1.0) * whole, unit, out=np.zeros_like(unit), where=unit > 0)
        out = np.maximum(out, more)
    return out


def reached(a: Assembly, labels: Sequence[Label]) -> Array:
    """Units beyond the need of demand that could meet a target alone. Shape (periods, labels)."""
    g = a.given
    unit = asset_sets.fp16(g, labels)
    flops = np.divide(_sum_targets(g, "reach_eflops_fp16"), unit, out=np.zeros_like(unit), where=unit > 0)
    return flops + _afforded(a, "build", labels)


def _sum_targets(given: Given, rule: str) -> float:
    """Sum of the targets of a rule over all scopes and periods: an upper bound on what it requires."""
    frame = given.scenario["policies"]
    return float(frame.loc[frame["rule"] == rule, "value"].clip(lower=0.0).sum())


def _afforded(a: Assembly, orders: str, labels: Sequence[Label]) -> Array:
    """Units of these orders that the whole investment target buys. Shape (periods, labels)."""
    column = a.column(orders)
    out = np.zeros((len(a.given.periods), len(labels)))
    asked = _sum_targets(a.given, "reach_investment_mcny")
    if column is None or not asked:
        return out
    at = {label: i for i, label in enumerate(column.labels)}
    for i, label in enumerate(labels):
        if label in at:
            price = a.capex[orders][:, at[label]]
            out[:, i] = np.divide(asked, price, out=np.zeros_like(price), where=price > 0)
    return out


def _multiple(given: Given, rule: str, value: float) -> float:
    """Return the largest factor by which a rule multiplies existing equipment."""
    if rule != "pue_max":
        return 1.0 / (1.0 - min(value, MOST_SHARE))
    ratio = given.curves("sites", [(site,) for site in given.sites], "pue", 1.0)
    # Sites of the best PUE dilute the worst: x × (value − best) ≥ worst − value per MW of the worst.
    worst, best = float(ratio.max()), float(ratio.min())
    return 1.0 + max(0.0, worst - value) / (value - best) if value > best else 1.0


def _whole(a: Assembly, measure: str) -> float:
    """Existing equipment and all that demand could need, in a measure; in MW, halls and cooling are included."""
    g = a.given
    labels = a.labels("installed")
    units = needed(a, labels)
    standing: dict[Label, float] = {}
    for site, name, count in g.scenario["fleet"][["site", "technology", "units"]].itertuples(index=False):
        standing[site, name] = standing.get((site, name), 0.0) + float(count)
    units = units + np.array([[standing.get(label, 0.0) for label in labels]])
    if measure == "fp32":
        return float((units * asset_sets.fp32(g, labels)).sum(axis=1).max(initial=0.0))
    halls = g.numbers("halls", a.labels("hall"), "existing_mw").sum(axis=1).max(initial=0.0)
    cooling = g.curves("sites", [(site,) for site in g.sites], "pue", 1.0).max(initial=1.0)
    return float(((units * asset_sets.it_mw(g, labels)).sum(axis=1).max(initial=0.0) + halls) * cooling)


def _measured(given: Given, labels: Sequence[Label], measure: str) -> Array:
    """Quantity of one unit that a rule measures. Shape (periods, labels)."""
    if measure == "fp32":
        return asset_sets.fp32(given, labels)
    idle = (
        given.numbers("technologies", asset_sets.technology_of(labels), "idle_share") if measure == "idle_mw" else 1.0
    )
    return asset_sets.it_mw(given, labels) * idle
