"""Memoisation of functions of a scenario, shared by all scenarios with the same tables."""

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
    """Cache the last `keep` results of a function of a scenario, by its settings and the tables `names`.

    The function is given only these tables, so that it fails if it reads another one. Callers must not change the
    results.
    """

    def wrap(work: Callable[Concatenate[Scenario, P], T]) -> Callable[Concatenate[Scenario, P], T]:
        @lru_cache(maxsize=keep)
        def known(part: _Part, *args: P.args, **kwargs: P.kwargs) -> T:
            return work(part.narrowed(), *args, **kwargs)

        @wraps(work)
        def asked(scenario: Scenario, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return known(_Part(scenario, names), *args, **kwargs)  # type: ignore[arg-type]

        return asked

    return wrap


class _Part:
    """Settings and some tables of a scenario; equal to another part with the identical objects.

    It keeps these objects alive, so that their ids stay unique, and the scenario only until it is narrowed: most parts
    are looked up and found.
    """

    __slots__ = ("_held", "_names", "_same", "_scenario")

    def __init__(self, scenario: Scenario, names: tuple[str, ...]) -> None:
        self._scenario: Scenario | None = scenario
        self._names = names
        self._held = (scenario.settings, *(scenario.dated(name) for name in names))
        self._same = tuple(map(id, self._held))

    def narrowed(self) -> Scenario:
        """Return the scenario with only the tables of the part, which then no longer holds the whole one. Call it once."""
        whole, self._scenario = self._scenario, None
        assert whole is not None
        return whole.only(*self._names)

    def __hash__(self) -> int:
        return hash(self._same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Part) and self._same == other._same
