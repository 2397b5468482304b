"""Compilation of the event core. No other module of `xisuan` imports Numba."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.extending import overload

F = TypeVar("F", bound=Callable[..., Any])

INNER: dict[str, Any] = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Numba options of functions that only compiled code calls.

`_nrt` False: no reference counting, because the core creates no arrays and the caller keeps all of them alive. No
Python or C wrappers: unpacking a world of about two hundred words in each wrapper dominates the time of compilation.
"""


def inline_kernel(function: F) -> F:
    """Compile a function that runs at every event, and inline it into its callers.

    A call passes every array of a world by value, about two hundred words; without inlining those copies dominate.
    """
    return cast(F, numba.njit(**INNER, forceinline=True)(function))


def kernel(function: F) -> F:
    """Compile a function that runs rarely, and call it without inlining."""
    return cast(F, numba.njit(**INNER)(function))


def implement_by_type(stub: Callable[..., Any]) -> Callable[[F], F]:
    """Return a decorator: the function chooses the implementation of `stub` by the Numba types of its arguments."""

    def given(choose: F) -> F:
        choose.__annotations__ = {}  # Numba compares them with those of the implementation
        options: Any = INNER | {"forceinline": True}
        return overload(stub, jit_options=options)(choose)

    return given


def is_absent(world: Any, field: str) -> bool:
    """Return True if worlds of this Numba type have None in `field`."""
    return isinstance(world.types[world.fields.index(field)], numba.types.NoneType)


def cached_kernel(function: F) -> F:
    """Compile a function that Python calls, and cache it on disk."""
    return cast(F, numba.njit(cache=True, _nrt=False)(function))  # type: ignore[call-overload]


def sources() -> int:
    """Return a number that changes with any file of this folder, for Numba's cache key.

    Numba notices a change in the file of the function that it stores, not in the files of the functions that it calls.
    Every module of the folder counts, so that none can be forgotten; what a function closes over is part of the key.
    """
    files = sorted(Path(__file__).parent.glob("*.py"))
    text = b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)
    return int.from_bytes(hashlib.sha256(text).digest()[:7], "big")
