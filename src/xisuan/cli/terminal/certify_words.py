"""Messages of `xisuan certify`, and what other commands say of results that they did not check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xisuan.results.certification import Certification, Difference, Signed
from xisuan.results.plan import Plan
from xisuan.text.translation import Message, Series, in_context, unfilled
from xisuan.text.translation import message as _

VERDICTS = {
    "holds": unfilled(
        "{run} holds: its files are as they were sealed, and what it says is what its scenario and its values give."
    ),
    "changed": unfilled(
        "{run} was changed after it was saved, but what it says is still what its scenario and its values give."
    ),
    "changed_wrong": unfilled(
        "{run} was changed after it was saved, and is wrong. Get the folder again from whoever made it, or plan again."
    ),
    "wrong": unfilled(
        "{run} is wrong, although its files are as they were sealed. Do not use it: ask whoever made it, or plan again."
    ),
    "changed_contradicts": unfilled(
        "{run} was changed after it was saved, and contradicts itself: its stored values pass the certificate, but the "
        "tables or figures below differ from them. Get the folder again from whoever made it, or plan again."
    ),
    "contradicts": unfilled(
        "{run} contradicts itself, although its files are as they were sealed: its stored values pass the certificate, "
        "but the tables or figures below differ from them. Do not use it: ask whoever made it, or plan again."
    ),
}
"""Findings on a run. contradicts: every certificate holds, and what is written beside the values differs from them."""
FILES = {
    "changed": in_context("file", "changed"),
    "missing": in_context("file", "missing"),
    "added": in_context("file", "added"),
}
"""How files differ from their checksums."""
SIGNATURES = {
    "unsigned": unfilled("unsigned"),
    "signed": unfilled("signed by {by}, {when}, key {key}"),
    "other": unfilled("by another key than the one given: {by}, {when}, key {key}"),
    "broken_sums": unfilled(
        "BROKEN: signed by {by}, {when}, key {key}, but the checksums are no longer those that were signed"
    ),
    "broken_claim": unfilled("BROKEN: it is no signature of key {key}, which it names"),
    "broken": unfilled("BROKEN: the file cannot be read: {why}"),
    "unknown": unfilled("present, not verified: {why}"),
}
"""States of a signature."""
DIFFERENCES = {
    "cell": unfilled("{table}, {row}, {column}: {stored} is stored, {right} is right{rows}"),
    "figure": unfilled("{table}, {column}: {stored} is stored, {right} is right"),
    "unknown_figure": unfilled("{table}, {column}: there should be no such key"),
    "bound": unfilled("{table}, {column}: {stored} is stored, the duals prove {right}"),
    "sum": unfilled("{table}, {row}, {column}: the rows add up to {stored}, {right} is right"),
    "unknown_table": unfilled("{table}: there should be no such table"),
    "missing_table": unfilled("{table}: the table is missing"),
    "missing_row": unfilled("{table}, {row}: the row is missing{rows}"),
    "unknown_row": unfilled("{table}, {row}: there should be no such row{rows}"),
    "twice": unfilled("{table}, {row}: the row is there more than once{rows}"),
    "missing_column": unfilled("{table}, {column}: the column is missing"),
    "unknown_column": unfilled("{table}, {column}: there should be no such column"),
    "column_twice": unfilled("{table}, {column}: the column is there more than once"),
    "not_a_number": unfilled("{table}, {column}: it holds no numbers"),
    "not_a_text": unfilled("{table}, {column}: it holds no names"),
    "other_scenario": unfilled("{table}: this is not the scenario of the member"),
    "unreadable": unfilled("cannot be read: {stored}"),
}
"""Kinds of differences."""
REASONS = {
    "needs_solving": _("found by solving again"),
    "needs_simulating": _("found by simulating and by solving again"),
    "duals_not_kept": _(
        "the duals that they come from are not kept here; for a member of a plan for several futures, certify the whole"
    ),
    "branch_and_bound": _(
        "branch and bound found a higher bound than the duals prove; only solving again can confirm it"
    ),
    "not_kept": _("the requested gap is not stored"),
    "asked": _("stated by the planner; status says optimal within that gap"),
    "machine": _("recorded by the machine that solved"),
    "no_column": _("no such order is possible, so there is nothing to price"),
    "open": _("nothing runs there, so the duals leave their price open"),
    "circles": _(
        "some flows are circular, so the region that they serve is not determined; the sums by site were checked"
    ),
    "wrong_plan": _("they rest on tables that are wrong"),
    "whole": _("computed from the stored duals, which prove nothing where whole numbers are open"),
    "another": _("another folder states it; certify that one too"),
    "drawn": _("pages and workbooks are drawn from the results, and nothing is read from them"),
}
"""Reasons why something was not re-checked."""
AS_SAVED = _("no: these are the figures of the saved run; xisuan certify RUN checks them again")
"""Note of a run whose page is drawn from its folder."""


def as_saved(shown: Mapping[Path, Plan]) -> dict[str, object]:
    """Return what a command says as JSON of plans that it read from run folders without checking them again.

    `certified`: True if the stored certificate of each holds.
    """
    return {
        "rechecked": False,
        "certified": all(plan.certificate is not None and plan.certificate.ok for plan in shown.values()),
        "recheck": [f"xisuan certify {run}" for run in shown],
    }


def uncertified(shown: Mapping[Path, Plan]) -> list[Message]:
    """Return a sentence for each plan whose stored certificate is missing or does not hold."""
    found = []
    for run, plan in shown.items():
        if plan.certificate is None:
            found.append(_("{run} has no certificate: nobody has checked its plan.", run=run))
        elif not plan.certificate.ok:
            why = Series(plan.certificate.findings)
            found.append(_("THE CERTIFICATE of {run} DOES NOT HOLD: {why}. Plan again.", run=run, why=why))
    return found


def difference(one: Difference) -> Message:
    """Return a difference in one line: where, what is stored, what is right."""
    return _(
        DIFFERENCES[one.what],
        table=f"{one.part}/{one.table}" if one.part else one.table,
        row=one.row.replace(" /  / ", " / ").strip(" /"),
        column=one.column,
        stored=value(one.stored),
        right=value(one.right),
        rows=_(" (in {count} rows)", count=f"{one.rows:,}") if one.rows > 1 else "",
    )


def value(cell: object) -> str:
    """Return a stored cell as people read it, with every digit that matters."""
    if cell is None or cell == "":
        return in_context("cell", "nothing")
    return f"{cell:,.12g}" if isinstance(cell, float) else str(cell)


def signature(one: Signed) -> Message:
    """Return what a signature is worth, in one line."""
    key = f"broken_{one.why}" if one.state == "broken" and one.why in ("sums", "claim") else one.state
    return _(SIGNATURES[key], by=one.by or _("somebody unnamed"), when=one.when, key=one.key, why=one.why)


def verdict(found: Certification) -> Message:
    """Return the finding on a run."""
    key: str = found.verdict
    if key == "wrong":
        proven = found.certificates and all(one.ok for one in found.certificates.values())
        key = ("changed_" if found.changed else "") + ("contradicts" if proven else "wrong")
    return _(VERDICTS[key], run=f"{found.folder}/{found.subject}".rstrip("/"))


def of_capacity(run: object) -> Message:
    """Return one sentence: the capacity that is operated was not re-checked, and how to do that."""
    return _(
        "The capacity is that of the saved run {run}, which was not re-checked. To re-check it: xisuan certify {run}",
        run=run,
    )


def not_rechecked(run: object, *others: object) -> Message:
    """Return one sentence: what is shown was not re-checked, and how to do that."""
    commands: str = f"xisuan certify {run}"
    for other in others:
        commands = _("{commands} and {command}", commands=commands, command=f"xisuan certify {other}")
    return _(
        "These figures are read from the saved run and were not re-checked. To re-check them: {commands}",
        commands=commands,
    )
