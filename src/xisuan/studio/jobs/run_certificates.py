"""Certificates of a finished run: of its plan, and of each operation of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xisuan.results.storage import certificate_documents, run_store
from xisuan.workflow.certify_run import certify_run

OF_PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Certified:
    """State of a certificate. `ok`: None if there is no certificate. `member`: scenario member of a two-stage plan;
    blank: all.

    `of`: plan, schedule (the plan's own hours), others (other days), week (a typical week).
    """

    member: str
    of: str
    ok: bool | None
    max_violation: float | None
    findings: list[str]


def read(result: Path) -> list[Certified]:
    """Return the certificates of a run folder, the plan's first. Raises StoreError for another format version."""
    head = run_store.read_json(result / run_store.PLAN)
    found = [_of(result / run_store.PLAN, "", OF_PLAN), *_operated(result, "")]
    for member in head.get(run_store.MEMBERS, []):
        name = str(member["member"])
        found += _operated(result / run_store.MEMBERS / name, name)
    return found


def _operated(folder: Path, member: str) -> Iterator[Certified]:
    """Yield the certificates of the operations in a folder."""
    for name in run_store.SCHEDULES:
        path = folder / name / run_store.SCHEDULE
        if path.is_file():
            yield _of(path, member, name)


def _of(path: Path, member: str, of: str) -> Certified:
    found = certificate_documents.read(run_store.read_json(path))
    if found is None:
        return Certified(member, of, None, None, [])
    return Certified(member, of, found.ok, found.max_violation, list(found.findings))


def recheck(result: str) -> tuple[bool, list[str]]:
    """Check a run folder again from its files alone. Return True if everything holds, and the findings."""
    found = certify_run(result)
    changed = [f"{name}: {how}" for name, how in found.changed.items()]
    wrong = [" ".join(filter(None, (one.part, one.table, one.row, one.column, one.what))) for one in found.differences]
    failed = [f"{part}: {finding}" for part, one in found.certificates.items() for finding in one.findings]
    return found.ok, [*changed, *wrong, *failed]
