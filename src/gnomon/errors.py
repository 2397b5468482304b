"""Everything that the engine raises on purpose.

GnomonError
├── OptionError       an option is of no use for the model or the method
├── InfeasibleError   no point satisfies the model; carries the multipliers that prove it
└── SolverError       the solver stopped in a state that is no answer
    └── UnboundedError   the objective can fall without limit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from gnomon.arrays import Array

INFEASIBLE = "No plan satisfies the scenario."


class GnomonError(Exception):
    """Base of every error raised on purpose. `exit_code` is what a command-line program ends with."""

    exit_code = 4


class OptionError(GnomonError):
    """Options that the model or the chosen method cannot use.

    `options`: name → value as given. `what`: why, and the remedy.
    """

    exit_code = 2

    def __init__(self, options: Mapping[str, str], what: str) -> None:
        self.options, self.what = dict(options), what
        super().__init__("\n".join(f"{name}: {value} · {what}" for name, value in self.options.items()))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.options, self.what)


class Relief(Protocol):
    """By how much a statement of the model would have to give way, in the words of whoever built the model."""

    @property
    def heading(self) -> str:
        """The line above a list of such reliefs."""
        ...


class InfeasibleError(GnomonError):
    """No point satisfies the model.

    `conflict`: the smallest set of its statements that contradict one another, in the words of whoever built the model.
    `reliefs`: by how much statements would have to give way; they are read first. `proof`: multipliers of the model's
    rows, shape (rows,), whose weighted sum no point within the bounds can meet (Farkas); None where none is known, and in a
    process that received the error from another one.
    """

    exit_code = 3

    def __init__(
        self, message: str, conflict: Sequence[str] = (), reliefs: Sequence[Any] = (), proof: Array | None = None
    ) -> None:
        self.message, self.proof = message, proof
        self.conflict, self.reliefs = tuple(conflict), tuple(reliefs)
        super().__init__("\n".join([*_headline(self.reliefs, message), *(f"  {line}" for line in self.conflict)]))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        # an exception is otherwise pickled as its text alone; the proof is as large as the model
        return type(self), (self.message, self.conflict, self.reliefs)


def _headline(reliefs: Sequence[Relief], message: str) -> list[str]:
    """Return the lines before the conflict: the reliefs, where they are known, and `message`."""
    if not reliefs:
        return [message]
    lines = [f"{INFEASIBLE} {reliefs[0].heading}", *(f"  {one}" for one in reliefs)]
    return [*lines, message.removeprefix(f"{INFEASIBLE} ")]


class SolverError(GnomonError):
    """The solver failed, or ended in a state that must not be reported as a result."""


class UnboundedError(SolverError):
    """The objective can fall without limit, so that no point is best."""
