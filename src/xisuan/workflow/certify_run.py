"""Recheck of run folders: `certify_run` reads one and certifies everything in it against its scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from xisuan.certificate.recheck.plans import recheck_plan
from xisuan.certificate.recheck.rechecked import NEEDS_SOLVING, WRONG_PLAN, Rechecked
from xisuan.certificate.recheck.schedules import recheck_schedule
from xisuan.certificate.recheck.two_stage_plans import recheck_two_stage
from xisuan.certificate.tables.differences import differences
from xisuan.certificate.tables.recomputed import Recomputed
from xisuan.decisions.decide import decide
from xisuan.errors import StoreError
from xisuan.progress import Report, tell
from xisuan.results.certification import Certification, Difference
from xisuan.results.labelled_values import Found
from xisuan.results.run import Run
from xisuan.results.storage import parquet_files, run_store, sealed_folders, signature, two_stage_store
from xisuan.results.two_stage import Future
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

INNER = (run_store.MEMBERS, two_stage_store.ALONE)
ROW = "row"
"""Key of rows of decision tables: their number."""
KEPT = (*run_store.FAMILIES, two_stage_store.DUALS, f"relaxation_{two_stage_store.DUALS}", "scenario")
"""Folders whose files are read with a run."""
DRAWN = "drawn"
"""Reason of pages and workbooks: they are not sealed, and nothing is read from them."""


def certify_run(folder: str | Path, *, trusted: bytes | None = None, progress: Report | None = None) -> Certification:
    """Recheck a run folder or a plan folder from elsewhere. Return the files changed since it was sealed, and all
    differences between its statements and recomputed values.

    Everything is recomputed by code that shares nothing with the planner. trusted: public key that the signature must
    be by (PEM or OpenSSH). Raises StoreError if the folder is no run, or cannot be read though its checksums hold.
    """
    source = run_store.absolute(folder)
    changed = sealed_folders.altered(source, is_result)
    signed = signature.verify(source, trusted)
    try:
        found = list(_rechecked(source, progress))
    except StoreError as problem:
        if not changed:
            raise
        unreadable = Difference("unreadable", stored=str(problem))
        return Certification(str(folder), changed, {}, (unreadable,), {}, {}, signed)
    return Certification(
        folder=str(folder),
        changed=changed,
        certificates={one.part: one.certificate for one in found if one.certificate is not None},
        differences=tuple(difference for one in found for difference in one.differences),
        rechecked={one.part: tuple(one.tables) for one in found},
        unchecked={_within(one.part, name): why for one in found for name, why in one.unchecked.items()}
        | _drawn(source),
        signature=signed,
    )


def _drawn(source: Path) -> dict[str, str]:
    """Return the pages and workbooks of a run folder with the reason why they are not re-checked."""
    names = (name for name in sealed_folders.RENDERED if name != signature.SIGNATURE)
    return {name: DRAWN for name in names if (source / name).exists()}


def is_result(name: str) -> bool:
    """Return True if results are read from a file of that name in a run folder; with a final /, from such a subfolder."""
    parts = name.split("/")
    if len(parts) > 2 and parts[0] in INNER:
        parts = parts[2:]
    if parts[0] in run_store.SCHEDULES:
        parts = parts[1:]
    return parts == [""] or parts[0] in KEPT or (len(parts) == 1 and parts[0].endswith((".parquet", ".json")))


def _within(part: str, name: str) -> str:
    return f"{part}/{name}" if part else name


def _rechecked(source: Path, progress: Report | None) -> Iterator[Rechecked]:
    if not two_stage_store.is_two_stage(source):
        yield from _run(source, "", progress)
        return
    runs: dict[Path, Run] = {}

    def load(inner: Path) -> Run:
        return runs.setdefault(inner, run_store.read_run(inner, _held))

    found = two_stage_store.read_two_stage_run(source, load, _held).found
    tell(progress, "certify", _("checking the plan for all members"))
    tables = {path.stem: parquet_files.read_table(path) for path in sorted(source.glob("*.parquet"))}
    yield recheck_two_stage(found, tables, run_store.read_json(source / run_store.PLAN))
    priced = {run_store.absolute(source / run_store.MEMBERS / one.name): _own_duals(one) for one in found.members}
    for inner, run in runs.items():
        yield from _run(inner, inner.relative_to(source).as_posix(), progress, run, priced.get(inner))


def _own_duals(one: Future) -> dict[str, Found]:
    """Return a member's part of the joint duals divided by its weight: those of its table of prices."""
    return {name: replace(dual, values=dual.values / (one.probability or 1.0)) for name, dual in one.duals.items()}


def _run(
    source: Path,
    part: str,
    progress: Report | None,
    run: Run | None = None,
    priced: Mapping[str, Found] | None = None,
) -> Iterator[Rechecked]:
    """Recheck a plan and each of its operations. priced: duals of its table of prices, if they are not its own."""
    run = run or run_store.read_run(source, _held)
    tell(progress, "certify", _("{part}: checking the plan against the scenario", part=part or source.name))
    found = recheck_plan(run.plan, run_store.read_json(source / run_store.PLAN), part, priced)
    _recheck_decisions(found, run)
    yield found
    for name in run_store.SCHEDULES:
        schedule = getattr(run, name)
        if schedule is not None:
            tell(
                progress, "certify", _("{part}: checking the operation against the scenario", part=_within(part, name))
            )
            head = run_store.read_json(source / name / run_store.SCHEDULE)
            yield recheck_schedule(run.plan, schedule, head, _within(part, name))


def _recheck_decisions(found: Rechecked, run: Run) -> None:
    """Compare the decision tables that follow from a plan without another solve; list the others as unchecked.

    They are arithmetic on the plan's own tables, so the code that made them recomputes them once those are verified.
    """
    held = dict(run.decisions)
    if run.alternatives is not None:
        found.unchecked["alternatives"] = NEEDS_SOLVING
    if found.differences or not held:
        found.unchecked |= dict.fromkeys(held, WRONG_PLAN)
        return
    made = decide(run.plan, ask=False)
    for name, stored in held.items():
        if name in made and name != "decision_notes":
            found.tables.append(name)
            right = Recomputed(_numbered(made[name]), (ROW,))
            found.add(differences(name, _numbered(stored), right))
        else:
            found.unchecked[name] = NEEDS_SOLVING


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the number of each row, from 1, as the order of these tables matters."""
    return table.assign(**{ROW: range(1, len(table) + 1)})


def _held(folder: Path, _document: str, _head: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a folder without checking its hash: the recheck compares it with the results."""
    return run_store.held_scenario(folder)
