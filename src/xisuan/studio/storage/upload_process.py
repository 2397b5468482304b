"""Reading of uploads in a process of its own, with limits on memory, time and size.

Archives, workbooks, CSV and Parquet are all parsed here, never in the server. The limits are those of
`configuration.Limits`.
"""

from __future__ import annotations

import errno
import math
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow

from xisuan.operating_system import system
from xisuan.parallel.process import CrashedError, EndedError, elsewhere
from xisuan.studio.configuration import MIB, Limits
from xisuan.studio.editing import table_rows
from xisuan.studio.editing.table_import import Imported
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import scenario_versions, table_files, uploads
from xisuan.studio.storage.scenario_versions import Checked
from xisuan.text.translation import message as _

T = TypeVar("T")
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment of the process: Arrow's own memory pool reserves a gigabyte at once, and each thread its stack."""
LONGEST = 120.0
"""Timeout of reading in seconds of wall-clock time, since the machine may be busy with runs."""
AT_ONCE = 3
"""Uploads that are read at the same time; their processes take at most three times 430 MB."""
PATIENCE = 20.0
"""Seconds that an upload waits for its turn; meanwhile it occupies a thread of the server."""
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def receive(data: bytes, draft: Path, limits: Limits) -> Checked:
    """Read an upload into the folder `draft`, resolving `extends`, and return what `check` reports on it.

    Raises RefusedError, ScenarioError.
    """
    return _elsewhere(limits, _read, data, str(draft), limits)


def receive_table(name: str, data: bytes, have: Sequence[str], limits: Limits) -> Imported:
    """Return the rows of a file for the table `name`, which has the columns `have`. Raises RefusedError."""
    return _elsewhere(limits, _read_table, name, data, have, limits)


def _elsewhere(limits: Limits, work: Callable[..., T], *given: Any) -> T:
    """Run `work` in a process of its own, a few at a time.

    Raises RefusedError if it takes too long, and RuntimeError if the process fails outside `work`.
    """
    if not _TURNS.acquire(timeout=PATIENCE):
        raise RefusedError(503, _("other uploads are being read; send this one again in a minute"))
    try:
        with elsewhere(work, *given, environment=ENVIRONMENT) as task:
            return task.result(LONGEST)
    except CrashedError as problem:  # a defect of this installation, not of the file
        raise RuntimeError(f"uploads cannot be read: {problem}") from problem
    except (TimeoutError, EndedError):
        raise _too_much(limits) from None
    finally:
        _TURNS.release()


def _too_much(limits: Limits) -> RefusedError:
    """Return the refusal of a file within the stated sizes whose reading ended its process."""
    return RefusedError(
        413,
        _(
            "reading this file takes more than {mb} MB of memory or {seconds:.0f} seconds; send fewer or shorter tables",
            mb=limits.reading_mb,
            seconds=limits.reading_seconds,
        ),
    )


def _read(data: bytes, folder: str, limits: Limits) -> Checked:
    """Read the upload; runs in the other process."""
    limit_resources(limits)
    draft = Path(folder)
    try:
        files = uploads.read_upload(data, limits)
        for file, content in files.items():
            (draft / file).write_bytes(content)
        scenario_versions.make_independent(files, draft, scenario_versions.resolve_extends)
        for path in draft.glob("*.csv"):  # tables from Parquet are CSV by now too
            _refuse_harm(path.name, path.read_bytes(), limits)
        return scenario_versions.check(folder)
    except MemoryError:
        raise _too_much(limits) from None
    except OSError as problem:
        if problem.errno != errno.EFBIG:
            raise
        raise RefusedError(413, _("the file unpacks to more than is allowed; send fewer or shorter tables")) from None


def _read_table(name: str, data: bytes, have: Sequence[str], limits: Limits) -> Imported:
    """Read the file of one table; runs in the other process."""
    limit_resources(limits)
    try:
        return table_files.read(name, data, have, limits)
    except MemoryError:
        raise _too_much(limits) from None


def limit_resources(limits: Limits) -> None:
    """Limit this process from now on: additional memory, additional processor time, and the size of a file."""
    pyarrow.set_cpu_count(1)
    seconds = math.ceil(time.process_time() + limits.reading_seconds)
    system.limit_process(seconds, limits.unpacked_bytes, limits.reading_mb * MIB)


def _refuse_harm(file: str, content: bytes, limits: Limits) -> None:
    """Raise RefusedError if a table has too many rows, or cells that a spreadsheet might execute."""
    for number, row in enumerate(table_rows.cells(content.decode("utf-8-sig", "replace"))):
        uploads.check_rows(file, number, limits)
        try:
            table_rows.check_cells(row)
        except RefusedError as problem:
            raise RefusedError(
                problem.status, _("{file}, row {row}: {problem}", file=file, row=number + 1, problem=problem.message)
            ) from None
