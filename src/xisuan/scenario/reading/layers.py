"""Layers of a scenario that extends others: rows hidden by `as_of`, rows dropped, rows added or replaced."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from xisuan.scenario.reading import manifest, remedies, typed_columns, unit_columns
from xisuan.scenario.reading import profiles as profile_rules
from xisuan.scenario.reading.manifest import Fields
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.reading.raw_sheets import Sheet
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.timeline import last_day
from xisuan.text.translation import plural

Frames = dict[str, pd.DataFrame]

WHOLE: Mapping[str, tuple[str, ...]] = {"profile_rules": ("profile",), "borders": ("area",)}
"""Tables whose rows with the same value here make up one thing: a layer that states any of them replaces them all."""


@dataclass(frozen=True)
class Layer:
    """One scenario without its base: the options it states, its typed tables, its profiles, and its lost tables.

    A lost table exists but cannot be read; its problems are recorded, and no conclusions are drawn from its absence.
    `absent`: by table, the columns that its file does not have.
    """

    prefix: str
    stated: Fields
    frames: Frames
    profiles: pd.DataFrame
    lost: frozenset[str] = field(default_factory=frozenset)
    absent: Mapping[str, frozenset[str]] = field(default_factory=dict)


def layer(prefix: str, stated: Fields, sheets: Mapping[str, Sheet], lost: Collection[str], findings: Findings) -> Layer:
    """Return the layer with the typed tables of one scenario's sheets."""
    frames: Frames = {}
    absent: dict[str, frozenset[str]] = {}
    gone = set(lost)
    profiles = pd.DataFrame()
    for name, sheet in sheets.items():
        table = tables.BY_NAME[name]
        if name == "profiles":
            frame = profile_rules.read(sheet, findings)
        else:
            frame, given = _typed(sheet, table, bool(stated.get("extends")), findings)
            absent[name] = frozenset(column.name for column in table.columns) - {*given, table.annotation}
        if frame is None:
            gone.add(name)
        elif name == "profiles":
            profiles = frame
        else:
            frames[name] = _unique(frame, table, findings)
    for name in sorted(set(profiles.columns) & set(frames.get("profile_rules", {"profile": ()})["profile"])):
        findings.error(sheets["profile_rules"].file, "", "profile", name, "profile-given-twice")
    return Layer(prefix, stated, frames, profiles, frozenset(gone), absent)


def _typed(
    sheet: Sheet, table: Table, inherits: bool, findings: Findings
) -> tuple[pd.DataFrame | None, frozenset[str]]:
    """Return the typed rows of a sheet, its units converted, and the columns that it gives; no rows if unreadable.

    The rows of `power` also have the parts of contract prices, if the sheet gives any.
    """
    sheet = unit_columns.convert(sheet, table, findings)
    if table.name != "power":
        return typed_columns.frame(sheet, table, findings, inherits=inherits), frozenset(sheet.columns)
    sheet, parts = unit_columns.take_price_parts(sheet, findings)
    frame = typed_columns.frame(sheet, table, findings, inherits=inherits)
    if frame is not None and parts:
        given = pd.DataFrame(parts, index=pd.Index(sheet.lines)).reindex(frame[typed_columns.ROW])
        frame = frame.assign(**{str(name): given[name].to_numpy() for name in given})
    return frame, frozenset({*sheet.columns, *((unit_columns.CONTRACT,) if parts else ())})


