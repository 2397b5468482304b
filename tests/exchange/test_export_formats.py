"""Every page that lists the formats of `xisuan export` lists all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xisuan.cli import main
from xisuan.cli.commands.plans import export
from xisuan.exchange.export_formats import FORMATS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_list_of_commands_names_every_format() -> None:
    assert all(one.title in main.VERBS["export"] for one in FORMATS.values())


@pytest.mark.parametrize("page", ["export.md", "export.zh.md"])
def test_the_guide_has_a_row_for_every_format(page: str) -> None:
    text = (DOCS / "howto" / page).read_text(encoding="utf-8")
    assert re.findall(r"^\| `--to (\w+)`", text, re.M) == list(FORMATS)


@pytest.mark.parametrize("page", ["studio.md", "studio.zh.md"])
def test_the_guide_to_the_studio_names_every_format(page: str) -> None:
    text = (DOCS / "howto" / page).read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if "`export`" in line and line.startswith("|")]
    assert all(one.title in row for one in FORMATS.values())


def test_the_help_of_the_command_describes_every_format() -> None:
    assert set(re.findall(r"(\w+): ", export.command.help or "")) >= set(FORMATS)
