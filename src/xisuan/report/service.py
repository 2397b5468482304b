"""Section 6: who is served where, as shares of each region's demand for each workload."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from xisuan.report import measures
from xisuan.report.context import Context
from xisuan.report.figures import plain
from xisuan.report.specs import Block, Cell, Choice, Column, Row, Section, Table, Text

LEAST_SHARE = 0.005
"""Shares below half a per cent are left blank."""


def section(context: Context) -> Section:
    """A table of shares for each workload, the focus marked; regions that are served alike share a row."""
    say = context.say
    rows = context.served
    names = [str(name) for name in context.scenario["workloads"]["workload"].drop_duplicates()]
    names = [name for name in names if (rows["workload"] == name).any()]
    if not names:
        return Section("service", say("service.title"), blocks=(Text(say("service.none"), tone="empty"),))
    groups = tuple((_table(context, name, rows[rows["workload"] == name]),) for name in names)
    chosen = max(range(len(names)), key=lambda at: _arrives(context, names[at]))
    labels = tuple(context.workload(name) for name in names)
    blocks: tuple[Block, ...] = (Choice(say("service.choose"), labels, groups, chosen, print_all=True),)
    return Section("service", say("service.title"), say("service.lead", year=context.last), blocks)


def _arrives(context: Context, workload: str) -> float:
    share = measures.share_served(context.run, context.last, workload, context.senders[0], context.focus)
    return share if math.isfinite(share) else -1.0


def _table(context: Context, workload: str, rows: pd.DataFrame) -> Table:
    say = context.say
    shares = rows.pivot_table(index="region", columns="site", values="share", aggfunc="sum", fill_value=0.0)
    units = rows.groupby("region")["units"].sum()
    order = [region for region in context.scenario["regions"]["region"].drop_duplicates() if region in shares.index]
    sites = _sites(context, shares)
    head = (Column(say("col.region")), Column(say("col.demand"), context.unit_of(workload), number=True))
    lines = [
        Row(
            (
                Cell(" · ".join(context.name("regions", region) for region in alike)),
                Cell(plain(float(units.reindex(alike).sum()))),
                *(_cell(measures.number(shares.loc[alike[0], site])) for site in sites),
            )
        )
        for alike in _alike(shares[sites], order)
    ]
    total = rows.groupby("site")["units"].sum() / units.sum() if units.sum() > 0 else units * 0
    lines.append(
        Row(
            (
                Cell(say("word.total")),
                Cell(plain(float(units.sum()))),
                *(_cell(float(total.get(site, 0.0))) for site in sites),
            ),
            kind="total",
        )
    )
    return Table(_title(context, workload), (*head, *_columns(context, sites)), tuple(lines), style="heat")


def _columns(context: Context, sites: list[str]) -> tuple[Column, ...]:
    names = {site: context.site(site) if site else context.say("service.not_served") for site in sites}
    return tuple(Column(names[site], "%", number=True, marked=site in context.focus) for site in sites)


def _title(context: Context, workload: str) -> str:
    row = context.scenario["workloads"].set_index("workload").loc[workload]
    row = row.iloc[-1] if isinstance(row, pd.DataFrame) else row
    parts = [context.say("service.within", ms=plain(float(row["latency_ms"])))] if pd.notna(row["latency_ms"]) else []
    if row["defer_hours"] > 0:
        parts.append(context.say("service.may_wait", hours=plain(float(row["defer_hours"]))))
    name = context.both("workloads", workload)
    return f"{name} · {context.show.listed(parts)}" if parts else name


def _sites(context: Context, shares: pd.DataFrame) -> list[str]:
    """Columns: sites that serve anything visible, the focus first, then by share; what is not served last."""
    seen = [str(site) for site in shares.columns if (shares[site] >= LEAST_SHARE).any()]
    weight = {site: float(shares[site].sum()) for site in seen}
    return sorted(seen, key=lambda site: (site == "", site not in context.focus, -weight[site]))


def _alike(shares: pd.DataFrame, order: list[str]) -> list[list[str]]:
    """Regions with the same shares to the per cent, together."""
    groups: dict[tuple[float, ...], list[str]] = {}
    for region in order:
        groups.setdefault(tuple(np.round(shares.loc[[region]].to_numpy(dtype=float)[0], 2).tolist()), []).append(region)
    return list(groups.values())


def _cell(share: float) -> Cell:
    if share < LEAST_SHARE:
        return Cell("")
    return Cell(f"{100 * share:.0f}", shade=min(1.0, share))
