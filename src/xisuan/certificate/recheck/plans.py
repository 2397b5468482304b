"""Recheck of a stored plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from xisuan.certificate.certify_plan import certify
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.whole_numbers import bound_at_whole
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.recheck import documents
from xisuan.certificate.recheck.bounds_and_status import check_bound, check_status
from xisuan.certificate.recheck.rechecked import (
    CIRCLES,
    DUALS_NOT_KEPT,
    MACHINE,
    NO_COLUMN,
    OPEN,
    TAKEN,
    WHOLE,
    Rechecked,
)
from xisuan.certificate.tables.every_table import tables_of_plan
from xisuan.certificate.tables.price_table import NOISE, Priced, without_column
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.certificate.tables.service_table import marginals
from xisuan.certificate.tables.units_of_prices import CONSTRAINTS
from xisuan.certificate.tolerances import LEAST, TOLERANCE
from xisuan.results.certification import Difference
from xisuan.results.labelled_values import Found
from xisuan.results.plan import TABLES, Certificate, Plan
from xisuan.results.storage import run_store
from xisuan.results.storage.run_store import ALONE, PLAN

FIGURES = (
    "objective", "certificate", "objective_kind", "objective_unit", "cost_mcny", "scenario", "scenario_hash", "seed",
    "hours_read", "format",
)  # fmt: skip
"""Keys of plan.json that follow from the scenario and the values of the plan."""
PROVEN = ("status", "lower_bound", "gap", "asked_gap")
"""Keys of plan.json on what is proven."""


def recheck_plan(plan: Plan, head: Mapping[str, Any], part: str = "", priced: Priced | None = None) -> Rechecked:
    """Certify a stored plan against its scenario and compare everything that its folder states.

    head: its document as stored. part: its folder within the run. priced: what the table of prices is made of,
    where that differs from the duals that prove the bound.
    """
    found = Rechecked(part)
    made = certify(plan.scenario, plan)
    found.certificate = made
    tables, statement, of = tables_of_plan(plan.scenario, plan, priced)
    objective = made.cost if statement.money else statement.value(of.x)
    right = run_store.plan_document(replace(plan, objective=objective, cost_mcny=made.cost, certificate=made))
    right["certificate"] = None if is_known_future(part, head) else without_texts(right["certificate"])
    stored = {**head, "certificate": without_texts(head.get("certificate"))}
    if right["certificate"] is None:
        stored["certificate"] = None
    found.add(documents.compare(PLAN, stored, right, FIGURES))
    found.add(documents.unknown(PLAN, head, (*FIGURES, *PROVEN, *TAKEN)))
    list_texts(found, head)
    found.add(unknown_duals(plan.duals))
    whole = statement.whole and plan.effort.solver != "decomposition"
    check_bound(found, PLAN, head, made, objective, whole)
    check_status(found, head, made, objective)
    if priced is None and plan.effort.rows != (rows := sum(dual.values.size for dual in plan.duals.values())):
        # Only a member's plan is of a larger model than its own; the joint duals are stored in the folder of the whole.
        if part:
            found.add([Difference("figure", table=PLAN, column="rows", stored=plan.effort.rows, right=rows)])
        else:
            tables.pop("prices", None)
    _compare_tables(found, plan, tables, of)
    if (
        "prices" in tables
        and statement.whole
        and (priced is not None or not _priced_at_whole(statement, of.x, plan, made))
    ):
        found.unchecked["prices"] = WHOLE
    return found


def _priced_at_whole(statement: Statement, x: Array, plan: Plan, made: Certificate) -> bool:
    """Return True if the duals prove the cost of the plan among all that have its whole numbers: then prices are right."""
    bound = bound_at_whole(statement, x, plan.duals)
    return made.cost - bound <= TOLERANCE * max(LEAST, abs(made.cost))


def is_known_future(part: str, head: Mapping[str, Any]) -> bool:
    """Return True for a plan with perfect foresight, which is stored without a certificate of its own."""
    return part.startswith(f"{ALONE}/") and head.get("certificate") is None


def unknown_duals(duals: Mapping[str, Found]) -> Iterator[Difference]:
    """Yield a difference for each family of duals that belongs to no constraint."""
    for name in duals:
        if name not in CONSTRAINTS:
            yield Difference("unknown_table", table=f"duals/{name}")


def list_texts(found: Rechecked, head: Mapping[str, Any]) -> None:
    """List as unchecked what the solve took, and the texts of findings, of which only the number is compared."""
    found.unchecked |= {name: MACHINE for name in TAKEN if name in head}
    certificate = head.get("certificate")
    if isinstance(certificate, Mapping) and certificate.get("findings"):
        found.unchecked["certificate.findings"] = MACHINE


def without_texts(certificate: Any) -> Any:
    """Return a certificate with the number of its findings in place of their texts, whose digits depend on the machine."""
    if certificate is None or isinstance(certificate, Mapping):
        held = dict(certificate or {})
    else:
        held = {name: getattr(certificate, name) for name in certificate.__dataclass_fields__}
    texts = held.get("findings")
    held.pop("findings_zh", None)
    return {**held, "findings": len(texts) if isinstance(texts, list | tuple) else texts}


def _compare_tables(found: Rechecked, plan: Plan, tables: dict[str, Recomputed], of: Operands) -> None:
    stored = {name: table for name, table in plan.tables.items() if f"{name}.parquet" != run_store.CASES}
    if "prices" in tables and {"constraint", "item"} <= set(stored.get("prices", ())):
        open_ = without_column(of, stored["prices"], plan.variables)
        if open_.any():
            found.unchecked["prices of what cannot be ordered"] = NO_COLUMN
            stored["prices"] = stored["prices"][~open_]
    elif "prices" in stored:
        found.unchecked["prices"] = DUALS_NOT_KEPT
    found.compare(stored, tables, TABLES)
    list_open_prices(found, tables)
    check_sums(found, stored, tables, [of])


def list_open_prices(found: Rechecked, tables: Mapping[str, Recomputed]) -> None:
    """List as unchecked the prices of bounds that depend on what the tables do not say, and of nodes with open duals."""
    if "prices" in tables:
        bound = tables["prices"].frame["constraint"].str.startswith("bound on ").to_numpy(dtype=bool)
        is_open = tables["prices"].slack["value"] > NOISE
        if (is_open & bound).any():
            found.unchecked["prices of what cannot be ordered"] = NO_COLUMN
        if (is_open & ~bound).any():
            found.unchecked["prices at nodes"] = OPEN


def check_sums(
    found: Rechecked, stored: Mapping[str, Any], tables: Mapping[str, Recomputed], each: list[Operands]
) -> None:
    """Compare the total work of sites; flow in cycles leaves open which region it comes from."""
    if not (tables["service"].slack["units"] > 0.0).any() or any(one.table == "service" for one in found.differences):
        return
    for of in each:
        for workload, site, said, right in marginals(of, stored["service"]):
            found.add(
                [
                    Difference(
                        "sum", table="service", row=f"{workload} / {site}", column="units", stored=said, right=right
                    )
                ]
            )
    size = tables["service"].frame["units"].to_numpy(dtype=float)
    if (tables["service"].slack["units"] > 1e-6 * size.max(initial=0.0)).any():
        found.unchecked["service by region"] = CIRCLES
