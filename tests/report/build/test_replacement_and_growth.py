"""Why a year orders more than another, against the pair with twenty old servers that age out in its second year."""

from __future__ import annotations

import pytest

from tests.scenarios import pair_frames
from xisuan.report.build import replacement_and_growth
from xisuan.report.document.blocks import Table, Text
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.scenario.load import build
from xisuan.workflow.plan import plan

SETTINGS = {"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}


def run(lead_years: float = 0.0) -> Run:
    """120 units of work in 2026 and 140 in 2027, so 20 servers grow each year; the 20 that stood in the west leave."""
    frames = pair_frames()
    fleet = frames["fleet"]
    frames["fleet"] = fleet.assign(retires=["2027" if site == "west-1" else "" for site in fleet["site"]])
    frames["halls"] = frames["halls"].assign(lead_years=str(lead_years))
    if lead_years:
        frames["halls"]["existing_mw"] = [str(float(mw or 0) + 0.2) for mw in frames["halls"]["existing_mw"]]
    scenario = build(SETTINGS, frames)
    return Run(scenario, plan(scenario))


def test_what_comes_is_growth_and_what_replaces() -> None:
    (found,) = replacement_and_growth.paces(Context(run(), "en"))
    assert found.comes == {2027: pytest.approx(40)}
    assert found.replaces == {2027: pytest.approx(20)}
    assert found.capital == {2027: pytest.approx(40)}, "a server costs 1"


def test_the_dearest_year_is_told_with_the_share_that_replaces() -> None:
    """2027: 40 of equipment, half of it for what leaves, halls of 4 and a wider link of 0.3."""
    text, table = replacement_and_growth.blocks(Context(run(), "en"))
    assert isinstance(text, Text)
    assert isinstance(table, Table)
    said = text.text.replace("\u00a0", " ")
    assert "is largest in 2027, 44.30 million CNY: 50.0 % of the 40.00 million CNY of equipment" in said
    cells = {row.cells[0].text: row.cells[1].text for row in table.rows if len(row.cells) > 1}
    assert cells["General-purpose: growth"] == cells["General-purpose: replaces what leaves"] == "20"


def test_what_would_serve_only_after_the_horizon_is_said_not_to_be_ordered_for_that() -> None:
    """Halls take a year and are ordered in 2026 for 2027; in 2027 none can be of use."""
    halls_late = replacement_and_growth.blocks(Context(run(lead_years=1.0), "en"))[0]
    assert isinstance(halls_late, Text)
    assert "What is ordered of halls in 2027 would serve only after it" in halls_late.text
    at_once = replacement_and_growth.blocks(Context(run(), "en"))[0]
    assert isinstance(at_once, Text)
    assert "would serve only after it" not in at_once.text
