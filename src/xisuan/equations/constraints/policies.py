"""Policies: each is a named constraint with a shadow price.

The value of a rule may change between periods. Where a rule does not hold, its row is free. In operation, rules on
capacity are left out, and rules on a year's operation may be exceeded at a price.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from gnomon import Array, Block, Label
from xisuan import units
from xisuan.equations import asset_sets
from xisuan.equations.constraints import budgets, power
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import CONSTRAINT
from xisuan.scenario.schema.policy_tables import INVESTOR


def add(a: Assembly) -> None:
    """Add all rules and budgets that the scenario states."""
    if not a.operated:
        occupancy_min(a)
        hub_share_min(a)
        intelligent_share_min(a)
        reach_eflops_fp16(a)
        reach_racks(a)
        reach_investment_mcny(a)
        reach_gigabit_cities(a)
        budgets.budget(a)
    utilisation_min(a)
    green_share_min(a)
    clean_share_hourly_min(a)
    clean_share_monthly_min(a)
    charge_is_clean(a)
    pue_max(a)
    carbon_cap_t(a)
    carbon_cap_market_t(a)
    water_cap_m3(a)


@dataclass(frozen=True)
class Rule:
    """One rule for one scope: its sites, and its value by period (NaN: not in force).

    `month`: calendar month (1-12) of a row of a month, else blank.
    """

    scope: str
    applies: str
    sites: tuple[str, ...]
    value: Array
    month: str = ""

    @property
    def label(self) -> Label:
        """Label of its row."""
        return (self.scope, self.applies, self.month) if self.month else (self.scope, self.applies)

    @property
    def share(self) -> Array:
        """Value of the rule as a coefficient, 0 where not in force. Shape (periods, 1)."""
        return np.nan_to_num(self.value)[:, None]

    @property
    def in_force(self) -> Array:
        """1 where in force, else 0, because a free row has no entries. Shape (periods, 1)."""
        return np.where(np.isnan(self.value), 0.0, 1.0)[:, None]


def rules(given: Given, name: str) -> list[Rule]:
    """Return each scope for which rule `name` holds in some period of the scenario."""
    values: dict[Label, dict[int, float]] = {}
    for period in given.scenario.settings.periods:
        for row in given.rules_at(name, period):
            values.setdefault((str(row["scope"]), str(row["applies"])), {})[period] = float(row["value"])
    return [
        Rule(scope, applies, _in_scope(given, scope, applies), np.array([held.get(y, np.nan) for y in given.periods]))
        for (scope, applies), held in values.items()
    ]


def _in_scope(given: Given, scope: str, applies: str) -> tuple[str, ...]:
    """Return the sites of a scope (all, a site, a hub, an investor) to which the rule applies (all, or new ones only)."""
    sites = [
        site
        for site in given.sites
        if scope in ("all", site, given.site_text[site]["hub"], INVESTOR + given.site_text[site]["investor"])
    ]
    return tuple(site for site in sites if applies == "all" or site in given.new_sites)


def _rows(a: Assembly, name: str, chosen: list[Rule]) -> Block:
    """Add one row for each rule, free where the rule is not in force.

    The row is … ≥ 0 for a minimum share, … ≥ value for a target, … ≤ 0 for a maximum ratio, … ≤ value for a cap.
    """
    value = np.array([rule.value for rule in chosen]).reshape(len(chosen), len(a.given.periods)).T
    labels = [rule.label for rule in chosen]
    if name.startswith("reach_"):
        return a.rows(name, labels, lower=np.where(np.isnan(value), -np.inf, value))
    if name.endswith("_min") and name not in AS_UPPER_LIMIT:
        return a.rows(name, labels, lower=np.where(np.isnan(value), -np.inf, 0.0))
    bound = value if name in CAPS else np.zeros_like(value)
    upper = np.where(np.isnan(value), np.inf, bound)
    return a.rows(name, labels, upper=upper[:, None, :] if CONSTRAINT[name].hourly else upper)


ROUNDING = 1e-12
"""Share of the terms of a coefficient below which their sum is rounding, as where a PUE equals the limit on it."""
CLEAN_SHARES = ("clean_share_hourly_min", "clean_share_monthly_min")
AS_UPPER_LIMIT = ("green_share_min", *CLEAN_SHARES)
"""Minimum shares that are stated as an upper limit: what is not green or clean ≤ (1 − v) × the whole."""
CAPS = ("carbon_cap_t", "carbon_cap_market_t", "water_cap_m3")
"""Rules whose value is the right side of their row."""


def soften(a: Assembly, block: Block) -> None:
    """Add an excess variable to rules of operation, at the price of the option for each unit of a year."""
    if not a.operated or not block.labels:
        return
    weight = a.given.hourly_weight if block.hourly else a.given.discount[:, None]
    price = a.given.scenario.settings.plan.excess_mcny_per_unit * weight
    name = f"excess_{block.name}"
    excess = a.model.add_columns(name, block.dims, block.labels, hourly=block.hourly, cost=price)
    a.terms[name] = {"unserved": np.broadcast_to(price, excess.lower.shape)}
    at_least = np.isfinite(block.lower).any()
    a.model.add(block, block.labels, excess, excess.labels, 1.0 if at_least else -1.0)


def _sum(
    a: Assembly, block: Block, rule: Rule, name: str, values: Array | float, sites: Collection[str] | None = None
) -> None:
    """Add values × the columns of `name` at the rule's sites (or `sites`) to its row, where it is in force.

    `values` has the columns of all labels of the variable, or broadcasts.
    """
    column = a.column(name)
    if column is None:
        return
    inside = set(rule.sites if sites is None else sites)
    at = [i for i, label in enumerate(column.labels) if label[0] in inside]
    labels = [column.labels[i] for i in at]
    in_force = rule.in_force[:, None, :] if column.hourly else rule.in_force
    array = np.broadcast_to(values * in_force, column.lower.shape)
    a.model.add(block, [rule.label] * len(labels), column, labels, array[..., at])


def occupancy_min(a: Assembly) -> None:
    """Add installed IT power ≥ v × halls (MW; 上架率), by scope, over the sites that need halls."""
    g = a.given
    chosen = rules(g, "occupancy_min")
    block = _rows(a, "occupancy_min", chosen)
    halls, equipment = a.labels("hall"), a.labels("installed")
    housed = asset_sets.needs_halls(g, [label[:1] for label in equipment])
    for rule in chosen:
        _sum(a, block, rule, "installed", asset_sets.it_mw(g, equipment) * housed)
        _sum(a, block, rule, "hall", -rule.share * asset_sets.needs_halls(g, halls))


def hub_share_min(a: Assembly) -> None:
    """Add FP32 ordered in the hubs ≥ v × FP32 ordered at all sites (EFLOPS), by scope, in each period."""
    g = a.given
    chosen = rules(g, "hub_share_min")
    block = _rows(a, "hub_share_min", chosen)
    labels = a.labels("build")
    for rule in chosen:
        inside = {site for site in rule.sites if g.site_text[site]["hub"]}
        own = np.array([[float(label[0] in inside) for label in labels]])
        _sum(a, block, rule, "build", asset_sets.fp32(g, labels) * (own - rule.share), g.sites)


def intelligent_share_min(a: Assembly) -> None:
    """Add FP32 of installed intelligent computing ≥ v × FP32 installed (EFLOPS), by scope."""
    g = a.given
    chosen = rules(g, "intelligent_share_min")
    block = _rows(a, "intelligent_share_min", chosen)
    labels = a.labels("installed")
    own = np.array([[float(g.class_of[name] == "intelligent") for _, name in labels]])
    for rule in chosen:
        _sum(a, block, rule, "installed", asset_sets.fp32(g, labels) * (own - rule.share))


def utilisation_min(a: Assembly) -> None:
    """Add load over the year ≥ v × installed × 8,760 (unit-hours; 算力利用率), by scope and class.

    Each class has a row of its own, because units of different classes cannot be added.
    """
    g = a.given
    equipment = a.labels("load")
    classes = list(dict.fromkeys(g.class_of[name] for _, name in equipment))
    chosen = rules(g, "utilisation_min")
    rows = [(rule, of) for rule in chosen for of in classes]
    lower = np.array([np.where(np.isnan(rule.value), -np.inf, 0.0) for rule, _ in rows])
    labels = [(*rule.label, of) for rule, of in rows]
    block = a.rows("utilisation_min", labels, lower=lower.reshape(len(rows), len(g.periods)).T)
    for rule, of in rows:
        own = [label for label in equipment if g.class_of[label[1]] == of and label[0] in rule.sites]
        row = [(*rule.label, of)] * len(own)
        hours = power.over_hours(g) * rule.in_force[:, None, :]
        a.model.add(block, row, a.model.columns["load"], own, hours)
        a.model.add(block, row, a.model.columns["installed"], own, -rule.share * units.HOURS_PER_YEAR)
    soften(a, block)


def green_share_min(a: Assembly) -> None:
    """Add grid − contracts ≤ (1 − v) × facility energy (MWh a year), by scope.

    Measured on facility energy, so that battery losses never count as green. A share of 0 leaves its row free;
    otherwise it would require green power for the losses of batteries.
    """
    chosen = _above_zero(a.given, "green_share_min")
    block = _rows(a, "green_share_min", chosen)
    hours = power.over_hours(a.given)
    for rule in chosen:
        _sum(a, block, rule, "grid", hours)
        _sum(a, block, rule, "contract", -1.0)
        _facility(a, block, rule, -(rule.in_force - rule.share)[:, None, :] * hours)
    soften(a, block)


def _facility(a: Assembly, block: Block, rule: Rule, factor: Array) -> None:
    """Add factor × facility power of the rule's sites to its row."""
    for column, labels, values in power.facility(a, [(site,) for site in rule.sites]):
        a.model.add(block, [rule.label] * len(labels), column, labels, values * factor)


