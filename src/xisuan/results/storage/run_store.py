"""Run folders: written atomically, and read back only if their seal holds.

    plan.json            the main figures; null where a number is missing or infinite
    NAME.parquet         every table of the plan, for people
    variables/ duals/ relaxation_duals/ city_duals/    every family, complete and without loss (see `columns`)
    city_cases.parquet   the cases of a proof by cities
    alternatives.parquet and every other table of `decisions`
    schedule/ others/ week/    the plan operated on its own hours, on other days, in the last period on a typical
                         week: schedule.json, tables, families
    scenario/            the scenario itself, readable as one
    SHA256SUMS           the seal

The same result gives the same bytes: no file holds a time.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xisuan.errors import ScenarioError, StoreError
from xisuan.results.decision_tables import TABLES as DECISIONS
from xisuan.results.labelled_values import Found
from xisuan.results.plan import ACCESS_TABLES, Effort, Plan, no_cases
from xisuan.results.plan import TABLES as PLAN_TABLES
from xisuan.results.run import Run
from xisuan.results.schedule import TABLES as SCHEDULE_TABLES
from xisuan.results.schedule import Foresight, Schedule
from xisuan.results.storage import (
    certificate_documents,
    damage,
    fingerprint,
    hour_signature,
    json_document,
    parquet_files,
    sealed_folders,
)
from xisuan.results.summaries.schedule_concatenation import Lazy
from xisuan.scenario import load, write
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.versions import versions

FORMAT = 2
"""Format version, raised with each incompatible change of the folder."""
PLAN, SCHEDULE, BLOCKS, ALTERNATIVES = "plan.json", "schedule.json", "blocks.parquet", "alternatives.parquet"
CASES = "city_cases.parquet"
MEMBERS, ALONE, DUALS = "members", "alone", "duals"
"""Folders of a two-stage plan: members (also their key in its plan.json), known futures, duals of the joint bound."""
UNITS = {"cost": "mCNY", "carbon": "t", "residents": "resident-years"}
"""Unit of each objective."""
SCHEDULES = ("schedule", "others", "week")
"""Schedules of a run, each in a folder of its own."""
FAMILIES = ("variables", "duals", "relaxation_duals", "city_duals")
_HASH = "scenario_hash"


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return plan.json: the main figures of a plan, the effort of its solve, and its provenance."""
    return {
        "status": plan.status,
        "objective": plan.objective,
        "lower_bound": plan.lower_bound,
        "gap": plan.gap,
        **dataclasses.asdict(plan.effort),
        "certificate": certificate_documents.document(plan.certificate),
        "objective_kind": plan.scenario.settings.objective,
        "objective_unit": UNITS[plan.scenario.settings.objective],
        "cost_mcny": plan.cost_mcny,
        **origin(plan.scenario),
    }


def schedule_document(schedule: Schedule) -> dict[str, Any]:
    """Return schedule.json: the main figures of a schedule, and its hours."""
    return {
        "status": schedule.status,
        "cost_mcny": schedule.cost_mcny,
        "penalty_mcny": schedule.penalty_mcny,
        "lower_bound": schedule.lower_bound,
        "gap": schedule.gap,
        "certificate": certificate_documents.document(schedule.certificate),
        "hours": str(schedule.scenario.settings.hours),
        "periods": schedule.scenario.settings.periods,
        "effort": schedule.effort,
        **schedule.foresight_figures,
        **origin(schedule.scenario),
    }


def origin(scenario: Scenario) -> dict[str, Any]:
    """Return the provenance of a result as a JSON document."""
    return {
        "scenario": scenario.settings.name,
        _HASH: fingerprint.scenario_hash(scenario),
        "seed": None,
        hour_signature.KEY: hour_signature.read_of(scenario),
        "versions": versions(),
        "format": FORMAT,
    }


Extra = Callable[[Path], None]
"""Function that writes more files, such as a report, into a folder before it replaces the old one."""


