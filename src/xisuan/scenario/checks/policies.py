"""Checks of policies, budgets and carbon: known rules and scopes, and the data that each of them needs."""

from __future__ import annotations

import math

from xisuan import units
from xisuan.errors import UnreadableError
from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.contingencies import active_hours, listed_workloads
from xisuan.scenario.queries.contingencies import contingencies as held
from xisuan.scenario.reading.profiles import spans
from xisuan.scenario.schema.compute_tables import is_fp16
from xisuan.scenario.schema.policy_tables import (
    BUDGET_SCOPES,
    INVESTOR,
    PAYER_SCOPES,
    POLICY_RULES,
    REACH_RULES,
    REPORTED_RULES,
)

_FRACTIONS = (
    "occupancy_min",
    "utilisation_min",
    "hub_share_min",
    "intelligent_share_min",
    "green_share_min",
    "clean_share_hourly_min",
    "clean_share_monthly_min",
    "link_load_max",
    "site_reserve_min",
)
_CARBON = ("carbon_cap_t", "carbon_cap_market_t", "carbon_price_cny_per_t")
_CAPS = ("carbon_cap_t", "carbon_cap_market_t")
_WITHOUT_SITES = ("carbon_price_cny_per_t", *REACH_RULES)
"""Rules with an effect without sites: a carbon price on stations, and targets, which then cannot be reached."""
CLEAN_SHARES = ("clean_share_hourly_min", "clean_share_monthly_min")
"""Rules whose scope may be the sites of an investor."""
_POWER = (*_CARBON, "green_share_min", *CLEAN_SHARES)
_PRECISION = ("hub_share_min", "intelligent_share_min")
_BUDGETS_OF = {"sites": {"halls", "compute", "power"}, "links": {"network"}, "cities": {"access"}}
"""Budgets of kinds of orders that together limit all that is ordered at a site, on a link and in a city."""
_ROUNDING = 1e-6
"""Tolerance on the sum of shares."""


def rules(at: Inspection) -> None:
    """Check that every policy names a known rule and scope and has a sensible value."""
    for row in at.rows("policies"):
        if row["rule"] not in POLICY_RULES:
            at.error("policies", row, "rule", "rule-unknown", hint=at.findings.suggest(row["rule"], POLICY_RULES))
            continue
        _scope(at, row)
        if row["rule"] in _FRACTIONS and row["value"] > 1:
            at.error("policies", row, "value", "fraction-above-one")
        if row["rule"] == "pue_max" and row["value"] < 1:
            at.error("policies", row, "value", "pue-below-one")
        if row["rule"] in REACH_RULES and row["applies"] != "all":
            at.error("policies", row, "applies", "target-applies-to-some")
        if row["rule"] == "reach_gigabit_cities" and row["value"] > len({city["city"] for city in at.rows("cities")}):
            at.error("policies", row, "value", "more-cities-than-there-are")


def replaced(at: Inspection) -> None:
    """Warn where a row replaces one of the same rule and scope that applied to other sites (all or new)."""
    last: dict[tuple[str, str], Row] = {}
    for period in at.periods if at.scenario.has("policies") else ():
        for row in at.at("policies", period):
            before = last.get((row["rule"], row["scope"]), row)
            last[row["rule"], row["scope"]] = row
            if before["applies"] != row["applies"]:
                at.warn("policies", row, "applies", "policy-replaces-another", period=period, applies=before["applies"])


def idle(at: Inspection) -> None:
    """Warn of a rule that limits nothing because the scenario has no sites, or no links."""
    for row in at.rows("policies"):
        needs = "links" if row["rule"] == "link_load_max" else "sites"
        known = row["rule"] in POLICY_RULES and row["scope"] == "all"  # else there is an error already
        if not known or row["rule"] in _WITHOUT_SITES or at.rows(needs):
            continue
        if row["rule"] in _CAPS and at.rows("cities"):
            at.warn("policies", row, "rule", "cap-without-sites")
        else:
            at.warn("policies", row, "rule", "rule-limits-nothing", missing=needs)


def _scope(at: Inspection, row: Row) -> None:
    """Check that the scope of a policy exists."""
    sites = at.rows("sites")
    hubs = {site["hub"] for site in sites} - {""}
    if row["rule"] == "link_load_max":
        known = {link["link"] for link in at.rows("links")}
    elif row["rule"] == "reach_gigabit_cities":
        known = set()
    elif row["rule"] in ("hub_share_min", *REPORTED_RULES):
        known = hubs
    else:
        known = hubs | {site["site"] for site in sites}
    if row["rule"] in CLEAN_SHARES:
        known |= {f"{INVESTOR}{site['investor']}" for site in sites if site["investor"]}
    if row["scope"] != "all" and row["scope"] not in known:
        at.error(
            "policies",
            row,
            "scope",
            "scope-of-rule-unknown",
            hint=at.findings.suggest_row(row["scope"], {"all", *known}),
        )


