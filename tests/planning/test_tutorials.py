"""The tutorials work as they are written: files are written, commands run, lines of Python executed, in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from xisuan.cli.commands import invoke

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


@pytest.mark.parametrize("page", sorted(TUTORIALS.glob("*.md")), ids=lambda page: page.stem)
def test_a_tutorial_works(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks, "a tutorial without an example"
    for kind, file, text in blocks:
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, encoding="utf-8")
        elif kind == "python":
            exec(compile(text, page.name, "exec"), names)
        else:
            for line in text.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                assert words[0] == "xisuan"
                assert invoke(words[1:]) == 0, line


def test_the_first_scenario_is_short() -> None:
    """As it says: its tables are some thirty lines."""
    page = (TUTORIALS / "first-scenario.md").read_text(encoding="utf-8")
    lines = [line for _, file, text in BLOCK.findall(page) if file for line in text.splitlines()]
    assert 25 <= len(lines) <= 35