def keys(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return the key of each row, parts joined by /; years without a fraction, blanks empty."""
    return ["/".join(row) for row in _parts(frame, columns)]


def _parts(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the key parts of each row."""
    parts = [[tables.key_part(value) for value in frame[column].tolist()] for column in columns]
    return list(zip(*parts, strict=True))


def _unique(frame: pd.DataFrame, table: Table, findings: Findings) -> pd.DataFrame:
    """Record rows whose key an earlier row has, and return the frame without them."""
    if not table.keys:
        return frame
    names = _parts(frame, table.row_keys)
    if len(set(names)) == len(names):
        return frame
    files, lines = frame[typed_columns.FILE].tolist(), frame[typed_columns.ROW].tolist()
    first: dict[tuple[str, ...], int] = {}
    unread = [not bad.isdisjoint(table.row_keys) for bad in frame[typed_columns.BAD]]
    for at, name in enumerate(names):
        if unread[at]:  # its key could not be read
            first[*name, str(at)] = at
        elif first.setdefault(name, at) != at:
            findings.error(
                files[at], lines[at], ", ".join(table.row_keys), "/".join(name), "key-repeated", line=lines[first[name]]
            )
    return frame.iloc[list(first.values())].reset_index(drop=True)


def options(layers: Sequence[Layer]) -> Fields:
    """Return the options of all layers; later layers take precedence. A name is only taken from the last layer."""
    merged: Fields = {}
    for one in layers:
        merged = {key: value for key, value in merged.items() if key != "name"} | one.stated
    return manifest.with_title(merged, layers[-1].stated) if layers else merged


def merge(layers: Sequence[Layer], as_of: datetime.date | None, findings: Findings) -> Layer:
    """Return all layers merged into one; `layers` is ordered base first."""
    hidden = _hidden(layers, as_of, findings)
    frames: Frames = {table.name: typed_columns.empty(table.name) for table in tables.TABLES}
    profiles = pd.DataFrame()
    unseen: dict[str, set[str]] = {table.name: set() for table in tables.TABLES}
    for one in layers:
        if one.stated.get("drop"):
            frames = _drop(frames, one.stated["drop"], unseen, one.prefix + manifest.FILE, findings)
        ruled = set(one.frames["profile_rules"]["profile"]) if "profile_rules" in one.frames else set()
        profiles = _beside(profiles, one.profiles, ruled)
        base = frames["profile_rules"]
        frames["profile_rules"] = base[~base["profile"].isin(set(one.profiles.columns))].reset_index(drop=True)
        visible = {name: _visible(frame, tables.BY_NAME[name], hidden) for name, frame in one.frames.items()}
        visible = _with_whole_rules(visible, one.frames)
        _note_hidden(one, visible, as_of, findings)
        visible = _with_own_terms(
            one, visible, set(frames["rules"]["rule"]) if len(frames["rules"]) else set(), findings
        )
        if "rules" in visible:
            frames |= _without_rules(frames, set(visible["rules"]["rule"]))
        for name, frame in one.frames.items():
            table = tables.BY_NAME[name]
            unseen[name] |= _either(frame, table) - _either(visible[name], table)
            frames[name] = _over(frames[name], visible[name], table, one.absent.get(name, frozenset()), findings)
        frames["power"] = unit_columns.join_price_parts(frames["power"], findings)
    lost = frozenset(name for one in layers for name in one.lost)
    return Layer(layers[-1].prefix, options(layers), frames, profiles, lost)


def _without_rules(frames: Frames, names: Collection[str]) -> Frames:
    """Return the tables of own rules without these rules: a layer that states a rule replaces all of it."""
    return {
        table: frames[table][~frames[table]["rule"].isin(set(names))].reset_index(drop=True)
        for table in ("rules", "rule_terms")
        if len(frames[table])
    }


def _with_own_terms(one: Layer, visible: Frames, known: Collection[str], findings: Findings) -> Frames:
    """Return the visible rows without terms of rules that only the base states, and record each such rule.

    known: the rules of the base. Terms of a rule that is not stated are left for the check of references.
    """
    if "rule_terms" not in visible or "rules" in one.lost:
        return visible
    terms = visible["rule_terms"]
    own = set(one.frames["rules"]["rule"]) if "rules" in one.frames else set()
    lone = terms["rule"].isin(set(known) - own)
    for row in terms[lone].drop_duplicates("rule").to_dict("records"):
        place = (row[typed_columns.FILE], int(row[typed_columns.ROW]))
        findings.error(*place, "rule", row["rule"], "rule-of-base-in-part")
    return visible | {"rule_terms": terms[~lone].reset_index(drop=True)}


def _over(
    base: pd.DataFrame, more: pd.DataFrame, table: Table, absent: frozenset[str], findings: Findings
) -> pd.DataFrame:
    """Return `base` with rows of `more` added, replacing those of the same key, or of the same whole (WHOLE).

    absent: columns that the file of `more` lacks. A row that takes the place of another, from the start or from its
    period on, keeps that row's values in them; a column that is there and left blank empties them. A required column
    may be absent only if every row takes the place of another; the others are recorded and left out.
    """
    if more.empty:
        return base
    inherits = absent and table.name not in WHOLE and len(base)
    rows, source = _predecessors(base, more, table) if inherits else ([], [])
    required = [column for column in table.columns if column.required and column.name in absent]
    if required and len(rows) < len(more):
        new = more.drop(index=rows)
        for column in required:
            place = (str(new[typed_columns.FILE].iloc[0]), int(new[typed_columns.ROW].iloc[0]))
            findings.fault(*place, column.name, "", remedies.missing(column))
    if base.empty:
        return more
    if rows:
        more = more.assign(**{name: _filled(more[name], rows, base[name].iloc[source]) for name in absent})
    columns = WHOLE.get(table.name, table.row_keys)
    replaced = set(_parts(more, columns))
    kept = base[[key not in replaced for key in _parts(base, columns)]]
    return pd.concat([kept, more], ignore_index=True) if len(kept) else more


def _predecessors(base: pd.DataFrame, more: pd.DataFrame, table: Table) -> tuple[list[int], list[int]]:
    """Return the rows of `more` that stand for rows of `base`, and for each the row of `base` whose place it takes.

    That is the row of the same key in force at its period: the latest not after it, otherwise the earliest.
    """
    names = [key for key in table.row_keys if key != "period"]
    dated = "period" in table.row_keys
    known: dict[tuple[str, ...], list[tuple[float, int]]] = {}
    for at, (key, since) in enumerate(zip(_parts(base, names), _since(base, dated), strict=True)):
        known.setdefault(key, []).append((since, at))
    rows, source = list[int](), list[int]()
    for at, (key, since) in enumerate(zip(_parts(more, names), _since(more, dated), strict=True)):
        if key in known:
            held = [pair for pair in known[key] if pair[0] <= since]
            rows.append(at)
            source.append((max(held) if held else min(known[key]))[1])
    return rows, source


def _since(frame: pd.DataFrame, dated: bool) -> list[float]:
    """Return the year from which each row holds: −∞ without a period, and for all rows of an undated table."""
    return frame["period"].fillna(-np.inf).tolist() if dated else [-np.inf] * len(frame)


def _filled(column: pd.Series[Any], rows: Sequence[int], values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column with the values of replaced rows at `rows`."""
    out = column.copy()
    out.iloc[list(rows)] = values.to_numpy()
    return out


def _beside(base: pd.DataFrame, more: pd.DataFrame, ruled: Collection[str]) -> pd.DataFrame:
    """Return profiles of `base` and `more`. Names in `more`, or now given by rules, replace those in `base`."""
    replaced = {*more.columns, *ruled}
    kept = base.drop(columns=[name for name in base.columns if name in replaced and name != "hour"])
    if more.empty:
        return kept
    return pd.concat([more, kept.drop(columns="hour", errors="ignore")], axis=1)


# --- rows hidden by as_of --------------------------------------------------------------------------------------------


def _hidden(layers: Sequence[Layer], as_of: datetime.date | None, findings: Findings) -> frozenset[str]:
    """Return the sources dated after `as_of`, and record dates that cannot be read."""
    dates: dict[str, datetime.date] = {}
    for one in layers:
        for row in one.frames.get("sources", pd.DataFrame()).to_dict("records"):
            dates.pop(row["source"], None)
            if row["date"] and (day := last_day(row["date"])):
                dates[row["source"]] = day
            elif row["date"]:
                findings.error(
                    row[typed_columns.FILE], int(row[typed_columns.ROW]), "date", row["date"], "date-unreadable"
                )
    return frozenset(source for source, day in dates.items() if as_of is not None and day > as_of)


def _visible(frame: pd.DataFrame, table: Table, hidden: frozenset[str]) -> pd.DataFrame:
    """Return the rows without a hidden source."""
    if not hidden or table.hindsight or table.name == "sources" or frame.empty:
        return frame
    seen = np.array([hidden.isdisjoint(map(str.strip, cell.split(";"))) for cell in frame[table.annotation]])
    return frame[seen].reset_index(drop=True)


def _with_whole_rules(visible: Frames, frames: Frames) -> Frames:
    """Return the visible rows, with all terms of a visible own rule and none of a hidden one."""
    if "rule_terms" not in frames:
        return visible
    hidden = {rule for name in ("rules",) if name in frames for rule in frames[name]["rule"]}
    hidden -= set(visible["rules"]["rule"]) if "rules" in visible else set()
    terms = frames["rule_terms"]
    return visible | {"rule_terms": terms[~terms["rule"].isin(hidden)].reset_index(drop=True)}


def _note_hidden(one: Layer, visible: Frames, as_of: datetime.date | None, findings: Findings) -> None:
    """Warn of hidden rows: one warning per table of the scenario itself, and one for all tables of each base."""
    counts = {name: len(frame) - len(visible[name]) for name, frame in one.frames.items()}
    counts = {name: count for name, count in counts.items() if count}
    if one.prefix and counts:
        rows = plural("{count} row", "{count:,} rows", sum(counts.values()))
        place = (one.prefix.rstrip("/"), "", "", "")
        findings.warn(*place, "base-rows-hidden", rows=rows, tables=", ".join(sorted(counts)), as_of=str(as_of))
        return
    for name, count in counts.items():
        rows = plural("{count} row", "{count:,} rows", count)
        file = str(one.frames[name][typed_columns.FILE].iloc[0])
        findings.warn(file, "", tables.BY_NAME[name].annotation, "", "rows-hidden", rows=rows, as_of=str(as_of))


# --- rows dropped by a layer -----------------------------------------------------------------------------------------


def identities(frames: Mapping[str, pd.DataFrame]) -> dict[str, set[str]]:
    """Return the names that rows may refer to, by the table referred to; a region's node counts as a node."""
    out = {table.name: _values(frames[table.name], table.keys[0]) for table in tables.TABLES if len(table.keys) == 1}
    out["nodes"] |= _values(frames["regions"], "node")
    out["hubs"] = _values(frames["sites"], "hub") - {""}
    return out


def _values(frame: pd.DataFrame, column: str) -> set[str]:
    """Return the values of a column, empty for a frame without rows."""
    return set(frame[column]) if len(frame) else set()


def _references(table: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Return the columns of a table that refer to other tables. Scopes and classes may refer to several.

    A term of an own rule goes with its rule only: a sum that lost a term would be another rule.
    """
    if table.name == "rule_terms":
        return [("rule", ("rules",))]
    named = [
        (column.name, column.refers) for column in table.columns if column.refers and column.refers != ("profiles",)
    ]
    scopes = {"policies": ("sites", "links", "hubs"), "budgets": ("hubs",)}
    if table.name in scopes:
        named.append(("scope", scopes[table.name]))
    if table.name == "workloads":
        named.append(("class", ("technologies",)))
    return named


def _either(frame: pd.DataFrame, table: Table) -> set[str]:
    """Return the keys of the rows, with and without the period."""
    if not table.keys or frame.empty:
        return set()
    return {*keys(frame, table.keys), *keys(frame, [key for key in table.keys if key != "period"])}


def _drop(
    frames: Frames,
    dropped: Mapping[str, Sequence[str]],
    unseen: Mapping[str, set[str]],
    file: str,
    findings: Findings,
) -> Frames:
    """Return the frames without the named rows and without all rows that refer to dropped ones, directly or not.

    `unseen`: keys of rows that `as_of` hides; naming one is no error, because the row exists without the date.
    """
    before = identities(frames)
    estimated = {name: set(keys(frames[name], table.keys)) for name, table in tables.BY_NAME.items()}
    frames = dict(frames)
    for name, unwanted in dropped.items():
        if name in ("profiles", "profile_rules"):
            findings.error(file, "[drop]", name, "", "profile-dropped")
            continue
        table = tables.BY_NAME[name]
        whole = keys(frames[name], table.keys)
        short = keys(frames[name], [key for key in table.keys if key != "period"])
        for key in sorted(set(unwanted) - {*whole, *short} - unseen[name]):
            findings.error(file, "[drop]", name, key, "dropped-row-unknown", hint=findings.suggest_row(key, set(short)))
        left = [long not in unwanted and brief not in unwanted for long, brief in zip(whole, short, strict=True)]
        frames[name] = frames[name][np.array(left, dtype=bool)].reset_index(drop=True)
    # Repeat until no row refers to a dropped one.
    while True:
        after = identities(frames)
        gone = {name: before[name] - after[name] for name in before}
        count = sum(map(len, frames.values()))
        frames = {name: _without(frame, tables.BY_NAME[name], gone, after) for name, frame in frames.items()}
        if sum(map(len, frames.values())) == count:
            return frames | {"estimates": _of_rows_left(frames, estimated)}


def _without(
    frame: pd.DataFrame, table: Table, gone: Mapping[str, set[str]], left: Mapping[str, set[str]]
) -> pd.DataFrame:
    """Return the rows that do not refer to dropped rows."""
    for column, kinds in _references(table):
        missing = set().union(*map(gone.__getitem__, kinds)) - set().union(*map(left.__getitem__, kinds))
        if missing and len(frame):
            frame = frame[~frame[column].isin(missing)].reset_index(drop=True)
    return frame


def _of_rows_left(frames: Mapping[str, pd.DataFrame], before: Mapping[str, set[str]]) -> pd.DataFrame:
    """Return the estimates without those of dropped rows; keys with * match no single row."""
    estimates = frames["estimates"]
    if estimates.empty:
        return estimates
    gone = {name: before[name] - set(keys(frames[name], table.keys)) for name, table in tables.BY_NAME.items()}
    pairs = zip(estimates["table"], estimates["key"], strict=True)
    left = [key not in gone.get(table, ()) for table, key in pairs]
    return estimates[np.array(left, dtype=bool)].reset_index(drop=True)
