"""Finite upper bounds of every variable of an operated period, satisfied by at least one cheapest operation.

Capacity is given, so nearly all bounds are hard: they follow from the rows. Besides, flows have no cycles, a peak is no
higher than the power drawn, and a limit is exceeded by no more than necessary. None of these increases another
variable, so one cheapest operation satisfies all of them. The bounds do not depend on the cost or feasibility of the
operation that is checked.
"""

from __future__ import annotations

import numpy as np

from xisuan.certificate.constraints.operation_statement import STANDING, UNSENT, Operated, excess
from xisuan.certificate.proof.usage_bounds import Uses
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.sparse_rows import Rows


class OperationBounds(Uses):
    """Upper bounds of one period: `most[name]` broadcasts to the values of the family."""

    def __init__(self, columns: Operated) -> None:
        super().__init__(columns)
        for name in STANDING:
            self.most[name] = columns[name].upper
        for step in (self._work, self._loads, self._within_installed, self._traffic, self._power, self._draw):
            step()
        self._close()
        if UNSENT in columns.families:
            self.most[UNSENT] = columns[UNSENT].upper

    def _battery(self) -> None:
        """Bound a battery by its energy capacity and its power."""
        labels = self.columns["energy"].labels
        power = [self.columns["supply"].at[s, "battery"] for (s,) in labels]
        self.most["stored"] = self.most["energy"][:, None]
        self.most["charge"] = self.most["discharge"] = self.most["supply"][:, None][..., power]
        for i, (s,) in enumerate(labels):
            self.charge[s] = self.most["charge"][..., i]

    def exceed(self, rows: Rows) -> None:
        """Bound the excess over a yearly limit by the worst value of its row in the box of the other variables."""
        columns, name = self.columns, excess(rows.name)
        lower, upper = np.zeros(columns.size), np.zeros(columns.size)
        for family in columns.families.values():
            if family.name != name:
                family.view(lower)[...] = family.lower
                family.view(upper)[...] = np.maximum(self.most[family.name], family.lower)
        # Turn ≥ rows into ≤ rows, so that the excess is max(0, Σ a x − b).
        sign = -1.0 if rows.sense == ">" else 1.0
        total = np.zeros(int(np.prod(rows.shape)))
        for row, column, coef in rows.pieces():
            other = (column < columns[name].span.start) | (column >= columns[name].span.stop)
            # Each other variable sits at the bound that makes the row largest.
            worst = np.where(sign * coef > 0, upper[column], lower[column])
            total += np.bincount(row[other], (sign * coef * worst)[other], len(total))
        most: Array = np.maximum(total.reshape(rows.shape) - sign * rows.rhs, 0.0)
        self.most[name] = most
