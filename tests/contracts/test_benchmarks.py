"""Every benchmark is on its page and has a result file, and a result file says when, where and of what it was measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import b3_agreement, result_file
from benchmarks.__main__ import ALL

PAGE = Path(result_file.__file__).with_name("README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(ALL))
def test_a_benchmark_is_on_the_page_with_its_result(name: str) -> None:
    """The row of the table links to the file that the benchmark writes, or says that there is none."""
    file = f"{ALL[name].__name__.rpartition('.')[2]}.md"
    if re.search(rf"^\| {name} \|.*no result yet.* \|$", PAGE, re.M):
        assert not (result_file.FOLDER / file).exists()
        return
    assert re.search(rf"^\| {name} \|.*\(results/{file}\) \|$", PAGE, re.M)
    text = (result_file.FOLDER / file).read_text(encoding="utf-8")
    assert text.startswith(f"# {name}: ")
    assert "| date " in text
    assert "| versions " in text


def test_a_result_file_has_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Title, what was measured, the environment at the beginning, and the tables, in this order."""
    monkeypatch.setattr(result_file, "FOLDER", tmp_path / "results")
    written = result_file.write(b3_agreement, "| measured on | |", ["| a table |\n", "A sentence."])
    assert written == tmp_path / "results" / "b3_agreement.md"
    title, *parts = written.read_text(encoding="utf-8").split("\n\n")
    assert title == "# B3: agreement with queueing theory and with a published experiment"
    assert parts[0] == "Compare mean waits of M/M/c with Erlang C, and packings with the openb experiment of Alibaba."
    assert parts[-3:] == ["| measured on | |", "| a table |", "A sentence.\n"]


def test_the_environment_names_date_machine_versions_and_commit() -> None:
    rows = dict(re.findall(r"^\| (\w[\w ]*?) +\| (.*?) +\|$", result_file.environment(), re.M))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows["date"])
    assert "cores" in rows["machine"]
    assert "xisuan " in rows["versions"]
    assert re.match(r"[0-9a-f]{7,}", rows["commit"])
