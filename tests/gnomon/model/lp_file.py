"""Writer of a linear program in the CPLEX LP format, with the names of blocks and labels.

`build(s1,compute,2)` is the item (s1, compute) of `build` in period 2; `serve(r1,s1,0,13)` is hour 13 of period 0.
Brackets are round because square ones mean quadratic terms in this format. Characters that it forbids in names become
_. Equal models give equal texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from gnomon.arrays import Array
from gnomon.model.block_model import Block, Model
from gnomon.model.linear_program import LinearProgram

WIDTH = 100
_FORBIDDEN = re.compile(r"[^\w.,;?@#$%&!~'()]", re.ASCII)


def text(flat: LinearProgram) -> str:
    """Return the model in LP format. Rows without sides appear as comments; ranges as two rows, the second marked ~."""
    rows, columns = (
        names(flat.model, family, count)
        for family, count in zip((flat.model.rows, flat.model.columns), flat.matrix.shape, strict=True)
    )
    cost = _terms(flat.cost, np.arange(len(columns)), columns) or ["0"]
    constant = [f"{'-' if flat.constant < 0 else '+'} {abs(flat.constant):.12g}"] if flat.constant else []
    lines = ["minimize", *_wrapped("obj:", [*cost, *constant]), "subject to"]
    lines += _rows(flat, rows, columns)
    lines += ["bounds", *_bounds(flat, columns)]
    if flat.integer.any():
        lines += ["general", *_wrapped("", (columns[at] for at in np.flatnonzero(flat.integer)))]
    return "\n".join([*lines, "end", ""])


def names(model: Model, family: dict[str, Block], count: int) -> list[str]:
    """Return a unique name for each row (or column) in flat order. Rows beyond the model's own are extra(0), …"""
    plain: list[str] = []
    for hourly in (False, True):
        blocks = [block for block in family.values() if block.hourly == hourly]
        items = [f"{block.name}({','.join(label)}," for block in blocks for label in block.labels]
        for period in range(model.periods):
            suffixes = [f"{period},{hour})" for hour in range(model.hours)] if hourly else [f"{period})"]
            plain += [item + suffix for suffix in suffixes for item in items]
    plain += [f"extra({at})" for at in range(count - len(plain))]
    return _unlike(_FORBIDDEN.sub("_", name.replace("(,", "(")) for name in plain)


def _unlike(plain: Iterable[str]) -> list[str]:
    """Yield the names, with ~2, ~3 … appended to repetitions."""
    seen: dict[str, int] = {}
    out: list[str] = []
    for name in plain:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return out


def _rows(flat: LinearProgram, rows: list[str], columns: list[str]) -> Iterator[str]:
    """Yield the rows in LP format."""
    for at, name in enumerate(rows):
        part = slice(flat.matrix.indptr[at], flat.matrix.indptr[at + 1])
        left = _terms(flat.matrix.data[part], flat.matrix.indices[part], columns) or [f"0 {columns[0]}"]
        lower, upper = float(flat.row_lower[at]), float(flat.row_upper[at])
        if lower == upper:
            yield from _wrapped(f"{name}:", [*left, f"= {lower:.12g}"])
            continue
        if np.isfinite(lower):
            yield from _wrapped(f"{name}:", [*left, f">= {lower:.12g}"])
        if np.isfinite(upper):
            yield from _wrapped(f"{name}{'~' if np.isfinite(lower) else ''}:", [*left, f"<= {upper:.12g}"])
        if not (np.isfinite(lower) or np.isfinite(upper)):
            yield from ("\\" + line for line in _wrapped(f"{name}:", [*left, "without a side"]))


def _bounds(flat: LinearProgram, columns: list[str]) -> Iterator[str]:
    """Yield every bound that differs from the format's default of 0 and infinity."""
    for name, lower, upper in zip(columns, flat.lower.tolist(), flat.upper.tolist(), strict=True):
        if lower == upper:
            yield f" {name} = {lower:.12g}"
        elif np.isneginf(lower) and np.isposinf(upper):
            yield f" {name} free"
        elif np.isposinf(upper):
            if lower != 0.0:
                yield f" {name} >= {lower:.12g}"
        else:
            yield f" {lower:.12g} <= {name} <= {upper:.12g}"


def _terms(values: Array, items: NDArray[np.integer], columns: list[str]) -> list[str]:
    """Return the terms value × column in order of the columns, without zeros."""
    terms = [
        ("- " if value < 0 else "+ ") + ("" if abs(value) == 1.0 else f"{abs(value):.12g} ") + columns[item]
        for item, value in sorted(zip(items.tolist(), values.tolist(), strict=True))
        if value != 0.0
    ]
    return [terms[0].removeprefix("+ "), *terms[1:]] if terms else []


def _wrapped(head: str, words: Iterable[str]) -> Iterator[str]:
    """Yield `head` and the words in lines of at most WIDTH characters, broken between words only."""
    line = f" {head}"
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = "  "
        line += f" {word}"
    yield line
