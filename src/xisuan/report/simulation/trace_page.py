"""One HTML page of a trace: what became of the jobs, use and lines over time, percentiles, policies side by side."""

from __future__ import annotations

import math
from pathlib import Path

from xisuan.report import run_inputs, terms
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
from xisuan.results.trace import Trace
from xisuan.text import durations
from xisuan.text.durations import span
from xisuan.text.numbers import MISSING, Figures, plain
from xisuan.text.translation import Language, Translator
from xisuan.text.translation import message as _

FAMILIES = {
    "workload": _("By workload"),
    "region": _("By region"),
    "site": _("By site"),
}

MEASURES = {
    "wait_s": _("Waiting"),
    "response_s": _("Response"),
    "slowdown": _("Slowdown"),
}

STATISTICS = ("mean", "p50", "p90", "p95", "p99", "max")
CURVES = {"p50": "other-1", "p90": "other-2", "p95": "other-3", "p99": "focus"}
"""Percentiles that are drawn, and in which colour."""
DAY, QUARTER = 24, 6


def html(trace: Trace, language: Language = "en") -> str:
    """Return the page as one self-contained HTML document."""
    say, given = Translator(language), trace.given
    plan = "policies" in trace.tables
    if plan:
        scenario = str(given["scenario"])
        called = trace_names.titles(trace, say).get(("scenario", scenario), scenario)
        title = say(_("{name} {period}, job by job", name=called, period=given["period"]))
        words = {k: given[k] for k in ("hours", "replications", "seed")}
        words |= {k: say(terms.named(run_inputs.INPUTS, str(given[k]))) for k in ("place", "queue")}
        subtitle = say(
            _(
                "placement: {place} · order of the line: {queue} · {hours} hours, {replications} replications "
                "from seed {seed}",
                **words,
            )
        )
    else:
        name = given.get("trace", given["queue"])
        title = say(_("{name} on {servers} servers", name=name, servers=f"{given['servers']:,}"))
        subtitle = say(_("order of the line: {queue}", queue=say(terms.named(run_inputs.INPUTS, str(given["queue"])))))
    parts = [_overview(trace, say), _over_time(trace, say), _waiting(trace, say), _notes(trace, say)]
    if plan:
        parts[1:1] = [
            policy_comparison.section(trace, say), *power_by_hour.section(trace, say), *trace_map.section(trace, say),
            *trace_map.failure(trace, say), *busiest_links.section(trace, say),
        ]  # fmt: skip
    elif "queues" in trace.tables:
        parts[1:1] = [_queues(trace, say)]
    return html_rendering.rendered(
        language=language, say=say, title=title, subtitle=subtitle, badges=[(say(_("every job accounted for")), "good")],
        sections=parts, footer=say(_("Made by xisuan. All figures are computed from the tables beside this page.")),
    )  # fmt: skip


def write(trace: Trace, path: str | Path, language: Language = "en") -> None:
    """Write the page to `path`."""
    Path(path).write_text(html(trace, language), encoding="utf-8")


def _overview(trace: Trace, say: Translator) -> Section:
    figures, whole, show = trace.figures, trace.counts.iloc[0], Figures(say.language)
    due, late = whole["due"] + whole["overdue"], whole["missed"] + whole["overdue"]
    mostly_left = figures.get("left", 0.0) > 0.5 * figures["dropped"]
    dropped = _("dropped, most of it left by the plan") if mostly_left else _("dropped, larger than any place in reach")
    keys = [
        Key(f"{figures['jobs']:,.0f}", "", say(_("jobs arrived"))),
        Key(f"{figures['finished']:,.0f}", "", say(_("finished"))),
        Key(f"{figures['running'] + figures['waiting']:,.0f}", "", say(_("still running or waiting at the end"))),
        Key(f"{figures['dropped']:,.0f}", "", say(dropped)),
        Key(show.share(figures["utilisation"]), "", say(_("utilisation of what was up"))),
    ]
    if due:
        keys.insert(4, Key(show.share(late / due), "", say(_("late, of those due"))))
    counts = {name: plain(figures[name], 6) for name in ("jobs", "finished", "running", "waiting", "dropped")}
    blocks: list[Block] = [
        Keys(tuple(keys)),
        Text(
            say(
                _(
                    "Arrived = finished + running + waiting + dropped: {jobs} = {finished} + {running} + {waiting} + "
                    "{dropped}.",
                    **counts,
                )
            ),
            tone="note",
        ),
    ]
    if trace.given.get("down"):
        blocks.append(Text(say(_("Taken down: {what}", what=trace_names.downs(trace, say)))))
    if "machines" in trace.given:
        packing = say(terms.named(run_inputs.INPUTS, str(trace.given["packing"])))
        words = {"n": f"{trace.given['machines']:,}", "packing": packing, "share": show.share(figures["stuck_share"])}
        blocks.append(
            Text(
                say(
                    _(
                        "{n} machines, filled by {packing}: {share} of what was up was free while the first in line "
                        "found no machine with room for it.",
                        **words,
                    )
                )
            )
        )
    if figures["hits"]:
        blocks.append(
            Text(say(_("A failure ended {n} runs; the work not saved was done again.", n=plain(figures["hits"]))))
        )
    return Section("overview", say(_("What became of the jobs")), blocks=tuple(blocks))


