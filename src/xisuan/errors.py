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

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

from gnomon import INFEASIBLE as NO_PLAN
from gnomon import GnomonError, InfeasibleError, OptionError, SolverError
from xisuan.problem_codes import SOURCES
from xisuan.text.translation import Language, Message, Translatable, decoded, encoded, plural, translate
from xisuan.text.translation import message as _

__all__ = [
    "NO_PLAN",
    "InfeasibleError",
    "Problem",
    "Relief",
    "ScenarioError",
    "SolverError",
    "StoreError",
    "UnreadableError",
    "XisuanError",
    "refusing_options",
]


Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, init=False)
class Problem:
    """A problem of the input, an error or a warning: its code, the values of its message, and its place.

    `code`: a key of `xisuan.problem_codes.SOURCES`. `table`: table, file or kind of input. `row`: line of the file,
    shown as `row 3`, or key. `column`: column or option. `value`: the value as given. `more`: number of problems like
    this that it stands for, where it counts them instead of naming them.
    """

    code: str
    table: str
    row: str
    column: str
    value: str
    values: Mapping[str, Any]
    level: Level
    more: int

    def __init__(
        self,
        code: str,
        /,
        *,
        table: str = "",
        row: str | int = "",
        column: str = "",
        value: str = "",
        level: Level = "error",
        more: int = 0,
        **values: Any,
    ) -> None:
        if code not in SOURCES:
            raise KeyError(f"no problem has the code {code}; declare it in xisuan.problem_codes")
        place = row if isinstance(row, str) else _("row {line}", line=int(row))
        kept = {name: _as_plain_value(given) for name, given in values.items()}
        given = (code, table, place, column, value, kept, level, more)
        for name, one in zip(Problem.__dataclass_fields__, given, strict=True):
            object.__setattr__(self, name, one)

    def at(
        self,
        *,
        table: str | None = None,
        row: str | int | None = None,
        column: str | None = None,
        value: str | None = None,
        level: Level | None = None,
    ) -> Problem:
        """Return the same problem at another place; what is not given stays."""
        return Problem(
            self.code,
            table=self.table if table is None else table,
            row=self.row if row is None else row,
            column=self.column if column is None else column,
            value=self.value if value is None else value,
            level=self.level if level is None else level,
            more=self.more,
            **self.values,
        )

    def with_values(self, **values: Any) -> Problem:
        """Return the same problem with other values of its message; what is not given stays."""
        place = {name: getattr(self, name) for name in ("table", "row", "column", "value", "level", "more")}
        return Problem(self.code, **place, **{**self.values, **values})

    @property
    def message(self) -> Message:
        """Message that says what is wrong and what to do about it."""
        fault, remedy = (Message(source, self.values, context=self.code) for source in SOURCES[self.code])
        return _("{fault}; {remedy}", fault=fault, remedy=remedy) if remedy else fault

    def in_language(self, language: Language) -> str:
        """Return the problem on one line in `language`: place, value, what is wrong and what to do."""
        return self.under(self.column, language)

    def under(self, heading: str, language: Language) -> str:
        """Return the problem on one line in `language`, its column named by `heading`."""
        comma, colon = ("，", "：") if language == "zh" else (", ", ": ")
        place = comma.join(part for part in (self.table, translate(self.row, language), heading) if part)
        value = f"{colon}{self.value}" if self.value else ""
        message = translate(self.message, language)
        return f"{place}{value} · {message}" if place else message

    def document(self) -> dict[str, Any]:
        """Return the problem for JSON: code, values and place, and the message in English."""
        fields = {name: getattr(self, name) for name in ("level", "code", "table", "row", "column", "value")}
        return {
            **fields,
            "row": str(self.row),
            "values": dict(self.values),
            "message": str(self.message),
            "more": self.more,
        }

    def stored(self) -> dict[str, Any]:
        """Return the fields as JSON from which `restored` makes the problem again, in any language."""
        return {name: encoded(getattr(self, name)) for name in Problem.__dataclass_fields__}

    @classmethod
    def restored(cls, fields: Mapping[str, Any]) -> Problem:
        """Return the problem of `stored` fields."""
        own = {name: decoded(value) for name, value in fields.items()}
        return cls(own.pop("code"), **own.pop("values"), **own)

    def __str__(self) -> str:
        return self.in_language("en")

    def __hash__(self) -> int:
        return hash((self.code, self.table, self.row, self.column, self.value, self.level, self.more))

    def __reduce__(self) -> tuple[Any, ...]:
        place = {"table": self.table, "row": self.row, "column": self.column, "value": self.value}
        return _restored, (self.code, {**place, "level": self.level, "more": self.more, **self.values})


class UnreadableError(ValueError):
    """A text or cell that cannot be read; `problem` says why, without a place."""

    def __init__(self, code: str, /, **values: Any) -> None:
        self.problem = Problem(code, **values)
        super().__init__(self.problem)  # put into words when it is shown, because a table may have 100,000 such cells

    @classmethod
    def of(cls, problem: Problem) -> UnreadableError:
        """Return the exception of a problem."""
        return cls(problem.code, **problem.values)


