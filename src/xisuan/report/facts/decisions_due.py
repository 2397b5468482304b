"""Facts about decisions: what is ordered first at the reported place, for how much, and when it is in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xisuan.report.facts import build_facts
from xisuan.report.facts.fact import Confidence
from xisuan.report.facts.ranges import build_confidence
from xisuan.report.run_amounts import computed_once
from xisuan.report.run_context import Context

Kind = Literal["compute", "hall", "retrofit", "supply", "link", "access"]
MOST = 3
"""Decisions that the brief shows."""
KIND_OF = {"hall": "hall", "opening": "hall", "retrofit": "retrofit", "compute": "compute"}
"""Asset → kind of decision; others are supply."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Orders of one kind in one year: capital as shown, mCNY; the years of order and of first use.

    `things`: what is ordered: keys of technologies, links or assets. `mw`, `gbps`: size, 0 where it has none; `eflops`: that
    of the leading class, for precisions are never added.
    """

    kind: Kind
    year: int
    in_use_from: int
    mcny: float
    things: tuple[str, ...]
    mw: float = 0.0
    eflops: float = 0.0
    gbps: float = 0.0
    confidence: Confidence = "untested"


@computed_once
def decisions(context: Context) -> list[Decision]:
    """Return the first decisions of each kind: those of the earliest year first, then by capital."""
    found = [*_orders(context), *_links(context), *_access(context)]
    first: dict[str, Decision] = {}
    for one in sorted(found, key=lambda one: (one.year, -one.mcny)):
        first.setdefault(one.kind, one)
    return sorted(first.values(), key=lambda one: (one.year, -one.mcny))[:MOST]


def _orders(context: Context) -> list[Decision]:
    groups: dict[tuple[int, str], list[build_facts.Order]] = {}
    for line in build_facts.procurement(context):
        groups.setdefault((line.period, KIND_OF.get(line.asset, "supply")), []).append(line)
    return [
        Decision(
            kind, year, min(line.in_use_from for line in lines), sum(line.mcny for line in lines),  # type: ignore[arg-type]
            tuple(dict.fromkeys(line.technology or line.asset for line in lines)),
            _mw(lines), build_facts.ordered_by_year(context)[0].get(year, 0.0) if kind == "compute" else 0.0,
            confidence=build_confidence(context, "compute" if kind == "compute" else "hall" if kind == "hall" else ""),
        )
        for (year, kind), lines in groups.items()
        if sum(line.mcny for line in lines) > 0
    ]  # fmt: skip


def _mw(lines: list[build_facts.Order]) -> float:
    """Return the power of orders: of IT, or of plants."""
    return sum(line.mw if line.mw > 0 else line.amount if line.unit == "MW" else 0.0 for line in lines)


def _links(context: Context) -> list[Decision]:
    rows = build_facts.links_here(context)
    return [
        Decision("link", int(str(year)), int(group["in_use_from"].min()), float(group["capex_mcny"].sum()),
                 tuple(dict.fromkeys(group["where"].astype(str))), gbps=float(group["gbps"].sum()))
        for year, group in rows.groupby("period", sort=True)
    ]  # fmt: skip


def _access(context: Context) -> list[Decision]:
    totals = context.run.plan.tables.get("access_totals")
    if totals is None:
        return []
    sums = totals.groupby("period")["capex_mcny"].sum()
    return [
        Decision("access", int(str(year)), int(str(year)), float(mcny), ())
        for year, mcny in sums.items()
        if float(mcny) >= build_facts.SMALLEST_ORDER_MCNY
    ]
