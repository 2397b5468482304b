"""Given failures of sites and links: checked, and as outages of stations and as links that are down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.plan_inputs.plan_arrays import Setting
from xisuan.simulation.policies.failure_models import (
    EVERYTHING,
    Down,
    Outage,
)
from xisuan.text.translation import message as _


def check_downs(of: Setting, scenario: Scenario, downs: Sequence[Down], hours: int) -> None:
    """Raise ScenarioError with all failures of unknown sites or links, or outside the simulated hours."""
    known = {"site": list(of.sites), "link": scenario["links"]["link"].astype(str).unique().tolist()}
    problems, findings = [], Findings()
    for down in downs:
        place: dict[str, Any] = {"table": "failures", "row": down.name}
        if down.name not in known.get(down.what, ()):
            problems.append(_unknown(down, known, findings))
        elif down.start < 0 or down.hours < 1:
            value = f"{down.start}, {down.hours}"
            problems.append(Problem("failure-start-not-whole", **place, column="hours", value=value))
        elif down.start >= hours:
            value = str(down.start)
            problems.append(Problem("failure-after-end", **place, column="start_hour", value=value, hours=hours))
    if problems:
        raise ScenarioError(problems)


def _unknown(down: Down, known: Mapping[str, Sequence[str]], findings: Findings) -> Problem:
    """Return the problem of an unknown name: it is of another kind, similar to a known one, or in no table."""
    place: dict[str, Any] = {"table": "failures", "column": down.what, "value": down.name}
    other = next((kind for kind, names in known.items() if kind != down.what and down.name in names), None)
    if other is not None:
        return Problem("failure-of-other-kind", kind=other, name=down.name, **place)
    if down.what not in known:
        return Problem("failure-kind-unknown", **place)
    hint = findings.suggest(down.name, known[down.what]) or _("the table {table} has them", table=f"{down.what}s")
    return Problem("failed-site-unknown" if down.what == "site" else "failed-link-unknown", hint=hint, **place)


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
        for s, (site, _replica) in enumerate(of.stations)
        if site == name
    ]


def failure_window(down: Sequence[Down]) -> dict[str, int]:
    """Return the first hour with a failure and the hour after the last; empty without failures."""
    if not down:
        return {}
    return {"down_from_hour": min(d.start for d in down), "down_until_hour": max(d.start + d.hours for d in down)}
