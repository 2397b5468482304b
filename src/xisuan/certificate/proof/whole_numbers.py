"""Lower bound among the plans that have given whole numbers: what the duals of a plan with integers prove."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.certificate.proof.weak_duality import Proof, best
from xisuan.certificate.reading.calendar import Array
from xisuan.results.labelled_values import Found


def bound_at_whole(statement: Statement, x: Array, duals: Mapping[str, Found]) -> float:
    """Return the bound that `duals` prove on the objective where every integer variable is as in `x`; −inf for none."""
    spent = sum(max(term, 0.0) for term in statement.costs(x).values())
    bounds = Bounds(statement, spent if math.isfinite(spent) else math.inf)
    proof = Proof(statement.columns, statement.objective, statement.constant, duals)
    for rows in statement.rows(bounds.most, x):
        if rows.labels:
            proof.take(rows)
    proof.carry(bounds.most)
    box = dict(proof.box(bounds.most))
    for name, family in statement.columns.families.items():
        if family.integer:
            fixed = np.rint(family.view(x))
            box[name] = (fixed, fixed)
    return best(proof.totals(box)) + statement.constant
