"""How a command answers: lines for people or one JSON document, in the language asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from xisuan.cli.words import Speech
from xisuan.results import document

if TYPE_CHECKING:  # commands that plan nothing start without them
    from xisuan.results.plan import Plan
    from xisuan.results.schedule import Schedule
    from xisuan.results.two_stage import TwoStage
    from xisuan.scenario.scenario import Scenario


def speech(lang: str | None, scenario: Scenario | None = None) -> Speech:
    """The language asked for, else the scenario's, else English."""
    settings = scenario.settings.report.language if scenario else "en"
    return Speech("zh" if (lang or settings) == "zh" else "en")


def give(lines: Sequence[str]) -> None:
    """Lines on stdout."""
    click.echo("\n".join(lines))


def give_json(value: object) -> None:
    """One JSON document on stdout."""
    click.echo(document.text(value), nl=False)


def code(*found: Plan | TwoStage | Schedule) -> int:
    """Exit code of plans and schedules: 4 where a certificate does not hold, for then it is no answer."""
    return 0 if all(one.certificate is None or one.certificate.ok for one in found) else 4
