"""Progress on stderr of everything that takes over two seconds: a bar in a terminal, plain lines elsewhere.

`xisuan --progress json …` writes one JSON document per line from the first moment on, for programs that follow the
command.
"""

from __future__ import annotations

import dataclasses
import json
import math
import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from xisuan.cli.terminal.time_remaining import Clock, Timetable
from xisuan.progress import Progress, Report
from xisuan.text.translation import Language, translate
from xisuan.text.translation import message as _

PATIENCE = 2.0
"""Seconds of silence: what is done by then needs no progress."""
REDRAW = 0.2
REMIND = 15.0
"""Seconds after which a plain line says again how far a stage is; later ones after a quarter of the time so far."""


SPEECH = 0.1
"""Seconds between two JSON lines of the same stage; the first of a stage is never held back."""


class _Drawer(Protocol):
    def open(self, stage: Progress, seconds: float) -> None:
        """Print the line of a new stage."""

    def draw(self, now: Progress, seconds: float) -> None:
        """Draw the progress of the stage."""

    def close(self) -> None:
        """Clear what should not stay on the screen."""


class _Bar:
    """One changing line in a terminal, below the lines of the stages."""

    def __init__(self, stream: TextIO) -> None:
        columns = (
            TextColumn("{task.fields[stage]}"),
            BarColumn(24),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
        )
        console = Console(file=stream, highlight=False)
        self._bars = Bars(*columns, console=console, transient=True, auto_refresh=False)
        self._task = self._bars.add_task("", total=None, stage="")
        self._bars.start()

    def open(self, stage: Progress, seconds: float) -> None:
        self._bars.console.print(f"{seconds:5.0f} s  {stage.stage}: {stage.text}", markup=False)

    def draw(self, now: Progress, seconds: float) -> None:
        total = None if now.fraction is None else 1.0
        self._bars.update(
            self._task, total=total, completed=now.fraction or 0.0, description=now.text, stage=now.stage, refresh=True
        )

    def close(self) -> None:
        self._bars.stop()


class _Lines:
    """A line for each stage, and from time to time a line with its progress."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = 0.0

    def open(self, stage: Progress, seconds: float) -> None:
        self._last = seconds
        share = f" ({stage.fraction:.0%})" if stage.fraction else ""
        print(f"{seconds:5.0f} s  {stage.stage}: {stage.text}{share}", file=self._stream, flush=True)

    def draw(self, now: Progress, seconds: float) -> None:
        if seconds - self._last >= max(REMIND, seconds / 4):
            self.open(now, seconds)

    def close(self) -> None:
        """Do nothing: printed lines stay."""


def _of_the_whole(clock: Clock, now: Progress, seconds: float, language: Language) -> Progress:
    """Return the progress of the whole run, with the remaining time before its text."""
    share, left = clock.estimate(now, seconds)
    minutes = math.ceil(left / 60)
    remaining = _("less than a minute left") if left < 60 else _("about {minutes} minutes left", minutes=minutes)
    text = f"{translate(remaining, language)} · {translate(now.text, language)}"
    return dataclasses.replace(now, fraction=share, text=text)


@contextmanager
def shown(
    stream: TextIO | None = None, timetable: Timetable | None = None, language: Language = "en"
) -> Iterator[Report]:
    """Provide a progress callback; its last state is drawn until the block ends.

    `timetable`: of a measured run of the same scenario, which gives the bar its length and the remaining time.
    """
    context = click.get_current_context(silent=True)
    if context is not None and context.find_root().params.get("progress") == "json":
        yield _documents(stream or sys.stderr)
        return
    target = stream or sys.stderr
    stop = threading.Event()
    stages: queue.SimpleQueue[tuple[Progress, float]] = queue.SimpleQueue()
    latest = Progress("", None, "")
    began = time.monotonic()
    clock = None if timetable is None else Clock(timetable)

    def listen(now: Progress) -> None:
        nonlocal latest
        if now.stage != latest.stage:
            stages.put((now, time.monotonic() - began))
        latest = now

    def watch() -> None:
        drawer: _Drawer | None = None
        while not stop.wait(REDRAW):
            seconds = time.monotonic() - began
            if seconds < PATIENCE or not latest.stage:
                continue
            drawer = drawer or (_Bar(target) if target.isatty() else _Lines(target))
            while not stages.empty():
                drawer.open(*stages.get())
            drawer.draw(_of_the_whole(clock, latest, seconds, language) if clock else latest, seconds)
        if drawer is not None:
            drawer.close()

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield listen
    finally:
        stop.set()
        thread.join()


def _documents(stream: TextIO) -> Report:
    """Return a callback that writes a JSON document per line: `at` (seconds), the fields of Progress, Chinese text."""
    began = time.monotonic()
    last = ("", -math.inf)

    def listen(now: Progress) -> None:
        nonlocal last
        at = time.monotonic() - began
        if now.stage == last[0] and at - last[1] < SPEECH:
            return
        last = (now.stage, at)
        gap = now.gap if now.gap is not None and math.isfinite(now.gap) else None
        line = {"at": round(at, 3), **dataclasses.asdict(now), "text_zh": translate(now.text, "zh"), "gap": gap}
        print(json.dumps(line, ensure_ascii=False), file=stream, flush=True)

    return listen
