"""Transfer of a linear program to HiGHS, without a second copy of a large matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp

from gnomon.errors import SolverError
from gnomon.highs import highs_status
from gnomon.model.csr_matrix import refuse
from gnomon.model.linear_program import LinearProgram

SLICED = 500_000
"""Non-zeros from which HiGHS receives the columns in slices. A smaller matrix costs little and is often needed again."""
SLICES = 56
"""Number of slices. HiGHS doubles its buffers when they are full, and old and new then coexist. With a number slightly
below a power of 2 the last doubling happens at half of the model."""


def hand_over(engine: Any, flat: LinearProgram) -> None:
    """Give HiGHS the model: a small one as a whole; of a large one first the rows, empty, then columns in slices.

    HiGHS keeps a copy by columns. Given as a whole, this copy, our matrix, and for a moment its own by rows would
    coexist. Our matrix is therefore dropped and its columns are generated in slices. HiGHS holds the same model either
    way.
    """
    refuse(flat.nonzeros)
    if flat.nonzeros < SLICED:
        done = _whole(engine, flat)
    else:
        flat.coefficients.forget()
        done = min((*_sliced(engine, flat), engine.changeObjectiveOffset(flat.constant)), key=int)
    if done == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS: {highs_status.explain_status('kModelError')}")


def _whole(engine: Any, flat: LinearProgram) -> Any:
    """Pass all arrays at once, without a Python copy."""
    matrix: sp.csr_matrix = flat.matrix
    rows, columns = matrix.shape
    return engine.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        flat.constant,
        flat.cost,
        flat.lower,
        flat.upper,
        flat.row_lower,
        flat.row_upper,
        matrix.indptr.astype(np.int32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data,
        flat.integer.astype(np.int32),
    )


def _sliced(engine: Any, flat: LinearProgram) -> Iterator[Any]:
    """Pass rows without entries, then columns with theirs; yield the status of each call."""
    rows, none = len(flat.row_lower), np.empty(0, dtype=np.int32)
    yield engine.addRows(rows, flat.row_lower, flat.row_upper, 0, np.zeros(rows, dtype=np.int32), none, np.empty(0))
    for part in flat.coefficients.slices(-(-flat.nonzeros // SLICES) or 1):
        at = slice(part.first, part.last)
        sides = (flat.cost[at], flat.lower[at], flat.upper[at])
        yield engine.addCols(part.last - part.first, *sides, len(part.values), part.starts[:-1], part.rows, part.values)
    whole = np.flatnonzero(flat.integer).astype(np.int32)
    if len(whole):
        kinds = np.full(len(whole), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        yield engine.changeColsIntegrality(len(whole), whole, kinds)
