"""Access and compute in one plan: apart where they share nothing, and priced where they share a budget."""

from __future__ import annotations

import pandas as pd
import pytest

from gnomon.model.linear_program import flatten
from gnomon.transforms import integer_part
from tests.access_cases import PLACES
from tests.scenarios import frame, pair, pair_frames
from xisuan.certificate.certify_plan import certify
from xisuan.equations.build_model import assemble
from xisuan.planning.expansion import plan
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

TARGETS = "city,deadline\na,2026\nb,2027"


def joint(tables: dict[str, str] | None = None, compute: bool = True, **settings: object) -> Scenario:
    """`pair` with three cities, or the cities alone on its periods."""
    texts = {name: text for name, text in {**PLACES, "city_targets": TARGETS, **(tables or {})}.items() if text}
    cities: dict[str, pd.DataFrame] = {name: frame(text) for name, text in texts.items() if name != "regions"}
    frames = {**pair_frames(), **cities} if compute else {"regions": frame("region\nr"), **cities}
    return load.build(
        {"name": "joint", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one", **settings}, frames
    )


def test_parts_that_share_nothing_cost_the_sum() -> None:
    whole, apart = plan(joint()), plan(joint(compute=False))
    assert whole.objective == pytest.approx(apart.objective + plan(pair()).objective, rel=1e-9)
    assert certify(whole.scenario, whole).ok


def test_a_shared_budget_joins_them_and_has_a_price() -> None:
    """With less than both order in 2026 something is put off or done otherwise, and the budget says what that costs."""
    free = plan(joint())
    spent = {
        period: float(free.builds.query("period == @period")["capex_mcny"].sum())
        + float(free.access_totals.query("period == @period")["capex_mcny"].sum())
        for period in (2026, 2027)
    }
    rows = f"period,scope,limit_mcny\n2026,all,{0.9 * spent[2026]}\n2027,all,"
    tight = plan(joint({"budgets": rows}))
    assert tight.objective > free.objective
    price = tight.prices.query("constraint == 'budget'")
    assert price["item"].tolist() == ["all"]
    assert (price["value"] < 0).all()
    ordered = float(tight.builds.query("period == 2026")["capex_mcny"].sum())
    ordered += float(tight.access_totals.query("period == 2026")["capex_mcny"].sum())
    assert ordered == pytest.approx(0.9 * spent[2026], rel=1e-6)
    checked = certify(tight.scenario, tight)
    assert checked.ok
    assert checked.lower_bound == pytest.approx(tight.objective, rel=1e-6)


def test_most_residents_do_not_branch_on_compute() -> None:
    """A budget of access alone: the integers' part is access, and the halls are planned as without any city."""
    rows = "period,scope,limit_mcny\n2026,access,0.3\n2027,access,0.2"
    whole = joint({"budgets": rows, "city_targets": ""}, objective="residents")
    apart = joint({"budgets": rows, "city_targets": ""}, compute=False, objective="residents")
    assembly = assemble(whole)
    flat = flatten(assembly.model)
    inside = integer_part.with_integers(flat)
    for name, block in assembly.model.columns.items():
        if name not in ("deploy", "deployed", "counted", "gigabit"):
            assert not flat.part(inside, block).any(), name
    one, other = plan(whole), plan(apart)
    assert one.objective == other.objective
    assert one.cost_mcny == pytest.approx(other.cost_mcny + plan(pair()).objective, rel=1e-7)
    assert certify(whole, one).ok


def test_most_residents_within_a_budget_that_both_share() -> None:
    """20 servers must be ordered in 2026, for 20 mCNY at least (in the east, where halls stand): they leave 0.3."""
    rows = "period,scope,limit_mcny\n2026,all,20.3\n2027,all,"
    found = plan(joint({"budgets": rows, "city_targets": ""}, objective="residents"))
    assert certify(found.scenario, found).ok
    alone = "period,scope,limit_mcny\n2026,access,0.3\n2027,access,"
    assert found.objective == plan(joint({"budgets": alone, "city_targets": ""}, objective="residents")).objective
    assert found.objective > 0
