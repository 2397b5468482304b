"""Scenario folders: their location, base and table files. Files outside them are not read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from xisuan.scenario.reading import manifest, raw_sheets
from xisuan.scenario.reading.problems import Findings, shown
from xisuan.scenario.reading.raw_sheets import Sheet
from xisuan.scenario.schema import tables

LARGEST_MANIFEST = 2**20
DEEPEST = 16
"""Longest chain of scenarios that extend one another."""

SPREADSHEETS = (".xlsx", ".xls", ".ods", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Folder:
    """A scenario folder. `prefix` precedes its file names in messages: blank for the scenario, `china/` for a base."""

    path: Path
    prefix: str = ""


def library() -> Path:
    """Return the folder of the shipped scenarios."""
    return Path(__file__).resolve().parents[2] / "library"


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped scenarios."""
    return tuple(sorted(path.parent.name for path in library().glob(f"*/{manifest.FILE}")))


def locate(name_or_path: str | Path, findings: Findings) -> Folder | None:
    """Return the folder of a shipped name or of a path, or None with the problem recorded."""
    text = os.fspath(name_or_path)
    names = shipped()
    try:
        path = Path(text)
        there = path.is_dir()
        if path.name == manifest.FILE and path.is_file():
            path, there = path.parent, True
    except (OSError, ValueError):
        there = False
    if isinstance(name_or_path, str) and text in names:
        if there and (path / manifest.FILE).is_file():
            findings.warn("", "", "", "", "shipped-scenario-used", name=text)
        return Folder(library() / text)
    if not there and _is_file(text):
        findings.error("", "", "", "", "scenario-is-a-file", path=shown(text))
        return None
    if not there:
        findings.error("", "", "", "", "scenario-unknown", name=shown(text), hint=findings.suggest(text, names))
        return None
    return Folder(path)


def _is_file(text: str) -> bool:
    """Return True if `text` is the path of a file."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def base(of: Folder, name: str, findings: Findings) -> Folder | None:
    """Return the scenario that `of` extends: a shipped one, or a folder inside the parent folder of `of`.

    Absolute paths, and paths and symbolic links that lead elsewhere, are refused, with the problem recorded.
    """
    if name in shipped():
        if (of.path.resolve().parent / name).is_dir() and of.path.resolve().parent != library().resolve():
            findings.warn(of.prefix + manifest.FILE, "", "extends", name, "shipped-base-used")
        return Folder(library() / name, f"{name}/")
    file = of.prefix + manifest.FILE
    room = of.path.resolve().parent
    try:
        separated = "/" in name or "\\" in name
        path = ((of.path.resolve() if separated else room) / name).resolve()
        there = path.is_dir()
    except (OSError, ValueError, RuntimeError):
        path, there = room, False
    if Path(name).is_absolute() or (path != room and room not in path.parents):
        findings.error(file, "", "extends", name, "base-elsewhere")
        return None
    if not there or path == room:
        findings.error(file, "", "extends", name, "base-unknown", hint=findings.suggest(name, shipped()))
        return None
    return Folder(path, f"{path.name}/")


def read_manifest(folder: Folder, findings: Findings) -> str | None:
    """Return the text of scenario.toml, or None with the problem recorded."""
    file = folder.prefix + manifest.FILE
    path = folder.path / manifest.FILE
    try:
        if not path.is_file():
            findings.error(file, "", "", "", "settings-missing", file=manifest.FILE)
            return None
        if not inside(path, folder):
            findings.error(file, "", "", "", "link-to-elsewhere")
            return None
        if path.stat().st_size > LARGEST_MANIFEST:
            findings.error(file, "", "", "", "settings-too-large")
            return None
        data = path.read_bytes()
    except OSError as problem:
        findings.error(file, "", "", "", "file-unreadable", fault=problem.strerror)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        findings.error(file, line, "", "", "settings-not-utf8")
        return None


def inside(path: Path, folder: Folder) -> bool:
    """Return True if a file, symbolic links followed, lies in the parent folder of the scenario."""
    return folder.path.resolve().parent in path.resolve().parents


def state(folder: Folder) -> tuple[tuple[str, int], ...]:
    """Return the names of the files of a folder and their modification times, ns."""
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.path.iterdir()))


def table_files(folder: Folder, findings: Findings) -> tuple[dict[str, Path], set[str]]:
    """Return the files of usable tables by name, and the names of tables that exist but cannot be used."""
    files: dict[str, Path] = {}
    lost: set[str] = set()
    try:
        entries = sorted(folder.path.iterdir())
    except OSError as problem:
        findings.error(folder.prefix or str(folder.path), "", "", "", "file-unreadable", fault=problem.strerror)
        return {}, set()
    for path in entries:
        suffix = path.suffix.lower()
        file, table = shown(folder.prefix + path.name), path.stem
        if suffix in SPREADSHEETS and table in tables.BY_NAME:
            findings.warn(file, "", "", "", "spreadsheet-not-read", name=table)
        if suffix == ".toml" and table.lower() in ("rule", "rules") and path.name != raw_sheets.RULES_FILE:
            findings.error(file, "", "", "", "rules-file-misnamed")
        if suffix not in (".csv", ".parquet", ".geojson") or path.name.startswith((".", "~")):
            continue
        if raw_sheets.is_map(path) and table != "borders":
            findings.warn(file, "", "", "", "map-not-read")
            continue
        if table not in tables.BY_NAME:
            findings.error(file, "", "", "", "table-unknown", hint=findings.suggest(table, tables.BY_NAME))
        elif table in files:
            findings.error(file, "", "", "", "table-repeated", file=files[table].name)
            lost.add(table)
        elif not _usable(path, file, folder, findings):
            lost.add(table)
        else:
            files[table] = path
    return files, lost


def own_rules(folder: Folder, findings: Findings) -> dict[str, Sheet]:
    """Return the sheets of rules.toml by table; none without the file."""
    path, file = folder.path / raw_sheets.RULES_FILE, shown(folder.prefix + raw_sheets.RULES_FILE)
    try:
        if not path.exists() or not _usable(path, file, folder, findings):
            return {}
        if path.stat().st_size > LARGEST_MANIFEST:
            findings.error(file, "", "", "", "settings-too-large")
            return {}
        data = path.read_bytes()
    except OSError as problem:
        findings.error(file, "", "", "", "file-unreadable", fault=problem.strerror)
        return {}
    text = raw_sheets.decode(data, file, findings)
    return raw_sheets.from_rules_file(text, file, findings) if text is not None else {}


def _usable(path: Path, file: str, folder: Folder, findings: Findings) -> bool:
    """Return True if a table file can be used; its problem is recorded."""
    try:
        if not path.is_file():
            findings.error(file, "", "", "", "not-a-file")
            return False
        if not inside(path, folder):
            findings.error(file, "", "", "", "link-to-elsewhere")
            return False
    except (OSError, RuntimeError) as problem:
        findings.error(file, "", "", "", "file-unreadable", fault=problem)
        return False
    return True
