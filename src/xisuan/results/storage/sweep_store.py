"""Storage of sweeps: written member by member, so that a sweep can be resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xisuan.errors import ScenarioError, StoreError
from xisuan.results.storage import fingerprint, json_document, parquet_files, sealed_folders
from xisuan.results.sweep import Range, Sweep
from xisuan.scenario import load, write
from xisuan.versions import versions

DOCUMENT, MEMBERS, PAGE = "sweep.json", "sweep.parquet", "sweep.html"
FORMAT = 3


def sweep_document(found: Sweep) -> dict[str, Any]:
    """Return sweep.json: the design, the scenario, and the software versions."""
    return {
        "scenario": found.scenario.settings.name,
        "scenario_hash": fingerprint.scenario_hash(found.scenario),
        "ranges": found.ranges,
        "given": dict(found.given),
        "versions": versions(),
        "format": FORMAT,
    }


class Keeper:
    """Stores a sweep in a folder as its members finish, so that an interrupted one can be resumed."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).absolute()

    def begin(self, empty: Sweep) -> pd.DataFrame:
        """Create the folder, or return the members that it holds of the same sweep.

        Raises StoreError if it holds anything else, in particular another sweep.
        """
        sealed_folders.check_target(self.folder)
        document_path = self.folder / DOCUMENT
        if not document_path.is_file():
            if self.folder.is_dir() and any(self.folder.iterdir()):
                raise StoreError(f"{self.folder} holds a run, not a sweep; give another folder")
            with sealed_folders.replacing(self.folder) as fresh:
                (fresh / DOCUMENT).write_text(json_document.text(sweep_document(empty)), encoding="utf-8")
                write.write(empty.scenario, fresh / "scenario")
                parquet_files.write_table(empty.members, fresh / MEMBERS)
                sealed_folders.seal(fresh)
            return empty.members
        head = json.loads(document_path.read_text(encoding="utf-8"))
        asked = json.loads(json_document.text(sweep_document(empty)))
        differs = _differing(head, asked)
        if differs:
            raise StoreError(
                f"{self.folder} holds another sweep (its {', '.join(differs)} differ): give another --out, or remove it"
            )
        return parquet_files.read_table(self.folder / MEMBERS)

    def keep(self, found: Sweep) -> None:
        """Write the finished members, atomically."""
        self._put(MEMBERS, lambda path: parquet_files.write_table(found.members, path))
        sealed_folders.seal(self.folder)

    def finish(self, page: str) -> None:
        """Add the page."""
        self._put(PAGE, lambda path: path.write_text(page, encoding="utf-8"))
        sealed_folders.seal(self.folder)

    def _put(self, name: str, written: Callable[[Path], object]) -> None:
        partial = self.folder / f".{name}.partial"
        try:
            written(partial)
            os.replace(partial, self.folder / name)
        except OSError as problem:
            raise StoreError(f"{problem.filename or self.folder}: {problem.strerror or problem}") from None


def _differing(kept: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return the names of the entries in which two documents of sweeps differ, with those of `given` one by one."""
    given = kept.get("given", {})
    return [
        *(name for name, value in asked.items() if name != "given" and kept.get(name) != value),
        *(name for name, value in asked["given"].items() if name not in given or given[name] != value),
    ]


def load_sweep(folder: str | Path) -> Sweep:
    """Read a sweep, finished or not. Raises StoreError if the folder holds no sweep or was changed since."""
    source = Path(folder).absolute()
    sealed_folders.check_seal(source)
    if not (source / DOCUMENT).is_file():
        raise StoreError(f"{folder} holds no sweep; give the folder that `xisuan sweep` wrote")
    head = json.loads((source / DOCUMENT).read_text(encoding="utf-8"))
    if head.get("format") != FORMAT:
        raise StoreError(f"{source / DOCUMENT} was written by another version of xisuan: make it again with this one")
    try:
        scenario = load.load(source / "scenario")
    except ScenarioError as problem:
        raise StoreError(f"{source / 'scenario'} can no longer be read:\n{problem}") from None
    ranges = tuple(Range(**one) for one in head["ranges"])
    return Sweep(scenario, ranges, head["given"], parquet_files.read_table(source / MEMBERS))