def budgets(at: Inspection) -> None:
    """Check that every budget has a scope that exists."""
    sites, links = at.rows("sites"), at.rows("links")
    payers = (*sites, *links, *at.rows("cities"), *at.rows("payers"))
    investors = {f"{INVESTOR}{row['investor']}" for row in payers if row["investor"]}
    known = {*BUDGET_SCOPES, *investors, *(row["hub"] for row in sites if row["hub"])}
    for row in at.rows("budgets"):
        if row["scope"] not in known:
            at.error("budgets", row, "scope", "scope-unknown", hint=at.findings.suggest_row(row["scope"], known))


def payers(at: Inspection) -> None:
    """Check that every payer has a scope that exists, that shares sum to 1, and that residual payers can pay."""
    sites = at.rows("sites")
    known = {*PAYER_SCOPES, *(row["site"] for row in sites), *(row["hub"] for row in sites if row["hub"])}
    for row in at.rows("payers"):
        if row["scope"] not in known:
            at.error("payers", row, "scope", "scope-unknown", hint=at.findings.suggest_row(row["scope"], known))
    for period in at.scenario.settings.periods if at.scenario.has("payers") else ():
        for scope, share in at.scenario.at("payers", period).groupby("scope")["share"].sum().items():
            if abs(share - 1.0) > _ROUNDING:
                at.findings.error(
                    "payers.csv",
                    str(scope),
                    "share",
                    f"{share:g}",
                    "payer-shares-not-one",
                    scope=scope,
                    period=period,
                    total=share,
                )


def residual(at: Inspection) -> None:
    """Check that a residual payer pays in the same scope, has no residual payer itself, and takes over no access."""
    for period in at.periods if at.scenario.has("payers") else ():
        rows = at.at("payers", period)
        relieved = {row["investor"] for row in rows if row["residual_payer"]}
        for row in rows:
            if not (other := row["residual_payer"]):
                continue
            beside = {one["investor"] for one in rows if one["scope"] == row["scope"]} - {row["investor"]}
            if row["scope"] == "access":
                at.error("payers", row, "residual_payer", "residual-payer-of-access")
            elif other not in beside:
                hint = at.findings.suggest_row(other, beside)
                at.error("payers", row, "residual_payer", "residual-payer-not-in-scope", hint=hint)
            elif other in relieved:
                at.error("payers", row, "residual_payer", "residual-payer-has-another", payer=other)


def unlimited(at: Inspection) -> None:
    """Warn of payers whose orders in some period count against no budget, where other payers have one."""
    warned: set[str] = set()
    for period in at.periods:
        budgets = at.at("budgets", period)
        held = {row["scope"] for row in budgets}
        if "all" in held or all(
            not row["scope"].startswith(INVESTOR) or math.isnan(row["limit_mcny"]) for row in budgets
        ):
            continue
        for home, kinds in _BUDGETS_OF.items():
            for item in at.at(home, period):
                paying = _paying(at, home, item, period)
                named = {f"{INVESTOR}{row['investor']}" for _, row in paying}
                if kinds <= held or item.get("hub", "") in held or named & held:
                    continue
                for table, row in paying:
                    if row["investor"] and row["investor"] not in warned:
                        warned.add(row["investor"])
                        at.warn(table, row, "investor", "payer-without-budget", payer=row["investor"])


def _paying(at: Inspection, home: str, item: Row, period: int) -> list[tuple[str, Row]]:
    """Return tables and rows of those who pay for a site, link or city: payers of the narrowest scope, or its investor."""
    kind = {"links": "network", "cities": "access"}.get(home)
    for scope in (kind, "all") if kind else (item["site"], item["hub"], "all"):
        found = [row for row in at.at("payers", period) if scope and row["scope"] == scope]
        if found:
            return [("payers", row) for row in found if row["share"] > 0]
    return [(home, item)]


def carbon(at: Inspection) -> None:
    """Check that the carbon of every zone in use is known where a rule or the objective needs it."""
    asking = next((row["rule"] for row in at.policy(*_CARBON) if row["value"] > 0 or row["rule"] != _CARBON[2]), "")
    if at.scenario.settings.objective == "carbon":
        asking = "the objective"
    if not asking:
        return
    used = {row["zone"] for row in at.rows("sites") if row["site"] in at.equipped}
    for row in at.rows("power"):
        if row["zone"] in used and not isinstance(row["co2_kg_per_kwh"], str) and math.isnan(row["co2_kg_per_kwh"]):
            at.error("power", row, "co2_kg_per_kwh", "carbon-factor-blank", rule=asking)


def power(at: Inspection) -> None:
    """Check that rules and objectives on power and carbon have the table `power`."""
    if at.scenario.has("power"):
        return
    if at.scenario.settings.objective == "carbon":
        at.findings.error("power.csv", "", "", "", "carbon-objective-without-power")
    for row in at.policy(*_POWER):
        at.error("policies", row, "rule", "rule-without-power")