def _queues(trace: Trace, say: Translator) -> Section:
    """Return the section on queues: the chosen one, first come first served, and the bound for every queue."""
    heads = (
        _("Order of the line"),
        _("Mean wait"),
        _("95 % wait within"),
        _("Mean response"),
        _("Late"),
        _("Utilisation"),
        _("Last job done"),
    )
    columns = tuple(Column(say(head), number=at > 0) for at, head in enumerate(heads))
    show, rows = Figures(say.language), []
    for row in trace.queues.to_dict("records"):
        name = (
            say(_("no queue can be below"))
            if row["queue"] == "bound"
            else say(terms.named(run_inputs.INPUTS, str(row["queue"])))
        )
        shares = [MISSING if math.isnan(row[part]) else show.share(row[part]) for part in ("late_share", "utilisation")]
        cells = [name, *(span(row[part]) for part in ("mean_wait_s", "p95_wait_s", "mean_response_s")), *shares]
        rows.append(Row(tuple(Cell(cell) for cell in (*cells, span(row["end_s"])))))
    lead, note = (
        say(_("The same jobs on the same servers.")),
        Text(
            say(
                _(
                    "A proven bound on the mean response and on the end: the same work on a single server as fast as "
                    "all together, which may be interrupted, shortest remaining work first (Schrage 1968); and no "
                    "job is done before its arrival and run time."
                )
            ),
            tone="note",
        ),
    )
    return Section(
        "queues",
        say(_("Beside first come, first served, and the best there could be")),
        lead,
        (Table("", columns, tuple(rows)), note),
    )


def _over_time(trace: Trace, say: Translator) -> Section:
    """Use and line of each station."""
    line = trace.timeline
    names, groups = [], []
    titles = trace_names.titles(trace, say)
    for station, frame in line.groupby("site", sort=False):
        drawn, spans = steps(frame, ["busy", "up", "waiting"], say)
        site = trace_names.station(str(station), titles, say)
        names.append(site)
        use = say(_("In use at {site}", site=site))
        length = say(_("Waiting at {site}", site=site))
        up = Series(say(_("up")), tuple(drawn["up"].tolist()), "line-2")
        busy = Series(say(_("busy")), tuple(drawn["busy"].tolist()), "other-1")
        waiting = Series(say(_("in line")), tuple(drawn["waiting"].tolist()), "other-3")
        groups.append((
            Hours(use, say(_("servers or units")), say(_("time")), spans, (busy,), (up,)),
            Hours(length, say(_("jobs")), say(_("time")), spans, (waiting,)),
        ))  # fmt: skip
    if not names:
        return Section("time", say(_("Use and lines over time")))
    blocks: tuple[Block, ...] = groups[0]
    if len(names) > 1:
        blocks = (Choice(say(_("Where")), tuple(names), tuple(groups)),)
    return Section(
        "time",
        say(_("Use and lines over time")),
        say(_("Means of each bin; of several replications, the first.")),
        blocks,
    )


def _waiting(trace: Trace, say: Translator) -> Section:
    """Percentiles of all, then by workload, region and site; and by hour of arrival as curves."""
    table = trace.measures
    blocks: list[Block] = []
    several = bool(table["high"].notna().any())  # one replication says nothing of how sure a mean is
    means = (_("mean"), _("± of it")) if several else (_("mean"),)
    heads = [say(_("Of")), *(say(key) for key in means), *STATISTICS[1:-1], say(_("longest"))]
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
                rows.append(Row((Cell(say(FAMILIES[family])),), kind="group"))
            values = dict(zip(frame["statistic"], frame["value"].astype(float), strict=True))
            half = float(frame["high"].iloc[0]) - values["mean"]
            name = titles.get((str(by), str(what)), str(what))
            cells = [name or say(_("all jobs")), show(values["mean"])]
            if several:
                cells.append(MISSING if math.isnan(half) else show(half))
            cells += [show(values[statistic]) for statistic in STATISTICS[1:]]
            rows.append(Row(tuple(Cell(cell) for cell in cells), kind="plain" if what else "total"))
        if rows:
            blocks.append(Table(say(terms.named(MEASURES, measure)), columns, tuple(rows), folded=measure != "wait_s"))
    hours = table[(table["measure"] == "wait_s") & (table["by"] == "hour")]
    if len(hours):
        wide = hours.pivot_table(index="what", columns="statistic", values="value")
        wide = wide.reindex([f"{hour:02d}" for hour in range(DAY)]).fillna(0.0)
        size, unit = durations.scale(float(wide[[*CURVES]].to_numpy().max()))
        lines = tuple(Series(s, tuple((wide[s] / size).tolist()), colour) for s, colour in CURVES.items())
        across = tuple(
            Span(f"{hour:02d}–{hour + QUARTER:02d}", QUARTER, starts=hour) for hour in range(0, DAY, QUARTER)
        )
        blocks.append(Hours(say(_("Waiting by hour of arrival")), unit, say(_("hour of the day")), across, (), lines))
    return Section(
        "waiting",
        say(_("Waiting, response and slowdown")),
        say(
            _(
                "Of finished jobs: p95 is what 95 % of them keep within. Percentiles are within 0.4 %; ± is half "
                "the 95 % interval of the mean over replications."
            )
        ),
        tuple(blocks),
    )


def _notes(trace: Trace, say: Translator) -> Section:
    rows = tuple(
        Row((Cell(say(terms.named(run_inputs.INPUTS, key))), Cell(trace_names.given(trace, key, value, say))))
        for key, value in trace.given.items()
        if value != "" and key not in ("down_from_hour", "down_until_hour")
    )
    table = Table(say(_("Given")), (Column(""), Column("")), rows, style="pairs")
    return Section("notes", say(_("Notes and origin")), blocks=(*map(Text, trace_names.notes(trace, say)), table))