def clean_share_hourly_min(a: Assembly) -> None:
    """Add Σ (1 − clean share) × (grid − contract use) ≤ (1 − v) × Σ facility power (MW), by scope and hour.

    A site's own generation is used there or curtailed, so that none of it counts elsewhere or in another hour. By the
    power balance the row says generation + discharge − charge + clean share × grid ≥ v × facility power. At v = 1 this
    is the hourly matching of Riepin and Brown (2024); below 1 they ask for the share over the year, this rule for the
    share in every hour. `charge_is_clean` keeps a battery from turning grid power into clean power.
    """
    chosen = _above_zero(a.given, "clean_share_hourly_min")
    block = _rows(a, "clean_share_hourly_min", chosen)
    for rule in chosen:
        _unclean(a, block, rule, np.ones((1, 1, 1)))
    soften(a, block)


def clean_share_monthly_min(a: Assembly) -> None:
    """Add Σ ω (1 − clean share) × (grid − contract use) ≤ (1 − v) × Σ ω facility power (MWh a year), by scope and month.

    A modelled hour counts in the month in which it lies, with its weight. A month without modelled hours has no row.
    """
    timeline = a.given.timeline
    months = [str(month) for month in np.unique(timeline.month)]
    asked = _above_zero(a.given, "clean_share_monthly_min")
    chosen = [replace(rule, month=month) for rule in asked for month in months]
    block = _rows(a, "clean_share_monthly_min", chosen)
    for rule in chosen:
        _unclean(a, block, rule, power.over_hours(a.given) * (timeline.month == int(rule.month))[None, :, None])
    soften(a, block)


