"""Factors and vectors in files are those in memory, digit by digit; a disk without a place for them is told."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from gnomon.interior_point.solve import solve
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.runtime import memory, vector_pool
from gnomon.solution import Progress
from tests.gnomon_scenarios.runtime.test_process_team import threaded
from xisuan.equations.build_model import assemble
from xisuan.errors import SolverError
from xisuan.scenario.variants.synthetic import country


def small() -> LinearProgram:
    return flatten(assemble(country(4, 3, hours="hours:36")).model)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_answer_is_that_of_memory(workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_pool, "LEAST", 1)
    folder = tmp_path / "new" / "scratch"
    here = solve(small(), Options(workers=workers, recruit=threaded))
    there = solve(small(), Options(workers=workers, scratch=folder))
    if workers == 1:
        assert f"vectors lie in {folder}" in there.log
    assert (here.x == there.x).all()
    assert (here.row_dual == there.row_dual).all()
    assert not list(folder.iterdir())


def test_where_memory_is_too_small_factors_go_to_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(memory, "available", lambda: 1000)
    assert memory.allocate_factors(600, None).folder is None
    assert memory.allocate_factors(601, None).folder == tmp_path
    told: list[Progress] = []
    assert f"factors lie in {tmp_path}" in solve(small(), None, told.append).log
    assert f"structured, factors in {tmp_path}, expect 1.1 to 4 times as long" in [now.stage for now in told]
    with pytest.raises(SolverError, match=r"fit neither in memory nor in .* --scratch"):
        memory.allocate_factors(10**18, None)


def test_vectors_go_to_files_beside_factors_if_both_do_not_fit_and_a_disk_has_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(memory, "available", lambda: 1000)
    (tmp_path / "factors").mkdir()
    files = memory.Allocator(tmp_path / "factors")
    assert memory.allocate_vectors(300, 300, memory.MEMORY, None).folder is None
    assert memory.allocate_vectors(300, 301, memory.MEMORY, None).folder == tmp_path
    assert memory.allocate_vectors(600, 10**6, files, None).folder is None, "factors in files take no memory"
    assert memory.allocate_vectors(601, 10**6, files, None).folder == files.folder
    assert memory.allocate_vectors(1, 1, files, files.folder).folder == files.folder, "a folder that is named is used"
    assert memory.allocate_vectors(10**18, 0, memory.MEMORY, None).folder is None, (
        "no disk has a place for them: memory is tried"
    )


def test_numbers_begin_as_0_and_are_kept() -> None:
    made = memory.Allocator(Path(tempfile.gettempdir())).zeros(3, 5, 7)
    assert not made.any()
    made[1, 2, 3] = 4.0
    assert np.count_nonzero(made) == 1
    assert memory.Allocator(Path(tempfile.gettempdir())).zeros(0, 4).shape == (0, 4)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(SolverError, match=r"GB find no place in .* \(No space left on device\)"):
        solve(small(), Options(scratch=tmp_path))


def test_this_machine_says_what_memory_it_has() -> None:
    assert 1e7 < memory.available() < 1e14


@pytest.mark.parametrize(("own", "made", "expected"), [
    ("0::/\n", {"memory.max": "3000000000", "memory.current": "1000000000",
                "memory.stat": "anon 5\ninactive_file 400000000"}, 2.4e9),
    ("0::/a/b\n", {"a/memory.max": "2000000", "a/memory.current": "500000", "a/memory.stat": "inactive_file 0",
                   "a/b/memory.max": "max", "a/b/memory.current": "9", "a/b/memory.stat": "inactive_file 0"}, 1.5e6),
    ("4:memory:/c\n0::/\n", {"memory/c/memory.limit_in_bytes": "7000", "memory/c/memory.usage_in_bytes": "9000",
                             "memory/c/memory.stat": "total_inactive_file 1000"}, 0.0),
    ("0::/\n", {"memory.max": "max", "memory.current": "1", "memory.stat": "inactive_file 0"}, None),
    ("0::/\n", {}, None),
], ids=["a container", "a limit above", "the first kind, exceeded", "no limit", "no groups"])  # fmt: skip
def test_a_container_has_what_its_limit_leaves(
    own: str, made: dict[str, str], expected: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "none")
    free = memory.available()
    for name, text in made.items():
        (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name).write_text(text + "\n")
    (tmp_path / "own").write_text(own)
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory, "OWN", tmp_path / "own")
    assert memory.available() == (pytest.approx(free, rel=0.2) if expected is None else expected)
