"""A run folder is whole or not there, and an earlier one is never lost for nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xisuan.errors import StoreError
from xisuan.results.storage import sealed_folders


def fill(text: str) -> Callable[[Path], None]:
    """Writes one file and seals the folder."""

    def write(folder: Path) -> None:
        (folder / "plan.json").write_text(text)
        sealed_folders.seal(folder)

    return write


def put(folder: Path, text: str = "one") -> None:
    """A run in `folder`."""
    with sealed_folders.replacing(folder) as fresh:
        fill(text)(fresh)


def fail(folder: Path, failure: BaseException) -> None:
    """A run that fails when all is written."""
    with sealed_folders.replacing(folder) as fresh:
        fill("two")(fresh)
        raise failure


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    """Parents are made; nothing is left beside it."""
    put(tmp_path / "deep" / "run")
    assert (tmp_path / "deep" / "run" / "plan.json").read_text() == "one"
    assert os.listdir(tmp_path / "deep") == ["run"]


def test_a_failure_leaves_the_old_run(tmp_path: Path) -> None:
    """And no trace of the new one, whatever kind of failure it is."""
    put(tmp_path / "run")
    for failure in (ValueError("no"), KeyboardInterrupt()):
        with pytest.raises(type(failure)):
            fail(tmp_path / "run", failure)
    assert (tmp_path / "run" / "plan.json").read_text() == "one"
    assert os.listdir(tmp_path) == ["run"]


def test_a_failure_where_nothing_stood_leaves_nothing(tmp_path: Path) -> None:
    """Not even an empty folder."""
    with pytest.raises(ValueError, match="no"), sealed_folders.replacing(tmp_path / "run"):
        raise ValueError("no")
    assert os.listdir(tmp_path) == []


def test_what_is_no_run_is_never_replaced(tmp_path: Path) -> None:
    """A folder with anything else in it, or a file."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="holds something that is no run"):
        put(tmp_path / "thesis")
    with pytest.raises(StoreError, match="is a file; give a folder"):
        put(tmp_path / "file")
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "years of work"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """People make it first."""
    (tmp_path / "run").mkdir()
    put(tmp_path / "run")
    sealed_folders.check_seal(tmp_path / "run")


def test_what_people_put_into_a_run_stays(tmp_path: Path) -> None:
    """Their files move to the new run; ours of the old one go, an old page too."""
    put(tmp_path / "run")
    (tmp_path / "run" / "notes.md").write_text("mine")
    (tmp_path / "run" / "report.zh.html").write_text("of the old plan")
    put(tmp_path / "run", "two")
    assert (tmp_path / "run" / "notes.md").read_text() == "mine"
    assert not (tmp_path / "run" / "report.zh.html").exists()
    assert (tmp_path / "run" / "plan.json").read_text() == "two"
    assert os.listdir(tmp_path) == ["run"]


def test_a_replacement_that_was_killed_is_settled(tmp_path: Path) -> None:
    """Killed between taking the old run away and putting the new one in: the old one comes back first."""
    put(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / ".run.previous")
    (tmp_path / ".run.partial").mkdir()
    with pytest.raises(ValueError, match="no"), sealed_folders.replacing(tmp_path / "run"):
        raise ValueError("no")
    assert (tmp_path / "run" / "plan.json").read_text() == "one"
    assert os.listdir(tmp_path) == ["run"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The parent is a file."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="no run was saved"):
        put(tmp_path / "file" / "run")


def test_the_seal_names_what_changed(tmp_path: Path) -> None:
    """Changed, and missing; what is not sealed may come and go."""
    put(tmp_path / "run")
    (tmp_path / "run" / "report.html").write_text("a page")
    sealed_folders.check_seal(tmp_path / "run")
    (tmp_path / "run" / "plan.json").write_text("forged")
    with pytest.raises(StoreError, match=r"plan\.json changed after the run was saved"):
        sealed_folders.check_seal(tmp_path / "run")
    (tmp_path / "run" / "plan.json").unlink()
    with pytest.raises(StoreError, match="is damaged"):
        sealed_folders.check_seal(tmp_path / "run")


def test_a_seal_is_what_sha256sum_writes(tmp_path: Path) -> None:
    """So that anyone can check it without xisuan."""
    put(tmp_path / "run", "")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (tmp_path / "run" / sealed_folders.SEAL).read_text() == f"{empty}  plan.json\n"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """The old one stays where the writer fails."""

    def fail(path: Path) -> None:
        path.write_text("half")
        raise ValueError("no")

    sealed_folders.put(tmp_path / "a.nc", lambda path: path.write_text("one") and None)
    with pytest.raises(ValueError, match="no"):
        sealed_folders.put(tmp_path / "a.nc", fail)
    assert (tmp_path / "a.nc").read_text() == "one"
    assert os.listdir(tmp_path) == ["a.nc"]
    with pytest.raises(StoreError, match="something in it"):
        sealed_folders.put(tmp_path, fail)
