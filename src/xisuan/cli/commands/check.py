"""`xisuan check`: everything that is wrong with a scenario, in one go."""

from __future__ import annotations

from collections.abc import Sequence

import click

from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.cli.words import Speech
from xisuan.errors import Problem, shortened
from xisuan.scenario import chinese
from xisuan.scenario.load import examine
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import wrong as of_members


@click.command("check", epilog="Example:  xisuan check scenarios/mine")
@shared_options.scenario
@shared_options.json
@shared_options.language
@shared_options.debug
def command(scenario: str, as_json: bool, lang: str | None) -> int:
    """Find every problem of SCENARIO, a shipped name or a folder: where it is and what to do about it.

    Exit code 2 where something has to be mended. What is only worth knowing never changes the exit code.
    """
    given, problems = examine(scenario)
    if given is not None and given.has("members") and not any(problem.level == "error" for problem in problems):
        problems = (*of_members(given), *problems)
    errors = [problem for problem in problems if problem.level == "error"]
    if as_json:
        output.give_json({"scenario": scenario, "ok": not errors, "problems": problems})
    else:
        say = output.speech(lang, given)
        output.give(_lines(scenario, None if errors else given, problems, say))
    return 2 if errors else 0


def _lines(name: str, given: Scenario | None, problems: Sequence[Problem], say: Speech) -> list[str]:
    said = [f"{say(f'level_{one.level}')}: {chinese.line(one, say.language)}" for one in shortened(problems)]
    lines = [line for text in said for line in text_layout.paragraph(text)]
    lines += [""] if lines else []
    errors, warnings = (
        sum(max(1, one.more) for one in problems if one.level == level) for level in ("error", "warning")
    )
    if given is None:
        return [*lines, say("wrong_and" if warnings else "wrong", errors=errors, warnings=warnings)]
    end = say("right_and" if warnings else "right", name=name, warnings=warnings)
    return [*lines, *text_layout.pairs(_content(given, say)), "", *text_layout.paragraph(end)]


def _content(given: Scenario, say: Speech) -> list[tuple[str, str]]:
    """What the scenario has: periods, hours, tables with their rows."""
    hours = say(
        "hour_choice", hours="blocks" if given.has("blocks") else given.settings.hours, count=given.timeline.n_hours
    )
    data = ", ".join(f"{name} {len(frame):,}" for name, frame in given.tables.items() if len(frame))
    return [
        (say("periods"), ", ".join(str(period) for period in given.settings.periods)),
        (say("hours"), hours),
        (say("data"), data),
    ]
