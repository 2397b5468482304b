"""Numbers of a map of the network as a table: sites and links in the last year, with their places."""

from __future__ import annotations

from xisuan.report import run_measures
from xisuan.report.run_context import Context
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _

Numbers = tuple[tuple[str, ...], ...]


def numbers(context: Context) -> Numbers:
    """Return headings and a row for each site and link: power, halls and place, or capacity and load."""
    say, year = context.say, context.last
    heads = (
        say(_("Kind")), say(_("Name")), say(_("Latitude, degrees")), say(_("Longitude, degrees")),
        say(_("IT power in {year}, MW", year=year)), say(_("of it at the start, MW")), say(_("Halls, MW")),
        say(_("Capacity each way, Gbps")), say(_("Peak traffic, Gbps")),
    )  # fmt: skip
    return (heads, *_sites(context), *_links(context))


def _sites(context: Context) -> Numbers:
    """Return a row for each site, the largest first."""
    power = context.it_mw
    rows = []
    for row in run_measures.records(context.scenario["sites"].drop_duplicates("site")):
        site = row["site"]
        lat, lon = ("" if row[name] != row[name] else f"{row[name]:g}" for name in ("lat", "lon"))
        mw, stood = (run_measures.number(power[column].get(site, 0.0)) for column in ("mw", "existing"))
        halls = run_measures.number(context.hall_mw.get(site, 0.0))
        shown = (context.say(_("site")), context.site(site), lat, lon, _mw(mw), _mw(stood), _mw(halls), "", "")
        rows.append((mw, shown))
    return tuple(shown for _mw_of, shown in sorted(rows, key=lambda row: -row[0]))


def _links(context: Context) -> Numbers:
    """Return a row for each link with traffic or capacity."""
    blank = ("",) * 5
    return tuple(
        (
            context.say(_("link")), context.link(row["link"]), *blank, plain(row["capacity_gbps"]), plain(row["peak_gbps"]),
        )
        for row in run_measures.records(context.peak_loads[context.last].reset_index())
    )  # fmt: skip


def _mw(value: float) -> str:
    return plain(float(f"{value:.3g}"))
