"""Certification of solutions by the caller before a solver stops. A refusal makes the iterations continue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from gnomon.arrays import Array
from gnomon.solution import Solution

Result = TypeVar("Result")


class Finding(Protocol):
    """Result of checking a solution."""

    def doubt(self, gap: float) -> str:
        """Return the reason why the solution is refused for this relative gap; empty if it is accepted."""


Checked = TypeVar("Checked", bound=Finding)


class Confirm(Generic[Result, Checked]):
    """Callback that certifies solutions (`Options.confirm`): `make` converts each to the final result, `check` checks that.

    The finding of the last solution is kept, so that the caller need not check it again. Raises what `make` and `check`
    raise.
    """

    def __init__(self, make: Callable[[Solution], Result], check: Callable[[Result], Checked], gap: float) -> None:
        self._make, self._check, self._gap = make, check, gap
        self._last: tuple[Array, Checked] | None = None

    def __call__(self, found: Solution) -> str:
        """Return the reason why `found` is refused; empty if it is accepted."""
        said = self._check(self._make(found))
        self._last = found.x, said
        return said.doubt(self._gap)

    def finding_for(self, found: Solution) -> Checked | None:
        """Return the finding for `found`; None unless `found` is the last solution checked."""
        return self._last[1] if self._last is not None and self._last[0] is found.x else None
