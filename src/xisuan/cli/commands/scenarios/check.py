"""`xisuan check`: list every problem of a scenario."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import click

from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.errors import Problem, shortened
from xisuan.scenario import load
from xisuan.scenario.load import examine
from xisuan.scenario.queries import subject_tables
from xisuan.scenario.reading.layer_changes import TableChanges
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import wrong as of_members
from xisuan.text.translation import Message, Translator, in_context, plural, unfilled
from xisuan.text.translation import message as _

LEVELS = {
    "error": _("error"),
    "warning": _("warning"),
}


@click.command("check", epilog="Example:  xisuan check scenarios/mine")
@shared_options.scenario
@shared_options.json
@shared_options.language
@shared_options.debug
def command(scenario: str, as_json: bool, lang: str | None) -> int:
    """List every problem of SCENARIO (a shipped name or a folder): where it is and how to correct it.

    Exit code 2: something must be corrected. Warnings alone never change the exit code.
    """
    given, problems = examine(scenario)
    if given is not None and given.has("members") and not any(problem.level == "error" for problem in problems):
        problems = (*of_members(given), *problems)
    errors = [problem for problem in problems if problem.level == "error"]
    changes = load.changes(scenario) if given is not None else ()
    if as_json:
        documents = [dataclasses.asdict(one) for one in changes]
        output.give_json({"scenario": scenario, "ok": not errors, "problems": problems, "changes": documents})
    else:
        say = output.speech(lang, given)
        converted = [problem for problem in problems if problem.code == output.CONVERTED]
        others = [problem for problem in problems if problem.code != output.CONVERTED]
        sections = [*_converted(converted, say), *_changed(changes, say)]
        output.give(_lines(scenario, None if errors else given, others, sections, say))
    return 2 if errors else 0


NAMED = 6
"""Rows of a table up to which a change is named row by row."""


def _converted(problems: Sequence[Problem], say: Translator) -> list[str]:
    """Return the columns in other units, a line for each file, as lines; nothing without such columns."""
    files: dict[str, list[str]] = {}
    for one in problems:
        files.setdefault(str(one.table), []).append(f"{one.column} × {one.values['factor']:g} = {one.values['meant']}")
    return (
        [say(_("Converted units")), *text_layout.pairs([(name, "; ".join(all_)) for name, all_ in files.items()]), ""]
        if files
        else []
    )


def _changed(changes: Sequence[TableChanges], say: Translator) -> list[str]:
    """Return what the scenario changes in its base, a line for each table, as lines; nothing without changes."""
    if not changes:
        return []
    rows = [(one.table, "; ".join(say(part) for part in _parts(one))) for one in changes]
    return [say(_("Changes to the base")), *text_layout.pairs(rows), ""]


def _parts(one: TableChanges) -> list[Message]:
    """Return the rows of a table that are added, changed and dropped, as messages."""
    parts = []
    if one.added:
        rows = plural("{count} row added", "{count:,} rows added", len(one.added))
        parts.append(_named(rows, list(one.added)))
    if one.changed:
        rows = plural("{count} row changed", "{count:,} rows changed", len(one.changed))
        cells = [
            f"{key} ({', '.join(f'{name} {_cell(old)} → {_cell(new)}' for name, (old, new) in columns.items())})"
            for key, columns in one.changed.items()
        ]
        parts.append(_named(rows, cells))
    if one.dropped:
        rows = plural("{count} row dropped", "{count:,} rows dropped", len(one.dropped))
        parts.append(_named(rows, list(one.dropped)))
    return parts


def _named(rows: Message, names: list[str]) -> Message:
    """Return a count of rows with their names where they are few."""
    return _("{rows}: {names}", rows=rows, names=", ".join(names)) if len(names) <= NAMED else rows


def _cell(value: object) -> str:
    """Return a cell for a message, – if blank."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return "–" if text in ("nan", "") else text


def _lines(
    name: str, given: Scenario | None, problems: Sequence[Problem], changed: list[str], say: Translator
) -> list[str]:
    said = [f"{say(LEVELS[one.level])}: {say(one)}" for one in shortened(problems)]
    lines = [line for text in said for line in text_layout.paragraph(text)]
    lines += [""] if lines else []
    lines += changed
    errors, warnings = (
        sum(max(1, one.more) for one in problems if one.level == level) for level in ("error", "warning")
    )
    if given is None:
        return [
            *lines,
            say(
                _(
                    unfilled("{errors} to correct, {warnings} worth knowing.")
                    if warnings
                    else unfilled("{errors} to correct."),
                    errors=errors,
                    warnings=warnings,
                )
            ),
        ]
    found = (
        _("No errors in {name}, {warnings} worth knowing.", name=name, warnings=warnings)
        if warnings
        else _("No problems found in {name}.", name=name)
    )
    plans = subject_tables.can_be_planned(given.has)
    further = (
        _("To learn whether a plan exists, run `xisuan plan`.")
        if plans
        else _("Nothing is planned here; to compare its figures with its targets, run `xisuan track`.")
    )
    end = _("{first} {second}", first=found, second=further)
    return [*lines, *text_layout.pairs(_content(given, say)), "", *text_layout.paragraph(say(end))]


def _content(given: Scenario, say: Translator) -> list[tuple[str, str]]:
    """Return what the scenario has: periods, hours, tables with their numbers of rows."""
    hours = say(
        _(
            "{count} modelled a period ({hours})",
            hours="blocks" if given.has("blocks") else given.settings.hours,
            count=given.timeline.n_hours,
        )
    )
    data = ", ".join(f"{name} {len(frame):,}" for name, frame in given.tables.items() if len(frame))
    return [
        (say(_("periods")), ", ".join(str(period) for period in given.settings.periods)),
        (say(in_context("cli", "hours")), hours),
        (say(_("data")), data),
    ]
