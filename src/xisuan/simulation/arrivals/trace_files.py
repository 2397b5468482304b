"""Trace files: streams of `Jobs` in pieces, which can be read repeatedly.

A malformed line raises an error with its number, or is skipped and counted, as the options say. A well-formed line that
holds no job to run (unknown run time, no server used) is always left out and counted.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import ArrowException, parquet

from xisuan.errors import Problem, ScenarioError, UnreadableError
from xisuan.scenario.reading.problems import shown
from xisuan.simulation.arrivals import trace_formats
from xisuan.simulation.arrivals.trace_formats import OWN, PARSERS, USUAL, Row, Skipped, TraceOptions
from xisuan.simulation.jobs import Integers, Jobs, jobs

FORMATS = (*PARSERS, "parquet")
_HEADS = {"ContextTokens": "azure", "arrival_time": "gaia", "creation_time": "openb", "arrival_s": "csv"}
PIECE = 1 << 16
MOST_REMEMBERED = 20
"""Number of skipped lines that are described; further ones are only counted."""


@dataclass
class TraceFile:
    """Trace on disk; each iteration yields its pieces from the start.

    `skipped`, `left_out`: numbers of malformed lines and of lines without a job in the last iteration.
    """

    path: Path
    format: str
    reading: TraceOptions
    skipped: int = 0
    left_out: int = 0
    remembered: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Jobs]:
        self.skipped = self.left_out = 0
        self.remembered = []
        if self.format == "parquet":
            yield from self._parquet()
            return
        latest, rows = 0.0, []
        for number, row in self._rows():
            if row[0] < latest:
                self._bad(number, "arrival", row[0], Problem("jobs-not-sorted"))
                continue
            latest = row[0]
            rows.append(row)
            if len(rows) == PIECE:
                yield self._jobs(rows)
                rows = []
        if rows:
            yield self._jobs(rows)

    def _jobs(self, rows: list[Row]) -> Jobs:
        columns = list(zip(*rows, strict=True))
        floats = [np.array(columns[at], dtype=np.float64) for at in (0, 1, 3, 4, 5)]
        arrival, run, estimate, deadline, priority = floats
        estimate = np.maximum(np.where(np.isnan(estimate), run, estimate), run)
        slack = self.reading.slack
        usual = math.inf if slack is None else arrival + (1.0 + slack) * estimate
        deadline = np.where(np.isnan(deadline), usual, deadline)
        return jobs(
            arrival, run, np.array(columns[2], dtype=np.int64), estimate=estimate, deadline=deadline,
            priority=priority, owner=np.array(columns[6], dtype=np.int64), **_needs(columns[7:]),
        )  # fmt: skip

    def _rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the line number and the values of each job."""
        parse = PARSERS[self.format]
        try:
            with _open(self.path) as text:
                lines = trace_formats.lines(text, self.format)
                head = next(lines, (0, []))[1] if self.format != "swf" else []
                take = parse(head, self.reading)
                for number, cells in lines:
                    try:
                        yield number, trace_formats.check_row(take(cells))
                    except Skipped:
                        self.left_out += 1
                    except (ValueError, IndexError, OverflowError) as problem:
                        self._bad(number, "", "", _of_line(problem))
        except (*UNREADABLE, csv.Error) as problem:
            raise _unreadable(self.path, problem) from None

    def _bad(self, number: int, column: str, value: object, fault: Problem) -> None:
        problem = fault.at(table=self.path.name, row=number, column=column, value=shown(value))
        if self.reading.on_error == "fatal":
            raise ScenarioError([problem])
        self.skipped += 1
        if len(self.remembered) < MOST_REMEMBERED:
            self.remembered.append(problem)

    def _parquet(self) -> Iterator[Jobs]:
        try:
            file = parquet.ParquetFile(self.path)
            names = [name for name in OWN if name in file.schema_arrow.names]
            if not set(OWN[:2]) <= set(names):
                raise ScenarioError([Problem("trace-times-missing", table=self.path.name)])
            latest, number = 0.0, 0
            for batch in file.iter_batches(PIECE, columns=names):
                table = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in names}
                rows = []
                for at in range(len(batch)):
                    number += 1
                    try:
                        cells = {name: column[at] for name, column in table.items()}
                        row = trace_formats.check_row(trace_formats.own(cells))
                    except (ValueError, OverflowError, TypeError) as problem:
                        self._bad(number, "", "", _of_line(problem))
                        continue
                    if row[0] < latest:
                        self._bad(number, "arrival_s", row[0], Problem("jobs-not-sorted"))
                        continue
                    latest = row[0]
                    rows.append(row)
                if rows:
                    yield self._jobs(rows)
        except (*UNREADABLE, ArrowException) as problem:
            raise _unreadable(self.path, problem) from None


LONGEST_SAID = 150

UNREADABLE = (OSError, EOFError, UnicodeDecodeError, zlib.error)
"""Errors of a damaged file, compressed or not."""


def _unreadable(file: Path, problem: Exception) -> ScenarioError:
    return ScenarioError([Problem("file-unreadable", table=str(file), fault=shown(_short(problem)))])


def _of_line(problem: Exception) -> Problem:
    """Return the problem of a line that cannot be parsed."""
    return (
        problem.problem
        if isinstance(problem, UnreadableError)
        else Problem("line-not-of-format", fault=_short(problem))
    )


def _short(problem: Exception) -> str:
    """Return the first line of an error message, shortened: it may quote a long cell."""
    said = str(problem).strip().split("\n", 1)[0]
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"


def _needs(columns: list[tuple[Any, ...]]) -> dict[str, Integers]:
    """Return the machine needs of jobs by column, without columns that are all 0."""
    named = zip(("cpu", "memory", "part", "models"), columns, strict=True)
    return {name: np.array(column, dtype=np.int64) for name, column in named if any(column)}


def _open(path: Path) -> io.TextIOWrapper:
    how: dict[str, Any] = {"mode": "rt", "encoding": "utf-8-sig", "newline": ""}
    opened: io.TextIOWrapper = (gzip.open if path.suffix == ".gz" else open)(path, **how)
    return opened


def open_trace(path: str | Path, reading: TraceOptions = USUAL, kind: str = "auto") -> TraceFile:
    """Return a trace file, with its format inferred from its ending or first line if `kind` is auto.

    Raises ScenarioError if the file does not exist or has an unknown format.
    """
    file = Path(path)
    if not file.is_file():
        raise ScenarioError([Problem("trace-missing", table=str(path))])
    if kind == "auto":
        kind = _format(file)
    if kind not in FORMATS:
        raise ScenarioError([Problem("trace-format-unknown", column="format", value=kind, known=", ".join(FORMATS))])
    return TraceFile(file, kind, reading)


def _format(file: Path) -> str:
    if file.suffix == ".parquet":
        return "parquet"
    if file.name.removesuffix(".gz").endswith(".swf"):
        return "swf"
    try:
        with _open(file) as text:
            first = text.readline(10_000)
    except UNREADABLE as problem:
        raise _unreadable(file, problem) from None
    if not first:
        raise ScenarioError([Problem("trace-empty", table=str(file))])
    for name, kind in _HEADS.items():
        if name in first.strip().split(","):
            return kind
    if first.lstrip().startswith(";") or len(first.split()) == 18:
        return "swf"
    raise ScenarioError(
        [
            Problem(
                "trace-format-unclear",
                table=str(file),
                row=1,
                value=shown(first[:60].strip()),
                known=", ".join(FORMATS),
            )
        ]
    )
