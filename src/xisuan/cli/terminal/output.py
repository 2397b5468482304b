"""Output of a command: lines for people or one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from xisuan.cli.terminal import text_layout
from xisuan.results.decision_tables import FAILS
from xisuan.results.storage import json_document
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

if TYPE_CHECKING:  # commands that plan nothing start without them
    import pandas as pd

    from xisuan.errors import Problem
    from xisuan.results.plan import Plan
    from xisuan.results.schedule import Schedule
    from xisuan.results.two_stage import TwoStage
    from xisuan.scenario.scenario import Scenario

MOST_REMARKS = 5
"""Remarks that are repeated before a plan; `xisuan check` has all."""


def speech(lang: str | None, scenario: Scenario | None = None) -> Translator:
    """Return the translator of the language asked for, else of the scenario's language, else English."""
    settings = scenario.settings.report.language if scenario else "en"
    return Translator("zh" if (lang or settings) == "zh" else "en")


CONVERTED = "column-converted"
"""Code of a column in another unit than that of the format: nothing has to be done about it."""


def remark(scenario: Scenario, say: Translator) -> None:
    """Print the remarks of `check` on stderr, before a long solve begins; converted units are left to `check`."""
    notes = [note for note in scenario.notes if note.code != CONVERTED]
    warn(notes[:MOST_REMARKS], say)
    if len(notes) > MOST_REMARKS:
        count, place = len(notes) - MOST_REMARKS, f"xisuan check {scenario.settings.name}"
        click.echo(say(_("{count} more in {place}", count=count, place=place)), err=True)


def warn(notes: Sequence[Problem], say: Translator) -> None:
    """Print warnings on stderr."""
    for note in notes:
        text = f"{say(_('warning'))}: {say(note)}"
        click.echo("\n".join(text_layout.paragraph(text)), err=True)


def give(lines: Sequence[str]) -> None:
    """Print lines on stdout."""
    click.echo("\n".join(lines))


def give_json(value: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json_document.text(value), nl=False)


def code(*found: Plan | TwoStage | Schedule) -> int:
    """Return the exit code of plans and schedules: 4 if a certificate does not hold."""
    return 0 if all(one.certificate is None or one.certificate.ok for one in found) else 4


def code_of(table: pd.DataFrame | None) -> int:
    """Return the exit code of a table with a certificate per row: 4 if one does not hold."""
    return 4 if table is not None and (table["certificate"] == FAILS).any() else 0
