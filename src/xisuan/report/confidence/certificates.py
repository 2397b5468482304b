"""What the certificates of operations say: in a sentence beside what is quoted of one, and in a table of all of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.run_context import Context
from xisuan.report.words import Words
from xisuan.results.decision_tables import FAILS, HOLDS
from xisuan.results.plan import Certificate
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.text.numbers import plain

SCHEDULES = {"schedule": "certified.own", "others": "certified.others", "week": "certified.week"}
"""The operations that a run may have, and the words for them."""


def made(run: Run) -> Iterator[tuple[str, Schedule]]:
    """The operations of a run that were made, each with the key of its words."""
    for name, called in SCHEDULES.items():
        schedule: Schedule | None = getattr(run, name)
        if schedule is not None:
            yield called, schedule


def refused(run: Run) -> bool:
    """Whether the certificate of an operation does not hold."""
    return any(one.certificate is not None and not one.certificate.ok for _, one in made(run))


def sentence(context: Context, schedule: Schedule) -> str:
    """Whether the certificate of an operation holds, and its largest violation."""
    found = schedule.certificate
    if found is None:
        return context.say("certified.none")
    return context.say(
        "certified.holds" if found.ok else "certified.fails", violation=power_of_ten(found.max_violation)
    )


def of_cases(cases: pd.DataFrame, say: Words, called: Callable[[dict[Any, Any]], str]) -> Text:
    """Whether the operations behind a table of cases are certified, those that are not by what they are `called`."""
    if "certificate" not in cases:  # tables of before
        return Text(say("certified.cases_none"), tone="note")
    tried = cases[cases["certificate"].isin([HOLDS, FAILS])]
    wrong = list(dict.fromkeys(called(row) for row in run_measures.records(tried[tried["certificate"] == FAILS])))
    most = power_of_ten(float(tried["max_violation"].max())) if len(tried) else ""
    if wrong:
        return Text(say("certified.cases_fail", violation=most), items=tuple(wrong), tone="note")
    return Text(say("certified.cases_hold", n=len(tried), violation=most) if len(tried) else "")


def worst(certificate: Certificate) -> str:
    """The family of constraints that is violated most; blank where none was checked."""
    families = certificate.families
    return max(families, key=lambda name: families[name], default="")


def power_of_ten(value: float) -> str:
    """A violation, such as 3.2e-9."""
    return f"{value:.1e}" if math.isfinite(value) and value > 0 else plain(value)


def blocks(context: Context) -> list[Block]:
    """One row for each operation of the run, and what is wrong where a certificate does not hold; nothing without any."""
    say, found = context.say, list(made(context.run))
    if not found:
        return []
    columns = (
        Column(say("certified.which")), Column(say("certified.certificate")), Column(say("certified.families"), number=True),
        Column(say("certified.violation"), number=True), Column(say("certified.worst")),
        Column(say("certified.gap"), number=True),
    )  # fmt: skip
    rows = tuple(_row(context, called, one) for called, one in found)
    wrong = [
        Text(say("certified.wrong", which=say(called)), items=one.certificate.findings, tone="note")
        for called, one in found
        if one.certificate is not None and not one.certificate.ok
    ]
    return [*wrong, Table(say("certified.table"), columns, rows, note=say("certified.note"))]


def _row(context: Context, called: str, schedule: Schedule) -> Row:
    say, certificate = context.say, schedule.certificate
    name = Cell(say(called))
    if certificate is None:
        return Row((name, Cell(say("certified.not_made")), *(Cell("") for _ in range(4))))
    family = worst(certificate)
    gap = certificate.gap(schedule.cost_mcny)
    cells = (
        name, Cell(say("certified.yes" if certificate.ok else "certified.no")), Cell(str(len(certificate.families))),
        Cell(power_of_ten(certificate.max_violation)), Cell(say.known("family", family) if family else ""),
        Cell(context.show.tiny(max(gap, 0.0)) if math.isfinite(gap) else say("proof.no_bound")),
    )  # fmt: skip
    return Row(cells, kind="plain" if certificate.ok else "marked")
