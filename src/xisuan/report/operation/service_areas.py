"""Demand areas by workload: at home, at the place and at each rival."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd

from xisuan import geography
from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.document.number_cells import percent, strong
from xisuan.report.run_context import Context, inside
from xisuan.results.summaries import unserved_work as of_service
from xisuan.scenario.queries import candidates
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _

LEAST_SHARE = 0.005
"""Shares below half a per cent are left blank."""
CRUMB = 1e-6
"""A share below this is an interior point's rounding."""


def elsewhere(context: Context) -> tuple[Block, ...]:
    """Return the shares of the eastern work by site, and those of every demand area: blocks of the annex."""
    names = [str(name) for name in context.scenario["workloads"]["workload"].drop_duplicates()]
    names = [name for name in names if (context.served["workload"] == name).any()]
    if not names:
        return (Text(context.say(_("The plan serves no work.")), tone="empty"),)
    return tuple(table for table in (_from_afar(context, names), _areas(context, names)) if table is not None)


def areas(context: Context) -> dict[str, tuple[str, list[str]]]:
    """Demand areas: the site nearest to a region → (its name for people, the regions that are nearest to it).

    Nearest among metro sites, and among clusters too where the region lies nearer to one than to any metro site.
    """
    places = context.places
    sites = context.scenario["sites"].drop_duplicates("site")
    located = [str(site) for site in sites["site"] if str(site) in places]
    found: dict[str, tuple[str, list[str]]] = {}
    if not located:
        return found
    there = np.array([places[site] for site in located])
    for region in context.scenario["regions"]["region"].drop_duplicates():
        if str(region) not in places:
            continue
        here = np.broadcast_to(np.array(places[str(region)]), there.shape)
        nearest = located[int(geography.great_circle_km(here[:, ::-1], there[:, ::-1]).argmin())]
        found.setdefault(nearest, (context.site(nearest), []))[1].append(str(region))
    return found


def rivals(context: Context) -> list[str]:
    """Clusters other than the focus that serve anything visible in the last year, the largest first."""
    rows = context.served
    sites = context.scenario["sites"].drop_duplicates("site").set_index("site")
    clusters = [str(site) for site in sites.index if sites.loc[site, "kind"] != "edge" and site not in context.focus]
    share = rows[rows["site"].isin(clusters)].groupby("site")["share"].sum().sort_values(ascending=False, kind="stable")
    return [str(site) for site in share.index if share[site] >= LEAST_SHARE]


def _shares(context: Context, rows: pd.DataFrame, homes: dict[str, str], others: list[str]) -> list[float]:
    """Return the shares of the work in `rows`: at home, at the focus, at each of `others`, elsewhere, not served."""
    total = float(rows["units"].sum())
    if total <= 0:
        return []
    focus = list(context.focus)
    home = (rows["site"] == rows["region"].map(homes)) & ~rows["site"].isin(focus)
    masks = [home, rows["site"].isin(focus), *((rows["site"] == site) & ~home for site in others), rows["site"] == ""]
    parts = [float(rows.loc[mask, "units"].sum()) / total for mask in masks]
    return [*parts[:-1], max(0.0, 1 - sum(parts)), parts[-1]]


def _heads(context: Context, first: str) -> tuple[Column, ...]:
    say = context.say
    names = [say(_("At home")), context.focus_name, *map(context.site, rivals(context))]
    names += [say(_("Other sites")), say(_("Not served"))]
    return (
        Column(first),
        Column(say(_("Demand")), number=True),
        *(Column(name, "%", number=True, marked=at == 1) for at, name in enumerate(names)),
    )


def _homes(context: Context) -> dict[str, str]:
    return {region: site for site, (_, regions) in areas(context).items() for region in regions}


def _from_afar(context: Context, names: list[str]) -> Table | None:
    """Return the part of the work of afar that comes, workload by workload."""
    say, rows = context.say, context.served
    regions, called = context.senders
    rows, homes, others = rows[rows["region"].isin(list(regions))], _homes(context), rivals(context)
    lines = []
    for name in names:
        mine = rows[rows["workload"] == name]
        shares = _shares(context, mine, homes, others)
        if shares:
            units = f"{plain(float(mine['units'].sum()))} {context.unit(context.unit_of(name))}"
            shown = [_cell(share) for share in shares]
            here = shares[1] if shares[1] > CRUMB else 0.0  # in the digits of the opening sentence
            shown[1] = dataclasses.replace(shown[1], text=percent(here).text)
            lines.append(Row((Cell(context.workload(name)), Cell(units), *shown)))
    if not lines:
        return None
    title = say(_("Where the work of {regions} runs", regions=called))
    return Table(
        title,
        _heads(context, say(_("Workload"))),
        tuple(lines),
        style="heat",
        note=say(_("At home: at the site nearest to the region that the work arises in.")),
    )


def _areas(context: Context, names: list[str]) -> Table | None:
    """Return the table of demand areas by workload."""
    say, rows, homes, others = context.say, context.served, _homes(context), rivals(context)
    lines: list[Row] = []
    for title, regions in areas(context).values():
        mine = rows[rows["region"].isin(regions)]
        called = " · ".join(context.name("regions", region) for region in regions)
        found: list[Row] = []
        for name in names:
            part = mine[mine["workload"] == name]
            shares = _shares(context, part, homes, others)
            if shares:
                units = f"{plain(float(part['units'].sum()))} {context.unit(context.unit_of(name))}"
                found.append(Row((Cell(context.workload(name)), Cell(units), *map(_cell, shares))))
        if found:
            lines += [
                Row((Cell(say(_("Nearest to {site}: {regions}", site=title, regions=called))),), kind="group"),
                *found,
            ]
    if not lines:
        return None
    heads = _heads(context, say(_("Demand area and workload")))
    note = say(_("A demand area holds the regions that lie nearest to the same site.")) + _mixed(context, names)
    return Table(say(_("Every demand area by workload")), heads, tuple(lines), folded=True, style="heat", note=note)


def _mixed(context: Context, names: list[str]) -> str:
    """Return a sentence that the origin of work in one stream is a convention; blank without such work."""
    free = [context.workload(name) for name in names if candidates.is_free(context.scenario, name)]
    return (
        context.say(
            _(
                " Work that has no limit of delay ({names}) is planned as one stream: the plan decides how much "
                "runs at each site, and whose it is follows from what passes each node of the backbone in "
                "proportion. That is a convention and costs nothing.",
                names=context.show.listed(free),
            )
        )
        if free
        else ""
    )


def _cell(share: float) -> Cell:
    if share < LEAST_SHARE:
        return Cell("", value=100 * share)
    return Cell(f"{100 * share:.0f}", shade=min(1.0, share), value=100 * share)


LEFT = 0.005
"""Share of what stood of which less leaves before the last year: then nothing is said of it."""


def not_served(context: Context) -> float:
    """Penalties of work that is not served in the cost of the plan, discounted, mCNY; 0 where they are rounding."""
    costs = context.run.plan.costs
    charged = float(costs.loc[costs["term"] == "unserved", "discounted_mcny"].sum())
    return charged if charged > CRUMB else 0.0


def left(context: Context, mark: Callable[[str], str] = strong) -> str:
    """Return the workloads with the largest unserved shares, with share and year."""
    rows = run_measures.records(of_service.undone(context.run.plan.service).head(of_service.NAMED))
    parts = [
        context.say(
            _("{share} of {name} in {year}", share=mark(context.share(row["share"])),
            name=inside(context.workload(str(row["workload"]))), year=row["period"],
        ))
        for row in rows
    ]  # fmt: skip
    return context.show.listed(parts)
