"""Ratio test: the longest step that keeps an iterate within its bounds (`predictor_corrector.move` takes
a fraction of it)."""

from __future__ import annotations

import numba


@numba.njit(cache=True, nogil=True, error_model="numpy")
def reach(v, base, more, weights, lengths, kept, inverse, past, worst):  # type: ignore[no-untyped-def]
    """Compute the longest step from v ≥ 0 along base + weight × more, for each of the increasing weights.

    inverse: shape (weights,), raised to the reciprocal of the longest step within the bounds. past: shape (weights,
    lengths); for each length, longest first, the excess of entries below 0, relative to their value, is added. worst:
    the same shape, raised to the largest absolute change of an entry that is lifted to `kept` of its value.
    """
    least, most = weights[0], weights[-1]
    for j in range(len(v)):
        # Relative decrease per unit step, linear in the weight; above 1 the entry limits a full step.
        first, slope = -base[j] / v[j], -more[j] / v[j]
        if not (first + least * slope > 1.0 or first + most * slope > 1.0):
            continue  # linear in the weight, so it is ≤ 1 in between as well
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
