"""Whose firmness is asked for: the largest builds, and the place that the report is about, whether it builds or not."""

from __future__ import annotations

import pytest

from tests.equations.constraints.test_contingencies import HALVES, pair
from tests.golden.small import small
from xisuan.decisions.decide import ASKED, decide
from xisuan.planning.expansion import plan

TWO = {"sites": "site,capex_factor\ns,1\nt,1.02"}
"""10 racks are needed; at t they cost 2 % more than at s. The cost is 10 / 4 = 2.5."""


@pytest.mark.parametrize("region", ["s", "t"])
def test_the_place_that_the_report_is_about_is_among_them(region: str) -> None:
    """A rack at t costs 0.25 × 0.02 = 0.005 a year more: 1 % of the cost, 0.025, moves 5 of 10 from s, which keeps half."""
    found = plan(small(TWO, {"periods": [2026], "report": {"region": region}}))
    table = decide(found)["alternatives"]
    power = table[table["asset"] == "it_power"].set_index("where")
    assert power.index.tolist() == [region]
    assert power.loc[region, ["least", "most"]].tolist() == pytest.approx([2.5, 5.05] if region == "s" else [0, 2.5])
    table = table[table["asset"] == "compute"].set_index("where")
    assert table.index.tolist() == (["s"] if region == "s" else ["s", "t"])
    assert table.loc["s", "least"] == pytest.approx(5)
    if region == "t":
        assert table.loc["t", ["planned", "least", "most"]].tolist() == pytest.approx([0, 0, 5], abs=1e-6)


def test_a_day_on_which_there_is_no_plan_costs_the_tables_that_rest_on_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A plan on its own hours may have none on the hours on which decisions are tried."""
    found = plan(small(TWO, {"periods": [2026]}))
    monkeypatch.setattr("xisuan.decisions.repeated_solve.nearest_vertex", lambda *_, **__: None)
    monkeypatch.setattr("xisuan.decisions.decide.hours_of", lambda *_: "typical day")
    tables = decide(found)
    assert not set(ASKED) & set(tables)
    notes = tables["decision_notes"].set_index("table").loc[list(ASKED)]
    assert notes["note_en"].str.startswith("not found: There is no plan on the hours").all()
    assert {"hub_costs", "levelised", "investors", "decided"} <= set(tables)


def test_with_contingencies_no_case_is_tried() -> None:
    """Of 21 1/3 units 5 1/3 are for failures: cases without them would end the range of the build at 16."""
    found = plan(pair(HALVES))
    tables = decide(found)
    assert "stress" not in tables
    note = tables["decision_notes"].set_index("table").loc["stress", "note_en"]
    assert note.startswith("with contingencies")
    assert "stress" in decide(plan(pair("")))
