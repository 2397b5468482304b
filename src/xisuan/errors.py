"""Exceptions that xisuan raises on purpose, as one hierarchy.

    XisuanError
    ├── ScenarioError     invalid input; carries every problem found             exit code 2
    ├── StoreError        a run folder cannot be read or written                 exit code 2
    ├── InfeasibleError   no plan exists; carries the smallest conflicting set   exit code 3
    └── SolverError       the solver stopped without a solution                  exit code 4

`XisuanError` is the root of the engine's errors as well, so one `except` catches those of both packages; `SolverError`
and `InfeasibleError` are the engine's. Any other exception that reaches a user is a defect of xisuan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from gnomon.errors import INFEASIBLE as NO_PLAN
from gnomon.errors import GnomonError, InfeasibleError, OptionError, SolverError

__all__ = [
    "NO_PLAN",
    "InfeasibleError",
    "Problem",
    "Relief",
    "ScenarioError",
    "SolverError",
    "StoreError",
    "XisuanError",
    "refusing_options",
]


Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of the input (an error or a warning): its place, its value and the remedy."""

    table: str
    row: str
    column: str
    value: str
    what: str
    level: Level = "error"
    more: int = 0
    """Problems like this that it stands for, where it counts them instead of naming them."""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        value = f": {self.value}" if self.value else ""
        return f"{place}{value} · {self.what}" if place else self.what


ALIKE = 5
"""Problems of one kind that people are told one by one; the others are counted."""
_VALUES = re.compile(r'"[^"]*"|[\d.,]+')
"""What differs between problems of one kind: names in quotes and numbers."""


def counted(table: str, column: str, level: Level, count: int) -> Problem:
    """Return the line that stands for `count` further problems."""
    return Problem(table, "", column, "", f"and {count:,} more like these", level, count)


def shortened(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems as people read them: of those that say the same of one column, the first few and how many more."""
    kinds: dict[tuple[Level, str, str, str], list[Problem]] = {}
    for one in problems:
        kinds.setdefault((one.level, one.table, one.column, _VALUES.sub("", one.what)), []).append(one)
    of_table = Counter((level, table) for level, table, *_ in kinds)
    beyond = Counter[tuple[Level, str]]()
    for one in problems:
        beyond[one.level, one.table] += one.more
    out: list[Problem] = []
    for (level, table, column, _), alike in kinds.items():
        same = bool(beyond[level, table]) and of_table[level, table] == 2  # what is counted is of the one kind there is
        if alike[0].more:
            out += [] if same else alike
            continue
        more = len(alike) - ALIKE + (beyond[level, table] if same else 0)
        out += alike if more <= 1 else [*alike[:ALIKE], counted(table, column, level, more)]
    return out


@dataclass(frozen=True, slots=True)
class Relief:
    """Least change of one kind of conflicting input with which a plan would exist.

    - `said`: the amount in words. `amounts`: row, year (0: every year) and amount in the unit of the table; for demand
      in per cent of a workload.
    - `exact`: True if a plan exists with this change and none with less; False if it is a lower bound.
    - `together`: True if the change suffices only together with the others marked so.
    """

    table: str
    row: str
    column: str
    said: str
    amounts: tuple[tuple[str, int, float], ...]
    exact: bool
    together: bool

    @property
    def heading(self) -> str:
        """Heading of a list of reliefs of this kind."""
        if self.together:
            return "All of these together are enough:" if self.exact else "It takes all of these, and at least:"
        return "Each of these alone is enough:" if self.exact else "Each of these alone takes at least:"

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
"""Rows of a table that are listed with their amounts."""


XisuanError = GnomonError
"""Base class of every error raised on purpose, by xisuan or by the engine."""


class ScenarioError(XisuanError):
    """Invalid input: a scenario, a trace or an option. `problems` lists everything found."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = sum(max(1, problem.more) for problem in self.problems)
        head = f"{count:,} problem{'s' if count != 1 else ''}"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in shortened(self.problems))]))

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class StoreError(XisuanError):
    """A run folder is missing, damaged or written by another version."""

    exit_code = 2


@contextmanager
def refusing_options() -> Iterator[None]:
    """Turn the engine's refusal of an option into a ScenarioError with one problem an option; also a decorator."""
    try:
        yield
    except OptionError as refused:
        problems = [Problem(name, "", "", value, refused.what) for name, value in refused.options.items()]
        raise ScenarioError(problems) from None
