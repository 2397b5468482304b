"""Searches take as long as they need: how busy a machine is decides no test."""

from __future__ import annotations

import pytest

from xisuan.planning import relief
from xisuan.solver import conflict, needed


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict, "SECONDS", 3600.0)
    monkeypatch.setattr(needed, "SECONDS", 3600.0)
    monkeypatch.setattr(relief, "SECONDS", 3600.0)
    monkeypatch.setattr(relief, "EACH", 600.0)
