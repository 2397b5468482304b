"""Collection of the problems of an input, so that all are reported at once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable

from xisuan.errors import Level, Problem, counted
from xisuan.scenario.reading import spelling

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
    return _plain(text[:LONGEST_SHOWN] + ("…" if len(text) > LONGEST_SHOWN else ""))


def _plain(text: str) -> str:
    """Return the text with unprintable and direction-changing characters escaped."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class Findings:
    """Problems found so far. `table` is a table or file, `row` its line or key; any part may be blank."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._counts: Counter[tuple[str, Level]] = Counter()
        self._suggestions = 0

    def error(self, table: str, row: str, column: str, value: object, what: str) -> None:
        """Record a problem that must be corrected."""
        self._add("error", table, row, column, value, what)

    def warn(self, table: str, row: str, column: str, value: object, what: str) -> None:
        """Record a notice that changes no result."""
        self._add("warning", table, row, column, value, what)

    def add(self, problems: Iterable[Problem]) -> None:
        """Record problems from another reading."""
        for problem in problems:
            if problem.more:
                self._problems.append(problem)
                continue
            self._add(problem.level, problem.table, problem.row, problem.column, problem.value, problem.what)

    def _add(self, level: Level, table: str, row: str, column: str, value: object, what: str) -> None:
        """Record a problem, or count it beyond the limit per table."""
        self._counts[table, level] += 1
        if self._counts[table, level] <= MOST_PER_TABLE:
            self._problems.append(Problem(_plain(table), _plain(row), shown(column), shown(value), _plain(what), level))

    def suggest(self, word: str, known: Collection[str]) -> str:
        """Return `; did you mean "…"?`, or the known words if they are few, or an empty text."""
        few = f"; known: {', '.join(sorted(known))}" if 0 < len(known) <= FEW else ""
        if len(word) > LONGEST_SHOWN or len(known) > MOST_KNOWN or self._suggestions >= MOST_SUGGESTIONS:
            return few
        self._suggestions += 1
        lower = {name.lower(): name for name in known}
        close = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
        return f'; did you mean "{shown(lower[close[0]])}"?' if close else few

    def suggest_row(self, word: str, known: Collection[str], files: str = "") -> str:
        """Return the one known name that `word` misspells, else advice to add it to `files` with the few known names.

        Matching is strict, because similar names of rows may mean different places.
        """
        few = f"; known: {', '.join(sorted(known))}" if 0 < len(known) <= FEW else ""
        if len(word) <= LONGEST_SHOWN and len(known) <= MOST_KNOWN and self._suggestions < MOST_SUGGESTIONS:
            self._suggestions += 1
            close = [name for name in known if spelling.slip(word, name)]
            if len(close) == 1:
                return f'; did you mean "{shown(close[0])}"?'
        return f"; add it to {files}{few}" if files else few

    @property
    def failed(self) -> bool:
        """True if an error has been recorded."""
        return any(level == "error" for _, level in self._counts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors, then warnings, each in the order found, with a line for those beyond the limit."""
        more = [
            counted(table, "", level, count - MOST_PER_TABLE)
            for (table, level), count in self._counts.items()
            if count > MOST_PER_TABLE
        ]
        return tuple(sorted([*self._problems, *more], key=lambda problem: problem.level))
