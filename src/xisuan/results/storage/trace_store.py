"""Storage of traces: trace.json, a Parquet file for each table, and the seal."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xisuan.errors import StoreError
from xisuan.results.storage import json_document, parquet_files, sealed_folders
from xisuan.results.trace import TABLES, Trace
from xisuan.versions import versions

TRACE = "trace.json"
FORMAT = 1


def trace_document(trace: Trace) -> dict[str, Any]:
    """Return trace.json: the main figures, the simulated inputs, and the software versions."""
    return {
        **trace.figures,
        "given": dict(trace.given),
        "notes": list(trace.notes),
        "versions": versions(),
        "format": FORMAT,
    }


def save_trace(trace: Trace, folder: str | Path, also: Callable[[Path], None] | None = None) -> Path:
    """Write `trace` to `folder`, replacing an earlier run; `also` adds files, such as a page, to it.

    Raises StoreError if the folder holds something else or cannot be written; nothing has changed then.
    """
    target = Path(folder).absolute()
    with sealed_folders.replacing(target) as fresh:
        (fresh / TRACE).write_text(json_document.text(trace_document(trace)), encoding="utf-8")
        for name, frame in trace.tables.items():
            parquet_files.write_table(frame, fresh / f"{name}.parquet")
        if also is not None:
            also(fresh)
        sealed_folders.seal(fresh)
    return target


def load_trace(folder: str | Path) -> Trace:
    """Read a trace that `save_trace` wrote. Raises StoreError if the folder holds none or was changed since."""
    source = Path(folder).absolute()
    sealed_folders.check_seal(source)
    if not (source / TRACE).is_file():
        raise StoreError(f"{folder} holds no trace; give the folder that `xisuan simulate` wrote")
    head = json.loads((source / TRACE).read_text(encoding="utf-8"))
    if head.get("format") != FORMAT:
        raise StoreError(f"{source / TRACE} was written by another version of xisuan: make it again with this one")
    given, notes = head.pop("given"), tuple(head.pop("notes"))
    figures = {
        name: math.nan if value is None else value for name, value in head.items() if name not in ("versions", "format")
    }
    tables = {
        name: parquet_files.read_table(source / f"{name}.parquet")
        for name in TABLES
        if (source / f"{name}.parquet").is_file()
    }
    return Trace(given, figures, tables, notes)
