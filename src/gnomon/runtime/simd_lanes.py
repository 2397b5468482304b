"""Vector registers in compiled code: several hours side by side, one hour per lane.

Compilers vectorise a plain loop over eight neighbouring numbers. Where an index comes from a list and arrays might
overlap, they do not, at a fifth of the speed. Kernels therefore use vectors explicitly: `load` and `store` move row i
of an array of shape (any, LANES), and +, −, × work on the vectors. LLVM maps them to the registers of the machine: one
of 512 bits, two of 256, four of 128.
"""

from __future__ import annotations

import operator
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import intrinsic as instruction
from numba.extending import models, overload, register_model

LANES = 8
"""Hours side by side: the doubles in a vector register of 512 bits."""
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_FLAGS = ("contract", "nsz")
"""Flags that allow a product and a sum to become one instruction."""


intrinsic: Any = instruction  # its result is called with other arguments than it is defined with
_NOT_ROWS = "rows of LANES numbers are those of a contiguous array of doubles, shape (any, LANES)"


class _Lanes(types.Type):
    """The numba type of a vector of LANES doubles."""


_TYPE = _Lanes("Lanes")


@register_model(_Lanes)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _VECTOR)  # type: ignore[no-untyped-call]


def _check(array: Any) -> None:
    """Raise TypingError at compile time for arrays whose rows are not vectors."""
    if array.dtype != types.float64 or array.ndim != 2 or array.layout != "C":
        raise TypingError(_NOT_ROWS)


def _place(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    """Return the address of row i of an array, for an intrinsic with these first arguments."""
    array, index = signature.args[:2]
    data = context.make_array(array)(context, builder, values[0]).data
    i = context.cast(builder, values[1], index, types.intp)
    return builder.gep(builder.bitcast(data, _VECTOR.as_pointer()), [i])


@intrinsic
def load(typing, array, i):  # type: ignore[no-untyped-def]
    """Return row i of a contiguous array of shape (any, LANES)."""
    _check(array)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_place(context, builder, signature, values), align=8)

    return _TYPE(array, i), code


@intrinsic
def store(typing, array, i, lanes):  # type: ignore[no-untyped-def]
    """Write row i of a contiguous array of shape (any, LANES)."""
    _check(array)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.store(values[2], _place(context, builder, signature, values), align=8)
        return context.get_dummy_value()

    return types.void(array, i, lanes), code


@intrinsic
def every(typing, number):  # type: ignore[no-untyped-def]
    """Return a vector with the same number in all lanes."""

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        number = context.cast(builder, values[0], signature.args[0], types.float64)
        one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(one, one, mask)

    return _TYPE(number), code


def _arithmetic(sign, name: str) -> None:  # type: ignore[no-untyped-def]
    """Define an operator for two vectors."""

    @intrinsic
    def work(typing, left, right):  # type: ignore[no-untyped-def]
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            return getattr(builder, name)(*values, flags=_FLAGS)

        return _TYPE(left, right), code

    @overload(sign)
    def of(left, right):  # type: ignore[no-untyped-def]
        if isinstance(left, _Lanes) and isinstance(right, _Lanes):
            return lambda left, right: work(left, right)  # noqa: PLW0108 (numba compiles the source of a function)
        return None


for _name, _signs in {
    "fadd": (operator.add, operator.iadd),
    "fsub": (operator.sub, operator.isub),
    "fmul": (operator.mul, operator.imul),
}.items():
    for _sign in _signs:
        _arithmetic(_sign, _name)


@numba.njit(cache=True, nogil=True)
def aligned(rows):  # type: ignore[no-untyped-def]
    """Return an uninitialised array of shape (rows, LANES), aligned to cache lines so that no row lies across two."""
    raw = np.empty((rows + 1) * LANES)
    first = (-(raw.ctypes.data // 8)) % LANES
    return raw[first : first + rows * LANES].reshape(rows, LANES)
