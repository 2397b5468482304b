"""Policies and budgets: each a named constraint with a shadow price.

A rule's value may change between periods, and a rule may hold in some periods only; elsewhere its row is open.
Where a plan is operated, rules on capacity are history, and rules on a year's operation may be exceeded at a price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xisuan import units
from xisuan.equations import capacity, power
from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array, Given, Label
from xisuan.equations.notation import VARIABLE, YEARLY_RULES
from xisuan.solver.model import Block


def add(a: Assembly) -> None:
    """All rules and budgets that the scenario states."""
    if not a.operated:
        occupancy_min(a)
        hub_share_min(a)
        intelligent_share_min(a)
        budget(a)
    utilisation_min(a)
    green_share_min(a)
    pue_max(a)
    carbon_cap_t(a)
    carbon_cap_market_t(a)
    water_cap_m3(a)


@dataclass(frozen=True)
class Rule:
    """One rule for one scope: its sites, and its value by period (NaN: not in force)."""

    scope: str
    applies: str
    sites: tuple[str, ...]
    value: Array

    @property
    def label(self) -> Label:
        """Label of its row."""
        return (self.scope, self.applies)

    @property
    def weight(self) -> Array:
        """Its value as a coefficient: 0 where not in force. Shape (periods, 1, 1)."""
        return np.nan_to_num(self.value)[:, None, None]


def rules(given: Given, name: str) -> list[Rule]:
    """Every scope for which rule `name` holds in some period."""
    values: dict[Label, Array] = {}
    for y, period in enumerate(given.periods):
        frame = given.at("policies", period)
        for row in frame[frame["rule"] == name].to_dict("records"):
            empty = np.full(len(given.periods), np.nan)
            values.setdefault((str(row["scope"]), str(row["applies"])), empty)[y] = row["value"]
    return [Rule(scope, applies, _in_scope(given, scope, applies), value) for (scope, applies), value in values.items()]


def _in_scope(given: Given, scope: str, applies: str) -> tuple[str, ...]:
    sites = [site for site in given.sites if scope in ("all", site, given.site_text[site]["hub"])]
    return tuple(site for site in sites if applies == "all" or capacity.is_new(given, site))


def _rows(a: Assembly, name: str, chosen: list[Rule], side: str, right: bool = False) -> Block:
    """One row a rule: … ≥ 0 (`at least`) or … ≤ 0 (`at most`), or ≤ its value (`right`); open where not in force."""
    value = np.array([rule.value for rule in chosen]).reshape(len(chosen), len(a.given.periods)).T
    bound = value if right else np.where(np.isnan(value), np.nan, 0.0)
    if side == "at least":
        return a.rows(name, [rule.label for rule in chosen], lower=np.where(np.isnan(bound), -np.inf, bound))
    return a.rows(name, [rule.label for rule in chosen], upper=np.where(np.isnan(bound), np.inf, bound))


def _soften(a: Assembly, block: Block, side: str) -> None:
    """Let a yearly rule be exceeded, at the price of the option, where a plan is operated."""
    if not a.operated or not block.labels:
        return
    price = a.given.scenario.settings.plan.excess_mcny_per_unit * a.given.discount[:, None]
    name = f"excess_{block.name}"
    excess = a.model.add_columns(name, block.dims, block.labels, cost=price)
    a.terms[name] = {"unserved": np.broadcast_to(price, excess.lower.shape)}
    a.model.add(block, block.labels, excess, excess.labels, 1.0 if side == "at least" else -1.0)


def _sum(
    a: Assembly, block: Block, rule: Rule, name: str, keep: Callable[[Label], bool], values: Array | float
) -> None:
    """Put values × the columns of `name` at sites of the rule that `keep` accepts into the rule's row.

    `values` has the columns of all labels of the variable, or broadcasts.
    """
    column = a.column(name)
    if column is None:
        return
    sites = set(rule.sites)
    at = [i for i, label in enumerate(column.labels) if label[0] in sites and keep(label)]
    labels = [column.labels[i] for i in at]
    array = np.broadcast_to(np.asarray(values, float), column.lower.shape)
    a.model.add(block, [rule.label] * len(labels), column, labels, array[..., at])


def _all(_: Label) -> bool:
    return True


def occupancy_min(a: Assembly) -> None:
    """Halls must not stand empty (上架率)."""
    chosen = rules(a.given, "occupancy_min")
    block = _rows(a, "occupancy_min", chosen, "at least")
    halls = set(a.labels("hall"))
    mw = capacity.it_mw(a, a.labels("installed"))
    for rule in chosen:
        in_force = np.where(np.isnan(rule.value), 0.0, 1.0)[:, None]
        _sum(a, block, rule, "installed", lambda label: label[:1] in halls, mw * in_force)
        _sum(a, block, rule, "hall", _all, -rule.weight[:, 0])


def fp32(a: Assembly, labels: list[Label]) -> Array:
    """Computing power of a unit at FP32, EFLOPS; shares are formed at this one precision. Shape (periods, labels)."""
    return a.given.numbers("technologies", [(name,) for _, name in labels], "fp32_per_unit")


def hub_share_min(a: Assembly) -> None:
    """New compute belongs in the hubs: share of what is built in the period, at FP32."""
    g = a.given
    chosen = rules(g, "hub_share_min")
    block = _rows(a, "hub_share_min", chosen, "at least")
    power_of = fp32(a, a.labels("build"))
    for rule in chosen:
        in_force = np.where(np.isnan(rule.value), 0.0, 1.0)[:, None]
        everywhere = Rule(rule.scope, rule.applies, tuple(g.sites), rule.value)
        inside = {site for site in g.sites if (g.site_text[site]["hub"] if rule.scope == "all" else site in rule.sites)}
        values = np.array([[float(label[0] in inside) for label in a.labels("build")]]) - rule.weight[:, 0]
        _sum(a, block, everywhere, "build", _all, power_of * values * in_force)


def intelligent_share_min(a: Assembly) -> None:
    """Share of intelligent computing in what is installed, at FP32."""
    g = a.given
    chosen = rules(g, "intelligent_share_min")
    block = _rows(a, "intelligent_share_min", chosen, "at least")
    power_of = fp32(a, a.labels("installed"))
    own = np.array([[float(g.class_of[name] == "intelligent") for _, name in a.labels("installed")]])
    for rule in chosen:
        in_force = np.where(np.isnan(rule.value), 0.0, 1.0)[:, None]
        _sum(a, block, rule, "installed", _all, power_of * (own - rule.weight[:, 0]) * in_force)


def utilisation_min(a: Assembly) -> None:
    """Equipment must not stand idle (算力利用率), class by class, because units of classes cannot be added."""
    g = a.given
    flows = a.labels("load")
    classes = list(dict.fromkeys(g.class_of[name] for _, name in flows))
    chosen = rules(g, "utilisation_min")
    labels = [(*rule.label, of) for rule in chosen for of in classes]
    lower = np.array([np.where(np.isnan(rule.value), -np.inf, 0.0) for rule in chosen for _ in classes])
    block = a.rows("utilisation_min", labels, lower=lower.reshape(len(labels), len(g.periods)).T)
    for rule in chosen:
        for of in classes:
            own = [label for label in flows if g.class_of[label[1]] == of and label[0] in rule.sites]
            rows = [(*rule.label, of)] * len(own)
            a.model.add(block, rows, a.model.columns["load"], own, power.over_hours(g.timeline))
            share = -rule.weight[:, 0] * units.HOURS_PER_YEAR
            a.model.add(block, rows, a.model.columns["installed"], own, share)
    _soften(a, block, "at least")


def green_share_min(a: Assembly) -> None:
    """Green power measured on what the facility consumes, so that a battery's losses never count as green."""
    g = a.given
    chosen = rules(g, "green_share_min")
    block = _rows(a, "green_share_min", chosen, "at most")
    hours = power.over_hours(g.timeline)
    for rule in chosen:
        in_force = np.where(np.isnan(rule.value), 0.0, 1.0)
        _sum(a, block, rule, "grid", _all, hours * in_force[:, None, None])
        _sum(a, block, rule, "contract", _all, -in_force[:, None])
        _facility(a, block, rule, -(1.0 - rule.weight) * hours * in_force[:, None, None])
    _soften(a, block, "at most")


