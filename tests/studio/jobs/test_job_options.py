"""Options of verbs: what is allowed becomes arguments that the command itself takes; anything else is refused."""

from __future__ import annotations

import importlib

import pytest

from xisuan.cli.main import MODULES
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs.job_options import OPTIONS, arguments


def test_every_option_is_one_of_the_command() -> None:
    for verb, options in OPTIONS.items():
        command = importlib.import_module(f"xisuan.cli.commands.{MODULES[verb]}").command
        known = {flag for one in command.params for flag in one.opts}
        assert {one.flag for one in options} <= known, verb


@pytest.mark.parametrize(
    ("verb", "given", "wanted"),
    [
        ("run", {"quick": True}, ["--quick"]),
        ("run", {"quick": False}, []),
        ("operate", {"spec": "weeks:4"}, ["--hours", "weeks:4"]),
        ("simulate", {"queue": "easy", "seed": 3}, ["--queue", "easy", "--seed", "3"]),
        ("simulate", {"mtbf": "8760:24", "job_hours": 0.5}, ["--mtbf", "8760:24", "--job-hours", "0.5"]),
        ("verify", {"case": ["site:Hub", "link:a-b"]}, ["--case", "site:Hub", "--case", "link:a-b"]),
        ("track", {"as_of": "2024-06-30"}, ["--as-of", "2024-06-30"]),
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
        ("verify", {"rounds": 6}),
        ("verify", {"limit": 1}),
        ("track", {"as_of": "2024-6-30"}),
        ("track", {"as_of": 20240630}),
    ],
)
def test_anything_else_is_refused(verb: str, given: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        arguments(verb, given)
