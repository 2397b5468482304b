"""Entry point of the command line: run a command and turn its result or error into a message and an exit code."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import io
import json
import os
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from importlib import metadata

import click

from xisuan.cli.terminal import text_layout
from xisuan.errors import InfeasibleError, ScenarioError, XisuanError, indented, shortened
from xisuan.text.translation import Language, Message, translate
from xisuan.text.translation import message as _

VERBS = {
    "run": "plan a scenario, operate the plan, analyse it and write the report",
    "new": "make a scenario of your own from a shipped one",
    "show": "print and export the tables of a scenario",
    "check": "list every problem of a scenario",
    "plan": "find and certify the best plan of a scenario",
    "certify": "re-check a run folder: changed files, wrong values, signature",
    "operate": "operate a plan on other hours, demand or prices",
    "simulate": "simulate single jobs: waiting time, deadlines, utilisation",
    "verify": "test a plan against failures of sites and links, and add reserve",
    "alternatives": "find which builds could be exchanged at nearly the same cost",
    "sweep": "plan a scenario many times with changed demand, prices and costs",
    "read": "read observations and targets from official bulletins",
    "track": "forecast whether a region reaches its published targets",
    "compare": "compare two or more plans",
    "report": "write the report of a run again",
    "export": "export a plan to netCDF, Excel, CSV or PyPSA",
    "studio": "serve scenarios, runs and reports in the browser",
    "demo": "show a small certified plan, then plan Guizhou",
    "doctor": "show versions, machine and optional packages, and test the installation",
}
"""Commands and their lines in `xisuan -h`, in the order in which people need them."""
MODULES = {
    "run": "plans.run",
    "new": "scenarios.new",
    "show": "scenarios.show",
    "check": "scenarios.check",
    "plan": "plans.plan",
    "certify": "plans.certify",
    "operate": "plans.operate",
    "simulate": "jobs.simulate",
    "verify": "jobs.verify",
    "alternatives": "plans.alternatives",
    "sweep": "plans.sweep",
    "read": "indicators.read",
    "track": "indicators.track",
    "compare": "plans.compare",
    "report": "plans.report",
    "export": "plans.export",
    "studio": "studio",
    "demo": "demo",
    "doctor": "doctor",
}
"""Module of each command, below `xisuan.cli.commands`."""

INTERRUPTED = 130
LONGEST_CONFLICT = 20
SHOWN_OF_A_TABLE = 4
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Verbs(click.Group):
    """Group of commands that are imported when they are called, so that `xisuan -h` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people need them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None if it does not exist."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"xisuan.cli.commands.{MODULES[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve as click does, and suggest the nearest name for one that is unknown."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(VERBS)}."
            ctx.fail(f"No such command '{args[0]}'; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and lines without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings=HELP,
    invoke_without_command=True,
    epilog="Example:  xisuan run guizhou --out runs/guizhou   ·   Smaller: guizhou-days   ·   "
    "Help on one command: xisuan plan -h",
)
@click.version_option(metadata.version("xisuan"), message="xisuan %(version)s")
@click.option(
    "--progress",
    type=click.Choice(["auto", "json"]),
    default="auto",
    help="Progress on stderr: a bar for people, or one JSON document per line.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of the greeting.  [default: en]")
@click.pass_context
def group(context: click.Context, progress: str, lang: Language) -> None:
    """Plan a region's computing-power network: what to build, where and when, and which work runs at which site
    in which hour. Every plan is certified by independent code.
    """
    if context.invoked_subcommand is None:
        print("\n".join(_greeting(lang)))


FIRST_COMMANDS = {
    "xisuan demo": _("a small plan in seconds, then Guizhou with its report"),
    "xisuan plan starter --out runs/starter": _("plan a shipped scenario"),
    "xisuan new mine --from starter --into .": _("make a scenario of your own"),
    "xisuan studio": _("plan in the browser"),
    "xisuan doctor": _("test the installation"),
}


def _greeting(language: Language) -> list[str]:
    """Return what xisuan does, and the first five commands."""
    about = (
        _("xisuan plans a region's computing-power network: which halls, equipment, links and power supply to build,"),
        _(
            "where and in which year, and which work runs at which site in which hour. Every plan is proven to be within"
        ),
        _("a stated distance of the least possible cost, and checked by independent code."),
    )
    commands = [(command, translate(text, language)) for command, text in FIRST_COMMANDS.items()]
    other = _("xisuan --lang zh: 中文    xisuan -h: all commands")
    return [
        *(translate(line, language) for line in about),
        "",
        *text_layout.pairs(commands),
        "",
        translate(other, language),
    ]


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    code = invoke(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def invoke(arguments: Sequence[str]) -> int:
    """Run one command. Return 0, or 2 for wrong input, 3 infeasible, 4 solver or engine failure, 130 interrupted."""
    try:
        result = group.main(list(arguments), prog_name="xisuan", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        print("\nInterrupted; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        return 0  # the reader of our pipe has gone (click leaves by SystemExit then), as `head` does
    except click.ClickException as problem:
        return _fail(arguments, "usage", problem, 2)
    except XisuanError as problem:
        return _fail(arguments, type(problem).__name__.removesuffix("Error").lower(), problem, problem.exit_code)
    except Exception as problem:
        return _fail(arguments, "defect", problem, 4)
    return result if isinstance(result, int) else 0


def _fail(arguments: Sequence[str], kind: str, problem: Exception, code: int) -> int:
    """Print an error on stderr, or with --json as a document on stdout. Return `code`."""
    if "--debug" in arguments:
        traceback.print_exception(problem)
    if "--json" in arguments:
        print(json.dumps(_document(kind, problem, code), indent=2, ensure_ascii=False))
    elif isinstance(problem, click.BadParameter) and "zh" in arguments and problem.param is not None:
        hint = problem.param.opts[0]
        print(f"错误：{hint} 的值无效：{translate(problem.message, 'zh')}", file=sys.stderr)
    elif isinstance(problem, click.UsageError) and "zh" in arguments and isinstance(problem.message, Message):
        print(f"错误：{translate(problem.message, 'zh')}", file=sys.stderr)
    elif isinstance(problem, click.ClickException):
        problem.show()
    else:
        said = _words(kind, problem, "zh" in arguments)
        lines = (part for line in said.splitlines() for part in text_layout.paragraph(line))
        print("\n".join(lines), file=sys.stderr)
    return code


def _document(kind: str, problem: Exception, code: int) -> dict[str, object]:
    message = problem.format_message() if isinstance(problem, click.ClickException) else str(problem)
    out: dict[str, object] = {"error": kind, "exit_code": code, "message": message}
    if isinstance(problem, XisuanError):
        out["message_zh"] = indented(problem, "zh")
    if isinstance(problem, ScenarioError):
        out["problems"] = [found.document() for found in problem.problems]
    if isinstance(problem, InfeasibleError):
        out |= {"conflict": list(problem.conflict), "sentence": problem.message}
        out["reliefs"] = [dataclasses.asdict(found) for found in problem.reliefs]
    return out


def _words(kind: str, problem: Exception, in_chinese: bool) -> str:
    """Return the message for people, in Chinese if `--lang zh` is among the arguments."""
    if isinstance(problem, InfeasibleError):
        problem = InfeasibleError(problem.message, _shortened(problem.conflict), problem.reliefs)
    language: Language = "zh" if in_chinese else "en"
    label = f"{translate(_('error'), language)}: "
    if isinstance(problem, ScenarioError):  # as `check` says it
        end = _("{errors} to correct.", errors=sum(max(1, one.more) for one in problem.problems))
        said = [f"{label}{translate(one, language)}" for one in shortened(problem.problems)]
        return "\n".join([*said, "", translate(end, language)])
    if kind != "defect":
        text = indented(problem, language)
        return text if isinstance(problem, InfeasibleError) else f"{label}{text}"
    return (
        f"xisuan failed unexpectedly: {type(problem).__name__}: {problem}\n"
        "This is a defect of xisuan. Please report it with the scenario folder and the output of the command with --debug."
    )


def _shortened(conflict: Sequence[str]) -> list[str]:
    """Return a conflict shortened to a few statements per table, with the count of the others."""
    tables = Counter(line.split(",")[0] for line in conflict)
    if len(conflict) <= LONGEST_CONFLICT:
        return list(conflict)
    out: list[str] = []
    for table, count in tables.items():
        alike = [line for line in conflict if line.split(",")[0] == table]
        more = _("{table}: {count} more like these (--json lists all)", table=table, count=count - SHOWN_OF_A_TABLE)
        out += alike if count <= SHOWN_OF_A_TABLE + 1 else [*alike[:SHOWN_OF_A_TABLE], more]
    return out
