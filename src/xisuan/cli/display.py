"""Progress on stderr for whatever takes over two seconds: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from xisuan.progress import Progress, Report

PATIENCE = 2.0
"""Seconds of silence: what is done by then needs no progress."""
REDRAW = 0.2
REMIND = 15.0
"""Seconds after which a plain line is repeated although nothing new is known."""


class _Drawer(Protocol):
    def draw(self, now: Progress, seconds: float) -> None: ...

    def close(self) -> None: ...


class _Bar:
    """One moving line in a terminal; it leaves nothing behind."""

    def __init__(self, stream: TextIO) -> None:
        columns = (TextColumn("{task.fields[stage]}"), BarColumn(24), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bars = Bars(*columns, console=Console(file=stream), transient=True, auto_refresh=False)
        self._task = self._bars.add_task("", total=None, stage="")
        self._bars.start()

    def draw(self, now: Progress, seconds: float) -> None:
        done = None if now.fraction is None else 100.0 * now.fraction
        self._bars.update(
            self._task, total=None if done is None else 100.0, completed=done or 0.0, description=now.text, stage=now.stage
        )
        self._bars.refresh()

    def close(self) -> None:
        self._bars.stop()


class _Lines:
    """One line whenever there is something new to say."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._last = 0.0

    def draw(self, now: Progress, seconds: float) -> None:
        if now.stage == self._stage and seconds - self._last < REMIND:
            return
        self._stage, self._last = now.stage, seconds
        share = "" if now.fraction is None else f" {now.fraction:.0%}"
        print(f"{seconds:6.0f} s  {now.stage}{share}: {now.text}", file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing is left to clear."""


@contextmanager
def shown(stream: TextIO | None = None) -> Iterator[Report]:
    """A progress callback whose last word is drawn until the block ends."""
    target = stream or sys.stderr
    stop = threading.Event()
    latest: list[Progress] = []
    began = time.monotonic()

    def watch() -> None:
        drawer: _Drawer | None = None
        while not stop.wait(REDRAW):
            seconds = time.monotonic() - began
            if latest and seconds >= PATIENCE:
                drawer = drawer or (_Bar(target) if target.isatty() else _Lines(target))
                drawer.draw(latest[-1], seconds)
        if drawer is not None:
            drawer.close()

    def listen(now: Progress) -> None:
        latest[:] = [now]

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield listen
    finally:
        stop.set()
        thread.join()
