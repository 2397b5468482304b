"""Answers that somebody else confirms before whoever found them stops; there are further iterations otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from gnomon.arrays import Array
from gnomon.solution import Solution

Made = TypeVar("Made")


class Said(Protocol):
    """What was found about an answer."""

    def doubt(self, gap: float) -> str:
        """Why it is none, or not within a relative gap; empty where it is."""


Finding = TypeVar("Finding", bound=Said)


class Confirm(Generic[Made, Finding]):
    """Who is asked about answers (`How.confirm`): each is made what people are handed and checked as that.

    What was said of the last one is kept, so that nobody needs to check it again. Raises what `make` and `check` raise.
    """

    def __init__(self, make: Callable[[Solution], Made], check: Callable[[Made], Finding], gap: float) -> None:
        self._make, self._check, self._gap = make, check, gap
        self._last: tuple[Array, Finding] | None = None

    def __call__(self, found: Solution) -> str:
        """Why `found` is no answer; empty where it is one."""
        said = self._check(self._make(found))
        self._last = found.x, said
        return said.doubt(self._gap)

    def said(self, found: Solution) -> Finding | None:
        """What was said of `found`; None where that is not the one that was asked about last."""
        return self._last[1] if self._last is not None and self._last[0] is found.x else None
