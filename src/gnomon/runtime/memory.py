"""Storage for the factors and vectors of all hours: memory, or files where memory is short.

Factors are written once per iteration and read in every sweep, hour after hour; vectors are read and written
sequentially. They lie in files mapped into memory: the system keeps what fits and fetches the rest in that order.
Kernels and numbers are the same in both cases.
"""

from __future__ import annotations

import ctypes
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
"""Control groups of version 2 and 1: folder, files with the limit and the usage, and the usage that is only cached files.
They limit containers: https://docs.kernel.org/admin-guide/cgroup-v2.html"""
SHARE = 0.6
"""Share of the free memory above which factors go to files, then vectors. The model needs the rest."""


class Allocator:
    """Allocator of arrays: in memory, or in files in `folder` that vanish with their arrays."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def zeros(self, *shape: int) -> Array:
        """Return an array of zeros. Raises SolverError if the disk is full."""
        return np.zeros(shape) if self.folder is None else self._mapped(self.folder, shape)

    def empty(self, *shape: int) -> Array:
        """Return an array of undefined numbers. Raises SolverError if the disk is full."""
        return np.empty(shape) if self.folder is None else self._mapped(self.folder, shape)

    @staticmethod
    def _mapped(folder: Path, shape: tuple[int, ...]) -> Array:
        """Return zeros in a temporary file in `folder`, mapped into memory."""
        size = 8 * int(np.prod(shape))
        if not size:
            return np.zeros(shape)
        try:
            with tempfile.TemporaryFile(dir=folder, prefix="gnomon-") as file:
                os.posix_fallocate(file.fileno(), 0, size) if hasattr(os, "posix_fallocate") else file.truncate(size)
                held = mmap.mmap(file.fileno(), size)
        except OSError as problem:
            raise SolverError(
                f"{size / 1e9:.1f} GB find no place in {folder} ({problem.strerror}): free some, or name"
                " another folder with --scratch"
            ) from None
        return np.ndarray(shape, dtype=np.float64, buffer=held)  # views refer to this array, as `vector_pool` expects


MEMORY = Allocator()


def allocate_factors(size: int, folder: Path | None) -> Allocator:
    """Return an allocator for `size` bytes of factors: in `folder` if given, in memory, or in temporary files.

    Raises SolverError if there is no space.
    """
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        return Allocator(folder)
    if size <= SHARE * available():
        return MEMORY
    place = Path(tempfile.gettempdir())
    if size > shutil.disk_usage(place).free:
        raise SolverError(
            f"{size / 1e9:.1f} GB of factors fit neither in memory nor in {place}: name a folder with --scratch, share the"
            " hours with --workers on a cluster, or choose fewer hours"
        )
    return Allocator(place)


def allocate_vectors(size: int, factors: int, factors_in: Allocator, folder: Path | None) -> Allocator:
    """Return an allocator for `size` bytes of vectors in addition to the factors.

    Files in `folder` if given. If memory does not suffice for both, the folder of the factors or of temporary files,
    provided that it has space. Otherwise memory.
    """
    if folder is not None:
        return factors_in
    place = factors_in.folder or Path(tempfile.gettempdir())
    if (
        size + (factors if factors_in.folder is None else 0) <= SHARE * available()
        or size > shutil.disk_usage(place).free
    ):
        return MEMORY
    return Allocator(place)


def available() -> int:
    """Return the bytes of memory that can be used without swapping, within the limits of a container."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        free = _installed() // 2
    return min([free, *(max(0, most - taken) for most, taken in _limits(CGROUPS))])


def _installed() -> int:
    """Return the physical memory of the machine in bytes."""
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    status = (ctypes.c_uint64 * 8)()  # MEMORYSTATUSEX: two 32-bit numbers, of which the first is the size; ullTotalPhys
    status[0] = ctypes.sizeof(status)
    getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # noqa: B009 (mypy: Windows only)
    return int(status[1])


def _limits(root: Path) -> Iterator[tuple[int, int]]:
    """Yield limit and usage of the memory of this process's control group and of those above it.

    Cached files count as used but are released on demand, so they are subtracted.
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
