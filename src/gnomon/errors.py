"""Exceptions of the engine.

GnomonError
├── OptionError       an option does not apply to the model or the method
├── InfeasibleError   no point satisfies the model; carries the Farkas certificate
└── SolverError       the solver stopped without a usable result
    ├── ModelError       the model has inconsistent names, labels or numbers
    └── UnboundedError   the objective is unbounded below
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from gnomon.arrays import Array

INFEASIBLE = "No plan satisfies the scenario."
NO_WHOLE_NUMBERS = "No plan with whole numbers exists, although one with fractions does."


class GnomonError(Exception):
    """Base class of all exceptions of the engine. `exit_code`: exit status of a command-line program."""

    exit_code = 4


OPTION_PROBLEMS: Mapping[str, tuple[str, str]] = {
    "structured-takes-no-integers": (
        "the structured method takes no whole numbers, and the model has {count:,}",
        "use --method auto, which plans around them with it",
    ),
    "structured-least-cost-only": ("the structured method plans for least cost only", "use --method direct"),
    "structured-is-a-solver": (
        "the structured method is a solver of its own, and cannot be {solver} as well",
        "use --method direct",
    ),
    "unused-with-integers": (
        "only the structured method has a use for it, which takes no whole numbers, and the model has {count:,}",
        "leave it away",
    ),
    "unused-with-objective": (
        "only the structured method has a use for it, which plans for least cost only",
        "leave it away",
    ),
    "unused-with-solver": (
        "only the structured method has a use for it, which is a solver of its own, and cannot be {solver} as well",
        "leave it away",
    ),
    "unused-with-direct": (
        "of no use with --method direct, which hands the whole model to HiGHS",
        "leave it away",
    ),
    "solver-takes-no-integers": ("{solver} takes no integers and the model has {count:,}", "use --solver mip"),
    "network-missing": ("there is no such file or folder", "name a PyPSA network"),
    "network-of-other-kind": ("not a file of a network", "name one that ends in {endings}, or a folder of CSV files"),
    "network-written-otherwise": (
        "no network is written under this name",
        "end the name in {endings}, or name a folder for CSV files",
    ),
    "nothing-to-branch-on": (
        "there is nothing to branch on, because the model has no integers",
        "use --solver hipo, ipx or simplex",
    ),
    "gap-below-0": (
        "a relative gap is a number of at least 0",
        "give one such as 1e-6",
    ),
}
"""Code → what is wrong with an option, and what to do, with `{name}` for values."""


class OptionError(GnomonError):
    """Options that the model or the chosen method cannot use.

    `options`: name → value as given. `code`: a key of `OPTION_PROBLEMS`. `values`: what fills its texts.
    """

    exit_code = 2

    def __init__(self, options: Mapping[str, str], code: str, values: Mapping[str, Any] | None = None) -> None:
        self.options, self.code, self.values = dict(options), code, dict(values or {})
        what = "; ".join(text.format_map(self.values) for text in OPTION_PROBLEMS[code])
        super().__init__("\n".join(f"{name}: {value} · {what}" for name, value in self.options.items()))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.options, self.code, self.values)


class Relief(Protocol):
    """Amount by which a statement of the model must be relaxed, in the words of the model's author."""

    @property
    def heading(self) -> str:
        """Return the line above a list of such reliefs."""
        ...


class InfeasibleError(GnomonError):
    """No point satisfies the model.

    `conflict`: the smallest set of contradicting statements, in the words of the model's author. `reliefs`: amounts by
    which statements must be relaxed; they are printed first. `proof`: Farkas multipliers of the rows, shape (rows,): no
    point within the bounds satisfies the rows' weighted sum. None if unknown, and after the error has passed between
    processes.
    """

    exit_code = 3

    def __init__(
        self, message: str, conflict: Sequence[str] = (), reliefs: Sequence[Any] = (), proof: Array | None = None
    ) -> None:
        self.message, self.proof = message, proof
        self.conflict, self.reliefs = tuple(conflict), tuple(reliefs)
        super().__init__("\n".join([*_headline(self.reliefs, message), *(f"  {line}" for line in self.conflict)]))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        # By default an exception is pickled with its text alone. The proof is left out: it is as large as the model.
        return type(self), (self.message, self.conflict, self.reliefs)


def _headline(reliefs: Sequence[Relief], message: str) -> list[str]:
    """Return the lines above the conflict: the reliefs, if known, and `message`."""
    if not reliefs:
        return [message]
    lines = [f"{INFEASIBLE} {reliefs[0].heading}", *(f"  {one}" for one in reliefs)]
    return [*lines, message.removeprefix(f"{INFEASIBLE} ")]


class SolverError(GnomonError):
    """The solver failed or ended in a state that must not be reported as a result."""


class ModelError(SolverError):
    """A model with inconsistent names, labels or numbers. The message names the block and a remedy."""


class UnboundedError(SolverError):
    """The objective is unbounded below."""