def save(result: Plan | Schedule | Run, folder: str | Path, also: Extra | None = None) -> Path:
    """Write `result` to `folder`, replacing an earlier run; `also` adds files to it.

    Raises StoreError if the folder holds something else or cannot be written; nothing has changed then.
    """
    target = absolute(folder)
    with sealed_folders.replacing(target) as fresh:
        fill(result, fresh)
        if also is not None:
            also(fresh)
    return target


def fill(result: Plan | Schedule | Run, folder: Path) -> None:
    """Write `result` into an empty folder, and seal it."""
    run = Run(result.scenario, result) if isinstance(result, Plan) else result
    if isinstance(run, Run):
        _write_run(run, folder)
    else:
        _write_schedule(run, folder)
    write.write(run.scenario, folder / "scenario")
    sealed_folders.seal(folder)


def absolute(folder: str | Path) -> Path:
    """Return the absolute path of a folder."""
    return Path(os.path.abspath(folder))


def _write_run(run: Run, folder: Path) -> None:
    plan = run.plan
    write_json(plan_document(plan), folder / PLAN)
    _write_tables(plan, folder)
    _write_families(plan, folder)
    if len(plan.city_cases):
        parquet_files.write_table(plan.city_cases, folder / CASES)
    if run.alternatives is not None:
        parquet_files.write_table(run.alternatives, folder / ALTERNATIVES)
    for name, frame in run.decisions.items():
        parquet_files.write_table(frame, folder / f"{name}.parquet")
    for name in SCHEDULES:
        schedule: Schedule | None = getattr(run, name)
        if schedule is not None:
            _write_schedule(schedule, folder / name)


