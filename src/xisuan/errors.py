"""Everything xisuan raises on purpose, in one tree.

    XisuanError
    ├── ScenarioError     the input is wrong; carries every problem found        exit code 2
    ├── StoreError        a run folder cannot be read or written                 exit code 2
    ├── InfeasibleError   no plan exists; carries the smallest conflicting set   exit code 3
    └── SolverError       the solver stopped in a state that is no answer        exit code 4

Any other exception that reaches a user is a defect of xisuan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (or worth knowing) in the input, where it is and what to do about it."""

    table: str
    row: str
    column: str
    value: str
    what: str
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        value = f": {self.value}" if self.value else ""
        return f"{place}{value} · {self.what}" if place else self.what


@dataclass(frozen=True, slots=True)
class Relief:
    """By how much one kind of statement that conflicts would have to give for a plan to exist.

    `said`: the amount in words. `amounts`: row, year (0: every one) and amount, in the unit of the table; of demand the
    per cent of a workload. `exact`: with it there is a plan and with less none; otherwise it takes at least as much.
    `together`: it is enough with the others that say so, not by itself.
    """

    table: str
    row: str
    column: str
    said: str
    amounts: tuple[tuple[str, int, float], ...]
    exact: bool
    together: bool

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        largest: dict[str, tuple[float, int]] = {}
        for row, year, amount in self.amounts:
            largest[row] = max(largest.get(row, (0.0, 0)), (amount, year))
        rows = sorted(largest.items(), key=lambda item: -item[1][0])
        shown = [f"{row} {amount:,.6g} ({year})" for row, (amount, year) in rows[:SHOWN] if year]
        more = [f"+{len(rows) - SHOWN}"] if len(rows) > SHOWN else []
        return f"{place}: {self.said}{' · ' if shown else ''}{', '.join(shown + more)}"


SHOWN = 6
"""Rows of a table that are named with what each has to give."""


class XisuanError(Exception):
    """Base of every error that xisuan raises on purpose."""

    exit_code = 4


class ScenarioError(XisuanError):
    """What was given cannot be used as it stands: a scenario, a trace, an option. `problems` lists everything found."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''}"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class StoreError(XisuanError):
    """A run folder is missing, damaged or written by another version."""

    exit_code = 2


NO_PLAN = "No plan satisfies the scenario."


class InfeasibleError(XisuanError):
    """No plan satisfies the scenario, which is what `message` begins with.

    `conflict` is the smallest set of its statements that contradict one another; `reliefs` say what of it would have to
    give, and by how much, and are read first. proof: multipliers of the model's rows that prove it, for whoever looks for
    the conflict in this process; None where nobody has any.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        conflict: Sequence[str] = (),
        reliefs: Sequence[Relief] = (),
        proof: NDArray[np.float64] | None = None,
    ) -> None:
        self.message = message
        self.proof = proof
        self.conflict = tuple(conflict)
        self.reliefs = tuple(reliefs)
        super().__init__("\n".join([*_headline(self.reliefs, message), *(f"  {line}" for line in self.conflict)]))

    def __reduce__(self) -> tuple[type, tuple[str, tuple[str, ...], tuple[Relief, ...]]]:
        # an exception is otherwise pickled as its text alone; the proof is as large as the model
        return type(self), (self.message, self.conflict, self.reliefs)


def _headline(reliefs: Sequence[Relief], message: str) -> list[str]:
    """What comes before the conflict: what would have to give, if that is known, and `message`."""
    if not reliefs:
        return [message]
    if reliefs[0].together:
        enough = "All of these together are enough:" if reliefs[0].exact else "It takes all of these, and at least:"
    else:
        enough = "Each of these alone is enough:" if reliefs[0].exact else "Each of these alone takes at least:"
    return [f"{NO_PLAN} {enough}", *(f"  {one}" for one in reliefs), message.removeprefix(f"{NO_PLAN} ")]


class SolverError(XisuanError):
    """The solver failed, or ended in a state that must not be reported as a result."""

    exit_code = 4


class EndlessError(SolverError):
    """The cost can fall without end, so that no plan is best."""
