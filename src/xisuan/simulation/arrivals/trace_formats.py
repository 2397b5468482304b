"""Formats of trace files: parsers from a line to the row of a job."""

from __future__ import annotations

import csv
import datetime
import io
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from xisuan.errors import Problem, ScenarioError, UnreadableError
from xisuan.scenario.reading.problems import shown
from xisuan.simulation.jobs import LONGEST
from xisuan.simulation.policies.bin_packing import WHOLE
from xisuan.simulation.policies.machine_inventory import bits

OWN = ("arrival_s", "run_s", "servers", "estimate_s", "deadline_s", "priority", "owner", "cpu_milli", "memory_mib")
"""Columns of traces in the project's own format, CSV or Parquet; the first two are mandatory."""

Row = tuple[float, float, int, float, float, float, int, int, int, int, int]
"""Arrival, run, servers, estimate, deadline, priority, owner; CPU, memory, part of an accelerator, models as bits."""

NO_NEEDS = (0, 0, 0, 0)
"""Machine needs of a job that requests servers only."""


class Skipped(Exception):  # noqa: N818 - no error: the line holds no job to run
    """A well-formed line without a job to run."""


@dataclass(frozen=True, slots=True)
class TraceOptions:
    """Options for reading a trace: facts that the file does not contain.

    - `on_error`: `fatal` or `skip`, for malformed lines.
    - `slack`: deadline of jobs without one, arrival + (1 + slack) × estimate; None: no deadline.
    - `tokens_per_s`: speed at which a server reads and writes tokens.
    - `models`: models of the available machines, in the order of their bits.
    """

    on_error: Literal["fatal", "skip"] = "fatal"
    slack: float | None = None
    tokens_per_s: tuple[float, float] | None = None
    models: tuple[str, ...] = ()


USUAL = TraceOptions()
"""Defaults: malformed lines are fatal, no deadlines are added, token speeds and models are unknown."""


def check_row(row: Row) -> Row:
    """Return the row if its values are in range. Raises UnreadableError otherwise."""
    arrival, run, servers, estimate, _, priority, owner, cpu, memory, part, _ = row
    if not 0.0 <= arrival <= LONGEST:
        raise UnreadableError("arrival-invalid", given=arrival)
    if not 0.0 <= run <= LONGEST:
        raise UnreadableError("run-time-invalid", given=run)
    if not 1 <= servers <= 2**53:
        raise UnreadableError("servers-invalid", given=servers)
    if estimate < 0 or estimate > LONGEST or math.isnan(priority) or not 0 <= owner < 2**31:
        raise UnreadableError("estimate-or-owner-invalid")
    if not (0 <= cpu <= 2**53 and 0 <= memory <= 2**53 and 0 <= part <= 1000):
        raise UnreadableError("needs-invalid")
    return row