def _facility(a: Assembly, block: Block, rule: Rule, factor: Array) -> None:
    """Put factor × facility power of the rule's sites into its row."""
    for column, labels, values in power.facility(a, [(site,) for site in rule.sites]):
        a.model.add(block, [rule.label] * len(labels), column, labels, values * factor)


def pue_max(a: Assembly) -> None:
    """PUE over the year, weighted by energy."""
    g = a.given
    chosen = rules(g, "pue_max")
    block = _rows(a, "pue_max", chosen, "at most")
    hours = power.over_hours(g.timeline)
    for rule in chosen:
        in_force = np.where(np.isnan(rule.value), 0.0, 1.0)[:, None, None]
        sites = [(site,) for site in rule.sites]
        for column, labels, values in power.facility(a, sites):
            ceiling = rule.weight if column.name == "it" else 0.0
            a.model.add(block, [rule.label] * len(labels), column, labels, (values - ceiling) * hours * in_force)
    _soften(a, block, "at most")


def carbon_cap_t(a: Assembly) -> None:
    """Location-based emissions of a year."""
    chosen = rules(a.given, "carbon_cap_t")
    block = _rows(a, "carbon_cap_t", chosen, "at most", right=True)
    emitted = power.co2(a.given, a.labels("grid")) * power.over_hours(a.given.timeline)
    for rule in chosen:
        _sum(a, block, rule, "grid", _all, emitted)
    _soften(a, block, "at most")


