"""Factors in files are factors in memory, digit by digit; a disk without a place for them is told."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from xisuan.equations.assemble import assemble
from xisuan.errors import SolverError
from xisuan.interior import room
from xisuan.interior.solve import solve
from xisuan.scenario.synthetic import country
from xisuan.solver.flat import Flat, flatten
from xisuan.solver.solution import How


def small() -> Flat:
    return flatten(assemble(country(4, 3, hours="hours:72")).model)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_answer_is_that_of_memory(workers: int, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "scratch"
    here = solve(small(), How(workers=workers))
    there = solve(small(), How(workers=workers, scratch=folder))
    assert (here.x == there.x).all()
    assert (here.row_dual == there.row_dual).all()
    assert not list(folder.iterdir())


def test_where_memory_is_too_small_factors_go_to_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(room, "available", lambda: 1000)
    assert room.enough(600, None).folder is None
    assert room.enough(601, None).folder == tmp_path
    assert f"factors lie in {tmp_path}" in solve(small()).log
    with pytest.raises(SolverError, match=r"fit neither in memory nor in .* --scratch"):
        room.enough(10**18, None)


def test_numbers_begin_as_0_and_are_kept() -> None:
    made = room.Room(Path(tempfile.gettempdir())).zeros(3, 5, 7)
    assert not made.any()
    made[1, 2, 3] = 4.0
    assert np.count_nonzero(made) == 1
    assert room.Room(Path(tempfile.gettempdir())).zeros(0, 4).shape == (0, 4)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(SolverError, match=r"GB of factors find no place in .* \(No space left on device\)"):
        solve(small(), How(scratch=tmp_path))


def test_this_machine_says_what_memory_it_has() -> None:
    assert 1e7 < room.available() < 1e14
