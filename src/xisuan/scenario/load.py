"""Loading: a Scenario from a folder or from data frames, with all problems found."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import period_amounts
from xisuan.scenario.checks.cross_table import check
from xisuan.scenario.queries import estimate_ranges
from xisuan.scenario.reading import (
    lapsed_rows,
    layer_changes,
    layers,
    manifest,
    raw_sheets,
    references,
    scenario_folders,
    typed_columns,
    unit_columns,
)
from xisuan.scenario.reading import profiles as profile_rules
from xisuan.scenario.reading.layer_changes import TableChanges
from xisuan.scenario.reading.layers import Layer
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.reading.raw_sheets import Sheet
from xisuan.scenario.reading.scenario_folders import Folder
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.settings import Settings
from xisuan.text.translation import message as _

NAMED = 6
"""Rows, or periods, listed one by one in a message."""


def load(name_or_path: str | Path, as_of: datetime.date | None = None) -> Scenario:
    """Return the scenario of a shipped name (`guizhou`) or of a folder, seen from `as_of` instead of its own date.

    Raises ScenarioError with every error found; warnings are the scenario's `notes`.
    """
    return _require(*examine(name_or_path, as_of))


def build(settings: Settings | Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> Scenario:
    """Return a scenario from Python objects, read and checked as files are.

    `settings` may be a mapping in the form of scenario.toml, with `extends` naming a shipped scenario. `frames` have
    the columns of the format, by table name. Raises ScenarioError with every error found.
    """
    findings = Findings()
    raw = dict(settings) if isinstance(settings, Mapping) else _nested(settings)
    given: dict[str, Sheet] = {}
    lost: set[str] = set()
    for name, frame in frames.items():
        if name not in tables.BY_NAME:
            findings.error(str(name), "", "", "", "table-unknown", hint=findings.suggest(str(name), tables.BY_NAME))
        elif (sheet := raw_sheets.from_frame(frame, name, findings)) is None:
            lost.add(name)
        elif len(frame):
            given[name] = sheet
    stated = manifest.fields(raw, "settings", findings)
    stated.setdefault("name", "scenario")
    top = layers.layer("", stated, given, lost, findings)
    stack = [top]
    if stated.get("extends"):
        base = scenario_folders.base(Folder(scenario_folders.library() / stated["name"]), stated["extends"], findings)
        stack = [*(layers_of(base, findings) if base else ()), top]
    return _require(*_assemble(stack, findings))


def examine(
    name_or_path: str | Path, as_of: datetime.date | None = None
) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Return the scenario (None if it cannot be assembled) and all its problems, errors first."""
    findings = Findings()
    folder = scenario_folders.locate(name_or_path, findings)
    stack = layers_of(folder, findings) if folder else []
    if not stack:
        return None, findings.problems
    if as_of is not None:
        stack[-1].stated["as_of"] = as_of
    return _assemble(stack, findings, own_day=as_of is None)


def changes(name_or_path: str | Path) -> tuple[TableChanges, ...]:
    """Return what the rows of a scenario change in its base, by table; nothing for a scenario without a base."""
    findings = Findings()
    folder = scenario_folders.locate(name_or_path, findings)
    stack = layers_of(folder, findings) if folder else []
    if len(stack) < 2:
        return ()
    as_of = manifest.settings(layers.options(stack)).as_of
    base, whole = (layers.merge(part, as_of, Findings()).frames for part in (stack[:-1], stack))
    return layer_changes.compare(base, whole)


def _require(scenario: Scenario | None, problems: tuple[Problem, ...]) -> Scenario:
    """Return the scenario, or raise ScenarioError if there are errors."""
    errors = [problem for problem in problems if problem.level == "error"]
    if scenario is None or errors:
        raise ScenarioError(errors)
    return scenario


def _nested(settings: Settings) -> dict[str, Any]:
    """Return settings in the form of scenario.toml."""
    raw: dict[str, Any] = {}
    for key, value in manifest.stated(settings).items():
        section, _, name = key.rpartition(".")
        (raw.setdefault(section, {}) if section else raw)[name] = "" if value is None else value
    return raw