def _above_zero(given: Given, name: str) -> list[Rule]:
    """Return the scopes of a rule of which a share of 0 asks for nothing."""
    return [replace(rule, value=np.where(rule.value > 0.0, rule.value, np.nan)) for rule in rules(given, name)]


def _unclean(a: Assembly, block: Block, rule: Rule, weight: Array) -> None:
    """Add weight × (unclean grid power − (1 − v) × facility power) to the rule's row. `weight`: shape (1, hours, 1)."""
    for name, sign in (("grid", 1.0), ("contract_use", -1.0)):
        _sum(a, block, rule, name, sign * weight * (1.0 - power.clean_share(a.given, a.labels(name))))
    _facility(a, block, rule, -(rule.in_force - rule.share)[:, None, :] * weight)


def charge_is_clean(a: Assembly) -> None:
    """Add charge ≤ clean power of the site and hour (MW), at the sites of clean shares in force.

    Clean are generation, contract use and the clean share of the other grid power.
    """
    chosen = [rule for name in CLEAN_SHARES for rule in _above_zero(a.given, name)]
    charge, grid = a.column("charge"), a.column("grid")
    if charge is None or grid is None:
        return
    within = {site: np.zeros(len(a.given.periods)) for (site,) in charge.labels}
    for rule in chosen:
        for site in set(rule.sites) & set(within):
            within[site] = np.maximum(within[site], rule.in_force[:, 0])
    labels = [(site,) for site, held in within.items() if held.any()]
    if not labels:
        return
    held = np.array([within[site] for (site,) in labels]).T[:, None, :]
    block = a.rows("charge_is_clean", labels, upper=np.where(held > 0.0, 0.0, np.inf))
    a.model.add(block, labels, charge, labels, held)
    a.model.add(block, labels, grid, labels, -held * power.clean_share(a.given, labels))
    for name in ("generation", "contract_use"):
        made = a.column(name)
        if made:
            sources = [label for label in made.labels if label[:1] in block.position]
            sites = [label[:1] for label in sources]
            at = np.array([block.position[site] for site in sites], dtype=np.int64)
            part = 1.0 - power.clean_share(a.given, sites) if name == "contract_use" else 1.0
            a.model.add(block, sites, made, sources, -held[:, :, at] * part)


