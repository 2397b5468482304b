"""Room for the factors and vectors of all hours: memory, or files where there is too little of it.

Factors are written once an iteration and read in every sweep, hour after hour; vectors are read and written from one end to
the other. In a file that the system maps to memory it keeps what fits and fetches the rest in that order; the kernels see no
difference, and nor do the numbers.
"""

from __future__ import annotations

import mmap
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gnomon.arrays import Array
from gnomon.errors import SolverError

CGROUPS, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
GROUPS = (
    ("", "memory.max", "memory.current", "inactive_file"),
    ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Of the second and first kind of control groups: the folder, and the files with the limit and what is taken, and of these
what is read of files. Containers are limited so: https://docs.kernel.org/admin-guide/cgroup-v2.html"""
SHARE = 0.6
"""Share of the memory that is free beyond which factors go to files, or vectors after them: the model needs some, too."""


class Room:
    """Where arrays come from: memory, or files in `folder` that are gone with them."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def zeros(self, *shape: int) -> Array:
        """Numbers that are 0. Raises SolverError where the disk has no place for them."""
        return np.zeros(shape) if self.folder is None else self._mapped(self.folder, shape)

    def empty(self, *shape: int) -> Array:
        """Whatever numbers. Raises as `zeros` does."""
        return np.empty(shape) if self.folder is None else self._mapped(self.folder, shape)

    @staticmethod
    def _mapped(folder: Path, shape: tuple[int, ...]) -> Array:
        size = 8 * int(np.prod(shape))
        if not size:
            return np.zeros(shape)
        try:
            with tempfile.TemporaryFile(dir=folder, prefix="xisuan-") as file:
                os.posix_fallocate(file.fileno(), 0, size) if hasattr(os, "posix_fallocate") else file.truncate(size)
                held = mmap.mmap(file.fileno(), size)
        except OSError as problem:
            raise SolverError(
                f"{size / 1e9:.1f} GB find no place in {folder} ({problem.strerror}): free some, or name"
                " another folder with --scratch"
            ) from None
        return np.ndarray(shape, dtype=np.float64, buffer=held)  # of which views are views: `vectors` counts them


MEMORY = Room()


def enough(size: int, folder: Path | None) -> Room:
    """Room for so many bytes of factors: files in `folder` if given; memory if it suffices; or where temporary files go.

    Raises SolverError where neither has a place for them.
    """
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        return Room(folder)
    if size <= SHARE * available():
        return MEMORY
    place = Path(tempfile.gettempdir())
    if size > shutil.disk_usage(place).free:
        raise SolverError(
            f"{size / 1e9:.1f} GB of factors fit neither in memory nor in {place}: name a folder with --scratch, share the"
            " hours with --workers on a cluster, or choose fewer hours"
        )
    return Room(place)


def beside(size: int, factors: int, factors_in: Room, folder: Path | None) -> Room:
    """Room for so many bytes of vectors beside factors: files in `folder` if given; or where those of the factors are, or
    where temporary ones go, if memory does not suffice for both and there is a place; or memory."""
    if folder is not None:
        return factors_in
    place = factors_in.folder or Path(tempfile.gettempdir())
    if (
        size + (factors if factors_in.folder is None else 0) <= SHARE * available()
        or size > shutil.disk_usage(place).free
    ):
        return MEMORY
    return Room(place)


def available() -> int:
    """Bytes of memory that this machine can give without swapping, as far as it says, within what a container may take."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return min([free, *(max(0, most - taken) for most, taken in _limits(CGROUPS))])


def _limits(root: Path) -> Iterator[tuple[int, int]]:
    """Limits of memory that control groups set, and what is taken of each: of this process's group and those above it.

    What a group has read of files counts as taken, and is given back where it is needed: it is left out.
    """
    for name, most, taken, files in GROUPS:
        try:
            own = next(
                of for number, kinds, of in (line.split(":", 2) for line in _text(OWN).splitlines())
                if (number == "0" if not name else name in kinds.split(","))
            )  # fmt: skip
        except (OSError, StopIteration, ValueError):
            continue
        for folder in (root / name / own.lstrip("/"), *(root / name / own.lstrip("/")).parents):
            try:
                stat = dict(line.split(" ", 1) for line in _text(folder / "memory.stat").splitlines())
                yield int(_text(folder / most)), int(_text(folder / taken)) - int(stat.get(files, 0))
            except (OSError, ValueError):  # no limit ("max"), or not a group
                pass
            if folder == root / name:
                break


def _text(file: Path) -> str:
    return file.read_text(encoding="ascii")