def layers_of(folder: Folder, findings: Findings) -> list[Layer]:
    """Return the layers of a folder, base first. Problems are recorded; unreadable parts are left out."""
    out: list[Layer] = []
    seen: set[Path] = set()
    at: Folder | None = folder
    while at is not None:
        real = at.path.resolve()
        if real in seen or len(seen) >= scenario_folders.DEEPEST:
            code = "extends-in-a-circle" if real in seen else "extends-too-deeply"
            findings.error(at.prefix + manifest.FILE, "", "extends", "", code)
            break
        seen.add(real)
        one = _layer(at, findings)
        out.insert(0, one)
        at = scenario_folders.base(at, one.stated["extends"], findings) if one.stated.get("extends") else None
    return out


def _layer(folder: Folder, findings: Findings) -> Layer:
    """Return one scenario without its base. Shipped ones are cached, because the studio reads them at every change."""
    if folder.path.parent != scenario_folders.library():
        return _read(folder, findings)
    one, problems = _shipped(folder, scenario_folders.state(folder), pd.get_option("mode.string_storage"))
    findings.add(problems)
    return dataclasses.replace(one, stated=dict(one.stated))


@lru_cache(maxsize=16)
def _shipped(folder: Folder, _state: tuple[tuple[str, int], ...], _texts: str) -> tuple[Layer, tuple[Problem, ...]]:
    """Return a shipped scenario and its problems, cached by file state and pandas' text storage.

    Callers must not change its frames.
    """
    findings = Findings()
    return _read(folder, findings), findings.problems


def _read(folder: Folder, findings: Findings) -> Layer:
    """Return the layer of a folder: its options and tables as far as they can be read."""
    file = folder.prefix + manifest.FILE
    text = scenario_folders.read_manifest(folder, findings)
    raw = manifest.load(text, file, findings) if text is not None else None
    stated = manifest.fields(raw, file, findings) if raw is not None else {}
    if raw == {}:
        findings.error(file, "", "", "", "settings-empty")
    if "name" not in stated and manifest.NAME.fullmatch(folder.path.resolve().name):
        stated["name"] = folder.path.resolve().name
    if stated.get("drop") and not stated.get("extends"):
        findings.error(file, "", "drop", "", "drop-without-base")
    files, lost = scenario_folders.table_files(folder, findings)
    if raw is None:
        lost.add(manifest.FILE)
    read: dict[str, Sheet] = {}
    for table, path in files.items():
        sheet = raw_sheets.from_file(path, table, folder.prefix + path.name, findings)
        if sheet is None:
            lost.add(table)
        else:
            read[table] = sheet
    for table, sheet in scenario_folders.own_rules(folder, findings).items():
        if table in files:
            findings.error(sheet.file, "", "", "", "table-repeated", file=files[table].name)
        else:
            read[table] = sheet
    return layers.layer(folder.prefix, stated, read, lost, findings)


