"""Collects what is wrong with an input, so that everything is reported in one go."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable

from xisuan.errors import Level, Problem, counted
from xisuan.scenario.reading import spelling

MOST_PER_TABLE = 1000
"""Problems listed of one table; what lies beyond is counted. Nobody reads on, and a hostile file has millions."""
MOST_SUGGESTIONS = 50
"""Spelling suggestions of one reading: each compares a word with all known ones."""
MOST_KNOWN = 5000
FEW = 12
"""Known words that are listed where none is near."""
LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """A value as people should see it: on one line, short, without control characters."""
    text = value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)
    return _plain(text[:LONGEST_SHOWN] + ("…" if len(text) > LONGEST_SHOWN else ""))


def _plain(text: str) -> str:
    """The text with signs that nobody can see, or that turn a line around, written as escapes."""
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
        """Record something that must be mended."""
        self._add("error", table, row, column, value, what)

    def warn(self, table: str, row: str, column: str, value: object, what: str) -> None:
        """Record something worth knowing that changes no result."""
        self._add("warning", table, row, column, value, what)

    def add(self, problems: Iterable[Problem]) -> None:
        """Record problems found elsewhere."""
        for problem in problems:
            if problem.more:
                self._problems.append(problem)
                continue
            self._add(problem.level, problem.table, problem.row, problem.column, problem.value, problem.what)

    def _add(self, level: Level, table: str, row: str, column: str, value: object, what: str) -> None:
        self._counts[table, level] += 1
        if self._counts[table, level] <= MOST_PER_TABLE:
            self._problems.append(Problem(_plain(table), _plain(row), shown(column), shown(value), _plain(what), level))

    def suggest(self, word: str, known: Collection[str]) -> str:
        """`; did you mean "…"?`, or the known words where they are few, or nothing."""
        few = f"; known: {', '.join(sorted(known))}" if 0 < len(known) <= FEW else ""
        if len(word) > LONGEST_SHOWN or len(known) > MOST_KNOWN or self._suggestions >= MOST_SUGGESTIONS:
            return few
        self._suggestions += 1
        lower = {name.lower(): name for name in known}
        close = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
        return f'; did you mean "{shown(lower[close[0]])}"?' if close else few

    def suggest_row(self, word: str, known: Collection[str], files: str = "") -> str:
        """The one known name that `word` is a slip of; else that it be added to `files`, if any, with the known if few.

        Names that people chose are often alike and mean different places: nothing is suggested that may be another.
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
        """Whether there is an error among them."""
        return any(level == "error" for _, level in self._counts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Errors, then warnings, each in the order found, with a line for what was too much to list."""
        more = [
            counted(table, "", level, count - MOST_PER_TABLE)
            for (table, level), count in self._counts.items()
            if count > MOST_PER_TABLE
        ]
        return tuple(sorted([*self._problems, *more], key=lambda problem: problem.level))
