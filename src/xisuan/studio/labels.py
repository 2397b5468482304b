"""Words for the names that the studio stores or gets from elsewhere: statuses, stages, roles, options, actions."""

from __future__ import annotations

from collections.abc import Mapping

from xisuan.text.translation import Message
from xisuan.text.translation import message as _

STATUSES: Mapping[str, Message] = {
    "queued": _("queued"),
    "running": _("running"),
    "done": _("done"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
}
"""Status of a run."""

STAGES: Mapping[str, Message] = {
    "starting": _("Starting"),
    "build": _("Building the model"),
    "solve": _("Solving"),
    "tables": _("Result tables"),
    "certify": _("Independent check"),
    "own hours": _("Planned hours"),
    "operate": _("Operation"),
    "other days": _("Other days"),
    "dates": _("Dates of cities"),
    "draws": _("Sampling of estimates"),
    "decisions": _("Unit costs and payers"),
    "break-even": _("Break-even power price"),
    "stress": _("Stress tests"),
    "estimates": _("Sensitivity to estimates"),
    "conflict": _("Cause of infeasibility"),
    "alternatives": _("Alternative plans"),
    "report": _("Writing the report"),
    "read": _("Reading"),
    "simulate": _("Job simulation"),
    "verify": _("Failure simulation"),
    "track": _("Indicators"),
    "write": _("Report page"),
}
"""Stage of a run, as its progress names it."""

VERBS: Mapping[str, Message] = {
    "operate": _("operation on other hours"),
    "alternatives": _("alternative plans"),
    "simulate": _("job simulation"),
    "verify": _("failure simulation"),
    "track": _("indicator tracking"),
    "trace": _("simulation of a trace"),
}
"""What a run does, if it does not plan."""

ROLES: Mapping[str, Message] = {
    "viewer": _("viewer"),
    "planner": _("planner"),
    "administrator": _("administrator"),
}
"""Role of an account."""

SCOPES: Mapping[str, Message] = {
    "read": _("read only"),
    "plan": _("read, change and run"),
}
"""Scope of a program's token."""

SHARING: Mapping[str, Message] = {
    "none": _("Only me"),
    "view": _("Everyone can view"),
    "edit": _("Every planner can edit"),
}
"""Who else sees a scenario."""

OPTIONS: Mapping[str, Message] = {
    "title": _("Title in English"),
    "title_zh": _("Title in Chinese"),
    "base_year": _("Base year of money"),
    "discount_rate": _("Discount rate"),
    "as_of": _("As of"),
    "periods": _("Investment years"),
    "last_period_years": _("Years of the last period"),
    "hours": _("Modelled hours"),
    "objective": _("Objective"),
    "capital": _("Capital cost"),
    "plan.power_price": _("Power price"),
    "plan.contract_zones": _("Zones with contract price"),
    "plan.shortfall_mcny_per_unit_hour": _("Penalty for unserved work"),
    "plan.excess_mcny_per_unit": _("Penalty for exceeding a yearly rule"),
    "plan.operate_days": _("Other days to test"),
    "plan.rolling": _("Rolling horizon of the typical week: hours ahead / hours at a time"),
    "plan.gap": _("Optimality gap"),
    "risk.measure": _("Measure of risk"),
    "risk.level": _("Probability below the dearest futures"),
    "risk.weight": _("Weight of the dearest futures"),
    "report.region": _("Region of the report"),
    "report.language": _("Language of the report"),
}
"""Option of scenario.toml that the pages show."""

HOURS: Mapping[str, Message] = {
    "year": _("every hour of the year"),
    "weeks": _("chosen weeks"),
    "days": _("chosen days"),
    "hours": _("the first hours, for trials"),
    "one": _("one hour, the yearly mean"),
}
"""Kind of modelled hours."""
SINGLE_HOURS = ("year", "one")
"""Kinds of modelled hours that have no number."""

CHOICES: Mapping[str, Message] = {
    "cost": _("least cost"),
    "carbon": _("least carbon"),
    "residents": _("most residents in gigabit cities"),
    "annuity": _("paid as an annuity"),
    "full": _("paid once, when ordered"),
    "cvar": _("mean cost of the dearest futures (CVaR)"),
    "list": _("list price"),
    "contract": _("contract price"),
    "en": _("English"),
    "zh": _("Chinese"),
}
"""Value of an option with a choice."""

LEVERS: Mapping[str, Message] = {
    "western_power_price": _("Power price in the west (sites west of 112.5° E)"),
    "eastern_demand": _("Demand of the east (regions east of 112.5° E)"),
    "intelligent_demand": _("Demand for intelligent computing"),
    "budgets": _("All budgets"),
    "detour": _("Lengths and delays of links"),
    "population_demand": _("Demand by population (0 to 100 %)"),
}
"""Input of a what-if analysis."""

ACTIONS: Mapping[str, Message] = {
    "run": _("run"),
    "operate": _("operate"),
    "alternatives": _("find alternatives"),
    "simulate": _("simulate jobs"),
    "verify": _("simulate failures"),
    "track": _("track indicators"),
    "trace": _("simulate a trace"),
    "new": _("new scenario"),
    "save": _("save"),
    "read": _("read a bulletin"),
    "share": _("change sharing"),
    "remove": _("remove"),
    "restore": _("restore"),
    "delete": _("delete for good"),
    "comment": _("comment on a run"),
    "cancel": _("cancel"),
    "again": _("run again"),
    "entered": _("sign-in by address"),
    "sign-in": _("sign-in"),
    "sign-out": _("sign-out"),
    "sign-in refused": _("sign-in refused"),
    "account locked": _("account locked"),
    "password refused": _("password refused"),
    "confirm password": _("confirm password"),
    "end sessions": _("sign out other browsers"),
    "change password": _("change password"),
    "add account": _("add account"),
    "change account": _("change account"),
    "add token": _("add token"),
    "end token": _("revoke token"),
}
"""Action in the audit log."""
