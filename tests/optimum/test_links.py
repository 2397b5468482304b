"""Links in whole modules cost what SNDlib's best known solutions of network design cost.

S. Orlowski, M. Pióro, A. Tomaszewski, R. Wessäly, "SNDlib 1.0: survivable network design library", Networks 55 (2010),
and sndlib.zib.de: models U-U-M-N-C-A-N-N (france, germany50) and D-B-M-N-C-A-N-N (atlanta).
"""

from __future__ import annotations

from pathlib import Path

import pytest

import xisuan as xs
from tests.cases import folders, links


def scenario(name: str, folder: Path, **how: bool) -> xs.Scenario:
    return xs.load(links.write(folders.case(f"links/{name}.txt"), folder / name, **how))


@pytest.mark.long
def test_france(tmp_path: Path) -> None:
    """All its solutions cost a multiple of 200, so that a gap below 200 / 20,400 proves the optimum.

    Whole modules at a published optimum are tested by `atlanta`, links without a direction by `germany50`.
    """
    plan = xs.plan(scenario("france", tmp_path, directed=False), xs.Options(gap=0.009))
    assert plan.certificate.ok
    assert plan.objective == pytest.approx(20200, abs=1e-6)
    assert 20200 - plan.lower_bound < 200


def test_atlanta_with_routing_cost(tmp_path: Path) -> None:
    """Capacity that stands is free; routing is paid in both directions of a link."""
    plan = xs.plan(scenario("atlanta", tmp_path, directed=True), xs.Options(gap=1e-6))
    assert plan.certificate.ok
    assert plan.objective == pytest.approx(46244642.40, abs=0.005)
    terms = plan.costs.groupby("term")["discounted_mcny"].sum()
    assert terms["link_capex"] + terms["transmission"] == pytest.approx(plan.objective)


def test_relaxation_of_germany50(tmp_path: Path) -> None:
    """Modules of one size without a limit on their number, relaxed, are capacity at the price of their Gbps."""
    plan = xs.plan(scenario("germany50", tmp_path, directed=False, relaxed=True), xs.Options(solver="simplex"))
    assert plan.certificate.ok
    assert plan.objective == pytest.approx(597932.50, abs=1e-3)


@pytest.mark.long
def test_germany50_is_bracketed(tmp_path: Path) -> None:
    """Its optimum was not proven here in a minute: the bound and the plan lie on the two sides of 628,490."""
    plan = xs.plan(scenario("germany50", tmp_path, directed=False), xs.Options(gap=0.065))
    assert plan.certificate.ok
    assert 597932.50 < plan.lower_bound <= 628490 <= plan.objective
    assert plan.gap <= 0.065
