"""Decisions due now: the case that changes a decision most is named."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from xisuan.report.brief import due_decisions


def test_a_reported_price_that_changes_nothing_does_not_hide_another_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reported price changes 0.2 %, a lower one 35 %, demand and latency 0.1 %."""
    cases = {"power": -0.35, "demand": 0.001, "latency": 0.001}
    monkeypatch.setattr(due_decisions.turning_facts, "named", lambda *_: SimpleNamespace(build_change=0.002))
    monkeypatch.setattr(
        due_decisions.turning_facts, "largest", lambda _, kind: SimpleNamespace(build_change=cases[kind])
    )
    decision: Any = SimpleNamespace(kind="compute")
    context: Any = None
    found = due_decisions._largest(context, decision)
    assert found is not None
    assert found.build_change == -0.35
