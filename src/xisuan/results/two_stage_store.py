"""Two-stage plans as folders: see `two_stage` for what is in them."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

from xisuan.errors import StoreError
from xisuan.results import columns, folders, store
from xisuan.results.store import MEMBERS, PLAN, Extra
from xisuan.results.two_stage import Future, TwoStage
from xisuan.scenario import write

ALONE, DUALS = "alone", "duals"
"""Folders of the plans of those who know the future, and of what proves the bound of the whole."""


def two_stage_document(found: TwoStage) -> dict[str, Any]:
    """plan.json of a two-stage plan: as that of any plan, with what knowing and what planning for all are worth."""
    return {
        "status": found.status,
        "objective": found.objective,
        "lower_bound": found.lower_bound,
        "gap": found.gap,
        "wait_and_see_mcny": found.wait_and_see,
        "perfect_information_mcny": found.perfect_information,
        "mean_value_mcny": found.mean_value,
        "stochastic_solution_mcny": found.stochastic_solution,
        "first_period": found.first,
        MEMBERS: found.tables[MEMBERS],
        **dataclasses.asdict(found.effort),
        "certificate": found.certificate,
        "objective_kind": "expected cost",
        "objective_unit": "mCNY",
        "cost_mcny": found.objective,
        **store.origin(found.scenario),
    }


def save_two_stage(found: TwoStage, folder: str | Path, also: Extra | None = None) -> Path:
    """Write `found` to `folder`, replacing a run that stands there; `also` adds files to it.

    Raises StoreError where the folder holds something else or cannot be written; nothing has changed then.
    """
    target = store.absolute(folder)
    with folders.replacing(target) as fresh:
        store.write_json(two_stage_document(found), fresh / PLAN)
        for name, frame in found.tables.items():
            columns.write_table(frame, fresh / f"{name}.parquet")
        for one in found.members:
            for kind, plan in ((MEMBERS, one.plan), (ALONE, one.alone)):
                (fresh / kind / one.name).mkdir(parents=True)
                store.fill(plan, fresh / kind / one.name)
            for kind, families in ((DUALS, one.duals), (f"relaxation_{DUALS}", one.relaxation_duals)):
                for name, dual in families.items():
                    path = fresh / kind / one.name / f"{name}.parquet"
                    columns.write_found(dual, found.scenario.settings.periods, path)
        write.write(found.scenario, fresh / "scenario")
        folders.seal(fresh)
        if also is not None:
            also(fresh)
    return target


def load_two_stage(folder: str | Path) -> TwoStage:
    """Read a two-stage plan. Raises StoreError, in words, where it is none or was changed since."""
    source = store.absolute(folder)
    folders.check_seal(source)
    head = store.read_json(source / PLAN) if (source / PLAN).is_file() else {}
    if MEMBERS not in head:
        raise StoreError(
            f"{folder} holds no plan of members; give the folder that `xisuan plan` wrote of a scenario that has"
        )
    members = []
    for row in head[MEMBERS]:
        name = str(row["member"])
        mean = row["mean_mcny"]
        members.append(
            Future(
                name=name,
                probability=float(row["probability"]),
                plan=store.load_run(source / MEMBERS / name).plan,
                alone=store.load_run(source / ALONE / name).plan,
                mean_mcny=math.inf if mean is None else float(mean),
                duals=store.read_families(source / DUALS / name),
                relaxation_duals=store.read_families(source / f"relaxation_{DUALS}" / name),
            )
        )
    bound = head["lower_bound"]
    return TwoStage(
        scenario=store.read_scenario(source, head),
        status=head["status"],
        objective=float(head["objective"]),
        lower_bound=-math.inf if bound is None else float(bound),
        first=int(head["first_period"]),
        effort=store.effort(head),
        members=tuple(members),
        certificate=store.certificate(head),
    )
