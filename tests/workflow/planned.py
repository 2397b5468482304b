"""Plans of the two scenarios that serve nearly all tests, made once."""

from __future__ import annotations

from functools import cache

from tests.scenarios import five, pair
from xisuan.results.plan import Plan
from xisuan.workflow.plan import plan


@cache
def pair_plan() -> Plan:
    """Two sites, two periods, one mean hour."""
    return plan(pair())


@cache
def five_plan() -> Plan:
    """Every part of the model on one day."""
    return plan(five())
