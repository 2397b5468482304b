"""Tolerances of certification: how far a plan may be off before a certificate says so."""

from __future__ import annotations

TOLERANCE = 1e-6
"""Largest violation of a row or a bound relative to its largest term, and of the objective relative to its value."""
SAME = 1e-9
"""Relative tolerance of costs and amounts in tables: both sides add the same numbers, possibly in another order."""
LEAST = 1e-9
"""Smallest scale of a cost or an objective in relative comparisons, in its unit."""
NEAR = 1e-3
"""Relative violation up to which a plan's cost still bounds orders in the proof (see `proof/variable_bounds`)."""