def _write_schedule(schedule: Schedule, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    write_json(schedule_document(schedule), folder / SCHEDULE)
    _write_tables(schedule, folder)
    _write_families(schedule, folder)
    if schedule.scenario.has("blocks"):
        parquet_files.write_table(schedule.scenario["blocks"], folder / BLOCKS)


def write_json(value: object, path: Path) -> None:
    """Write a document."""
    path.write_text(json_document.text(value), encoding="utf-8")


def _write_tables(result: Plan | Schedule, folder: Path) -> None:
    for name, frame in result.tables.items():
        parquet_files.write_table(frame, folder / f"{name}.parquet")


def _write_families(result: Plan | Schedule, folder: Path) -> None:
    periods = result.scenario.settings.periods
    for kind in FAMILIES:
        families: Mapping[str, Found] = getattr(result, kind, {})
        for name, found in families.items():
            parquet_files.write_found(found, periods, folder / kind / f"{name}.parquet")


def is_result(name: str) -> bool:
    """Return True if results are read from a file of that name in a run folder; with a final /, from such a subfolder."""
    parts = name.split("/")
    parts = parts[2:] if len(parts) > 2 and parts[0] in (MEMBERS, ALONE) else parts
    parts = parts[1:] if parts[0] in SCHEDULES else parts
    if len(parts) == 1:
        return name.endswith(("/", ".parquet", ".json"))
    return parts[0] in FAMILIES or parts[0] == "scenario"


def load_run(folder: str | Path) -> Run:
    """Read a run folder. Raises StoreError if it is no run folder or was changed since."""
    source = absolute(folder)
    sealed_folders.check_seal(source, is_result)
    run = read_run(source)
    _check_tables(source, run.plan)
    return run


def _check_tables(source: Path, plan: Plan) -> None:
    """Raise StoreError if a table that every plan has, or one of its columns, is missing."""
    for name, known in PLAN_TABLES.items():
        missing = [] if name in ACCESS_TABLES else [f"table {name}"]
        if name in plan.tables:
            missing = [f"column {column} of {name}" for column in known if column not in plan.tables[name]]
        if missing:
            raise StoreError(f"{source} lacks the {missing[0]}. Restore it from a copy, or make the run again")


ReadScenario = Callable[[Path, str, Mapping[str, Any]], Scenario]
"""Function that reads the scenario of a folder, given the name and contents of its document."""


def read_run(source: Path, read_it: ReadScenario | None = None) -> Run:
    """Read a run folder without checking its seal. `read_it`: reader of its scenario, default `read_scenario`."""
    with damage.reading(source / PLAN):
        return _read_run(source, read_it or read_scenario)


def _read_run(source: Path, read_it: ReadScenario) -> Run:
    if not (source / PLAN).is_file():
        raise StoreError(f"{source} holds a schedule, not a plan; give the folder that `xisuan plan` or `run` wrote")
    head = read_json(source / PLAN)
    if MEMBERS in head:
        one = source / MEMBERS / str(head[MEMBERS][0]["member"])
        raise StoreError(f"{source} holds one plan for several futures; give the folder of one of them, such as {one}")
    scenario = read_it(source, PLAN, head)
    plan = _plan(scenario, head, source)
    alternatives = source / ALTERNATIVES
    schedules = {name: _schedule(scenario, source / name) for name in SCHEDULES if (source / name).is_dir()}
    return Run(
        scenario,
        plan,
        **schedules,
        alternatives=parquet_files.read_table(alternatives) if alternatives.is_file() else None,
        decisions=_read_decisions(source),
        notes=fingerprint.notes(head[_HASH], head["versions"]),
    )


def _read_decisions(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of `decisions` that the run has."""
    paths = {name: folder / f"{name}.parquet" for name in DECISIONS if name != "alternatives"}
    return {name: parquet_files.read_table(path) for name, path in paths.items() if path.is_file()}


def load_schedule(folder: str | Path) -> Schedule:
    """Read the folder of an operated plan. Raises StoreError like `load_run`."""
    source = absolute(folder)
    sealed_folders.check_seal(source, is_result)
    if not (source / SCHEDULE).is_file():
        raise StoreError(f"{folder} holds no schedule; give the folder that `xisuan operate` wrote")
    return read_schedule(source)


def read_schedule(source: Path, read_it: ReadScenario | None = None) -> Schedule:
    """Read the folder of an operated plan without checking its seal. `read_it` as in `read_run`."""
    with damage.reading(source / SCHEDULE):
        return _schedule((read_it or read_scenario)(source, SCHEDULE, read_json(source / SCHEDULE)), source)


def open_schedule(folder: Path, scenario: Scenario | None = None) -> Schedule:
    """Open a schedule like `load_schedule`, but read a table or a family on every access, without caching it.

    `scenario`: the operated scenario, if already loaded; it is then not read from the folder.
    """
    sealed_folders.check_seal(folder)
    tables, families = _table_paths(folder, {**PLAN_TABLES, **SCHEDULE_TABLES}), ("variables", "duals")
    known = {of: {path.stem: path for path in sorted((folder / of).glob("*.parquet"))} for of in families}
    head = read_json(folder / SCHEDULE)
    if scenario is None or fingerprint.scenario_hash(scenario) != head[_HASH]:
        scenario = read_scenario(folder, SCHEDULE, head)
    bare = _schedule(scenario, folder, whole=False)
    return dataclasses.replace(
        bare,
        variables=Lazy(known["variables"], lambda name: parquet_files.read_found(known["variables"][name])),
        duals=Lazy(known["duals"], lambda name: parquet_files.read_found(known["duals"][name])),
        tables=Lazy(tables, lambda name: parquet_files.read_table(tables[name])),
    )


def read_json(path: Path) -> dict[str, Any]:
    """Return a document of this format version. Raises StoreError for another version."""
    with damage.reading(path):
        head: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
    if head.get("format") != FORMAT:
        wrong = f"was written by another version of xisuan (format {head.get('format')}, not {FORMAT})"
        raise StoreError(f"{path} {wrong}: make it again with this one")
    return head


def read_scenario(folder: Path, document: str, head: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a folder after checking its hash and its hours against the document's `head`."""
    scenario = held_scenario(folder)
    if fingerprint.scenario_hash(scenario) != head[_HASH]:
        raise StoreError(
            f"{folder / 'scenario'} is read differently from when the run was saved; run the scenario again"
        )
    hour_signature.check(folder, document, head, scenario)
    return scenario


def held_scenario(folder: Path) -> Scenario:
    """Return the scenario in a folder without comparing it with the results. Raises StoreError if it cannot be read."""
    try:
        return load.load(folder / "scenario")
    except ScenarioError as problem:
        raise StoreError(f"{folder / 'scenario'} can no longer be read:\n{problem}") from None


def _plan(scenario: Scenario, head: Mapping[str, Any], folder: Path) -> Plan:
    return Plan(
        scenario=scenario,
        status=head["status"],
        objective=_number(head["objective"], math.nan),
        lower_bound=_number(head["lower_bound"], -math.inf),
        cost_mcny=_number(head["cost_mcny"], math.nan),
        effort=effort(head),
        tables=_read_tables(folder, PLAN_TABLES),
        certificate=certificate_documents.read(head),
        city_cases=parquet_files.read_table(folder / CASES) if (folder / CASES).is_file() else no_cases(),
        variables=read_families(folder / "variables"),
        duals=read_families(folder / "duals"),
        relaxation_duals=read_families(folder / "relaxation_duals"),
        city_duals=read_families(folder / "city_duals"),
    )


def _schedule(scenario: Scenario, folder: Path, *, whole: bool = True) -> Schedule:
    """Return the schedule of a folder; without tables and families unless `whole`."""
    head = read_json(folder / SCHEDULE)
    blocks = folder / BLOCKS
    rows = parquet_files.read_table(blocks) if blocks.is_file() else scenario["blocks"].iloc[:0]
    periods = tuple(head.get("periods", scenario.settings.periods))  # older folders cover all periods
    with damage.reading(folder / SCHEDULE):
        if not periods or periods != tuple(period for period in scenario.settings.periods if period in periods):
            raise ValueError(f"its periods {list(periods)} are not those of its scenario")
    operated = scenario.with_settings(hours=Hours.parse(head["hours"]), periods=periods)
    return Schedule(
        scenario=dataclasses.replace(operated, tables={**scenario.tables, "blocks": rows}),
        status=head["status"],
        cost_mcny=_number(head["cost_mcny"], math.nan),
        penalty_mcny=_number(head["penalty_mcny"], math.nan),
        effort=effort(head["effort"]),
        variables=read_families(folder / "variables") if whole else {},
        duals=read_families(folder / "duals") if whole else {},
        tables=_read_tables(folder, {**PLAN_TABLES, **SCHEDULE_TABLES}) if whole else {},
        lower_bound=_number(head.get("lower_bound"), -math.inf),
        certificate=certificate_documents.read(head),
        foresight=Foresight(**head["foresight"]) if head.get("foresight") else None,
    )


def _number(value: float | None, missing: float) -> float:
    return missing if value is None else float(value)


TEXTS = ("method", "solver", "gave_up")
"""Text fields of the effort."""


def _figure(value: Any) -> float:
    """Return a figure of a document, NaN if missing. Raises TypeError for anything but a number."""
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no figure")
    return math.nan if value is None else value


def effort(head: Mapping[str, Any]) -> Effort:
    """Return the effort of a solve from its document."""
    fields: dict[str, Any] = {
        field.name: head[field.name]
        for field in dataclasses.fields(Effort)
        if field.name in head or field.default is dataclasses.MISSING  # older folders lack fields with a default
    }
    fields = {name: str(value) if name in TEXTS else _figure(value) for name, value in fields.items()}
    return Effort(**fields)


def _read_tables(folder: Path, known: Mapping[str, object]) -> dict[str, Any]:
    return {name: parquet_files.read_table(path) for name, path in _table_paths(folder, known).items()}


def _table_paths(folder: Path, known: Mapping[str, object]) -> dict[str, Path]:
    """Return the paths of a folder's tables, those `known` first and in that order."""
    order = list(known)
    paths = [path for path in folder.glob("*.parquet") if path.name != BLOCKS and path.stem not in DECISIONS]
    paths.sort(key=lambda path: (order.index(path.stem) if path.stem in order else len(order), path.stem))
    return {path.stem: path for path in paths}


def read_families(folder: Path) -> dict[str, Found]:
    """Return the families of variables or duals of a folder."""
    return {path.stem: parquet_files.read_found(path) for path in sorted(folder.glob("*.parquet"))}
