"""Command, verb, how-to page and module carry the same word, and every command keeps the same promises."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest

from xisuan.cli.main import MODULES, VERBS

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = sorted(VERBS)


def command(name: str) -> click.Command:
    """The command of that name."""
    found = importlib.import_module(f"xisuan.cli.commands.{MODULES[name]}").command
    assert isinstance(found, click.Command)
    return found


@pytest.mark.parametrize("name", SPEAKING)
def test_a_command_explains_itself(name: str) -> None:
    """What it does, an example that names it, and every option."""
    found = command(name)
    assert found.name == name
    assert found.help
    assert found.epilog
    assert f"xisuan {name} " in found.epilog
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize("name", SPEAKING)
def test_a_command_speaks_to_machines_too(name: str) -> None:
    """--json and --debug, everywhere."""
    options = {option for parameter in command(name).params for option in parameter.opts}
    assert {"--json", "--debug"} <= options


@pytest.mark.parametrize("name", SPEAKING)
def test_a_command_has_its_page(name: str) -> None:
    """docs/howto/NAME.md, which shows every option."""
    page = (ROOT / "docs" / "howto" / f"{name}.md").read_text()
    for parameter in command(name).params:
        if isinstance(parameter, click.Option) and parameter.name != "debug":
            assert f"`{parameter.opts[0]}" in page, parameter.opts


def test_a_page_has_its_command() -> None:
    """No page of a verb that is not there, but for pages on a subject of several commands or of a part of one."""
    subjects = {"cluster", "department", "infeasible", "own-policies", "own-words", "rolling", "traces"}
    subjects |= {"studio-api", "studio-results", "studio-tables"}
    pages = {path.name.removesuffix(".md") for path in (ROOT / "docs" / "howto").glob("*.md")}
    assert {page for page in pages if not page.endswith(".zh")} - subjects == set(VERBS)


def test_a_command_does_its_work() -> None:
    """A command that cannot do its work is no command."""
    for name in VERBS:
        assert not re.search(r"not (yet )?implemented", command(name).help or "")