def lines(text: io.TextIOWrapper, kind: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each line that is not a comment."""
    if kind == "swf":
        for number, line in enumerate(text, 1):
            if line.strip() and not line.lstrip().startswith(";"):
                yield number, line.split()
        return
    reader = csv.reader(text)
    for cells in reader:
        if cells:
            yield reader.line_num, cells


Take = Callable[[list[str]], Row]


PARTS, CANCELLED = (2, 3, 4), 5
"""Status codes of the Standard Workload Format: parts of a job that has its own line; cancelled jobs."""


def _swf(_head: list[str], _reading: TraceOptions) -> Take:
    """Return the parser of the Standard Workload Format: 18 fields, −1 unknown.

    Source: Parallel Workloads Archive, swf.html.
    """

    def take(cells: list[str]) -> Row:
        if len(cells) != 18:
            raise UnreadableError("swf-fields", count=len(cells))
        fields = [_number(cell) for cell in cells]
        submit, run, used, asked, estimate, status, owner = (fields[at] for at in (1, 3, 4, 7, 8, 10, 11))
        servers = asked if asked > 0 else used
        if run == -1 or servers in (-1, 0) or status in PARTS or (status == CANCELLED and run == 0):
            raise Skipped
        known = estimate if estimate > 0 else math.nan
        return submit, run, _whole(servers), known, math.nan, 0.0, max(0, int(owner)), *NO_NEEDS

    return take


def _azure(head: list[str], reading: TraceOptions) -> Take:
    """Return the parser of Azure LLM inference traces.

    One server serves a request: it reads the context and writes the answer. Source: Patel et al., Splitwise, ISCA 2024.
    """
    when, context, generated = (_column(head, name) for name in ("TIMESTAMP", "ContextTokens", "GeneratedTokens"))
    if reading.tokens_per_s is None:
        raise ScenarioError([Problem("token-speed-missing", column="tokens_per_s")])
    reads, writes = reading.tokens_per_s
    first: list[float] = []

    def take(cells: list[str]) -> Row:
        time = datetime.datetime.fromisoformat(cells[when][:26]).replace(tzinfo=datetime.UTC).timestamp()
        if not first:
            first.append(time)
        run = _tokens(cells[context]) / reads + _tokens(cells[generated]) / writes
        return time - first[0], run, 1, math.nan, math.nan, 0.0, 0, *NO_NEEDS

    return take


def _tokens(cell: str) -> int:
    count = _whole(_number(cell))
    if count < 0:
        raise UnreadableError("tokens-invalid", count=count)
    return count


def _gaia(head: list[str], _reading: TraceOptions) -> Take:
    """Return the parser of GAIA traces, in hours. Source: Hanafy et al., Going Green for Less Green, ASPLOS 2024."""
    arrival, length, cpus = (_column(head, name) for name in ("arrival_time", "length", "cpus"))

    def take(cells: list[str]) -> Row:
        return (
            _number(cells[arrival]) * 3600.0, _number(cells[length]) * 3600.0, _whole(_number(cells[cpus])),
            math.nan, math.nan, 0.0, 0, *NO_NEEDS,
        )  # fmt: skip

    return take


def _openb(head: list[str], reading: TraceOptions) -> Take:
    """Return the parser of Alibaba openb traces: a server is a thousandth of a GPU.

    Pods without a GPU and pods that never ran hold no job. Source: Weng et al., Beware of Fragmentation, ATC 2023.
    """
    needs = [head.index(name) if name in head else None for name in ("cpu_milli", "memory_mib", "gpu_spec")]
    names = ("num_gpu", "gpu_milli", "creation_time", "deletion_time", "scheduled_time")
    count, milli, created, deleted, scheduled = (_column(head, name) for name in names)

    def take(cells: list[str]) -> Row:
        gpus = _whole(_number(cells[count]))
        if not cells[scheduled] or not cells[deleted] or gpus == 0:
            raise Skipped
        run = _number(cells[deleted]) - _number(cells[scheduled])
        part = _whole(_number(cells[milli]))
        if not 1 <= part <= WHOLE or (gpus > 1 and part != WHOLE):
            raise UnreadableError("gpu-part-invalid", gpus=gpus, part=part, whole=WHOLE)
        cpu, memory = (0 if at is None else _whole(_number(cells[at])) for at in needs[:2])
        models = frozenset(cells[needs[2]].split("|")) - {""} if needs[2] is not None else frozenset()
        return (
            _number(cells[created]), run, gpus * part, math.nan, math.nan, 0.0, 0,
            cpu, memory, 0 if part == WHOLE else part, bits(models, reading.models),
        )  # fmt: skip

    return take


def _own_parser(head: list[str], _reading: TraceOptions) -> Take:
    """Return the parser of the project's own format."""
    if missing := [name for name in OWN[:2] if name not in head]:
        raise ScenarioError([Problem("trace-column-missing", table="trace", row=1, column=name) for name in missing])
    twice = [name for at, name in enumerate(head) if name in head[:at]]
    if twice:
        raise ScenarioError([Problem("trace-column-repeated", table="trace", row=1, column=shown(twice[0]))])
    unknown = [name for name in head if name not in OWN]
    if unknown:
        raise ScenarioError(
            [Problem("trace-column-unknown", table="trace", column=shown(unknown[0]), known=", ".join(OWN))]
        )

    def take(cells: list[str]) -> Row:
        if len(cells) != len(head):
            raise UnreadableError("row-length", count=len(cells), wanted=len(head))
        return own(dict(zip(head, cells, strict=True)))

    return take


def own(cells: Mapping[str, object]) -> Row:
    """Return the row of a line in the project's own format, with defaults for blank or missing cells."""

    def number(name: str, usual: float) -> float:
        value = cells.get(name, "")
        try:
            if isinstance(value, str):
                return _number(value) if value else usual
            return usual if value is None else float(value)  # type: ignore[arg-type]
        except (ValueError, TypeError):
            raise UnreadableError("cell-not-a-number", name=name, given=value) from None

    usual = (math.nan, math.nan, 1.0, math.nan, math.nan, 0.0, 0.0, 0.0, 0.0)
    arrival, run, servers, estimate, deadline, priority, owner, cpu, memory = map(number, OWN, usual)
    needs = (_whole(cpu), _whole(memory), 0, 0)
    return arrival, run, _whole(servers), estimate, deadline, priority, _whole(owner), *needs


def _number(cell: str) -> float:
    """Return the number in a cell. `float` alone would accept 1_000, which no format contains."""
    if "_" in cell:
        raise UnreadableError("not-a-number")
    return float(cell)


def _whole(value: float) -> int:
    if not math.isfinite(value) or value != int(value):
        raise UnreadableError("not-a-whole-number")
    return int(value)


def _column(head: list[str], name: str) -> int:
    if name not in head:
        raise ScenarioError([Problem("trace-column-missing", table="trace", row=1, column=name)])
    return head.index(name)


PARSERS: dict[str, Callable[[list[str], TraceOptions], Take]] = {
    "swf": _swf,
    "azure": _azure,
    "gaia": _gaia,
    "openb": _openb,
    "csv": _own_parser,
}
"""Parsers of the formats that are read line by line; `parquet` has the project's own columns."""