def _assemble(
    stack: list[Layer], findings: Findings, *, own_day: bool = True
) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Return the scenario made of layers, and all problems: merge, resolve references, check.

    own_day: it is seen from its own day. From a later one, rows of bases are visible that it does not plan with.
    """
    if any(manifest.FILE in one.lost for one in stack):
        return None, findings.problems  # periods, dates and the base are unknown, so that all else would be guessed
    stated = layers.options(stack)
    stated.setdefault("name", "scenario")
    settings = manifest.settings(stated)
    merged = layers.merge(stack, settings.as_of, findings)
    frames = dict(merged.frames)
    curves = _curves(frames["profile_rules"], merged.profiles, settings.base_year, findings)
    nobody = frames["regions"].empty and frames["cities"].empty
    if nobody and not merged.lost & {"regions", "cities"}:
        findings.error("regions.csv", "", "", "", "nothing-to-plan")
    lost = merged.lost | ({"regions", "nodes"} if nobody else set())
    lost |= references.absent(frames, lost, findings)
    frames = references.resolve(frames, curves, lost, findings)
    if lost:
        return None, findings.problems
    told = [problem for problem in findings.problems if problem.level == "error"]
    yearly: dict[str, pd.DataFrame] = {}
    if not any(problem.column == "periods" for problem in told):  # else all rows seem to be of other years
        added = period_amounts.add_up(frames, _years(settings), [one.prefix for one in stack])
        yearly = {name: typed_columns.tidy(frames[name], name) for name in added}
        frames |= added
        _note_ignored(frames, settings, findings)
        base = layers.options(stack[:-1]).get("periods", ())
        if own_day:
            lapsed_rows.find(frames, base, settings.periods, findings)
    _note_unpaid(stack[-1], settings, findings)
    clean = {name: typed_columns.tidy(frame, name) for name, frame in frames.items()}
    clean["profiles"] = _profiles_table(merged.profiles)
    scenario = Scenario(settings, clean, curves)
    if yearly:
        frames["estimates"] = period_amounts.ranges(scenario, yearly, frames["estimates"])
        scenario = scenario.with_tables(estimates=typed_columns.tidy(frames["estimates"], "estimates"))
    scenario = _own_ranges(scenario, frames["estimates"], findings)
    found = check(scenario)
    if any(
        problem.table.endswith("demand.csv") or problem.table == "demand" or problem.column == "periods"
        for problem in told
    ):
        # A row or period that could not be read is reported already; its absence is no second problem.
        found = tuple(one for one in found if (one.table, one.column) != ("demand", "period"))
    if any(problem.table.startswith("contingencies") and problem.column in ("site", "link") for problem in told):
        # An unknown site or link is reported already; that none is left is no second problem.
        found = tuple(one for one in found if one.code != "contingency-of-one-place")
    findings.add(_located(found, frames))
    problems = findings.problems
    notes = tuple(problem for problem in problems if problem.level == "warning")
    return dataclasses.replace(scenario, notes=notes), problems


def _years(settings: Settings) -> list[range]:
    """Return the years of each period."""
    ends = (*settings.periods[1:], settings.periods[-1] + settings.last_period_years)
    return [range(start, end) for start, end in zip(settings.periods, ends, strict=True)]


def _curves(held: pd.DataFrame, profiles: pd.DataFrame, base_year: int, findings: Findings) -> pd.DataFrame:
    """Return all profiles by name, with rules expanded. Shape (8760, profiles)."""
    if held.empty and profiles.empty:
        return pd.DataFrame(index=pd.RangeIndex(units.HOURS_PER_YEAR))
    fixed = {column.name for column in tables.BY_NAME["profiles"].all_columns}
    given = profiles[[name for name in profiles.columns if name not in fixed]]
    expanded = profile_rules.expand(held, base_year, findings)
    expanded = expanded.drop(columns=[name for name in expanded.columns if name in given.columns])
    index = pd.RangeIndex(units.HOURS_PER_YEAR)
    return pd.concat([given.reindex(index), expanded], axis=1)


def _profiles_table(profiles: pd.DataFrame) -> pd.DataFrame:
    """Return the table `profiles` with complete annotation columns."""
    blank = typed_columns.tidy(typed_columns.empty("profiles"), "profiles")
    if profiles.empty:
        return blank
    named = [name for name in profiles.columns if name not in blank.columns]
    fixed = profiles.reindex(columns=blank.columns, fill_value="").astype(blank.dtypes.to_dict())
    return pd.concat([fixed, profiles[named]], axis=1)


def _note_ignored(frames: Mapping[str, pd.DataFrame], settings: Settings, findings: Findings) -> None:
    """Warn, once per file, of rows that hold in none of the periods; not of rows of a base after the last one.

    Rows of bases for years within a period are one warning together. Demand of the actual year is not reported, because
    it is used for calibration.
    """
    periods = settings.periods
    within = {year for years in _years(settings) for year in years[1:]}
    unread: dict[str, set[int]] = {}
    for name, frame in frames.items():
        if frame.empty or "period" not in frame.columns or tables.BY_NAME[name].hindsight:
            continue
        table = tables.BY_NAME[name]
        before = [settings.actual_year] if name == "demand" and settings.actual_year is not None else []
        years = frame["period"].to_numpy(dtype=np.float64)
        held = _is_in_force(frame, table, periods) if table.dated else np.isin(years, [*periods, *before])
        held |= np.array(["period" in bad for bad in frame[typed_columns.BAD].tolist()])  # the year is not the user's
        of_base = np.array(["/" in file for file in frame[typed_columns.FILE].tolist()])
        inner = of_base & ~held & np.isin(years, [*within])
        for file, year in zip(frame[typed_columns.FILE][inner], years[inner], strict=True):
            unread.setdefault(str(file), set()).add(int(year))
        held |= inner | (of_base & (years > periods[-1]))  # a shorter horizon has no use for later ones
        if held.all():
            continue
        for file, rows in frame[~held].groupby(typed_columns.FILE, sort=False):
            count, lines, first = len(rows), [str(line) for line in rows[typed_columns.ROW]], rows["period"].iloc[0]
            year = "" if pd.isna(first) else f"{first:.0f}"
            modelled = ", ".join(map(str, periods)) if len(periods) <= NAMED else f"{periods[0]}-{periods[-1]}"
            place = (str(file), int(lines[0]), "period", year)
            if count == 1:
                findings.warn(*place, "row-of-no-period", periods=modelled)
                continue
            named = ", ".join(lines[:NAMED]) + (", …" if count > NAMED else "")
            findings.warn(*place, "rows-of-no-period", count=count, periods=modelled, rows=named)
    if unread:
        starts = ", ".join(map(str, periods))
        years_unread = ", ".join(map(str, sorted(set().union(*unread.values()))))
        findings.warn(manifest.FILE, "", "periods", starts, "years-within-periods", years=years_unread,
                      files=", ".join(unread))  # fmt: skip


def _note_unpaid(top: Layer, settings: Settings, findings: Findings) -> None:
    """Warn of contract prices that a layer gives without list prices, where the list price holds."""
    power = top.frames.get("power")
    if power is None or "price" not in top.absent["power"]:
        return
    columns = [name for name in unit_columns.PRICES if name in power.columns]
    for row in power.to_dict("records"):
        given = [name for name in columns if not pd.isna(row[name])]
        if given and not settings.plan.pays_contract(row["zone"]):
            place = (str(row[typed_columns.FILE]), int(row[typed_columns.ROW]), given[0])
            findings.warn(*place, float(row[given[0]]), "contract-not-paid")


def _is_in_force(frame: pd.DataFrame, table: Table, periods: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return True for each row of a dated table that holds in some period, until the next row of its key."""
    if frame["period"].isna().all():
        return np.ones(len(frame), dtype=bool)
    since = frame["period"].fillna(-np.inf).to_numpy(dtype=np.float64)
    until = np.full(len(frame), np.inf)
    last: dict[str, int] = {}
    keys = layers.keys(frame, [name for name in table.keys if name != "period"])
    for row in np.argsort(since, kind="stable").tolist():
        if keys[row] in last:
            until[last[keys[row]]] = since[row]
        last[keys[row]] = row
    held = np.zeros(len(frame), dtype=bool)
    for period in periods:
        held |= (since <= period) & (period < until)
    return held


