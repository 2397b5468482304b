"""Searches take as long as they need: how busy a machine is decides no test."""

from __future__ import annotations

import pytest

from gnomon.infeasibility import iis, irreducibility
from xisuan.planning.infeasibility import required_relief


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iis, "SECONDS", 3600.0)
    monkeypatch.setattr(irreducibility, "SECONDS", 3600.0)
    monkeypatch.setattr(required_relief, "SECONDS", 3600.0)
    monkeypatch.setattr(required_relief, "EACH", 600.0)
