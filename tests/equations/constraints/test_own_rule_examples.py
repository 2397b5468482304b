"""The six examples of docs/explanation/own-rules.md, each planned: what it asks for, and what changes by it."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import xisuan as xs

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "own-rules.md"
EXAMPLES = {
    block.partition('name = "')[2].partition('"')[0]: block
    for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
}
"""Blocks of the page by the name of their rule."""
TABLES = {
    "scenario.toml": 'name = "own"\nbase_year = 2026\nperiods = [2026, 2027, 2028]\ndiscount_rate = 0.0\n',
    "regions.csv": "region\nr\n",
    "sites.csv": """
        site,hub,zone,investor,capex_factor
        east,metro,z,North Cloud,1
        west,,z,South Cloud,1.5
        """,
    "halls.csv": "site,capex_mcny_per_mw,life_years\neast,20,20\nwest,20,20\n",
    "technologies.csv": """
        technology,class,unit,eflops_per_unit,precision,mw_per_unit,capex_mcny_per_unit,life_years
        domestic,intelligent,rack,0.5,FP16,0.5,3,4
        imported,intelligent,rack,1,FP16,0.5,2,4
        """,
    "workloads.csv": "workload,class\nw,intelligent\n",
    "demand.csv": "region,workload,period,units\nr,w,2026,10\nr,w,2027,20\nr,w,2028,40\n",
    "power.csv": "zone,price\nz,0.5\n",
    "profile_rules.csv": "profile,months,value\nsummer,,0\nsummer,6-8,1\n",
    "blocks.csv": "block,first_hour,hours,weight\nwinter,0,1,6552\nsummer,4000,1,2208\n",
}
"""40 racks in the end, 20 MW; east is cheaper, and so is the imported chip. Summer has 2,208 hours."""


def amount(found: xs.Plan, asset: str, period: int, **of: str) -> float:
    """What stands of an asset in a period."""
    rows = found.capacity[(found.capacity["asset"] == asset) & (found.capacity["period"] == period)]
    for column, name in of.items():
        rows = rows[rows[column] == name]
    return float(rows["amount"].sum())


def domestic(found: xs.Plan) -> float:
    """Return the least share of domestic EFLOPS in any period."""
    shares = []
    for period in (2026, 2027, 2028):
        own, other = (amount(found, "compute", period, technology=name) for name in ("domestic", "imported"))
        shares.append(0.5 * own / (0.5 * own + other))
    return min(shares)


def north(found: xs.Plan) -> float:
    """Return the largest share of North Cloud in all halls."""
    years = (2026, 2027, 2028)
    return max(amount(found, "hall", year, where="east") / amount(found, "hall", year) for year in years)


def metro(found: xs.Plan) -> float:
    """Return the halls of the metro in the last year."""
    return amount(found, "hall", 2028, where="east")


def apart(found: xs.Plan) -> float:
    """Return the largest difference between the halls of both sites."""
    years = (2026, 2027, 2028)
    return max(abs(amount(found, "hall", y, where="east") - amount(found, "hall", y, where="west")) for y in years)


def growth(found: xs.Plan) -> float:
    """Return the most that orders of halls grow from one period to the next, MW."""
    orders = found.builds[found.builds["asset"] == "hall"].groupby("period")["amount"].sum()
    ordered = [float(orders.get(year, 0.0)) for year in (2026, 2027, 2028)]
    return max(later - earlier for earlier, later in itertools.pairwise(ordered))


def water(found: xs.Plan) -> float:
    """Return the most water of a summer, m³."""
    power = found.power[found.power["hour"] == 1]
    each = power["it_mw"] * power["site"].map({"east": 2.0, "west": 1.0}) * 2208
    return float(each.groupby(power["period"]).sum().max())


CHECKS: dict[str, tuple[Callable[[xs.Plan], float], float, float]] = {
    "domestic-chips": (domestic, 0.0, 0.3),
    "share-of-north-cloud": (north, 1.0, 0.6),
    "metro-full": (metro, 20.0, 0.0),
    "pair": (apart, 20.0, 0.0),
    "ramp": (growth, 5.0, 2.0),
    "summer-water": (water, 88_320.0, 50_000.0),
}
"""What is measured, what it is without the rule, and what the rule makes of it."""


def planned(folder: Path, rules: str) -> xs.Plan:
    folder.mkdir()
    for name, text in (TABLES | ({"rules.toml": rules} if rules else {})).items():
        (folder / name).write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    found = xs.plan(xs.load(folder))
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.certificate.gap(found.objective) <= 1e-6
    return found


@pytest.mark.parametrize("name", CHECKS)
def test_an_example_does_what_it_says(name: str, tmp_path: Path) -> None:
    measure, without, within = CHECKS[name]
    assert measure(planned(tmp_path / "free", "")) == pytest.approx(without, abs=1e-6)
    found = planned(tmp_path / "ruled", EXAMPLES[name])
    assert measure(found) == pytest.approx(within, abs=1e-6)
    assert (found.prices["item"] == name).any()


def test_all_examples_are_checked() -> None:
    assert set(EXAMPLES) == set(CHECKS)


def test_text_is_twenty_lines() -> None:
    """All that is said beside the examples, without the title; a line is no longer than 130 characters."""
    text, examples = PAGE.read_text(encoding="utf-8").split("## Six examples")
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 130
    assert "\n#" not in examples