def _own_ranges(scenario: Scenario, estimates: pd.DataFrame, findings: Findings) -> Scenario:
    """Return the scenario without inherited ranges of values that it replaces, because their uncertainty may differ."""
    inherited = [at for at, file in enumerate(estimates[typed_columns.FILE]) if "/" in file]
    left_out = estimate_ranges.stale(scenario, inherited)
    for at, (column, value) in left_out.items():
        row = estimates.iloc[at]
        key = "/".join(row[list(tables.BY_NAME["estimates"].keys)])
        place = _("row {line} ({key})", line=int(row[typed_columns.ROW]), key=key)
        findings.warn(
            str(row[typed_columns.FILE]), place, column, float(row[column]), "range-of-other-value", given=value
        )
    if not left_out:
        return scenario
    kept = scenario["estimates"].drop(index=list(left_out)).reset_index(drop=True)
    return dataclasses.replace(scenario, tables={**scenario.tables, "estimates": kept})


def _located(problems: tuple[Problem, ...], frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return the problems with file and line of their row, without those of cells already reported."""
    out: list[Problem] = []
    indexed: dict[str, dict[str, int]] = {}
    for problem in problems:
        table = tables.BY_NAME.get(problem.table)
        if table is None or not problem.row or frames[table.name].empty:
            out.append(problem)
            continue
        frame = frames[table.name]
        if table.name not in indexed:
            names = layers.keys(frame, [key for key in table.keys if key != "period"])
            indexed[table.name] = {key: at for at, key in reversed(list(enumerate(names)))}
        at = indexed[table.name].get(problem.row)
        if at is None:
            out.append(problem)
        elif problem.column not in frame[typed_columns.BAD].iloc[at]:
            row = _("row {line} ({key})", line=int(frame[typed_columns.ROW].iloc[at]), key=problem.row)
            file = str(frame[typed_columns.FILE].iloc[at])
            out.append(problem.at(table=file, row=row))
    return out
