"""Certificates of operations: a sentence beside figures of one, and a table of all operations of a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from xisuan.report import constraint_names, run_measures, terms
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import FAILS, HOLDS
from xisuan.results.plan import Certificate
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.text.numbers import plain
from xisuan.text.translation import Translator, in_context, unfilled
from xisuan.text.translation import message as _

SCHEDULES = {"schedule": _("The plan's own hours"), "others": _("Other days"), "week": _("A typical week")}
"""The operations that a run may have, and the words for them."""


def made(run: Run) -> Iterator[tuple[str, Schedule]]:
    """Yield each operation that the run has, with the key of its words."""
    for name, called in SCHEDULES.items():
        schedule: Schedule | None = getattr(run, name)
        if schedule is not None:
            yield called, schedule


def refused(run: Run) -> bool:
    """Return True if the certificate of an operation does not hold."""
    return any(one.certificate is not None and not one.certificate.ok for _, one in made(run))


def sentence(context: Context, schedule: Schedule) -> str:
    """Return a sentence on the certificate of an operation: that it holds or not, and its largest violation."""
    found = schedule.certificate
    if found is None:
        return context.say(_(" It has no certificate: nothing but the solver's word stands behind it."))
    return context.say(
        _(
            unfilled(" Its certificate holds; the largest violation is {violation} of the largest term.")
            if found.ok
            else unfilled(
                " Its certificate does NOT hold (largest violation {violation} of the largest term): do not use "
                "these figures before you know why."
            ),
            violation=power_of_ten(found.max_violation),
        )
    )


def of_cases(cases: pd.DataFrame, say: Translator, called: Callable[[dict[Any, Any]], str]) -> Text:
    """Return a sentence on the certificates behind a table of cases; those that fail by what they are `called`."""
    if "certificate" not in cases:  # tables of before
        return Text(
            say(
                _(
                    "The operations behind these rows have no certificate: nothing but the solver's word stands "
                    "behind them."
                )
            ),
            tone="note",
        )
    tried = cases[cases["certificate"].isin([HOLDS, FAILS])]
    wrong = list(dict.fromkeys(called(row) for row in run_measures.records(tried[tried["certificate"] == FAILS])))
    most = power_of_ten(float(tried["max_violation"].max())) if len(tried) else ""
    if wrong:
        return Text(
            say(
                _(
                    "The certificate of these operations does NOT hold (largest violation {violation} of the largest "
                    "term): do not use their figures before you know why.",
                    violation=most,
                )
            ),
            items=tuple(wrong),
            tone="note",
        )
    return Text(
        say(
            _(
                "The operation behind every row is certified ({n} rows); the largest violation is {violation} of "
                "the largest term.",
                n=len(tried),
                violation=most,
            )
        )
        if len(tried)
        else ""
    )


def worst(certificate: Certificate) -> str:
    """Return the family of constraints with the largest violation; blank if none was checked."""
    families = certificate.families
    return max(families, key=lambda name: families[name], default="")


def power_of_ten(value: float) -> str:
    """Return a violation as text, such as 3.2e-9."""
    return f"{value:.1e}" if math.isfinite(value) and value > 0 else plain(value)


def blocks(context: Context) -> list[Block]:
    """Return a table with a row for each operation of the run, and the findings of certificates that do not hold.

    Empty if the run has no operation.
    """
    say, found = context.say, list(made(context.run))
    if not found:
        return []
    columns = (
        Column(say(_("Operated on"))), Column(say(_("Certificate"))), Column(say(_("Families")), number=True),
        Column(say(_("Largest violation")), number=True), Column(say(_("in family"))),
        Column(say(_("Proven within")), number=True),
    )  # fmt: skip
    rows = tuple(_row(context, called, one) for called, one in found)
    wrong = [
        Text(
            say(
                _(
                    "{which}: the certificate does NOT hold. Use no figure of this operation before you know why.",
                    which=say(called),
                )
            ),
            items=tuple(map(say, one.certificate.findings)),
            tone="note",
        )
        for called, one in found
        if one.certificate is not None and not one.certificate.ok
    ]
    return [
        *wrong,
        Table(
            say(_("The plan in operation: whether what is quoted of it is certified")),
            columns,
            rows,
            note=say(
                _(
                    "Checked as the plan is, capacity as planned: rows, bounds, cost, penalties, what is short. A "
                    "violation is relative to the largest term of its row. The gap is what the certificate proves by "
                    "itself."
                )
            ),
        ),
    ]


def _row(context: Context, called: str, schedule: Schedule) -> Row:
    say, certificate = context.say, schedule.certificate
    name = Cell(say(called))
    if certificate is None:
        return Row((name, Cell(say(_("not made"))), *(Cell("") for _ in range(4))))
    family = worst(certificate)
    gap = certificate.gap(schedule.cost_mcny)
    cells = (
        name,
        Cell(say(in_context("certified", "holds") if certificate.ok else _("does NOT hold"))),
        Cell(str(len(certificate.families))),
        Cell(power_of_ten(certificate.max_violation)),
        Cell(say(terms.named(constraint_names.FAMILIES, family)) if family else ""),
        Cell(context.show.tiny(max(gap, 0.0)) if math.isfinite(gap) else say(in_context("proof", "none"))),
    )
    return Row(cells, kind="plain" if certificate.ok else "marked")
