"""How the event core is compiled. The one place of the simulation that knows Numba."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.extending import overload

F = TypeVar("F", bound=Callable[..., Any])

INNER: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options of what only compiled code calls. References are not counted: nothing here makes an array, and the caller
keeps every one of them. No wrappers, by which Python or C could call it: each would take a world of two hundred words
apart, and most of the time of compiling went into them."""


def hot(function: F) -> F:
    """A part of the core that runs at every event: it is copied into its callers.

    A call passes every array of a world by value, some two hundred words; those copies took four fifths of the time.
    """
    return cast(F, numba.njit(**INNER, forceinline=True)(function))


def rare(function: F) -> F:
    """A part of the core that runs now and then: it is called."""
    return cast(F, numba.njit(**INNER)(function))


def door(stub: Callable[..., Any]) -> Callable[[F], F]:
    """What is behind a door is chosen when the types of what is given are known: the function below gives it."""

    def given(choose: F) -> F:
        choose.__annotations__ = {}  # Numba compares them with those of what is chosen
        options: Any = INNER | {"forceinline": True}
        return overload(stub, jit_options=options)(choose)

    return given


def lacks(world: Any, field: str) -> bool:
    """Whether worlds of this type have None there."""
    return isinstance(world.types[world.fields.index(field)], numba.types.NoneType)


def entry(function: F) -> F:
    """A function that Python calls; kept on disk for the next time."""
    return cast(F, numba.njit(cache=True, _nrt=False)(function))  # type: ignore[call-overload]


def sources() -> int:
    """Return a number that changes with any file of this folder, for Numba's cache key.

    Numba notices a change in the file of the function that it stores, not in the files of the functions that it calls.
    Every module of the folder counts, so that none can be forgotten; what a function closes over is part of the key.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    text = b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)
    return int.from_bytes(hashlib.sha256(text).digest()[:7], "big")
