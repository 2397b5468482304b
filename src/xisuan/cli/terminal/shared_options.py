"""Options that several commands share, spelt and explained once."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from xisuan.errors import ScenarioError
from xisuan.scenario.reading import scenario_folders
from xisuan.scenario.reading.problems import Findings
from xisuan.text.translation import message as _

Command = Callable[..., Any]

scenario = click.argument("scenario")
json = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON on stdout, and nothing else there."
)
language = click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language of what is written; the scenario's unless given."
)
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a failure.")
method = click.option(
    "--method",
    type=click.Choice(["auto", "structured", "direct"]),
    default="auto",
    show_default=True,
    help="How the model is solved: by an interior point that knows the hours, or by HiGHS.",
)


class Member(click.ParamType):  # type: ignore[type-arg]
    """The name of a member of a family, or FILE.py:NAME of one of the user's own."""

    name = "member"

    def __init__(self, family: str, find: Callable[[str], Any], names: Iterable[str]) -> None:
        self.family, self._find, self._names = family, find, list(names)

    def get_metavar(self, *_given: Any, **_more: Any) -> str:
        """What is shown of it."""
        return f"[{'|'.join(self._names)}|FILE.py:NAME]"

    def convert(self, value: Any, _parameter: Any, _context: Any) -> Any:
        """The member itself."""
        return self._find(value) if isinstance(value, str) else value


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day, as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, parameter: Any, context: Any) -> datetime.date:
        """The day; a usage error with an example where it is none."""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value), re.ASCII):
            with suppress(ValueError):  # a thirteenth month
                return datetime.date.fromisoformat(str(value))
        what = _("{value} is no day; give YYYY-MM-DD, such as 2024-06-30", value=value)
        raise click.BadParameter(what, context, parameter)


cluster = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Scheduler of a Dask cluster (tcp://host:8786, or the .json file that it writes) whose workers do it instead.",
)


sharing = click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes that share the hours (structured method); with --cluster, workers of it: all unless given.",
)


scratch = click.option(
    "--scratch",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep factors and vectors of the structured method in files here; in $TMPDIR where memory is too small.",
)


def out(kind: str, earlier: str = "is replaced once the new one is complete") -> Callable[[Command], Command]:
    """--out DIR, for `kind` of result; earlier: what becomes of one that is there."""
    text = f"Folder for the {kind}; an earlier one there {earlier}."
    return click.option("--out", cls=_Out, type=click.Path(path_type=Path, file_okay=False), required=True, help=text)


class _Out(click.Option):
    """--out, without which nothing is done; a scenario that is not there is said before it is asked for."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The folder. Raises ScenarioError for a scenario that is neither shipped nor a folder."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            findings = Findings()
            if (name := ctx.params.get("scenario")) is not None and scenario_folders.locate(name, findings) is None:
                raise ScenarioError(findings.problems) from None
            raise


def run_folder(name: str) -> Callable[[Command], Command]:
    """An argument that is a run folder."""
    return click.argument(name, type=click.Path(path_type=Path))


def how(command: Command) -> Command:
    """--gap and --solver, handed on as `how`."""

    @click.option(
        "--gap",
        type=click.FloatRange(0.0, 1.0, min_open=True),
        help="Relative gap to prove; 1e-6 unless given here or by the scenario, 1e-4 where things come in whole numbers,"
        " for operation of a month and longer, and for plans of more than 5 million columns.",
    )
    @click.option(
        "--solver",
        type=click.Choice(["auto", "hipo", "ipx", "simplex", "mip"]),
        default="auto",
        show_default=True,
        help="Solver of HiGHS.",
    )
    @functools.wraps(command)
    def wrapped(*arguments: Any, gap: float | None, solver: Any, **more: Any) -> Any:
        from gnomon.highs.solver_sequence import How  # noqa: PLC0415 (half a second, needed by those who solve)

        return command(*arguments, how=How(solver=solver, gap=gap), **more)

    return wrapped
