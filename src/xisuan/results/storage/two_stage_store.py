"""Storage of two-stage plans; `two_stage` lists the files."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xisuan.errors import StoreError
from xisuan.results.plan import Plan
from xisuan.results.run import Run
from xisuan.results.storage import certificate_documents, damage, parquet_files, run_store, sealed_folders
from xisuan.results.storage.run_store import ALONE, DUALS, MEMBERS, PLAN, Extra
from xisuan.results.two_stage import Future, TwoStage
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario import write


def two_stage_document(found: TwoStage) -> dict[str, Any]:
    """Return plan.json of a two-stage plan: like that of a single plan, with EVPI and VSS."""
    return {
        "status": found.status,
        "objective": found.objective,
        "lower_bound": found.lower_bound,
        "gap": found.gap,
        "wait_and_see_mcny": found.wait_and_see,
        "perfect_information_mcny": found.perfect_information,
        "mean_value_mcny": found.mean_value,
        "stochastic_solution_mcny": found.stochastic_solution,
        "mean_value_why": found.mean_why,
        "first_period": found.first,
        "risk": dataclasses.asdict(found.scenario.settings.risk),
        "expected_mcny": found.expected_cost,
        "cvar_mcny": found.cvar,
        MEMBERS: found.tables[MEMBERS],
        **dataclasses.asdict(found.effort),
        "certificate": certificate_documents.document(found.certificate),
        "objective_kind": "risk-adjusted cost" if found.scenario.settings.risk.weight else "expected cost",
        "objective_unit": "mCNY",
        "cost_mcny": found.expected_cost,
        **run_store.origin(found.scenario),
    }


def save_two_stage(result: TwoStage | TwoStageRun, folder: str | Path, also: Extra | None = None) -> Path:
    """Write a two-stage plan or run to `folder`, replacing an earlier run; `also` adds files to it.

    Raises StoreError if the folder holds something else or cannot be written; nothing has changed then.
    """
    target = run_store.absolute(folder)
    found = result.found if isinstance(result, TwoStageRun) else result
    tried: Sequence[Plan | Run] = (
        result.runs if isinstance(result, TwoStageRun) else [one.plan for one in found.members]
    )
    with sealed_folders.replacing(target) as fresh:
        run_store.write_json(two_stage_document(found), fresh / PLAN)
        for name, frame in found.tables.items():
            parquet_files.write_table(frame, fresh / f"{name}.parquet")
        for one, run in zip(found.members, tried, strict=True):
            for kind, held in ((MEMBERS, run), (ALONE, one.alone)):
                (fresh / kind / one.name).mkdir(parents=True)
                run_store.fill(held, fresh / kind / one.name)
            for kind, families in ((DUALS, one.duals), (f"relaxation_{DUALS}", one.relaxation_duals)):
                for name, dual in families.items():
                    path = fresh / kind / one.name / f"{name}.parquet"
                    parquet_files.write_found(dual, found.scenario.settings.periods, path)
        write.write(found.scenario, fresh / "scenario")
        sealed_folders.seal(fresh)
        if also is not None:
            also(fresh)
    return target


def member_folders(folder: str | Path) -> dict[str, Path]:
    """Return the run folder of each member of a two-stage plan, in the order of the plan."""
    path = run_store.absolute(folder)
    return {one["member"]: path / MEMBERS / one["member"] for one in run_store.read_json(path / PLAN)[MEMBERS]}


def is_two_stage(folder: str | Path) -> bool:
    """Return True if the folder holds a two-stage plan."""
    path = run_store.absolute(folder) / PLAN
    return path.is_file() and MEMBERS in run_store.read_json(path)


def load_tried(folder: str | Path) -> Run | TwoStageRun:
    """Read a run folder, of a single plan or of a two-stage plan. Raises StoreError like `load_run`."""
    return load_two_stage_run(folder) if is_two_stage(folder) else run_store.load_run(folder)


def load_two_stage(folder: str | Path) -> TwoStage:
    """Read a two-stage plan. Raises StoreError if the folder holds none or was changed since."""
    return load_two_stage_run(folder).found


def load_two_stage_run(folder: str | Path) -> TwoStageRun:
    """Read a two-stage plan with the run of each member. Raises StoreError like `load_two_stage`."""
    source = run_store.absolute(folder)
    sealed_folders.check_seal(source, run_store.is_result)
    if not is_two_stage(source):
        raise StoreError(
            f"{folder} holds no plan of members; give the folder that `xisuan plan` wrote of a scenario that has"
        )
    with damage.reading(source / PLAN):
        return read_two_stage_run(source, run_store.load_run, run_store.read_scenario)


def read_two_stage_run(
    source: Path, load: Callable[[Path], Run], read_it: run_store.ReadScenario = run_store.read_scenario
) -> TwoStageRun:
    """Read a two-stage plan without checking its seal. `load` reads the runs in it, `read_it` its scenario."""
    head = run_store.read_json(source / PLAN)
    runs = [load(source / MEMBERS / str(row["member"])) for row in head[MEMBERS]]
    bound = head["lower_bound"]
    found = TwoStage(
        scenario=read_it(source, PLAN, head),
        status=head["status"],
        objective=float(head["objective"]),
        lower_bound=-math.inf if bound is None else float(bound),
        first=int(head["first_period"]),
        effort=run_store.effort(head),
        members=tuple(_future(source, row, run.plan, load) for row, run in zip(head[MEMBERS], runs, strict=True)),
        certificate=certificate_documents.read(head),
    )
    return TwoStageRun(found, tuple(runs))


def _future(source: Path, row: Mapping[str, Any], plan: Plan, load: Callable[[Path], Run]) -> Future:
    """Return a member from plan.json and its folders."""
    name, mean, why = str(row["member"]), row["mean_mcny"], str(row.get("mean_why") or "")
    return Future(
        name=name,
        probability=float(row["probability"]),
        plan=plan,
        alone=load(source / ALONE / name).plan,
        mean_mcny=float(mean) if mean is not None else math.nan if why else math.inf,
        duals=run_store.read_families(source / DUALS / name),
        relaxation_duals=run_store.read_families(source / f"relaxation_{DUALS}" / name),
        mean_why=why,
    )