def precision(at: Inspection) -> None:
    """Check that share rules have the FP32 computing power of all equipment that runs work."""
    rule = next((row["rule"] for row in at.policy(*_PRECISION) if row["value"] > 0), "")
    held = {name for names in at.equipped.values() for name in names}
    for row in at.rows("technologies") if rule else ():
        if row["kind"] == "flow" and row["technology"] in held and math.isnan(row["fp32_per_unit"]):
            at.error("technologies", row, "fp32_per_unit", "fp32-blank", rule=rule)


def fp16(at: Inspection) -> None:
    """Check that a target for computing power has EFLOPS and precision of all intelligent computing (FP16 only)."""
    if not any(row["value"] > 0 for row in at.policy("reach_eflops_fp16")):
        return
    held = {name for names in at.equipped.values() for name in names}
    for row in at.rows("technologies"):
        if row["class"] != "intelligent" or row["technology"] not in held:
            continue
        if not row["precision"]:
            at.error("technologies", row, "precision", "precision-blank")
        elif not is_fp16(row["class"], row["precision"]):
            at.warn("technologies", row, "precision", "precision-not-fp16")
        elif math.isnan(row["eflops_per_unit"]):
            at.error("technologies", row, "eflops_per_unit", "eflops-blank")


def green(at: Inspection) -> None:
    """Warn if a green share is required but no green power is on offer."""
    asked = next((row for row in at.policy("green_share_min") if row["value"] > 0), None)
    if asked is None:
        return
    premium = any(not math.isnan(row["green_premium_cny_per_kwh"]) for row in at.rows("power"))
    made = any(row["source"] != "battery" for row in at.rows("supply"))
    if not premium and not made:
        at.warn("policies", asked, "value", "no-green-power")


def months(at: Inspection) -> None:
    """Warn of a rule by month if some months have no modelled hour: the others, which stand for them, count their energy."""
    asked = next((row for row in at.policy("clean_share_monthly_min") if row["value"] > 0), None)
    found = set(at.scenario.timeline.month.tolist())
    without = [month for month in range(1, 13) if month not in found]
    if asked is not None and without:
        at.warn("policies", asked, "rule", "months-without-hours", months=", ".join(map(str, without)))


def contingencies(at: Inspection) -> None:
    """Check that every contingency names one thing that fails, hours, and work that it can protect, alike in all rows."""
    first: dict[str, Row] = {}
    for row in at.rows("contingencies"):
        before = first.setdefault(row["contingency"], row)
        for column in ("site", "link", "hours", "workloads", "extra_latency_ms"):
            if row[column] != before[column]:
                at.error("contingencies", row, column, "contingency-changes", before=before[column])
        if row is before and _names_one(at, row) and _has_hours(at, row):
            _protects(at, row)


def _names_one(at: Inspection, row: Row) -> bool:
    """Record a contingency of no place or of two. Return True otherwise."""
    if bool(row["site"]) == bool(row["link"]):
        at.error("contingencies", row, "link" if row["link"] else "site", "contingency-of-one-place")
        return False
    return True


def _has_hours(at: Inspection, row: Row) -> bool:
    """Record hours of the day that cannot be read. Return True otherwise."""
    try:
        spans(row["hours"], 0, units.HOURS_PER_DAY - 1)
    except UnreadableError as unreadable:
        at.findings.fault("contingencies", row["contingency"], "hours", row["hours"], unreadable.problem)
        return False
    return True


def _protects(at: Inspection, row: Row) -> None:
    """Check the workloads of a contingency; warn if it protects nothing, or no modelled hour is within its hours."""
    known = {work["workload"]: work for work in at.rows("workloads")}
    for name in listed_workloads(row["workloads"]):
        if name not in known:
            hint = at.findings.suggest(name, known)
            at.error("contingencies", row, "workloads", "contingency-workload-unknown", value=name, hint=hint)
        elif name in at.workloads and candidates.is_stock(at.scenario, name):
            at.error("contingencies", row, "workloads", "contingency-of-stock", value=name)
        elif any(work["defer_hours"] >= 1 for work in at.workloads.get(name, ())):
            at.warn("contingencies", row, "workloads", "contingency-of-work-that-waits", value=name)
    one = next((one for one in held(at.scenario) if one.name == row["contingency"]), None)
    if one is None:
        at.warn("contingencies", row, "share_lost", "contingency-never-holds")
    elif not one.surviving & at.asked.keys():
        at.warn("contingencies", row, "workloads", "contingency-protects-nothing")
    elif not active_hours(at.scenario, one).any():
        at.warn("contingencies", row, "hours", "contingency-without-hours")


CHECKS = (
    *(rules, replaced, idle, budgets, payers, residual, unlimited, carbon, power, precision, fp16, green, months),
    contingencies,
)
