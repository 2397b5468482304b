"""Options that several commands share."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from xisuan import extras
from xisuan.errors import ScenarioError
from xisuan.scenario.reading import scenario_folders
from xisuan.scenario.reading.problems import Findings
from xisuan.text.translation import message as _

Command = Callable[..., Any]

scenario = click.argument("scenario")
json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
language = click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language of the output.  [default: the scenario's]"
)
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a failure.")
method = click.option(
    "--method",
    type=click.Choice(["auto", "structured", "direct"]),
    default="auto",
    show_default=True,
    help="structured: interior point method that uses the structure of hours; direct: HiGHS.",
)


class Member(click.ParamType):  # type: ignore[type-arg]
    """Parameter: the name of a policy of a family, or FILE.py:NAME of a user's own."""

    name = "member"

    def __init__(self, family: str, find: Callable[[str], Any], names: Iterable[str]) -> None:
        self.family, self._find, self._names = family, find, list(names)

    def get_metavar(self, *_given: Any, **_more: Any) -> str:
        """Return the metavariable shown in help texts."""
        return f"[{'|'.join(self._names)}|FILE.py:NAME]"

    def convert(self, value: Any, _parameter: Any, _context: Any) -> Any:
        """Return the policy."""
        return self._find(value) if isinstance(value, str) else value


class Day(click.ParamType):  # type: ignore[type-arg]
    """Parameter: a day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, parameter: Any, context: Any) -> datetime.date:
        """Return the day. Raises a usage error with an example."""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value), re.ASCII):
            with suppress(ValueError):  # a thirteenth month
                return datetime.date.fromisoformat(str(value))
        what = _("{value} is no day; give YYYY-MM-DD, such as 2024-06-30", value=value)
        raise click.BadParameter(what, context, parameter)


def _of_cluster(_context: click.Context, _option: click.Parameter, address: str | None) -> str | None:
    """Return the address. Raises MissingExtraError if the packages for a cluster are not installed."""
    if address is not None:
        extras.require("cluster")
    return address


cluster = click.option(
    "--cluster",
    metavar="ADDRESS",
    callback=_of_cluster,
    help="Use the workers of a Dask cluster: address of its scheduler (tcp://host:8786) or its .json file.",
)


sharing = click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes that share the hours (structured method); with --cluster its workers.  [default: all of them]",
)


reach = click.option(
    "--reach",
    "targets",
    multiple=True,
    metavar="INDICATOR",
    help="Reach a published target: racks, racks@2027 or racks=800000@2027; may be repeated.",
)
scratch = click.option(
    "--scratch",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep factors and vectors of the structured method in files here.  [default: $TMPDIR if memory is too small]",
)


def out(kind: str, earlier: str = "is replaced when the new one is complete") -> Callable[[Command], Command]:
    """Return the option --out for a `kind` of result; `earlier` says what happens to an existing folder."""
    text = f"Folder for the {kind}; an existing one {earlier}."
    return click.option("--out", cls=_Out, type=click.Path(path_type=Path, file_okay=False), required=True, help=text)


class _Out(click.Option):
    """Option --out. A scenario that does not exist is reported before a missing --out."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the folder. Raises ScenarioError for a scenario that is neither shipped nor a folder."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            findings = Findings()
            if (name := ctx.params.get("scenario")) is not None and scenario_folders.locate(name, findings) is None:
                raise ScenarioError(findings.problems) from None
            raise


def run_folder(name: str) -> Callable[[Command], Command]:
    """Return an argument that is a run folder."""
    return click.argument(name, type=click.Path(path_type=Path))


def solver_options(command: Command) -> Command:
    """Return the command with --gap and --solver, passed on as `options`."""

    @click.option(
        "--gap",
        type=click.FloatRange(0.0, 1.0, min_open=True),
        help="Relative gap to prove.  [default: the scenario's, else 1e-6; 1e-4 with whole numbers, for operation of a"
        " month and longer, and for plans of more than 5 million columns]",
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
        from gnomon import Options  # noqa: PLC0415 (half a second, needed by those who solve)

        return command(*arguments, options=Options(solver=solver, gap=gap), **more)

    return wrapped
