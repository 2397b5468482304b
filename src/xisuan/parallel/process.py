"""Work in another process of this machine while this one goes on; arguments and results are pickled through pipes.

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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import pandas as pd

from xisuan.errors import SolverError
from xisuan.operating_system import system

T = TypeVar("T")
PROGRAM = "import sys; from xisuan.parallel.process import main; main(int(sys.argv[1]))"
TEXTS = "mode.string_storage"
"""Pandas option for the storage of text; both processes must use the same value, or equal tables would differ."""
WATCHED = 1.0
"""Seconds between checks that the parent process is alive."""


class EndedError(SolverError):
    """A process ended without a result or an error of its own: it was killed or ran out of memory."""


class CrashedError(EndedError):
    """A process ended with an exception outside its work, for instance because a module could not be imported."""


class Elsewhere(Generic[T]):
    """A function of an installed package that runs in another process; `result` waits for it.

    `environment`: variables that it gets in addition to those of this process. Both pickles pass through pipes between
    the two processes, never through a file that another user could have written.
    """

    def __init__(
        self, work: Callable[..., T], given: tuple[Any, ...], environment: Mapping[str, str] | None = None
    ) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, **(environment or {})},
        )
        self._left = b""
        sent = pickle.dumps((pd.get_option(TEXTS), work, given))
        self._exchange = threading.Thread(target=self._communicate, args=(sent,), daemon=True)
        self._exchange.start()

    def _communicate(self, sent: bytes) -> None:
        """Send what is given and take what is found, beside the caller: a pipe holds little, so either end may wait."""
        self._left = self._process.communicate(sent)[0]

    @property
    def over(self) -> bool:
        """Return True if the process has ended."""
        return not self._exchange.is_alive()

    def result(self, seconds: float | None = None) -> T:
        """Return the result of the function.

        Raises what the function raises, EndedError if the process ended without a result (CrashedError if it printed a
        traceback), and TimeoutError if it has no result within `seconds`.
        """
        self._exchange.join(seconds)
        if self._exchange.is_alive():
            raise TimeoutError(f"no result within {seconds:.0f} seconds")
        if not self._left:
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace").strip().splitlines()
            why = said[-1] if said else f"code {self._process.returncode}"
            raised = self._process.returncode == 1 and any(line.startswith("Traceback") for line in said)
            if raised and not why.startswith("MemoryError"):
                raise CrashedError(f"a process of this run failed outside its work: {why}")
            raise EndedError(f"a process of this run ended without a result ({why}): is there enough memory?")
        found, error = pickle.loads(self._left)
        if error is not None:
            raise error
        return found  # type: ignore[no-any-return]

    def stop(self) -> None:
        """Kill the process if it is still running."""
        if self._process.poll() is None:
            self._process.kill()
        self._exchange.join()
        self._said.close()


@contextmanager
def elsewhere(
    work: Callable[..., T], *given: Any, environment: Mapping[str, str] | None = None
) -> Iterator[Elsewhere[T]]:
    """`work(*given)` in another process while the block runs; it ends with the block at the latest."""
    task = Elsewhere(work, given, environment)
    try:
        yield task
    finally:
        task.stop()


def main(parent: int) -> None:
    """Run in the child process: do the work that arrives on standard input, and send back its result.

    Output that the work prints goes to standard error, so that it does not mix with the result.
    """
    answer = os.dup(1)
    os.dup2(2, 1)
    end_with(parent)
    texts, work, given = pickle.load(sys.stdin.buffer)
    pd.set_option(TEXTS, texts)
    try:
        left: tuple[Any, BaseException | None] = (work(*given), None)
    except Exception as problem:
        left = (None, problem)
    whole = pickle.dumps(left)
    with os.fdopen(answer, "wb") as pipe:
        pipe.write(whole)


def end_with(parent: int) -> None:
    """End this process when process `parent` is gone, even after SIGKILL, which workers of a pool would survive."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while not system.is_orphan(parent):
        time.sleep(WATCHED)
    os._exit(1)
