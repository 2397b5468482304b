"""Summary of simulated jobs for the terminal: counts, times, policies and queue disciplines."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from xisuan.cli.terminal import text_layout
from xisuan.report.simulation import trace_names
from xisuan.results.trace import Trace
from xisuan.text.durations import span
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator, in_context
from xisuan.text.translation import message as _


def lines(found: Trace, say: Translator) -> list[str]:
    """Return the summary of a trace as lines for a terminal."""
    figures, whole = found.figures, found.counts.iloc[0]
    counts = {name: f"{figures[name]:,.0f}" for name in ("jobs", "finished", "running", "waiting", "dropped")}
    rows = [
        (
            say(_("jobs")),
            say(
                _(
                    "{jobs} arrived: {finished} finished, {running} running, {waiting} waiting, {dropped} dropped",
                    **counts,
                )
            ),
        )
    ]
    if figures["finished"]:
        rows += _times(figures, say)
    if "machines" in found.given:
        rows.append(
            (
                say(_("fragments")),
                say(
                    _(
                        "{share} of it free in pieces too small for the first in line",
                        share=Figures(say.language).share(figures["stuck_share"]),
                    )
                ),
            )
        )
    due, late = whole["due"] + whole["overdue"], whole["missed"] + whole["overdue"]
    if due:
        missed = {"missed": f"{late:,.0f}", "due": f"{due:,.0f}", "share": Figures(say.language).share(late / due)}
        rows.append((say(_("deadlines")), say(_("{missed} of {due} missed ({share})", **missed))))
    if figures["hits"]:
        rows.append(
            (
                say(in_context("cli", "failures")),
                say(_("{hits} runs were ended by a failure", hits=f"{figures['hits']:,.0f}")),
            )
        )
    if "policies" in found.tables:
        rows += [(_policy_name(row, say), _policy(row, say)) for _, row in found.policies.iterrows()]
    if "differences" in found.tables and len(found.differences):
        rows.append(_difference(found.differences, say))
    if "queues" in found.tables:
        rows += [(_queue_name(row, say), _queue(row, say)) for _, row in found.queues.iloc[1:].iterrows()]
    rows += [(say(_("note")), note) for note in trace_names.notes(found, say)]
    return text_layout.pairs(rows)


def _times(figures: Mapping[str, float], say: Translator) -> list[tuple[str, str]]:
    """Return how long jobs waited and ran, and how full the equipment was."""
    rows = []
    for label, measure in ((_("waiting"), "wait_s"), (_("response"), "response_s"), (_("slowdown"), "slowdown")):
        show = plain if measure == "slowdown" else span
        values = {name: show(figures[f"{name}_{measure}"]) for name in ("mean", "p50", "p95", "p99", "max")}
        rows.append(
            (
                say(label),
                say(
                    _(
                        "mean {mean}, half within {p50}, 95 % within {p95}, 99 % within {p99}, longest {max}",
                        **values,
                    )
                ),
            )
        )
    used = {"share": Figures(say.language).share(figures["utilisation"]), "span": span(figures["end_s"])}
    rows.append((say(in_context("cli", "utilisation")), say(_("{share} of what was up, over {span}", **used))))
    return rows


def _policy_name(row: pd.Series, say: Translator) -> str:
    return say(_("the plan's schedule")) if row["policy"] == "schedule" else f"{say(_('placement'))} {row['policy']}"


def _difference(table: pd.DataFrame, say: Translator) -> tuple[str, str]:
    """Return the policy minus its baseline on the same jobs, with the interval over replications if there are several."""
    rows, said = {str(row["measure"]): row for row in table.to_dict("records")}, {}
    for name, measure, show in (
        ("money", "energy_mcny", Figures(say.language).money),
        ("carbon", "location_t", Figures(say.language).carbon),
    ):
        value, low, high = (float(rows[measure][column]) for column in ("difference", "low", "high"))
        said[name] = (
            show(value)
            if math.isnan(low)
            else say(_("{value} (95 %: {low} to {high})", value=show(value), low=show(low), high=show(high)))
        )
    first = table.iloc[0]
    return say(_("{policy} less {against}", policy=first["policy"], against=first["against"])), say(
        _("energy {money}, emissions {carbon}", **said)
    )


def _queue_name(row: pd.Series, say: Translator) -> str:
    return say(_("no queue can")) if row["queue"] == "bound" else f"{say(_('queue'))} {row['queue']}"


def _queue(row: pd.Series, say: Translator) -> str:
    """Return lines that compare another queue discipline, or the best possible order, on the same trace."""
    if row["queue"] != "bound":
        values = {name: span(row[f"{name}_s"]) for name in ("mean_wait", "p95_wait", "mean_response")}
        return say(
            _("waiting {mean_wait} in the mean, 95 % within {p95_wait}; response {mean_response} in the mean", **values)
        )
    if math.isnan(row["mean_response_s"]):
        return say(_("be compared: not all jobs were done"))
    return say(
        _(
            "have a mean response below {response}, or end before {end}",
            response=span(row["mean_response_s"]),
            end=span(row["end_s"]),
        )
    )


def _policy(row: pd.Series, say: Translator) -> str:
    """Return lines on cost and emissions of a year under a policy, and on late jobs."""
    show = Figures(say.language)
    amounts = {
        "money": show.money(row["energy_mcny"]), "carbon": show.carbon(row["location_t"]),
        "least": show.money(row["least_energy_mcny"]),
    }  # fmt: skip
    if row["policy"] == "schedule":
        return say(
            _(
                "energy {money} a year (no policy runs as much here for less than {least}), {carbon} location-based",
                **amounts,
            )
        )
    return say(
        _(
            "energy {money} a year (no policy runs as much here for less than {least}), {carbon} "
            "location-based, {late} of jobs late",
            late=show.share(row["late_share"]),
            **amounts,
        )
    )
