"""Teams: worker processes that solve one model together, each with its own hours and all data of the periods.

Every process makes the same iterations. Numbers that concern all hours are exchanged through the first process: each
sends its part, the first decides and answers. No other process decides anything, not even a sum: processes may differ
in the last digit and would then take different paths. A single process is a team of one.
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
    """A connection to another process that keeps the order. Both directions raise EOFError or OSError if it is broken."""

    def send(self, message: Any, /) -> None:
        """Send a message."""

    def recv(self) -> Any:
        """Wait for a message and return it."""

    def close(self) -> None:
        """Close the connection."""


class Answers(Protocol[Answer_co]):
    """Answers to the processes by rank: a list, or an object that makes each when it is sent."""

    def __getitem__(self, rank: int, /) -> Answer_co:
        """Return the answer to one process."""


class SharedError(FloatingPointError):
    """The arithmetic of some process failed, and all processes know."""


class LostError(SolverError):
    """Processes are lost; `ranks` lists them."""

    def __init__(self, ranks: Sequence[int]) -> None:
        super().__init__(f"processes {', '.join(map(str, ranks))} of this solve are gone: is there enough memory?")
        self.ranks = tuple(ranks)


class RecalledError(Exception):
    """A process was lost: stop the current work, confirm the team's new `age`, and wait for new work."""

    def __init__(self, age: int) -> None:
        super().__init__(age)
        self.age = age


@dataclass(frozen=True, slots=True)
class _Failed:
    """Message of a process that failed."""

    problem: BaseException


class Team:
    """A single process, or the first of several. `layout`: the hours of each."""

    rank = 0

    def __init__(self, layout: Layout = ONE, links: Sequence[Link] = ()) -> None:
        self.layout, self._links, self._age = layout, list(links), 0

    @property
    def size(self) -> int:
        """Return the number of processes."""
        return 1 + len(self._links)

    def exchange(self, part: Part, decide: Callable[[list[Part]], Answers[Answer]]) -> Answer:
        """Send a part and return this process's answer; the first process's `decide` turns all parts into answers.

        Raises SharedError if the arithmetic of some process, or of `decide`, failed.
        """
        # Parts by rank; a failed part fails the meeting for all.
        parts = [part, *(self._receive(rank) for rank in range(1, self.size))] if self._links else [part]
        try:
            _raise_failed(parts)
            answers = decide(parts)
        except FloatingPointError as problem:
            shared = SharedError(str(problem))
            with suppress(LostError):
                self._answer([_Failed(shared)] * self.size)
            raise shared from problem
        except Exception as problem:
            with suppress(LostError):
                self._answer([_Failed(problem)] * self.size)
            raise
        self._answer(answers)
        return answers[0]

    def report_failure(self, problem: FloatingPointError) -> SharedError:
        """Report a failure of this process to all others, unless they know it, and return the shared error."""
        if isinstance(problem, SharedError):
            return problem
        try:
            self.exchange(_Failed(problem), _nothing)
        except SharedError as shared:
            return shared
        raise AssertionError  # `exchange` raises SharedError for a failed part

    def total(self, part: Array) -> Array:
        """Return the sum of the numbers of all processes."""
        return self.exchange(part, lambda parts: [sum(parts[1:], parts[0])] * len(parts))

    def maximum(self, part: Array) -> Array:
        """Return the elementwise maximum of the numbers of all processes."""
        return self.exchange(part, lambda parts: [np.maximum.reduce(parts)] * len(parts))

    def broadcast(self, what: Callable[[], T]) -> T:
        """Return what `what` returns in the first process."""
        return self.exchange(None, lambda parts: [what()] * len(parts))

    def gather(self, part: Part, make: Callable[[list[Part]], T]) -> T:
        """Return what `make` makes of all parts in the first process; None in the others."""
        kept: list[Any] = [None]

        def decide(parts: list[Part]) -> list[None]:
            kept[0] = make(parts)
            return [None] * len(parts)

        self.exchange(part, decide)
        return kept[0]  # type: ignore[no-any-return]

    def replace(self, rank: int, link: Link) -> None:
        """Continue with another process in place of a lost one."""
        self._links[rank - 1] = link

    def close(self) -> None:
        """Close all connections; processes that wait for an answer then end."""
        for link in self._links:
            link.close()

    def begin(self, fresh: Sequence[int], work: Callable[[int, int], object]) -> None:
        """Give every process its work, a function of its rank and of the age of the team.

        Processes that are not `fresh` first stop their current work. Messages of an earlier age are ignored.
        """
        self._age += 1
        workers = range(1, self.size)
        # Call back all processes that are still at work, wait for each, then give out the work.
        for rank in workers:
            if rank not in fresh:
                self._send(rank, self._links[rank - 1], RecalledError(self._age))
        for rank in workers:
            if rank not in fresh:
                self._receive(rank)
            self._send(rank, self._links[rank - 1], work(rank, self._age))

    def _receive(self, rank: int) -> Any:
        """Return the next message of the current age from a process. Raises LostError if it is gone."""
        try:
            while True:
                age, part = self._links[rank - 1].recv()
                if age == self._age:
                    return part
        except (EOFError, OSError):
            raise LostError([rank]) from None

    def _answer(self, answers: Answers[Any]) -> None:
        """Send each process its answer; if making one fails, send the failure to the rest."""
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


class Worker(Team):
    """Any process of a team but the first."""

    def __init__(self, rank: int, layout: Layout, link: Link, age: int = 0) -> None:
        super().__init__(layout)
        self.rank, self._link, self._age = rank, link, age

    @property
    def size(self) -> int:
        """Return the number of processes."""
        return len(self.layout.following)

    def exchange(self, part: Part, decide: Callable[[list[Part]], Answers[Answer]]) -> Answer:
        """Send a part and wait for the answer. Raises what `Team.exchange` raises, and RecalledError."""
        self._link.send((self._age, part))
        answer = self._link.recv()
        if isinstance(answer, RecalledError):
            raise answer
        if isinstance(answer, _Failed):
            raise answer.problem
        return answer  # type: ignore[no-any-return]

    def failed(self, problem: Exception) -> None:
        """Report to the first process a failure that ends this one."""
        self._link.send((self._age, _Failed(problem)))


def receive(link: Link, back: RecalledError | None = None) -> Any:
    """Return the work that the first process gives to a new process, or to one that has gone `back`."""
    while True:
        if back is not None:
            link.send((back.age, None))
        found = link.recv()
        if not isinstance(found, RecalledError):
            return found
        back = found  # another process was lost before all had their work


def _raise_failed(parts: Sequence[Any]) -> None:
    for part in parts:
        if isinstance(part, _Failed):
            raise part.problem


def _nothing(parts: list[Any]) -> list[None]:
    return [None] * len(parts)


ALONE = Team()
"""Team of a single process."""
