"""Recheck of run folders: `certify_run` reads one and certifies everything in it against its scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from xisuan.certificate.recheck.alternatives import recheck_alternatives
from xisuan.certificate.recheck.plans import recheck_plan
from xisuan.certificate.recheck.rechecked import ANOTHER, NEEDS_SIMULATING, NEEDS_SOLVING, WRONG_PLAN, Rechecked
from xisuan.certificate.recheck.schedules import recheck_schedule
from xisuan.certificate.recheck.two_stage_plans import priced, recheck_two_stage
from xisuan.certificate.tables.differences import differences
from xisuan.certificate.tables.price_table import Priced
from xisuan.certificate.tables.recomputed import Recomputed
from xisuan.decisions.decide import decide
from xisuan.decisions.typical_day import on_few_hours
from xisuan.errors import StoreError
from xisuan.progress import Report, tell
from xisuan.results import verification
from xisuan.results.certification import Certification, Difference
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.results.storage import (
    damage,
    fingerprint,
    parquet_files,
    run_store,
    sealed_folders,
    signature,
    sweep_store,
    trace_store,
    two_stage_store,
    verification_store,
)
from xisuan.results.two_stage import TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import members
from xisuan.text.translation import message as _

SHOWN, VERIFICATION = "shown", "verification"
"""Folders within a run that are no part of it: the tables of its page, and a verification of its plan."""
ROW = "row"
"""Key of rows of decision tables: their number."""
KINDS = (run_store.PLAN, verification_store.DOCUMENT, run_store.SCHEDULE, trace_store.TRACE, sweep_store.DOCUMENT)
"""Documents that tell which command wrote a folder."""
Recheck = Callable[[Report | None], Iterator[Rechecked]]
"""Recheck of a folder, with what it finds in each part."""
DRAWN = "drawn"
"""Reason of pages and workbooks: they are not sealed, and nothing is read from them."""


def certify_run(
    folder: str | Path,
    *,
    plan: str | Path | None = None,
    trusted: bytes | None = None,
    progress: Report | None = None,
) -> Certification:
    """Recheck a run folder or a plan folder. Return the files changed since it was sealed, and all differences.

    A difference is a stored statement that is not the recomputed value. Everything is recomputed by code that shares
    nothing with the planner. A folder of `operate` needs `plan`, the run whose capacity it operates; of a folder of
    `verify`, the plan in it is rechecked. trusted: public key that the signature must be by (PEM or OpenSSH). Raises
    StoreError if the folder is of another kind, or cannot be read though its checksums hold.
    """
    source = run_store.absolute(folder)
    changed = sealed_folders.altered(source, _is_read)
    recheck = _recheck_of(source, plan)
    signed = signature.verify(source, trusted)
    try:
        found = list(recheck(progress))
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
        | _beside(source),
        signature=signed,
        subject=verification_store.INNER if (source / verification_store.DOCUMENT).is_file() else "",
    )


def _is_read(name: str) -> bool:
    """Return True if a folder of any command has its results in a file of that name; with a final /, in a subfolder."""
    inner = f"{verification_store.INNER}/"
    return name == inner or run_store.is_result(name.removeprefix(inner))


def _recheck_of(source: Path, plan: str | Path | None) -> Recheck:
    """Return the recheck for the kind of a folder. Raises StoreError if the kind cannot be rechecked."""
    kind = next((name for name in KINDS if (source / name).is_file()), "")
    if (plan is not None) != (kind == run_store.SCHEDULE):
        raise StoreError(
            f"{source} holds a plan in operation, as `xisuan operate` writes it: certify it with the run whose capacity it"
            f" operates, xisuan certify {source} --plan RUN"
            if plan is None
            else f"{source} holds no plan in operation, so there is no other plan to give; leave out --plan"
        )
    if plan is not None:
        return partial(_operated, source, run_store.load_run(plan).plan)
    if kind == run_store.PLAN:
        return partial(_rechecked, source)
    if kind == verification_store.DOCUMENT:
        return partial(_verified, source)
    what = {
        trace_store.TRACE: "a simulation, as `xisuan simulate` writes it; only simulating again confirms it",
        sweep_store.DOCUMENT: "a sweep, as `xisuan sweep` writes it; only solving again confirms it",
    }.get(kind, "no plan")
    raise StoreError(f"{source} holds {what}. certify takes a folder of plan, run, operate or verify")


def _beside(source: Path) -> dict[str, str]:
    """Return what lies in a folder and is not rechecked, with the reason: pages, workbooks, a verification of the run."""
    pages = [path.name for path in source.iterdir() if path.suffix in (".html", ".xlsx")]
    shown = [SHOWN] if (source / SHOWN).is_dir() else []
    inner = source / VERIFICATION
    verified = {inner.name: ANOTHER} if (inner / verification_store.DOCUMENT).is_file() else {}
    return dict.fromkeys(sorted(pages) + shown, DRAWN) | verified


def _within(part: str, name: str) -> str:
    return f"{part}/{name}" if part else name


def _rechecked(source: Path, progress: Report | None) -> Iterator[Rechecked]:
    if not two_stage_store.is_two_stage(source):
        yield from _run(source, "", progress)
        return
    runs: dict[Path, Run] = {}

    def load(inner: Path) -> Run:
        return runs.setdefault(inner, run_store.read_run(inner, _load_scenario))

    found = two_stage_store.read_two_stage_run(source, load, _load_scenario).found
    tell(progress, "certify", _("checking the plan for all members"))
    tables = {path.stem: parquet_files.read_table(path) for path in sorted(source.glob("*.parquet"))}
    whole = recheck_two_stage(found, tables, run_store.read_json(source / run_store.PLAN))
    _recheck_hashes(whole, found)
    yield whole
    made_of = {run_store.absolute(source / run_store.MEMBERS / name): one for name, one in priced(found).items()}
    for inner, run in runs.items():
        yield from _run(inner, inner.relative_to(source).as_posix(), progress, run, made_of.get(inner))


def _recheck_hashes(whole: Rechecked, found: TwoStage) -> None:
    """Compare every cell of the stored members' scenarios, titles and ranges too, with what planning makes of them.

    The certificate compares what a plan reads of them with its own.
    """
    for member, future in zip(members(found.scenario), found.members, strict=False):
        for one, part in ((future.plan, run_store.MEMBERS), (future.alone, run_store.ALONE)):
            other = Difference("other_scenario", table=f"{part}/{future.name}/scenario")
            if fingerprint.scenario_hash(one.scenario) != fingerprint.scenario_hash(member.scenario):
                whole.add([other] if other not in whole.differences else [])


def _verified(source: Path, progress: Report | None) -> Iterator[Rechecked]:
    """Recheck the plan that a verification ended with; its days are operations that are not stored, and simulations."""
    found = Rechecked(
        "", unchecked=dict.fromkeys((verification_store.DOCUMENT, *verification.TABLES), NEEDS_SIMULATING)
    )
    with damage.reading(source):
        cases = parquet_files.read_table(source / "cases.parquet")
        last = cases.loc[cases["round"] == cases["round"].max(), "holds"].astype(bool)
        said = json.loads((source / verification_store.DOCUMENT).read_text(encoding="utf-8"))["holds"]
    if said and not last.all():
        found.add([Difference("figure", table=verification_store.DOCUMENT, column="holds", stored=said, right=False)])
    yield found
    yield from _run(source / verification_store.INNER, verification_store.INNER, progress)


def _operated(source: Path, plan: Plan, progress: Report | None) -> Iterator[Rechecked]:
    """Recheck an operation of `plan` in a folder of its own."""
    schedule = run_store.read_schedule(source, _load_scenario)
    if not set(schedule.scenario.settings.periods) <= set(plan.scenario.settings.periods):
        raise StoreError(f"{source} is of other periods than the plan given: give the run whose capacity it operates")
    tell(progress, "certify", _("checking the operation against the scenario"))
    found = recheck_schedule(plan, schedule, run_store.read_json(source / run_store.SCHEDULE), "")
    found.unchecked["capacity"] = ANOTHER
    yield found


def _run(
    source: Path,
    part: str,
    progress: Report | None,
    run: Run | None = None,
    made_of: Priced | None = None,
) -> Iterator[Rechecked]:
    """Recheck a plan and each of its operations. made_of: origin of its prices, if that is not its own duals."""
    run = run or run_store.read_run(source, _load_scenario)
    tell(progress, "certify", _("{part}: checking the plan against the scenario", part=part or source.name))
    found = recheck_plan(run.plan, run_store.read_json(source / run_store.PLAN), part, made_of)
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
        found.unchecked["alternatives.least"] = found.unchecked["alternatives.most"] = NEEDS_SOLVING
        if not found.differences:
            found.tables.append("alternatives")
            is_own = on_few_hours(run.plan.scenario) is run.plan.scenario
            found.add(recheck_alternatives(run.plan, run.alternatives, is_own_hours=is_own))
            if not is_own:
                found.unchecked["alternatives.planned"] = found.unchecked["alternatives.existing"] = NEEDS_SOLVING
    if found.differences or not held:
        found.unchecked |= dict.fromkeys(held, WRONG_PLAN)
        return
    made = decide(run.plan, ask=False)
    gone = [name for name, table in made.items() if name not in held and len(table)]
    found.add([Difference("missing_table", table=name) for name in gone])
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


def _load_scenario(folder: Path, _document: str, _head: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a folder without checking its hash: the recheck compares it with the results."""
    return run_store.held_scenario(folder)
