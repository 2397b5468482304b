"""Recheck of `lower_bound`, `gap` and `status` of a stored result against its values and duals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from xisuan.certificate.recheck.rechecked import ASKED, BRANCH_AND_BOUND, NOT_KEPT, Rechecked
from xisuan.certificate.tolerances import LEAST, TOLERANCE
from xisuan.results.certification import Difference
from xisuan.results.plan import Certificate

WEAKER = 1e-6
"""Relative amount by which a stored bound may be below the one proven by its own duals: rounding."""


def check_bound(
    found: Rechecked, name: str, head: Mapping[str, Any], made: Certificate, objective: float, whole: bool
) -> None:
    """Compare the stored bound and gap with the proven ones.

    name: of the document `head`. objective: recomputed. whole: True for a plan with integers, whose bound is from
    branch and bound, which duals do not prove.
    """
    said = _number(head.get("lower_bound"), -math.inf)
    size = max(LEAST, abs(objective))
    proven, slack = made.lower_bound, TOLERANCE * size
    if said > objective + slack or (not whole and said > proven + slack) or said < proven - _weaker(head, size):
        found.add([Difference("bound", table=name, column="lower_bound", stored=_plain(said), right=_plain(proven))])
    elif whole and said > proven + slack:
        found.unchecked["lower_bound"] = BRANCH_AND_BOUND
    gap = _number(head.get("gap"), math.inf)
    # From the stored figures, each checked by itself: recomputed ones differ by rounding, as much as a small gap.
    stated = _number(head.get("objective", head.get("cost_mcny")), objective)
    right = (stated - said) / max(LEAST, abs(stated))
    if not (math.isclose(gap, right, rel_tol=1e-9, abs_tol=1e-15) or gap == right):
        found.add([Difference("figure", table=name, column="gap", stored=_plain(gap), right=_plain(right))])


def _weaker(head: Mapping[str, Any], size: float) -> float:
    """Return the permitted distance of a bound below the proven one: the gap that the solve was asked for, and rounding."""
    return max(WEAKER, _number(head.get("asked_gap"), 0.0)) * size + LEAST


def check_status(found: Rechecked, head: Mapping[str, Any], made: Certificate, objective: float) -> None:
    """Compare the status of a plan with its gap: optimal within the gap that was asked for, else feasible.

    Nothing confirms the gap that was asked for, so it is listed as unchecked.
    """
    found.add(_status(found, head, made, objective))


def _status(found: Rechecked, head: Mapping[str, Any], made: Certificate, objective: float) -> Iterator[Difference]:
    status, asked = head.get("status"), head.get("asked_gap")
    if status not in ("optimal", "feasible"):
        yield Difference("figure", table="plan.json", column="status", stored=status, right="optimal")
        return
    if isinstance(asked, bool) or not isinstance(asked, float | int) or not asked >= 0.0:
        found.unchecked["status"] = NOT_KEPT
        return
    found.unchecked["asked_gap"] = ASKED
    gap = (objective - _number(head.get("lower_bound"), -math.inf)) / max(LEAST, abs(objective))
    within = gap <= asked * (1.0 + TOLERANCE) + 1e-12
    confirmed = within and made.ok and made.gap(objective) <= asked
    if (status == "optimal" and not within) or (status == "feasible" and confirmed):
        right = "feasible" if status == "optimal" else "optimal"
        yield Difference("figure", table="plan.json", column="status", stored=status, right=right)


def _number(value: object, missing: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else missing


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
