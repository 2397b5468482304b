"""Rows of many hours are made a range at a time, and the certificate is that of all at once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.certificate.test_certify_schedule import served as operated
from tests.certificate.test_certify_schedule import short
from tests.scenarios import five
from tests.workflow.planned import five_plan
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.reading import sparse_rows
from xisuan.results.plan import Certificate


def close(one: Certificate, other: Certificate) -> None:
    """The same but for the order in which numbers are added."""
    assert (one.ok, one.findings) == (other.ok, other.findings)
    assert one.families == pytest.approx(other.families, rel=1e-6, abs=1e-13)
    assert (one.cost, one.lower_bound) == pytest.approx((other.cost, other.lower_bound), rel=1e-12)


@pytest.mark.parametrize("at_once", [1, 50, 1000])
def test_a_plan_is_certified_by_ranges_as_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = five_plan()
    whole = certify(five(), made)
    monkeypatch.setattr(sparse_rows, "AT_ONCE", at_once)
    close(certify(five(), made), whole)
    grid = made.variables["grid"]
    half = dataclasses.replace(grid, values=np.where(np.arange(24)[:, None] == 17, 0.5, 1.0) * grid.values)
    wrong = certify(five(), dataclasses.replace(made, variables={**made.variables, "grid": half}))
    assert not wrong.ok
    assert any("hour 17" in finding for finding in wrong.findings)


@pytest.mark.parametrize("at_once", [1, 50])
def test_an_operation_is_certified_by_ranges_as_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where rules are exceeded, of which the bound asks by how much that can be."""
    cases = [operated(), short()]
    whole = [case.certified() for case in cases]
    monkeypatch.setattr(sparse_rows, "AT_ONCE", at_once)
    for case, expected in zip(cases, whole, strict=True):
        close(case.certified(), expected)


def test_ranges_are_no_larger_than_they_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry comes once, whatever their size."""
    statement = Statement.of(five())
    most = {name: np.full(family.shape, np.inf) for name, family in statement.columns.families.items()}
    none = np.zeros(statement.columns.size)
    hourly = [family for family in statement.rows(most, none) if family.hourly and family.labels]
    monkeypatch.setattr(sparse_rows, "AT_ONCE", 40)
    for family in hourly:
        widest = max((part._width for part in family._parts if isinstance(part, sparse_rows._Hourly)), default=0)
        pieces = list(family.pieces())
        assert max((len(piece[2]) for piece in pieces), default=0) <= max(40, widest)
        made = sorted(zip(*(np.concatenate(of).tolist() for of in zip(*pieces, strict=True)), strict=True))
        assert made == sorted(zip(*(of.tolist() for of in family.entries), strict=True))
