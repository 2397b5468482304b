"""One HTML page of a trace: what became of the jobs, use and lines over time, percentiles, policies side by side."""

from __future__ import annotations

import math
from pathlib import Path

from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import (
    Block,
    Cell,
    Choice,
    Column,
    Hours,
    Key,
    Keys,
    Row,
    Section,
    Series,
    Span,
    Table,
    Text,
)
from xisuan.report.document.time_bins import steps
from xisuan.report.simulation import busiest_links, policy_comparison, power_by_hour, trace_map, trace_names
from xisuan.report.words import Words
from xisuan.results.trace import Trace
from xisuan.text import durations
from xisuan.text.durations import span
from xisuan.text.numbers import MISSING, Figures, plain
from xisuan.text.translation import Language

STATISTICS = ("mean", "p50", "p90", "p95", "p99", "max")
CURVES = {"p50": "other-1", "p90": "other-2", "p95": "other-3", "p99": "focus"}
"""Percentiles that are drawn, and in which colour."""
DAY, QUARTER = 24, 6


def html(trace: Trace, language: Language = "en") -> str:
    """The page as one HTML document that needs nothing else."""
    say, given = Words(language), trace.given
    plan = "policies" in trace.tables
    if plan:
        scenario = str(given["scenario"])
        called = trace_names.titles(trace, say).get(("scenario", scenario), scenario)
        title = say("trace.title_plan", name=called, period=given["period"])
        words = {k: given[k] for k in ("hours", "replications", "seed")}
        words |= {k: say.known("given", str(given[k])) for k in ("place", "queue")}
        subtitle = say("trace.subtitle_plan", **words)
    else:
        name = given.get("trace", given["queue"])
        title = say("trace.title_site", name=name, servers=f"{given['servers']:,}")
        subtitle = say("trace.subtitle_site", queue=say.known("given", str(given["queue"])))
    parts = [_overview(trace, say), _over_time(trace, say), _waiting(trace, say), _notes(trace, say)]
    if plan:
        parts[1:1] = [
            policy_comparison.section(trace, say), *power_by_hour.section(trace, say), *trace_map.section(trace, say),
            *trace_map.failure(trace, say), *busiest_links.section(trace, say),
        ]  # fmt: skip
    elif "queues" in trace.tables:
        parts[1:1] = [_queues(trace, say)]
    return html_rendering.rendered(
        language=language, say=say, title=title, subtitle=subtitle, badges=[(say("trace.balanced"), "good")],
        sections=parts, footer=say("trace.footer"),
    )  # fmt: skip


def write(trace: Trace, path: str | Path, language: Language = "en") -> None:
    """Write the page to `path`."""
    Path(path).write_text(html(trace, language), encoding="utf-8")


def _overview(trace: Trace, say: Words) -> Section:
    figures, whole, show = trace.figures, trace.counts.iloc[0], Figures(say.language)
    due, late = whole["due"] + whole["overdue"], whole["missed"] + whole["overdue"]
    mostly_left = figures.get("left", 0.0) > 0.5 * figures["dropped"]
    keys = [
        Key(f"{figures['jobs']:,.0f}", "", say("trace.arrived")),
        Key(f"{figures['finished']:,.0f}", "", say("trace.finished")),
        Key(f"{figures['running'] + figures['waiting']:,.0f}", "", say("trace.left")),
        Key(f"{figures['dropped']:,.0f}", "", say(f"trace.dropped{'_left' if mostly_left else ''}")),
        Key(show.share(figures["utilisation"]), "", say("trace.used")),
    ]
    if due:
        keys.insert(4, Key(show.share(late / due), "", say("trace.late")))
    counts = {name: plain(figures[name], 6) for name in ("jobs", "finished", "running", "waiting", "dropped")}
    blocks: list[Block] = [Keys(tuple(keys)), Text(say("trace.sum", **counts), tone="note")]
    if trace.given.get("down"):
        blocks.append(Text(say("trace.down", what=trace_names.downs(trace, say))))
    if "machines" in trace.given:
        packing = say.known("given", str(trace.given["packing"]))
        words = {"n": f"{trace.given['machines']:,}", "packing": packing, "share": show.share(figures["stuck_share"])}
        blocks.append(Text(say("trace.fragments", **words)))
    if figures["hits"]:
        blocks.append(Text(say("trace.hits", n=plain(figures["hits"]))))
    return Section("overview", say("trace.overview"), blocks=tuple(blocks))


