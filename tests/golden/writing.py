"""One family of constraints as an LP file: its rows with their columns and the columns' bounds, no costs."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from gnomon.model.block_model import Block, Entries, Model
from gnomon.model.linear_program import flatten
from tests.gnomon.model import lp_file
from tests.golden.cases import CASES, Case
from tests.golden.small import small
from xisuan.equations.build_model import CAPACITIES, assemble
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import CONSTRAINT
from xisuan.planning.expansion import plan

FOLDER = Path(__file__).parent


def path(constraint: str) -> Path:
    """The golden file of a constraint."""
    return FOLDER / f"{constraint}.lp"


def golden(constraint: str) -> str:
    """What the golden file of a constraint must say."""
    case = CASES[constraint]
    stated = CONSTRAINT[constraint]
    head = [*textwrap.wrap(f"{stated.name}: {stated.formula}", 98), "", *textwrap.dedent(case.sum).strip().splitlines()]
    lines = [f"\\ {line}".rstrip() for line in head]
    return "\n".join([*lines, "", lp_file.text(flatten(_shown(constraint)))])


@functools.cache
def assembled(constraint: str) -> Assembly:
    """The model of a constraint's case, operated where the case says so, with what each column costs."""
    case = CASES[constraint]
    scenario = small(case.tables, case.settings)
    if not case.operated:
        return assemble(scenario)
    variables = plan(scenario).variables
    return assemble(scenario, fixed={name: variables[name] for name in CAPACITIES if name in variables})


def variables(constraint: str) -> set[str]:
    """Names of the variables in the rows of a constraint's case."""
    return set(_shown(constraint).columns)


@functools.cache
def _shown(constraint: str) -> Model:
    return family(assembled(constraint).model, constraint)


def family(whole: Model, constraint: str) -> Model:
    """The part of a model that is one family of rows, with the columns they hold."""
    part = Model(whole.periods, whole.previous)
    rows = whole.rows[constraint]
    parts = [entries for entries in whole.entries if entries.row is rows]
    used: dict[str, set[int]] = {}
    for entries in parts:
        held = {int(i) for k, i in enumerate(entries.columns) if np.any(entries.values[..., k] != 0)}
        used.setdefault(entries.column.name, set()).update(held)
    kept = {name: sorted(items) for name, items in used.items() if items}
    blocks = {name: _columns(part, whole.columns[name], items) for name, items in kept.items()}
    row = part.add_rows(rows.name, rows.dims, rows.labels, hourly=rows.hourly, lower=rows.lower, upper=rows.upper)
    part.entries += [_moved(one, row, blocks[one.column.name]) for one in parts if one.column.name in blocks]
    return part


def _columns(part: Model, block: Block, items: list[int]) -> Block:
    return part.add_columns(
        block.name,
        block.dims,
        [block.labels[i] for i in items],
        hourly=block.hourly,
        lower=block.lower[..., items],
        upper=block.upper[..., items],
        integer=block.integer,
    )


def _moved(entries: Entries, row: Block, column: Block) -> Entries:
    """The entries between the blocks of the part; those on columns that are left out are 0 everywhere."""
    labels = [entries.column.labels[int(i)] for i in entries.columns]
    keep = [k for k, label in enumerate(labels) if label in column.position]
    periods = entries.periods and (entries.periods[0][keep], entries.periods[1][keep])
    columns = column.at([labels[k] for k in keep])
    return replace(
        entries,
        row=row,
        column=column,
        rows=entries.rows[keep],
        columns=columns,
        values=entries.values[..., keep],
        periods=periods,
    )


def write(names: Mapping[str, Case]) -> None:
    """Write the golden files of `names` anew, and remove those of no constraint."""
    for old in FOLDER.glob("*.lp"):
        if old.stem not in CASES:
            old.unlink()
    for name in names:
        path(name).write_text(golden(name), encoding="utf-8")
