"""Recheck of a stored operation of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xisuan.certificate.certify_schedule import certify_schedule
from xisuan.certificate.recheck import documents
from xisuan.certificate.recheck.bounds_and_status import check_bound
from xisuan.certificate.recheck.plans import (
    check_sums,
    list_open_prices,
    list_texts,
    unknown_duals,
    without_texts,
)
from xisuan.certificate.recheck.rechecked import MACHINE, NEEDS_SOLVING, NO_COLUMN, Rechecked
from xisuan.certificate.tables.differences import structure
from xisuan.certificate.tables.every_table import tables_of_schedule
from xisuan.certificate.tables.price_table import without_column
from xisuan.certificate.tolerances import TOLERANCE
from xisuan.results.certification import Difference
from xisuan.results.labelled_values import Found
from xisuan.results.plan import TABLES as PLAN_TABLES
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import TABLES, Schedule
from xisuan.results.storage import run_store
from xisuan.results.storage.run_store import SCHEDULE

FIGURES = (
    "cost_mcny", "penalty_mcny", "certificate", "hours", "periods", "scenario", "scenario_hash", "seed", "hours_read",
    "format",
)  # fmt: skip
"""Keys of schedule.json that follow from the scenario, the plan and the values of the schedule."""


OF_FORESIGHT = ("foresight", "not_knowing_mcny", "not_knowing_penalty_mcny")
"""Keys on a rolling horizon, whose comparison needs another solve."""


def placeable(plan: Plan) -> dict[str, Found]:
    """Return the families of a plan whose labels name their values one by one in every period; others count as 0."""
    periods = len(plan.scenario.settings.periods)
    return {
        name: found
        for name, found in plan.variables.items()
        if found.values.ndim in (2, 3)
        and (found.values.shape[0], found.values.shape[-1]) == (periods, len(found.labels))
        and len(set(found.labels)) == len(found.labels)
        and all(isinstance(part, str) for label in found.labels for part in label)
    }


def _wrong_foresight(
    schedule: Schedule, made: Certificate, penalty: float, head: Mapping[str, Any]
) -> Iterator[Difference]:
    """Yield differences of the cost with all hours known: it lies below the proven bound, or does not add up.

    It and the stored cost of not knowing must be the cost, and likewise their penalties `penalty`.
    """
    assert schedule.foresight is not None
    perfect = schedule.foresight.perfect_mcny
    if not perfect >= made.lower_bound - TOLERANCE * abs(made.lower_bound):
        yield Difference("bound", table=SCHEDULE, column="perfect_mcny", stored=perfect, right=made.lower_bound)
    differences = {
        "not_knowing_mcny": made.cost - perfect,
        "not_knowing_penalty_mcny": penalty - schedule.foresight.perfect_penalty_mcny,
    }
    for name, more in differences.items():
        stored = head.get(name)
        if not isinstance(stored, int | float) or not abs(stored - more) <= 2.0 * TOLERANCE * abs(made.cost):
            yield Difference("figure", table=SCHEDULE, column=name, stored=stored, right=more)


def recheck_schedule(plan: Plan, schedule: Schedule, head: Mapping[str, Any], part: str) -> Rechecked:
    """Certify a stored operation of `plan` and compare everything that its folder states. head: its document as stored."""
    found = Rechecked(part)
    plan = replace(plan, variables=placeable(plan))
    tables, each = tables_of_schedule(schedule.scenario, plan, schedule)
    sound = {
        name: schedule.tables[name]
        if name in schedule.tables and structure(name, schedule.tables[name], right.frame) is None
        else right.frame
        for name, right in tables.items()
    }
    made = certify_schedule(schedule.scenario, plan, replace(schedule, tables=sound))
    found.certificate = made
    costs = tables["costs"].frame
    penalty = float(costs.loc[costs["term"] == "unserved", "discounted_mcny"].sum())
    right = run_store.schedule_document(replace(schedule, cost_mcny=made.cost, penalty_mcny=penalty, certificate=made))
    right["certificate"] = without_texts(right["certificate"])
    stored = {**head, "certificate": without_texts(head.get("certificate"))}
    found.add(documents.compare(SCHEDULE, stored, right, FIGURES))
    check_bound(found, SCHEDULE, head, made, made.cost, whole=False)
    found.add(
        documents.unknown(
            SCHEDULE, head, (*FIGURES, "status", "lower_bound", "gap", "effort", "versions", *OF_FORESIGHT)
        )
    )
    if schedule.foresight is not None:
        found.unchecked["foresight"] = NEEDS_SOLVING
        found.add(_wrong_foresight(schedule, made, penalty, head))
    list_texts(found, head)
    found.add(unknown_duals(schedule.duals))
    found.unchecked["effort"] = MACHINE
    held = dict(schedule.tables)
    if {"constraint", "item"} <= set(held.get("prices", ())):
        open_ = without_column(each[0], held["prices"], schedule.variables)
        if open_.any():
            found.unchecked["prices of what cannot be ordered"] = NO_COLUMN
            held["prices"] = held["prices"][~open_]
    found.compare(held, tables, {**PLAN_TABLES, **TABLES})
    list_open_prices(found, tables)
    check_sums(found, held, tables, each)
    return found
