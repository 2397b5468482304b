"""Run folders on disk: written atomically, replaced only by run folders, sealed by checksums."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xisuan.errors import StoreError

SEAL = "SHA256SUMS"
"""Checksums of a run folder's files, in the format of `sha256sum -c`. The file marks a folder as a run folder."""
RENDERED = (
    "report.html", "report.en.html", "report.zh.html", "members.html", "members.en.html", "members.zh.html",
    "tables.xlsx", "shown", "brief.docx", "brief.pptx", "brief.pdf", "SIGNATURE",
)  # fmt: skip
"""Files that are not sealed: pages that can be drawn again from the run, and the signature of the seal."""


def check_target(folder: Path) -> None:
    """Raise StoreError if a folder holds anything but a run. Call it before a long solve that writes there."""
    if folder.is_dir():
        if any(folder.iterdir()) and not (folder / SEAL).is_file():
            raise StoreError(f"{folder} holds something that is no run; give another folder, or empty it yourself")
    elif folder.exists() or folder.is_symlink():
        raise StoreError(f"{folder} is a file; give a folder")


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Context with a new folder that replaces `folder` if the block succeeds, and is removed if it fails.

    An earlier run is kept until then. Files in it that xisuan did not write are moved to the new one.
    """
    check_target(folder)
    partial = folder.with_name(f".{folder.name}.partial")
    previous = folder.with_name(f".{folder.name}.previous")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _settle(folder, previous)
        _remove(partial)
        partial.mkdir()
        try:
            yield partial
            if folder.exists():
                folder.rename(previous)
            partial.rename(folder)
        finally:
            _settle(folder, previous)
            _remove(partial)
    except OSError as problem:
        raise StoreError(f"{problem.filename or folder}: {problem.strerror or problem}; no run was saved") from None


def _settle(folder: Path, previous: Path) -> None:
    """Complete an interrupted replacement: restore the old run, or move its foreign files to the new one and remove it."""
    if not previous.is_dir():
        return
    if not folder.exists():
        previous.rename(folder)
        return
    ours = {name.split("/")[0] for name in sums(previous)} | {SEAL, *RENDERED}
    for entry in previous.iterdir():
        if entry.name not in ours and not (folder / entry.name).exists():
            entry.rename(folder / entry.name)
    _remove(previous)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)


def seal(folder: Path) -> None:
    """Write the checksums of the files of `folder`, except RENDERED."""
    own = [entry for entry in folder.iterdir() if entry.name not in RENDERED]
    inner = (path for entry in own if entry.is_dir() for path in entry.rglob("*"))
    files = sorted(path for path in (*own, *inner) if path.is_file() and path.name not in (SEAL, *RENDERED))
    lines = [f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SEAL).write_text("".join(lines), encoding="utf-8")


def sums(folder: Path) -> dict[str, str]:
    """Return the checksum of each file that the seal of `folder` lists."""
    if not (folder / SEAL).is_file():
        return {}
    lines = (folder / SEAL).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("  ", 1) for line in lines if "  " in line)
    return {name: digest for digest, name in pairs}


def check_seal(folder: Path, held: Callable[[str], bool] = lambda _: False) -> None:
    """Raise StoreError if `folder` is no run folder or its files differ from their checksums.

    held: predicate of names that are read as results; a file of such a name that the seal does not list is refused too.
    """
    if not folder.is_dir():
        raise StoreError(f"{folder}: there is no such folder; make one with: xisuan run SCENARIO --out {folder}")
    if not (folder / SEAL).is_file():
        raise StoreError(f"{folder} is no run folder: it has no {SEAL}; make one with: xisuan run SCENARIO --out DIR")
    try:
        changed = [name for name, digest in sums(folder).items() if _digest(folder / name) != digest]
        added = _added(folder, held)
    except (OSError, ValueError) as problem:  # an invalid file name, or a seal that is not text
        raise StoreError(f"{folder} is damaged: {problem}; run the scenario again") from None
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise StoreError(
            f"{folder}: {', '.join(changed[:3])}{more} changed after the run was saved, so it is no longer what was"
            " found; run the scenario again"
        )
    if added:
        more = f" and {len(added) - 3} more" if len(added) > 3 else ""
        raise StoreError(
            f"{folder}: {', '.join(added[:3])}{more} would be read as a result and was added after the run was saved;"
            " move it to another folder"
        )


def _added(folder: Path, held: Callable[[str], bool]) -> list[str]:
    """Return the files of `folder` that its seal does not list and that are read as results."""
    listed = sums(folder)
    files = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for name in files if name not in listed and not name.endswith(SEAL) and held(name)]


def altered(folder: Path, held: Callable[[str], bool]) -> dict[str, str]:
    """Return the files that differ from the seal of `folder`: name → changed, missing, or added.

    held: predicate of names that are read as results, so that an unlisted file of such a name counts as added. Runs
    within the folder have seals of their own, which are compared too. Raises StoreError if there is no seal.
    """
    if not folder.is_dir() or not (folder / SEAL).is_file():
        check_seal(folder)
    try:
        found = _altered(folder, held)
        for inner in sorted(folder.rglob(SEAL)):
            if inner.parent != folder and held(inner.parent.relative_to(folder).as_posix() + "/"):
                prefix = inner.parent.relative_to(folder).as_posix()
                found |= {f"{prefix}/{name}": how for name, how in _altered(inner.parent, held).items()}
    except (OSError, ValueError) as problem:  # an invalid file name, or a seal that is not text
        raise StoreError(f"{folder / SEAL} is damaged: {problem}; get the folder again from whoever made it") from None
    return found


def _altered(folder: Path, held: Callable[[str], bool]) -> dict[str, str]:
    listed, found = sums(folder), dict[str, str]()
    for name, digest in listed.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            found[name] = "missing"
        elif _digest(path) != digest:
            found[name] = "changed"
    return found | dict.fromkeys(_added(folder, held), "added")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(target: Path, write: Callable[[Path], None]) -> None:
    """Write a file (replacing an earlier one) or a new folder by `write`, atomically."""
    if target.is_dir() and any(target.iterdir()):
        raise StoreError(f"{target} is a folder with something in it; give a new name")
    partial = target.with_name(f".{target.name}.partial{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(partial)
            if target.is_dir():
                target.rmdir()
            partial.replace(target)
        finally:
            _remove(partial)
            partial.unlink(missing_ok=True)
    except OSError as problem:
        raise StoreError(f"{problem.filename or target}: {problem.strerror or problem}; nothing was written") from None


def renew(target: Path, write: Callable[[Path], None]) -> None:
    """Replace a folder of generated files by a newly written one; restore the old one if writing fails."""
    old = target.with_name(f".{target.name}.previous")
    _remove(old)
    if target.is_dir():
        target.rename(old)
    try:
        put(target, write)
    except BaseException:
        if old.is_dir() and not target.exists():
            old.rename(target)
        raise
    _remove(old)
