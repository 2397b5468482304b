"""Ratio test: the longest step that keeps an iterate within its bounds."""

from __future__ import annotations

import numba


@numba.njit(cache=True, nogil=True, error_model="numpy")
def reach(v, base, more, weights, lengths, kept, inverse, past, worst):  # type: ignore[no-untyped-def]
    """How far base + weight × more may be gone along from v ≥ 0, for each weight; weights are in order.

    inverse: shape (weights,), raised to 1 over the longest step that keeps to the bound. past: shape (weights, lengths),
    to which is added, for each of the lengths, longest first, what entries would lie below 0 by, relative to themselves.
    worst: the same shape, raised to the largest change, in absolute numbers, of one that is lifted to `kept` of itself.
    """
    least, most = weights[0], weights[-1]
    for j in range(len(v)):
        first, slope = -base[j] / v[j], -more[j] / v[j]
        if not (first + least * slope > 1.0 or first + most * slope > 1.0):
            continue  # linear in the weight: between the two it is not more than 1 either
        for k in range(len(weights)):
            down = first + weights[k] * slope
            if down > 1.0:
                inverse[k] = max(inverse[k], down)
                for i in range(len(lengths)):
                    beyond = lengths[i] * down - 1.0
                    if not beyond > 0.0:
                        break
                    past[k, i] += beyond
                    worst[k, i] = max(worst[k, i], (beyond + kept) * v[j])
