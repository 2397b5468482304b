"""Costs of sites as the page shows them, against sums by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.report.costs.by_hand import column, context, hub_costs
from xisuan.report.costs import site_comparison
from xisuan.report.document.blocks import Choice, Table, Text


def test_a_kilowatt_hour_of_it_costs_power_times_pue_and_upkeep() -> None:
    """Power: 1.2 × 0.5 and 1.5 × 0.5 CNY. Upkeep: 0.1 mCNY a year of a unit that takes 0.5 × 8,760 MWh."""
    upkeep = 0.1e6 / (0.5 * 8760 * 1e3)
    table = site_comparison.unit_table(context())
    assert table is not None
    assert column(table, "Power per kWh of IT") == pytest.approx({"Ridge": 0.6, "Hill": 0.75})
    assert column(table, "Upkeep per kWh of IT") == pytest.approx({"Ridge": upkeep, "Hill": upkeep})
    assert column(table, "Both") == pytest.approx({"Ridge": 0.6 + upkeep, "Hill": 0.75 + upkeep})
    assert column(table, "Grid energy") == pytest.approx({"Ridge": 0.5, "Hill": 0.5})
    assert [row.kind for row in table.rows] == ["marked", "plain"]
    assert [row.cells[-1].bar for row in table.rows] == pytest.approx([(0.6 + upkeep) / (0.75 + upkeep), 1.0])


def test_the_parts_of_a_unit_add_up_to_its_total() -> None:
    """8 = 6 + 1.5 + 0.5 and 10 = 6 + 3 + 1; parts that cost nothing anywhere have no column."""
    section = site_comparison.section(context(decisions={"hub_costs": hub_costs()}))
    (choice,) = [one for one in section.blocks if isinstance(one, Choice)]
    ((table,),) = choice.groups
    assert isinstance(table, Table)
    titles = [one.title for one in table.columns]
    assert titles == ["Site", "Made up of", "Total", "Equipment", "Energy", "PUE", "May serve", "Against best rival",
                      "Against cheapest site", "Why not more"]  # fmt: skip
    parts = [column(table, name) for name in ("Equipment", "Energy", "PUE")]
    for site, total in {"Ridge": 8.0, "Hill": 10.0}.items():
        assert column(table, "Total")[site] == total
        assert sum(part[site] or 0.0 for part in parts) == total
    assert column(table, "Against best rival") == pytest.approx({"Ridge": -20.0, "Hill": 25.0})
    assert [part for part, _ in table.rows[0].cells[1].parts] == pytest.approx([0.6, 0.15, 0.05])
    assert table.rows[1].cells[-1].text == "dearer"


def search(**changes: object) -> dict[str, pd.DataFrame]:
    """s loses half its build of 4 MW above 0.9 CNY/kWh, all of it to t."""
    row: dict[str, object] = {
        "site": "s", "what": "compute", "rival": "t", "direction": "loses at", "list_all_in_cny_per_kwh": 0.5,
        "contract_all_in_cny_per_kwh": float("nan"), "price_cny_per_kwh": 0.9, "price_all_in_cny_per_kwh": 0.9,
        "change_cny_per_kwh": 0.4, "build_mw": 4.0, "build_after_mw": 2.0, "rival_mw": 1.0, "rival_after_mw": 3.0,
        "other": "", "other_mw": 0.0, "other_after_mw": 0.0, "found": True,
    }  # fmt: skip
    return {"break_even": pd.DataFrame([row | changes])}


def test_the_price_at_which_the_build_goes_elsewhere_stands_beside_list_and_contract() -> None:
    table = site_comparison.break_even(context(decisions=search()))
    assert isinstance(table, Table)
    assert column(table, "Break-even, all in") == {"Ridge": 0.9}
    assert column(table, "List, all in") == {"Ridge": 0.5}
    assert [cell.text for cell in table.rows[0].cells[-3:]] == ["4.0 → 2.0", "Hill", "1.0 → 3.0"]
    assert table.rows[0].cells[5].tip == "no contract price is given"
    lost = site_comparison.break_even(context(decisions=search(found=False, direction="wins at")))
    assert isinstance(lost, Table)
    assert [lost.rows[0].cells[at].text for at in (2, 3)] == ["wins no build at least down to", "none down to 0.900"]


def test_without_the_tables_the_page_says_that_nothing_was_compared() -> None:
    found = context()
    assert isinstance(site_comparison.break_even(found), Text)
    first = site_comparison.section(found).blocks[0]
    assert isinstance(first, Text)
    assert first.text.startswith("Unit costs of the clusters were not compared.")
