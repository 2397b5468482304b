"""Recomputed tables of work undone and limits exceeded: `shortfall` and `excess`."""

from __future__ import annotations

import pandas as pd

from xisuan.certificate.certify_schedule import exceeded, left_undone
from xisuan.certificate.constraints.operation_statement import Operation
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.certificate.tables.units_of_prices import CONSTRAINTS
from xisuan.results.schedule import TABLES


def shortfall(operation: Operation, of: Operands) -> Recomputed:
    """Recompute `shortfall`: yearly work not done and traffic not carried."""
    rows = [
        (of.periods[0], one.workload, one.region, one.unit_hours, one.share, one.mcny)
        for one in left_undone(operation, of.x)
        if one.unit_hours > 0.0
    ]
    return Recomputed(pd.DataFrame(rows, columns=list(TABLES["shortfall"])), ("period", "workload", "region"))


def excess(operation: Operation, of: Operands) -> Recomputed:
    """Recompute `excess`: yearly rules that are exceeded."""
    rows = [
        (of.periods[0], rule, scope, numbers["amount"], CONSTRAINTS[rule], numbers["mcny"])
        for (rule, scope), numbers in exceeded(operation.columns, of.x).items()
        if numbers["amount"] > 0.0
    ]
    return Recomputed(pd.DataFrame(rows, columns=list(TABLES["excess"])), ("period", "rule", "scope"))