def _queues(trace: Trace, say: Words) -> Section:
    """The queue, first come first served, and what no queue can beat."""
    heads = ("queue", "mean_wait", "wait_p95", "mean_response", "late_share", "utilisation", "end")
    columns = tuple(Column(say(f"trace.{head}"), number=at > 0) for at, head in enumerate(heads))
    show, rows = Figures(say.language), []
    for row in trace.queues.to_dict("records"):
        name = say("trace.bound") if row["queue"] == "bound" else say.known("given", str(row["queue"]))
        shares = [MISSING if math.isnan(row[part]) else show.share(row[part]) for part in ("late_share", "utilisation")]
        cells = [name, *(span(row[part]) for part in ("mean_wait_s", "p95_wait_s", "mean_response_s")), *shares]
        rows.append(Row(tuple(Cell(cell) for cell in (*cells, span(row["end_s"])))))
    lead, note = say("trace.queues_lead"), Text(say("trace.bound_note"), tone="note")
    return Section("queues", say("trace.queues"), lead, (Table("", columns, tuple(rows)), note))


def _over_time(trace: Trace, say: Words) -> Section:
    """Use and line of each station."""
    line = trace.timeline
    names, groups = [], []
    titles = trace_names.titles(trace, say)
    for station, frame in line.groupby("site", sort=False):
        drawn, spans = steps(frame, ["busy", "up", "waiting"], say)
        site = trace_names.station(str(station), titles, say)
        names.append(site)
        use, length = (say(f"trace.{key}", site=site) for key in ("use_chart", "line_chart"))
        up = Series(say("trace.up"), tuple(drawn["up"].tolist()), "line-2")
        busy = Series(say("trace.busy"), tuple(drawn["busy"].tolist()), "other-1")
        waiting = Series(say("trace.in_line"), tuple(drawn["waiting"].tolist()), "other-3")
        groups.append((
            Hours(use, say("trace.units"), say("trace.time"), spans, (busy,), (up,)),
            Hours(length, say("trace.jobs"), say("trace.time"), spans, (waiting,)),
        ))  # fmt: skip
    if not names:
        return Section("time", say("trace.over_time"))
    blocks: tuple[Block, ...] = groups[0]
    if len(names) > 1:
        blocks = (Choice(say("trace.choose"), tuple(names), tuple(groups)),)
    return Section("time", say("trace.over_time"), say("trace.over_time_lead"), blocks)


def _waiting(trace: Trace, say: Words) -> Section:
    """Percentiles of all, then by workload, region and site; and by hour of arrival as curves."""
    table = trace.measures
    blocks: list[Block] = []
    several = bool(table["high"].notna().any())  # one replication says nothing of how sure a mean is
    means = ("mean", "half") if several else ("mean",)
    heads = [say("trace.of"), *(say(f"trace.{key}") for key in means), *STATISTICS[1:-1], say("trace.most")]
    columns = tuple(Column(head, number=at > 0) for at, head in enumerate(heads))
    titles = trace_names.titles(trace, say)
    for measure in ("wait_s", "response_s", "slowdown"):
        show = plain if measure == "slowdown" else span
        rows: list[Row] = []
        family = "all"
        chosen = table[(table["measure"] == measure) & (table["by"] != "hour")]
        for (by, what), frame in chosen.groupby(["by", "what"], sort=False):
            if by != family:
                family = str(by)
                rows.append(Row((Cell(say(f"trace.by_{family}")),), kind="group"))
            values = dict(zip(frame["statistic"], frame["value"].astype(float), strict=True))
            half = float(frame["high"].iloc[0]) - values["mean"]
            name = titles.get((str(by), str(what)), str(what))
            cells = [name or say("trace.all"), show(values["mean"])]
            if several:
                cells.append(MISSING if math.isnan(half) else show(half))
            cells += [show(values[statistic]) for statistic in STATISTICS[1:]]
            rows.append(Row(tuple(Cell(cell) for cell in cells), kind="plain" if what else "total"))
        if rows:
            blocks.append(Table(say.known("trace", measure), columns, tuple(rows), folded=measure != "wait_s"))
    hours = table[(table["measure"] == "wait_s") & (table["by"] == "hour")]
    if len(hours):
        wide = hours.pivot_table(index="what", columns="statistic", values="value")
        wide = wide.reindex([f"{hour:02d}" for hour in range(DAY)]).fillna(0.0)
        size, unit = durations.scale(float(wide[[*CURVES]].to_numpy().max()))
        lines = tuple(Series(s, tuple((wide[s] / size).tolist()), colour) for s, colour in CURVES.items())
        across = tuple(
            Span(f"{hour:02d}–{hour + QUARTER:02d}", QUARTER, starts=hour) for hour in range(0, DAY, QUARTER)
        )
        blocks.append(Hours(say("trace.by_hour"), unit, say("trace.hour_axis"), across, (), lines))
    return Section("waiting", say("trace.waiting"), say("trace.waiting_lead"), tuple(blocks))


def _notes(trace: Trace, say: Words) -> Section:
    rows = tuple(
        Row((Cell(say.known("given", key)), Cell(trace_names.given(trace, key, value, say))))
        for key, value in trace.given.items()
        if value != "" and key not in ("down_from_hour", "down_until_hour")
    )
    table = Table(say("trace.given"), (Column(""), Column("")), rows, style="pairs")
    return Section("notes", say("trace.notes"), blocks=(*map(Text, trace_names.notes(trace, say)), table))
