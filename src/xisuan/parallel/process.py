"""Concurrent work in another process of this machine; arguments and results are pickled.

Two busy Python threads contend for the interpreter lock, which changes hands every 5 ms; the structured method needs it
thousands of times a second. A pool of `multiprocessing` would import the caller's script again, which then has to guard
its entry point; a subprocess does not need the script.
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
"""Files in the shared folder: the work, its result or error, and the standard output and error of the process."""
TEXTS = "mode.string_storage"
"""Pandas option for the storage of text; both processes must use the same value, or equal tables would differ."""
WATCHED = 1.0
"""Seconds between checks that the parent process is alive."""


class EndedError(SolverError):
    """A process ended without a result or an error of its own: it was killed or ran out of memory."""


class Elsewhere(Generic[T]):
    """A function of an installed package that runs in another process; `result` waits for it."""

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
        """True if the process has ended."""
        return self._process.poll() is not None

    def result(self) -> T:
        """Return the result of the function.

        Raises what the function raises, and EndedError if the process ended without a result.
        """
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
        """Kill the process if it is still running."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


@contextmanager
def elsewhere(work: Callable[..., T], *given: Any) -> Iterator[Elsewhere[T]]:
    """Run `work(*given)` in another process during the block; the process is ended with the block."""
    with tempfile.TemporaryDirectory(prefix="xisuan-") as folder:
        task = Elsewhere(Path(folder), work, given)
        try:
            yield task
        finally:
            task.stop()


def main(folder: str, parent: int) -> None:
    """Run the work stored in `folder` and store its result or error there: entry point of the other process."""
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
    """End this process when process `parent` is gone, even after SIGKILL, which workers of a pool would survive."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCHED)
    os._exit(1)
