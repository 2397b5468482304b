"""Options of verbs: what is allowed becomes arguments that the command itself takes; anything else is refused."""

from __future__ import annotations

import importlib
from pathlib import Path

import click
import pytest

from xisuan.cli.main import MODULES
from xisuan.simulation.policies import failure_sources
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs.job_options import OPTIONS, arguments, write
from xisuan.studio.jobs.job_types import VERBS

OF_THE_SERVER = {"--out", "--json", "--lang", "--debug", "--help"}
"""Options that the studio sets itself."""
SOLVING = {"--gap", "--solver", "--method", "--workers", "--cluster", "--scratch", "--server"}
"""How to solve is a matter of the server; the gap is an option of the scenario."""
TRACE = {one.flag for one in OPTIONS["trace"]}
ELSEWHERE = {
    "operate": {"--plan"},
    "simulate": {"--plan", "--trace", *(TRACE - {one.flag for one in OPTIONS["simulate"]})},
    "trace": {"--plan", "--trace", *({one.flag for one in OPTIONS["simulate"]} - TRACE)},
    "verify": {"--plan"},
    "track": {"--with"},
}
"""The plan is the run on whose page a job is started, the trace an upload."""


FAILURES = "what\tname\tstart_hour\thours\nsite\tHub\t2\t5\n"
"""Cells as a spreadsheet copies them."""


def command_of(verb: str) -> click.Command:
    name = VERBS[verb].does or verb
    found: click.Command = importlib.import_module(f"xisuan.cli.commands.{MODULES[name]}").command
    return found


@pytest.mark.parametrize("verb", OPTIONS)
def test_every_option_of_a_command_is_one_of_its_job(verb: str) -> None:
    """And no other, but for those that are set elsewhere."""
    known = {
        flag for one in command_of(verb).params if isinstance(one, click.Option) for flag in one.opts if "--" in flag
    }
    own = {one.flag for one in OPTIONS[verb]}
    assert own <= known
    assert known - own - OF_THE_SERVER - SOLVING == ELSEWHERE.get(verb, set())


@pytest.mark.parametrize(
    ("verb", "flag"), [("trace", "--format"), ("trace", "--queue"), ("trace", "--packing"), ("verify", "--place")]
)
def test_choices_are_those_of_the_command(verb: str, flag: str) -> None:
    kind = next(one.type for one in command_of(verb).params if flag in one.opts)
    choices = kind.choices if isinstance(kind, click.Choice) else kind._names  # type: ignore[attr-defined]
    assert {one for one in choices if one != "auto"} == set(
        next(one.choices for one in OPTIONS[verb] if one.flag == flag)
    )


@pytest.mark.parametrize(
    ("verb", "given", "wanted"),
    [
        ("run", {"quick": True}, ["--quick"]),
        ("run", {"quick": False}, []),
        ("operate", {"spec": "weeks:4"}, ["--hours", "weeks:4"]),
        ("simulate", {"queue": "easy", "seed": 3}, ["--queue", "easy", "--seed", "3"]),
        ("simulate", {"mtbf": "8760:24", "job_hours": 0.5}, ["--mtbf", "8760:24", "--job-hours", "0.5"]),
        ("verify", {"case": ["site:Hub", "link:a-b"]}, ["--case", "site:Hub", "--case", "link:a-b"]),
        (
            "run",
            {"reach": ["racks@2027", "racks=800000@2027"]},
            ["--reach", "racks@2027", "--reach", "racks=800000@2027"],
        ),
        ("alternatives", {"of": ["hall:A", "compute:A:gpu"]}, ["--of", "hall:A", "--of", "compute:A:gpu"]),
        ("simulate", {"checkpoint": "3600:30:120"}, ["--checkpoint", "3600:30:120"]),
        ("trace", {"machines": "16x8,4x2", "format": "swf"}, ["--machines", "16x8,4x2", "--format", "swf"]),
        ("track", {"as_of": "2024-06-30"}, ["--as-of", "2024-06-30"]),
        ("verify", {"rounds": 20}, ["--rounds", "20"]),
        ("simulate", {"failures": FAILURES}, ["--failures", "sent/failures.csv"]),
    ],
)
def test_options_become_arguments(verb: str, given: dict[str, object], wanted: list[str]) -> None:
    assert arguments(verb, given) == wanted


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("run", {"quick": "yes"}),
        ("run", {"out": "/etc"}),
        ("operate", {"spec": "--plan"}),
        ("operate", {"spec": "weeks:x"}),
        ("simulate", {"queue": "steal.py:Queue"}),
        ("simulate", {"place": "steal.py:Place"}),
        ("simulate", {"seed": -1}),
        ("simulate", {"seed": True}),
        ("simulate", {"hours": 1e9}),
        ("simulate", {"job_hours": float("nan")}),
        ("simulate", {"mtbf": "8760:24 --out x"}),
        ("simulate", {"down": ["Hub"]}),
        ("simulate", {"down": "site:Hub"}),
        ("simulate", {"down": ["site:a"] * 6}),
        ("run", {"reach": ["racks; rm"]}),
        ("run", {"reach": "racks"}),
        ("run", {"reach": ["--out"]}),
        ("alternatives", {"of": ["roof:A"]}),
        ("trace", {"machines": "/etc/passwd"}),
        ("trace", {"machines": "machines.csv"}),
        ("trace", {"failures": "steal.py:Failures"}),
        ("trace", {"packing": "steal.py:Packing"}),
        ("verify", {"rounds": 21}),
        ("simulate", {"failures": "what,name,start_hour,hours"}),
        ("verify", {"limit": 1}),
        ("track", {"as_of": "2024-6-30"}),
        ("track", {"as_of": 20240630}),
    ],
)
def test_anything_else_is_refused(verb: str, given: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        arguments(verb, given)


def test_rows_are_the_file_that_the_command_reads(tmp_path: Path) -> None:
    write(tmp_path / "sent", "simulate", {"failures": FAILURES, "seed": 3})
    (file,) = (tmp_path / "sent").iterdir()
    assert f"sent/{file.name}" == arguments("simulate", {"failures": FAILURES})[1]
    (down,) = failure_sources.plan_failures(str(file), None)[0]
    assert (down.what, down.name, down.start, down.hours) == ("site", "Hub", 2, 5)