def carbon_cap_market_t(a: Assembly) -> None:
    """Market-based emissions of a year: a contract displaces the year's mean factor of its zone."""
    g = a.given
    chosen = rules(g, "carbon_cap_market_t")
    block = _rows(a, "carbon_cap_market_t", chosen, "at most", right=True)
    emitted = power.co2(g, a.labels("grid")) * power.over_hours(g.timeline)
    for rule in chosen:
        _sum(a, block, rule, "grid", _all, emitted)
        _sum(a, block, rule, "contract", _all, -power.mean_co2(g, a.labels("contract")))
    _soften(a, block, "at most")


def water_cap_m3(a: Assembly) -> None:
    """Cooling water of a year."""
    g = a.given
    chosen = rules(g, "water_cap_m3")
    block = _rows(a, "water_cap_m3", chosen, "at most", right=True)
    litres = g.numbers("sites", a.labels("it"), "water_l_per_kwh")
    for rule in chosen:
        water = units.cubic_metres_per_mwh(1.0) * litres[:, None, :] * power.over_hours(g.timeline)
        _sum(a, block, rule, "it", _all, water)
    _soften(a, block, "at most")


BUDGETED = {
    "halls": ("build_hall", "retrofit", "open"),
    "compute": ("build",),
    "network": ("build_link", "link_modules"),
    "power": ("build_supply", "build_energy"),
}
"""Orders that each scope of a budget limits."""


def budget(a: Assembly) -> None:
    """Overnight capital cost of what is ordered in the period, undiscounted."""
    g = a.given
    scopes: dict[str, Array] = {}
    for y, period in enumerate(g.periods):
        for row in g.at("budgets", period).to_dict("records"):
            if not np.isnan(row["limit_mcny"]):
                scopes.setdefault(str(row["scope"]), np.full(len(g.periods), np.inf))[y] = row["limit_mcny"]
    names = list(scopes)
    upper = np.array([scopes[name] for name in names]).reshape(len(names), len(g.periods)).T
    block = a.rows("budget", [(name,) for name in names], upper=upper)
    for scope in names:
        for variables in BUDGETED.values():
            for name in variables:
                column = a.column(name)
                if column:
                    at = [i for i, label in enumerate(column.labels) if within_budget(g, scope, name, label)]
                    labels = [column.labels[i] for i in at]
                    a.model.add(block, [(scope,)] * len(labels), column, labels, a.capex[name][:, at])


def within_budget(given: Given, scope: str, variable: str, label: Label) -> bool:
    """Whether an order counts against a budget's scope."""
    if scope == "all":
        return True
    if scope in BUDGETED:
        return variable in BUDGETED[scope]
    if scope.startswith("investor:"):
        return investor(given, variable, label) == scope.removeprefix("investor:")
    return "site" in VARIABLE[variable].dims and given.site_text[label[0]]["hub"] == scope


def investor(given: Given, variable: str, label: Label) -> str:
    """Who pays for an order: the site's investor, or the link's."""
    if "site" in VARIABLE[variable].dims:
        return given.site_text[label[0]]["investor"]
    frame = given.scenario["links"]
    return str(frame.loc[frame["link"] == label[0], "investor"].iloc[0])


def excess_names() -> list[str]:
    """Variables by which an operated plan exceeds yearly rules."""
    return [f"excess_{rule}" for rule in YEARLY_RULES]
