"""Given failures of sites and links: checked, and as outages of stations and as links that are down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.plan_inputs.plan_arrays import Setting
from xisuan.simulation.policies.failure_models import (
    EVERYTHING,
    Down,
    Outage,
)


def check_downs(of: Setting, scenario: Scenario, downs: Sequence[Down], hours: int) -> None:
    """Raise ScenarioError with all failures of unknown sites or links, or outside the simulated hours."""
    known = {"site": list(of.sites), "link": scenario["links"]["link"].astype(str).unique().tolist()}
    problems, findings = [], Findings()
    for down in downs:
        start = f"{down.start}, {down.hours}"
        if down.name not in known.get(down.what, ()):
            problems.append(Problem("failures", "", down.what, down.name, _unknown(down, known, findings)))
        elif down.start < 0 or down.hours < 1:
            problems.append(Problem("failures", down.name, "hours", start, "give whole hours"))
        elif down.start >= hours:
            what = f"begins when all is over; simulate more than {hours} hours, or leave it out"
            problems.append(Problem("failures", down.name, "start_hour", str(down.start), what))
    if problems:
        raise ScenarioError(problems)


def _unknown(down: Down, known: Mapping[str, Sequence[str]], findings: Findings) -> str:
    """Return the remedy for an unknown name: its correct kind, a similar name, or the table to look in."""
    other = next((kind for kind, names in known.items() if kind != down.what and down.name in names), None)
    if other is not None:
        return f"is a {other}; write {other}:{down.name}"
    if down.what not in known:
        return "only a site or a link can be down; give site:NAME or link:NAME"
    where = "site that runs work" if down.what == "site" else "link"
    near = findings.suggest(down.name, known[down.what])
    return f"no such {where}{near or f'; the table {down.what}s has them'}"


def links_down(downs: Sequence[Down], hour: int) -> frozenset[str]:
    """Return the links that are down in an hour."""
    return frozenset(d.name for d in downs if d.what == "link" and d.start <= hour < d.start + d.hours)


def site_outages(of: Setting, down: Sequence[Down]) -> list[Outage]:
    """Return failures of sites as failures of all their stations; overlapping ones of a site are merged."""
    spans: list[tuple[str, int, int]] = []
    for name, start, end in sorted((d.name, d.start, d.start + d.hours) for d in down if d.what == "site"):
        if spans and spans[-1][0] == name and start <= spans[-1][2]:
            spans[-1] = (name, spans[-1][1], max(end, spans[-1][2]))
        else:
            spans.append((name, start, end))
    return [
        Outage(start * 3600.0, (end - start) * 3600.0, s, EVERYTHING)
        for name, start, end in spans
        for s, (site, _) in enumerate(of.stations)
        if site == name
    ]


def failure_window(down: Sequence[Down]) -> dict[str, int]:
    """Return the first hour with a failure and the hour after the last; empty without failures."""
    if not down:
        return {}
    return {"down_from_hour": min(d.start for d in down), "down_until_hour": max(d.start + d.hours for d in down)}
