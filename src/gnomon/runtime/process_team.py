"""A team: processes that solve one model together, each of them with hours of its own and all that periods decide.

Every member makes the same iterations. What concerns all of them goes through the first one: each hands in its part, the
first one decides, and each is answered. Members decide nothing by themselves, not even a sum: they need not agree to the
last digit, and would soon do different things. Whoever is alone is a team, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

from gnomon.arrays import Array
from gnomon.errors import SolverError
from gnomon.runtime.hour_partition import ONE, Layout

Part = TypeVar("Part")
Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)
T = TypeVar("T")


class Link(Protocol):
    """A way to another process and back, in order; both raise EOFError or OSError where it is gone."""

    def send(self, message: Any, /) -> None:
        """Hand over a message."""

    def recv(self) -> Any:
        """Wait for a message."""

    def close(self) -> None:
        """Let go."""


class Answers(Protocol[Answer_co]):
    """Answers to members by rank: a list, or what makes each when it is sent."""

    def __getitem__(self, rank: int, /) -> Answer_co:
        """The answer to a member."""


class SharedError(FloatingPointError):
    """The arithmetic of some member failed, and all of them know."""


class LostError(SolverError):
    """Members are gone: their `ranks`."""

    def __init__(self, ranks: Sequence[int]) -> None:
        super().__init__(f"processes {', '.join(map(str, ranks))} of this solve are gone: is there enough memory?")
        self.ranks = tuple(ranks)


class BackError(Exception):
    """A member was lost: go back, say so in the team's new `age`, and wait for work."""

    def __init__(self, age: int) -> None:
        super().__init__(age)
        self.age = age


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a member hands in where it failed."""

    problem: BaseException


class Team:
    """One that works alone, or the first of several; `layout` tells who has which hours."""

    rank = 0

    def __init__(self, layout: Layout = ONE, links: Sequence[Link] = ()) -> None:
        self.layout, self._links, self._age = layout, list(links), 0

    @property
    def size(self) -> int:
        """Members."""
        return 1 + len(self._links)

    def meet(self, part: Part, decide: Callable[[list[Part]], Answers[Answer]]) -> Answer:
        """Hand in a part; the first member's `decide` makes of all of them, in order, an answer for each.

        Raises SharedError where some member's arithmetic failed, also in `decide`.
        """
        parts = [part, *(self._heard(rank) for rank in range(1, self.size))] if self._links else [part]
        try:
            _raise_failed(parts)
            answers = decide(parts)
        except FloatingPointError as problem:
            shared = SharedError(str(problem))
            with suppress(LostError):
                self._say([_Failed(shared)] * self.size)
            raise shared from problem
        except Exception as problem:
            with suppress(LostError):
                self._say([_Failed(problem)] * self.size)
            raise
        self._say(answers)
        return answers[0]

    def agreed(self, problem: FloatingPointError) -> SharedError:
        """Let all members know of a failure that happened to one of them, if they do not yet."""
        if isinstance(problem, SharedError):
            return problem
        try:
            self.meet(_Failed(problem), _nothing)
        except SharedError as shared:
            return shared
        raise AssertionError  # whoever meets someone that failed is told so

    def total(self, part: Array) -> Array:
        """The sum of the members' numbers."""
        return self.meet(part, lambda parts: [sum(parts[1:], parts[0])] * len(parts))

    def most(self, part: Array) -> Array:
        """The largest of the members' numbers, each by itself."""
        return self.meet(part, lambda parts: [np.maximum.reduce(parts)] * len(parts))

    def told(self, what: Callable[[], T]) -> T:
        """What the first member says."""
        return self.meet(None, lambda parts: [what()] * len(parts))

    def first(self, part: Part, make: Callable[[list[Part]], T]) -> T:
        """What the first member makes of all parts and keeps; the others have None, and must not ask it anything."""
        kept: list[Any] = [None]

        def decide(parts: list[Part]) -> list[None]:
            kept[0] = make(parts)
            return [None] * len(parts)

        self.meet(part, decide)
        return kept[0]  # type: ignore[no-any-return]

    def replace(self, rank: int, link: Link) -> None:
        """Go on with another process for a member that was lost."""
        self._links[rank - 1] = link

    def close(self) -> None:
        """Let go of all members: who still waits for something is done."""
        for link in self._links:
            link.close()

    def begin(self, fresh: Sequence[int], work: Callable[[int, int], object]) -> None:
        """Give every member its work, a function of its rank and of the age of the team, after those that are not `fresh`
        have come back from what they are at. What they said before is not heard."""
        self._age += 1
        members = range(1, self.size)
        for rank in members:
            if rank not in fresh:
                self._send(rank, self._links[rank - 1], BackError(self._age))
        for rank in members:
            if rank not in fresh:
                self._heard(rank)
            self._send(rank, self._links[rank - 1], work(rank, self._age))

    def _heard(self, rank: int) -> Any:
        try:
            while True:
                age, part = self._links[rank - 1].recv()
                if age == self._age:
                    return part
        except (EOFError, OSError):
            raise LostError([rank]) from None

    def _say(self, answers: Answers[Any]) -> None:
        for rank, link in enumerate(self._links, 1):
            try:
                answer = answers[rank]
            except Exception as problem:
                with suppress(LostError):
                    self._say_from(rank, _Failed(problem))
                raise
            self._send(rank, link, answer)

    def _say_from(self, first: int, answer: object) -> None:
        for rank, link in enumerate(self._links[first - 1 :], first):
            self._send(rank, link, answer)

    def _send(self, rank: int, link: Link, message: Any) -> None:
        try:
            link.send(message)
        except (EOFError, OSError):
            raise LostError([rank]) from None


class Member(Team):
    """Any other member."""

    def __init__(self, rank: int, layout: Layout, link: Link, age: int = 0) -> None:
        super().__init__(layout)
        self.rank, self._link, self._age = rank, link, age

    @property
    def size(self) -> int:
        """Members."""
        return len(self.layout.following)

    def meet(self, part: Part, decide: Callable[[list[Part]], Answers[Answer]]) -> Answer:
        """Hand in a part and wait for the answer. Raises BackError, too."""
        self._link.send((self._age, part))
        answer = self._link.recv()
        if isinstance(answer, BackError):
            raise answer
        if isinstance(answer, _Failed):
            raise answer.problem
        return answer  # type: ignore[no-any-return]

    def failed(self, problem: Exception) -> None:
        """Tell the first member of a failure that ends this one."""
        self._link.send((self._age, _Failed(problem)))


def receive(link: Link, back: BackError | None = None) -> Any:
    """What the first member gives to one that is new, or has gone `back`: its work."""
    while True:
        if back is not None:
            link.send((back.age, None))
        found = link.recv()
        if not isinstance(found, BackError):
            return found
        back = found  # somebody was lost before all had their work


def _raise_failed(parts: Sequence[Any]) -> None:
    for part in parts:
        if isinstance(part, _Failed):
            raise part.problem


def _nothing(parts: list[Any]) -> list[None]:
    return [None] * len(parts)


ALONE = Team()
"""Whoever needs nobody."""
