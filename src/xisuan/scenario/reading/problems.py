"""Collection of the problems of an input, so that all are reported at once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from xisuan.errors import Level, Problem, counted, printable
from xisuan.scenario.reading import spelling
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

MOST_PER_TABLE = 1000
"""Problems listed for one table; further ones are only counted, because a damaged file may have millions."""
MOST_SUGGESTIONS = 50
"""Spelling suggestions of one reading, because each compares a word with all known ones."""
MOST_KNOWN = 5000
FEW = 12
"""Known words up to which all are listed if none is similar."""
LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """Return a value for display: on one line, short, without control characters."""
    if isinstance(value, list | tuple):
        value = value[:LONGEST_SHOWN]  # at least one character an entry
    text = value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)
    return printable(text[:LONGEST_SHOWN] + ("…" if len(text) > LONGEST_SHOWN else ""))


def _placed(problem: Problem, level: Level, table: str, row: str | int, column: str, value: object) -> Problem:
    """Return a problem at its place, whose parts are short and on one line."""
    place = row if isinstance(row, int | Message) else printable(row)
    return problem.at(table=printable(table), row=place, column=shown(column), value=shown(value), level=level)


class Findings:
    """Problems found so far. `table` is a table or file, `row` its line or key; any part may be blank."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[str, Level]] = Counter()
        self._suggestions = 0
        self._typed: dict[tuple[str, str], tuple[str, float]] = {}

    def error(self, table: str, row: str | int, column: str, value: object, code: str, /, **values: Any) -> None:
        """Record a problem that must be corrected, by its code and the values of its message."""
        if self._listed(table, "error"):
            self._problems.append(_placed(Problem(code, **values), "error", table, row, column, value))

    def warn(self, table: str, row: str | int, column: str, value: object, code: str, /, **values: Any) -> None:
        """Record a notice that changes no result, by its code and the values of its message."""
        if self._listed(table, "warning"):
            self._problems.append(_placed(Problem(code, **values), "warning", table, row, column, value))

    def fault(self, table: str, row: str | int, column: str, value: object, problem: Problem) -> None:
        """Record a problem found without its place as one that must be corrected."""
        if self._listed(table, "error"):
            self._problems.append(_placed(problem, "error", table, row, column, value))

    def give_as_typed(self, table: str, column: str, name: str, factor: float) -> None:
        """Name a column of a file `name`, and its values divided by `factor`, in all its problems."""
        self._typed[table, column] = name, factor

    def _as_typed(self, problem: Problem) -> Problem:
        """Return a problem with the columns and units that the file has: its own, and an `amount` of an `other` column."""
        found = problem
        if (problem.table, problem.column) in self._typed:
            name, factor = self._typed[problem.table, problem.column]
            try:
                value = f"{float(problem.value) / factor:.6g}"
            except ValueError:
                value = problem.value
            found = found.at(column=name, value=value)
        other = self._typed.get((problem.table, str(problem.values.get("other"))))
        if other and "amount" in problem.values:
            found = found.with_values(other=other[0], amount=problem.values["amount"] / other[1])
        return found

    def add(self, problems: Iterable[Problem]) -> None:
        """Record problems from another reading."""
        for problem in problems:
            if problem.more or self._listed(problem.table, problem.level):
                self._problems.append(problem)

    def _listed(self, table: str, level: Level) -> bool:
        """Count a problem of a table. Return True if it is listed, False beyond the limit."""
        self._counts[table, level] += 1
        return self._counts[table, level] <= MOST_PER_TABLE

    def suggest(self, word: str, known: Collection[str]) -> str:
        """Return `did you mean "…"?`, or the known words if they are few, or an empty text."""
        few = _("known: {names}", names=", ".join(sorted(known))) if 0 < len(known) <= FEW else ""
        if len(word) > LONGEST_SHOWN or len(known) > MOST_KNOWN or self._suggestions >= MOST_SUGGESTIONS:
            return few
        self._suggestions += 1
        lower = {name.lower(): name for name in known}
        close = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
        return _('did you mean "{name}"?', name=shown(lower[close[0]])) if close else few

    def suggest_row(self, word: str, known: Collection[str], files: str = "") -> str:
        """Return the one known name that `word` misspells, else advice to add it to `files` with the few known names.

        Matching is strict, because similar names of rows may mean different places.
        """
        if len(word) <= LONGEST_SHOWN and len(known) <= MOST_KNOWN and self._suggestions < MOST_SUGGESTIONS:
            self._suggestions += 1
            close = [name for name in known if spelling.slip(word, name)]
            if len(close) == 1:
                return _('did you mean "{name}"?', name=shown(close[0]))
        few = ", ".join(sorted(known)) if 0 < len(known) <= FEW else ""
        if files:
            return (
                _("add it to {files}; known: {names}", files=files, names=few)
                if few
                else _("add it to {files}", files=files)
            )
        return _("known: {names}", names=few) if few else ""

    @property
    def failed(self) -> bool:
        """True if an error has been recorded."""
        return any(level == "error" for _table, level in self._counts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors, then warnings, each in the order found, with a line for those beyond the limit."""
        more = [
            counted(table, "", level, count - MOST_PER_TABLE)
            for (table, level), count in self._counts.items()
            if count > MOST_PER_TABLE
        ]
        found = [*map(self._as_typed, self._problems), *more]
        return tuple(sorted(found, key=lambda problem: problem.level))
