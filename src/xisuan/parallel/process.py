"""Work in another process of this machine while this one goes on; what it is given and what it finds are pickled.

Two threads that are busy in Python wait for each other: its lock changes hands every 5 ms, and the structured method asks
for it thousands of times a second. A pool of `multiprocessing` would import the caller's script again, which then has to
be written for it; a plain command need not know that script.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd

from xisuan.errors import SolverError

T = TypeVar("T")
PROGRAM = "import sys; from xisuan.parallel.process import main; main(sys.argv[1], int(sys.argv[2]))"
GIVEN, FOUND, SAID = "given", "found", "said"
"""Files of the folder that both processes know: the work, its result or error, and what went to the standard error."""
TEXTS = "mode.string_storage"
"""How tables hold texts, in the other process as in this one: tables that hold them otherwise are not equal."""
WATCHED = 1.0
"""Seconds between two looks at whether the process that asked is still there."""


class EndedError(SolverError):
    """The process ended without a result and without an error of its own: it was killed, or found no memory."""


class Elsewhere(Generic[T]):
    """A function of an installed package at work in another process; `result` waits for it."""

    def __init__(self, folder: Path, work: Callable[..., T], given: tuple[Any, ...]) -> None:
        self._folder = folder
        (folder / GIVEN).write_bytes(pickle.dumps((pd.get_option(TEXTS), work, given)))
        with (folder / SAID).open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(folder), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    @property
    def over(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def result(self) -> T:
        """What the function returns. Raises what it raises, and EndedError where the process ended without either."""
        self._process.wait()
        if not (self._folder / FOUND).exists():
            said = (self._folder / SAID).read_text(errors="replace").strip().splitlines()
            why = said[-1] if said else f"code {self._process.returncode}"
            raise EndedError(f"a process of this run ended without a result ({why}): is there enough memory?")
        found, error = pickle.loads((self._folder / FOUND).read_bytes())
        if error is not None:
            raise error
        return found  # type: ignore[no-any-return]

    def stop(self) -> None:
        """End the process if it is still at work."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


@contextmanager
def elsewhere(work: Callable[..., T], *given: Any) -> Iterator[Elsewhere[T]]:
    """`work(*given)` in another process while the block runs; it ends with the block at the latest."""
    with tempfile.TemporaryDirectory(prefix="xisuan-") as folder:
        task = Elsewhere(Path(folder), work, given)
        try:
            yield task
        finally:
            task.stop()


def main(folder: str, parent: int) -> None:
    """The other process: do the work that lies in a folder, and leave there what comes of it."""
    end_with(parent)
    place = Path(folder)
    texts, work, given = pickle.loads((place / GIVEN).read_bytes())
    pd.set_option(TEXTS, texts)
    try:
        left: tuple[Any, BaseException | None] = (work(*given), None)
    except Exception as problem:
        left = (None, problem)
    (place / "unfinished").write_bytes(pickle.dumps(left))
    (place / "unfinished").replace(place / FOUND)


def end_with(parent: int) -> None:
    """End this process when `parent`, which asked for its work, is gone, even by SIGKILL. Workers of a pool would stay."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCHED)
    os._exit(1)
