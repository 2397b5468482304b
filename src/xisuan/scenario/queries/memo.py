"""Answers about a scenario that are kept, for it and for every scenario that has the same tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from xisuan.scenario.scenario import Scenario

P = ParamSpec("P")
T = TypeVar("T")


def remembered(
    *names: str, keep: int = 64
) -> Callable[[Callable[Concatenate[Scenario, P], T]], Callable[Concatenate[Scenario, P], T]]:
    """Keep the last `keep` answers of a function of a scenario, as long as the settings and tables `names` are the same.

    The function is shown these tables alone: one that reads another fails at once, and cannot give a stale answer. Its
    answers must not be changed by who gets them.
    """

    def wrap(work: Callable[Concatenate[Scenario, P], T]) -> Callable[Concatenate[Scenario, P], T]:
        @lru_cache(maxsize=keep)
        def known(part: _Part, *args: P.args, **kwargs: P.kwargs) -> T:
            return work(part.scenario, *args, **kwargs)

        @wraps(work)
        def asked(scenario: Scenario, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return known(_Part(scenario, names), *args, **kwargs)  # type: ignore[arg-type]

        return asked

    return wrap


class _Part:
    """Settings and some tables of a scenario, equal to another part with the very same ones.

    It holds what it is compared by, so that nothing new can take its place in memory.
    """

    __slots__ = ("_same", "scenario")

    def __init__(self, scenario: Scenario, names: tuple[str, ...]) -> None:
        self.scenario = scenario.only(*names)
        self._same = (id(scenario.settings), *(id(scenario.dated(name)) for name in names))

    def __hash__(self) -> int:
        return hash(self._same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Part) and self._same == other._same