def _restored(code: str, fields: Mapping[str, Any]) -> Problem:
    """Return a problem from its fields."""
    return Problem(code, **fields)


def _as_plain_value(value: object) -> object:
    """Return a value of a message as a plain number or a text on one line; messages stay as they are."""
    if isinstance(value, Message | bool):
        return value
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    return printable(str(value))


def printable(text: str) -> str:
    """Return the text with unprintable and direction-changing characters escaped."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


ALIKE = 5
"""Problems of one kind that people are told one by one; the others are counted."""


def counted(table: str, column: str, level: Level, count: int) -> Problem:
    """Return the line that stands for `count` further problems."""
    return Problem("more-like-these", table=table, column=column, level=level, more=count, count=count)


def shortened(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems as people read them: of those that say the same of one column, the first few and how many more."""
    kinds: dict[tuple[Level, str, str, str], list[Problem]] = {}
    for one in problems:
        kinds.setdefault((one.level, one.table, one.column, one.code), []).append(one)
    of_table = Counter((level, table) for level, table, *_rest in kinds)
    beyond = Counter[tuple[Level, str]]()
    for one in problems:
        beyond[one.level, one.table] += one.more
    out: list[Problem] = []
    for (level, table, column, _code), alike in kinds.items():
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
    def heading(self) -> Message:
        """Heading of a list of reliefs of this kind."""
        if self.together:
            return _("All of these together are enough:") if self.exact else _("It takes all of these, and at least:")
        return _("Each of these alone is enough:") if self.exact else _("Each of these alone takes at least:")

    def in_language(self, language: Language) -> str:
        """Return place, amount in words, and the largest amounts by row, on one line in `language`."""
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        largest: dict[str, tuple[float, int]] = {}
        for row, year, amount in self.amounts:
            largest[row] = max(largest.get(row, (0.0, 0)), (amount, year))
        rows = sorted(largest.items(), key=lambda item: -item[1][0])
        shown = [f"{row} {amount:,.6g} ({year})" for row, (amount, year) in rows[:SHOWN] if year]
        more = [f"+{len(rows) - SHOWN}"] if len(rows) > SHOWN else []
        colon = "：" if language == "zh" else ": "
        said = translate(self.said, language)
        return f"{place}{colon}{said}{' · ' if shown else ''}{', '.join(shown + more)}"

    def __str__(self) -> str:
        return self.in_language("en")


SHOWN = 6
"""Rows of a table that are listed with their amounts."""


XisuanError = GnomonError
"""Base class of every error raised on purpose, by xisuan or by the engine."""


def no_plan(detail: str) -> Message:
    """Return the message that no plan satisfies the scenario, with a sentence that says more."""
    return _("{headline} {detail}", headline=_(NO_PLAN), detail=detail)


def without_headline(problem: InfeasibleError) -> str:
    """Return the message of an infeasible scenario without its first sentence, if it says more."""
    message = problem.message
    detail = message.values.get("detail") if isinstance(message, Message) else None
    return detail if isinstance(detail, str) else _known(message)


def statements(problem: InfeasibleError) -> list[Translatable | str]:
    """Return the lines of an infeasible scenario: its head, reliefs if known, and the conflicting statements."""
    if not problem.reliefs:
        return [_known(problem.message), *problem.conflict]
    return [no_plan(problem.reliefs[0].heading), *problem.reliefs, without_headline(problem), *problem.conflict]


def lines(problem: Exception, language: Language) -> list[str]:
    """Return the message of an exception in `language`: its head, then one problem, relief or statement per line."""
    if isinstance(problem, ScenarioError):
        said: list[Translatable | str] = [problem.head, *shortened(problem.problems)]
    else:
        said = statements(problem) if isinstance(problem, InfeasibleError) else [_known(_text(problem))]
    return [translate(one, language) for one in said]


def indented(problem: Exception, language: Language) -> str:
    """Return the lines of an exception as one text, indented below the headings, as `str` does in English."""
    headings = {0}
    if isinstance(problem, InfeasibleError) and problem.reliefs:
        headings.add(1 + len(problem.reliefs))
    said = lines(problem, language)
    return "\n".join(line if at in headings else f"  {line}" for at, line in enumerate(said))


def _text(problem: Exception) -> str:
    """Return the message of an exception; one that was raised with a `Message` can be translated."""
    first = problem.args[0] if len(problem.args) == 1 else None
    return first if isinstance(first, Message) else str(problem)


def _known(text: str) -> str:
    """Return a text of the engine as a message, which has a translation if it is in the catalogue."""
    return text if isinstance(text, Message) or "{" in text else Message(text, {})


class ScenarioError(XisuanError):
    """Invalid input: a scenario, a trace or an option. `problems` lists everything found."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = sum(max(1, problem.more) for problem in self.problems)
        self.head = plural("{count} problem", "{count:,} problems", count)
        super().__init__("\n".join([self.head, *(f"  {problem}" for problem in shortened(self.problems))]))

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
        problems = [
            Problem(refused.code, table=name, value=value, **refused.values) for name, value in refused.options.items()
        ]
        raise ScenarioError(problems) from None
