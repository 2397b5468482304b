"""The tutorials work as they are written: files are written, commands run, lines of Python executed, in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from xisuan.cli.main import invoke

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
LISTED = re.compile(r"^```\n(first/.*?)^```$", re.M | re.S)
"""The files of the scenario in the README: the name, then the lines of the file, indented."""


DAY = 'hours = "days:1"'
PAGES = sorted(set(TUTORIALS.glob("*.md")) - set(TUTORIALS.glob("*.zh.md")))
LONG_PAGES = [page for page in PAGES if DAY in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("page", "hours"),
    [pytest.param(page, 'hours = "one"' if page in LONG_PAGES else DAY, id=page.stem) for page in PAGES]
    + [pytest.param(page, DAY, id=f"{page.stem} as written", marks=pytest.mark.long) for page in LONG_PAGES],
)
def test_a_tutorial_works(
    page: Path, hours: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`console exit=N` is a command that ends with N; a `text` block is what the command before it says on stderr.

    A page that plans a day of each year is tried with one hour of each, which proves the same of its files, commands and
    lines of Python; the long tests try it as written.
    """
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = BLOCK.findall(page.read_text(encoding="utf-8").replace(DAY, hours))
    assert blocks, "a tutorial without an example"
    for kind, file, text in blocks:
        if kind == "text":
            assert text in capsys.readouterr().err
        elif kind != "console" and file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, encoding="utf-8")
        elif kind == "python":
            exec(compile(text, page.name, "exec"), names)
        else:
            for line in text.splitlines():
                words = shlex.split(line.removeprefix("$ "))
                assert words[0] == "xisuan"
                capsys.readouterr()
                assert invoke(words[1:]) == int(file.removeprefix("exit=") or 0), line


def test_the_first_scenario_is_short() -> None:
    """As it says: its tables are some thirty lines."""
    page = (TUTORIALS / "first-scenario.md").read_text(encoding="utf-8")
    lines = [
        line for kind, file, text in BLOCK.findall(page) if kind != "console" and file for line in text.splitlines()
    ]
    assert 25 <= len(lines) <= 35


def test_the_readme_and_then_the_tutorial_work_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its files are written and its commands run in order, but for the demonstration; the tutorial's names are free."""
    monkeypatch.chdir(tmp_path)
    for file, content in _files("README.md").items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(content, encoding="utf-8")
    lines = _commands("README.md")
    assert lines[0] == "xisuan run guizhou --out runs/guizhou"
    for line in lines[1:]:
        words = shlex.split(line)[1:]
        assert invoke([*words, "--quick"] if words[0] == "run" else words) == 0, line
    made = {path.name for folder in (tmp_path, tmp_path / "runs") for path in folder.iterdir()}
    tutorial = (TUTORIALS / "first-scenario.md").read_text(encoding="utf-8")
    wanted = set(re.findall(r"(\w+)/\w+\.csv|runs/(\w+)|xisuan new (\w+)", tutorial))
    names = {name for found in wanted for name in found if name}
    assert {"mine", "green", "impossible"} <= names
    assert not made & names


def test_both_readmes_show_the_same() -> None:
    """Seven files, and the same commands but for the language."""
    assert _files("README.md") == _files("README.zh.md")
    assert len(_files("README.md")) == 7
    assert _commands("README.md") == [line.replace(" --lang zh", "") for line in _commands("README.zh.md")]


def _commands(name: str) -> list[str]:
    """What a README says to type, in a block or in a sentence; not what leaves a part to fill in with `…`."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"^(xisuan [^#\n]+)|`(xisuan [^`]+)`", text, re.M)
    return [block.strip() or sentence for block, sentence in found if "…" not in block + sentence]


def _files(name: str) -> dict[str, str]:
    """File → content of the scenario that a README lists."""
    [listed] = LISTED.findall((ROOT / name).read_text(encoding="utf-8"))
    out: dict[str, str] = {}
    file = ""
    for line in listed.splitlines():
        file = line[:24].strip() or file
        out[file] = out.get(file, "") + line[24:] + "\n"
    return out
