"""The certificate reads contingencies by itself: it refuses a plan that was made without one of their constraints."""

from __future__ import annotations

import pytest

from tests.oracle.drawn.networks import scenario
from tests.oracle.drawn.whole import write
from xisuan.certificate.certify_plan import certify
from xisuan.equations.constraints import recourse_capacity, recourse_work
from xisuan.planning.expansion import plan
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario

FAMILIES = {
    **dict.fromkeys(("recourse_within_link", "recourse_power", "recourse_within_zone"), recourse_capacity),
    **dict.fromkeys(("recourse_demand", "recourse_pool", "recourse_node", "recourse_class"), recourse_work),
    **dict.fromkeys(("recourse_technology", "recourse_within_installed"), recourse_work),
}


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> list[Scenario]:
    """Two networks in which, between them, every family binds."""
    folder = tmp_path_factory.mktemp("networks")
    for seed in (12, 13):
        write(folder / str(seed), *scenario(seed))
    return [load(folder / str(seed)) for seed in (12, 13)]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_plan_without_a_family_is_refused(
    family: str, networks: list[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FAMILIES[family], family, lambda a, cases: None)
    proven = [certify(one, plan(one)) for one in networks]
    assert any(not one.ok and one.families[family] > 1e-6 for one in proven)


def test_whole_plans_are_certified(networks: list[Scenario]) -> None:
    for one in networks:
        found = plan(one)
        proven = certify(one, found)
        assert proven.ok, proven.findings
        assert proven.lower_bound == pytest.approx(found.objective, rel=1e-6)
