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
from typing import Literal


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


class XisuanError(Exception):
    """Base of every error that xisuan raises on purpose."""

    exit_code = 4


class ScenarioError(XisuanError):
    """The scenario cannot be used as it stands. `problems` lists everything found, not only the first."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the scenario"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class StoreError(XisuanError):
    """A run folder is missing, damaged or written by another version."""

    exit_code = 2


class InfeasibleError(XisuanError):
    """No plan satisfies the scenario. `conflict` is the smallest set of its statements that contradict one another."""

    exit_code = 3

    def __init__(self, message: str, conflict: Sequence[str] = ()) -> None:
        self.conflict = tuple(conflict)
        self._message = message
        super().__init__("\n".join([message, *(f"  {line}" for line in self.conflict)]))

    def __reduce__(self) -> tuple[type, tuple[str, tuple[str, ...]]]:
        return type(self), (self._message, self.conflict)  # an exception is otherwise pickled as its text alone


class SolverError(XisuanError):
    """The solver failed, or ended in a state that must not be reported as a result."""

    exit_code = 4
