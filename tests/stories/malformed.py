"""Malformed run folders: files cut, emptied, taken away or replaced, columns and figures of another type."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

Spoil = Callable[[Path], None]
VALUES: tuple[Any, ...] = (None, "text", -1, 1e400, [], {}, [[["deep"]]], True)
"""What a figure of a document is replaced by."""


def cut(name: str, share: float) -> Spoil:
    def spoil(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: int(len(data) * share)])

    return spoil


def replaced(name: str, data: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes(data) and None


def removed(name: str) -> Spoil:
    return lambda folder: (folder / name).unlink()


def a_folder(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return spoil


def other_file(name: str, other: str) -> Spoil:
    return lambda folder: shutil.copyfile(folder / other, folder / name) and None


def figure(name: str, keys: tuple[str, ...], value: Any) -> Spoil:
    def spoil(folder: Path) -> None:
        head = json.loads((folder / name).read_text())
        at = head
        for key in keys[:-1]:
            at = at[key]
        at[keys[-1]] = value
        (folder / name).write_text(json.dumps(head))

    return spoil


def without(name: str, key: str) -> Spoil:
    def spoil(folder: Path) -> None:
        head = json.loads((folder / name).read_text())
        del head[key]
        (folder / name).write_text(json.dumps(head))

    return spoil


def retyped(name: str, at: int, kind: pa.DataType) -> Spoil:
    """A column of a Parquet file as another type; what cannot be cast is null."""

    def spoil(folder: Path) -> None:
        table = parquet.read_table(folder / name)
        column = table.columns[at]
        made = (
            pa.array([None] * len(column), kind)
            if kind != pa.string()
            else pa.array([str(c) for c in column.to_pylist()])
        )
        changed = table.set_column(at, table.column_names[at], made).replace_schema_metadata(table.schema.metadata)
        parquet.write_table(changed, folder / name)

    return spoil


def column_less(name: str, at: int) -> Spoil:
    def spoil(folder: Path) -> None:
        table = parquet.read_table(folder / name)
        parquet.write_table(table.remove_column(at), folder / name)

    return spoil


def column_twice(name: str, at: int) -> Spoil:
    def spoil(folder: Path) -> None:
        table = parquet.read_table(folder / name)
        parquet.write_table(table.append_column(table.column_names[at], table.columns[at]), folder / name)

    return spoil


def head_of_family(name: str, key: bytes, value: bytes) -> Spoil:
    """Another word in the header of a family."""

    def spoil(folder: Path) -> None:
        table = parquet.read_table(folder / name)
        parquet.write_table(table.replace_schema_metadata({**table.schema.metadata, key: value}), folder / name)

    return spoil


def spoils(folder: Path) -> Iterator[tuple[str, Spoil]]:
    """Every way to spoil a run folder, by name."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    tables = [name for name in names if name.endswith(".parquet")]
    for at, name in enumerate(names):
        other = tables[(7 * at + 3) % len(tables)]
        yield f"{name} cut", cut(name, 0.6)
        yield f"{name} empty", cut(name, 0.0)
        yield f"{name} gone", removed(name)
        yield f"{name} noise", replaced(name, bytes(range(255, 0, -1)) * 3)
        yield f"{name} a folder", a_folder(name)
        yield f"{name} is {other}", other_file(name, other)
    for at, name in enumerate(tables):
        columns = parquet.read_schema(folder / name).names
        if columns:
            yield f"{name} column less", column_less(name, at % len(columns))
            yield f"{name} column twice", column_twice(name, at % len(columns))
            yield f"{name} column of texts", retyped(name, (at + 1) % len(columns), pa.string())
            yield f"{name} column of nothing", retyped(name, (at + 2) % len(columns), pa.null())
        if "/" in name and "variables" in name + "duals":
            for key, value in (
                (b"items", b"7"),
                (b"dims", b"a b c d e"),
                (b"hourly", b"maybe"),
                (b"name", b"x"),
                (b"hours", b"-1"),
            ):
                yield f"{name} {key.decode()}", head_of_family(name, key, value)
    for name in ("plan.json", "schedule/schedule.json"):
        head = json.loads((folder / name).read_text())
        for at, key in enumerate(head):
            yield f"{name} {key} gone", without(name, key)
            for turn in range(3):
                value = VALUES[(at + 3 * turn) % len(VALUES)]
                yield f"{name} {key} {value!r}", figure(name, (key,), value)
        for at, key in enumerate(head["certificate"]):
            yield f"{name} certificate {key}", figure(name, ("certificate", key), VALUES[(at + 1) % len(VALUES)])
        for text in ("[]", "null", "3", '"x"', "{", "[" * 100_000):
            yield f"{name} {text[:8]}", replaced(name, text.encode())
    for text in ("", "\n", "nonsense", "\udcff", "0" * 64 + "  ../../etc/passwd\n", "0" * 64 + "  a\0b\n"):
        yield f"SHA256SUMS {text[:8]!r}", replaced("SHA256SUMS", text.encode("utf-8", "surrogateescape"))