def pue_max(a: Assembly) -> None:
    """Add facility energy ≤ v × IT energy (MWh a year), by scope: the PUE is weighted by energy."""
    chosen = rules(a.given, "pue_max")
    block = _rows(a, "pue_max", chosen)
    hours = power.over_hours(a.given)
    for rule in chosen:
        limit = rule.share[:, None, :]
        for column, labels, values in power.facility(a, [(site,) for site in rule.sites]):
            # IT energy counts with PUE − v. Where both are the same number, what rounding leaves must not forbid all work.
            above = np.where(np.isclose(values, limit, rtol=ROUNDING, atol=0.0), 0.0, values - limit)
            factor = above if column.name == "it" else values
            a.model.add(block, [rule.label] * len(labels), column, labels, factor * rule.in_force[:, None, :] * hours)
    soften(a, block)


def carbon_cap_t(a: Assembly) -> None:
    """Add location-based emissions of a year ≤ v (t), by scope."""
    g = a.given
    chosen = rules(g, "carbon_cap_t")
    block = _rows(a, "carbon_cap_t", chosen)
    for rule in chosen:
        _sum(a, block, rule, "grid", power.co2(g, a.labels("grid")) * power.over_hours(g))
    soften(a, block)


def carbon_cap_market_t(a: Assembly) -> None:
    """Add market-based emissions of a year ≤ v (t), by scope: a contract displaces its zone's mean intensity."""
    g = a.given
    chosen = rules(g, "carbon_cap_market_t")
    block = _rows(a, "carbon_cap_market_t", chosen)
    for rule in chosen:
        _sum(a, block, rule, "grid", power.co2(g, a.labels("grid")) * power.over_hours(g))
        _sum(a, block, rule, "contract", -power.mean_co2(g, a.labels("contract")))
    soften(a, block)


def water_cap_m3(a: Assembly) -> None:
    """Add cooling water of a year ≤ v (m³), by scope."""
    g = a.given
    chosen = rules(g, "water_cap_m3")
    block = _rows(a, "water_cap_m3", chosen)
    litres = g.numbers("sites", a.labels("it"), "water_l_per_kwh")[:, None, :]
    for rule in chosen:
        _sum(a, block, rule, "it", units.cubic_metres_per_mwh(1.0) * litres * power.over_hours(g))
    soften(a, block)


# --- targets to be reached -------------------------------------------------------------------------------------------


def reach_eflops_fp16(a: Assembly) -> None:
    """Add FP16 of installed intelligent computing ≥ v (EFLOPS), counted as in official statistics."""
    chosen = rules(a.given, "reach_eflops_fp16")
    block = _rows(a, "reach_eflops_fp16", chosen)
    for rule in chosen:
        _sum(a, block, rule, "installed", asset_sets.fp16(a.given, a.labels("installed")))


def reach_racks(a: Assembly) -> None:
    """Add halls ≥ v standard racks; the row is in MW."""
    chosen = rules(a.given, "reach_racks")
    in_mw = [Rule(rule.scope, rule.applies, rule.sites, units.mw_of_racks(1.0) * rule.value) for rule in chosen]
    block = _rows(a, "reach_racks", in_mw)
    for rule in in_mw:
        _sum(a, block, rule, "hall", 1.0)


def reach_investment_mcny(a: Assembly) -> None:
    """Add overnight capital of computing facilities ordered in the period ≥ v (mCNY, undiscounted)."""
    chosen = rules(a.given, "reach_investment_mcny")
    block = _rows(a, "reach_investment_mcny", chosen)
    for rule in chosen:
        for name in FACILITIES:
            if a.column(name) is not None:
                _sum(a, block, rule, name, a.capex[name])


FACILITIES = ("build_hall", "retrofit", "build")
"""Orders that count as investment in computing facilities."""


def reach_gigabit_cities(a: Assembly) -> None:
    """Add the number of gigabit cities ≥ v."""
    chosen = rules(a.given, "reach_gigabit_cities")
    block = _rows(a, "reach_gigabit_cities", chosen)
    column = a.column("gigabit")
    if column is None:
        return
    for rule in chosen:
        labels = a.labels("gigabit")
        held = np.broadcast_to(rule.in_force, (len(a.given.periods), len(labels)))
        a.model.add(block, [rule.label] * len(labels), column, labels, held)
