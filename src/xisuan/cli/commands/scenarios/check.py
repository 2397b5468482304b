"""`xisuan check`: list every problem of a scenario."""

from __future__ import annotations

from collections.abc import Sequence

import click

from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.errors import Problem, shortened
from xisuan.scenario.load import examine
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import wrong as of_members
from xisuan.text.translation import Translator, in_context, unfilled
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

    Exit code 2: something must be corrected. Remarks alone never change the exit code.
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


def _lines(name: str, given: Scenario | None, problems: Sequence[Problem], say: Translator) -> list[str]:
    said = [f"{say(LEVELS[one.level])}: {say(one)}" for one in shortened(problems)]
    lines = [line for text in said for line in text_layout.paragraph(text)]
    lines += [""] if lines else []
    errors, warnings = (
        sum(max(1, one.more) for one in problems if one.level == level) for level in ("error", "warning")
    )
    if given is None:
        return [
            *lines,
            say(
                _(
                    unfilled("{errors} to mend, {warnings} worth knowing.")
                    if warnings
                    else unfilled("{errors} to mend."),
                    errors=errors,
                    warnings=warnings,
                )
            ),
        ]
    end = say(
        _(
            unfilled(
                "Nothing has to be mended in {name}, {warnings} worth knowing. Whether a plan exists is for "
                "`xisuan plan` to say."
            )
            if warnings
            else unfilled("Nothing wrong was found in {name}. Whether a plan exists is for `xisuan plan` to say."),
            name=name,
            warnings=warnings,
        )
    )
    return [*lines, *text_layout.pairs(_content(given, say)), "", *text_layout.paragraph(end)]


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
