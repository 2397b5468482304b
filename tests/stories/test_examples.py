"""Every command and every line of Python on the how-to pages works as it is written there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from xisuan.cli.main import invoke

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto"
FIRST = re.compile(r"xisuan (plan|run) starter --out \S+")
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where plans and runs of `starter` stay: half of the pages begin with one, word by word the same."""
    return tmp_path_factory.mktemp("kept")


def follow(line: str, kept: Path) -> None:
    """Do what a line of a terminal says."""
    words = shlex.split(line)
    if FIRST.fullmatch(line):
        made = kept / words[1]
        if not made.exists():
            assert invoke([*words[1:-1], str(made)]) == 0, line
        shutil.copytree(made, words[-1])
    elif words[0] == "rm":
        Path(words[1]).unlink()
    else:
        assert words[0] == "xisuan", line
        assert invoke(words[1:]) == 0, line


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated")  # PyPSA 1.4 with pandas 3
@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # likewise, where it optimises
@pytest.mark.parametrize(
    "page", sorted(set(HOWTO.glob("*.md")) - set(HOWTO.glob("*.zh.md"))), ids=lambda page: page.stem
)
def test_a_page_works(page: Path, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first block to the last, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks, "a page without an example"
    names: dict[str, object] = {}
    for kind, text in blocks:
        if kind == "python":
            exec(compile(text, page.name, "exec"), names)
        else:
            for line in text.splitlines():
                assert line.startswith("$ "), line
                follow(line[2:], kept)
