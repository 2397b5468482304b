"""What the brief says first of a hub of two sites whose power prices differ by a trifle, against ranges by hand.

10 racks of 0.5 MW run all year. At 0.4 CNY/kWh their 43,800 MWh cost 17.52 million CNY and equipment 2.5: 20.02 in all,
of which 1 % is 0.2002. At 0.402 they cost 0.0876 more. So all of them may stand at either site, and what is left of the
1 % buys idle racks at 0.25: 0.8008 at the cheaper site, 0.4504 at the dearer one.
"""

from __future__ import annotations

import pytest

from tests.golden.small import small
from tests.report.pages.test_single_future_page import spaced
from xisuan.decisions.decide import decide
from xisuan.planning.expansion import plan
from xisuan.report.brief import open_choices
from xisuan.report.brief.finding import finding
from xisuan.report.facts import ranges
from xisuan.report.run_context import Context
from xisuan.results.run import Run

SITES = "site,title,hub,zone,pue\ns,Cluster,h,a,1\nt,Campus,h,b,1"


def told(region: str, price: float) -> Context:
    """The plan at 0.4 CNY/kWh at the cluster and `price` at the campus, with its decision tables."""
    power = f"zone,price\na,0.4\nb,{price}"
    given = small({"sites": SITES, "power": power}, {"periods": [2026], "report": {"region": region}})
    found = plan(given)
    tables = dict(decide(found))
    return Context(Run(given, found, None, alternatives=tables.pop("alternatives"), decisions=tables), "en")


@pytest.mark.parametrize(("price", "planned", "most"), [
    (0.402, (5.0, 0.0), (5.4004, 5.2252)),
    (0.398, (0.0, 5.0), (5.223448, 5.398648)),
])  # fmt: skip
def test_which_site_of_a_hub_is_open_while_the_hub_is_firm(
    price: float, planned: tuple[float, float], most: tuple[float, float]
) -> None:
    """At 0.398 the cost is 19.9324: 0.199324 buys 0.797296 racks, and 0.111724, after 0.0876, buys 0.446896."""
    context = told("h", price)
    assert not ranges.open_sizes(context)
    found = ranges.open_sites(context)
    assert [one.site for one in found] == ["s", "t"]
    assert [one.value for one in found] == pytest.approx(planned)
    assert [one.low for one in found] == pytest.approx([0, 0], abs=1e-6)
    assert [one.high for one in found] == pytest.approx(most)
    ends = [f"0–{end:.3g} MW at {site} (plan: {mw:.0f} MW)" for end, site, mw in
            zip(most, ("Cluster", "Campus"), planned, strict=True)]  # fmt: skip
    said = f"Which site is open: within 1 % of the least cost, IT power in 2026 may be {ends[0]}; {ends[1]}."
    assert spaced(open_choices.warning(context)) == said


@pytest.mark.parametrize(("price", "ends", "title"), [
    (0.402, "0–5.23 MW of IT power (plan: 0)", "Campus: no new orders up to 2026 (0–5.23 MW within 1 % of cost)"),
    (0.398, "0–5.4 MW of IT power (plan: 5)", " of orders up to 2026 (0–5.4 MW within 1 % of cost)"),
])  # fmt: skip
def test_a_campus_beside_its_cluster_is_open_on_both_sides_of_the_edge(price: float, ends: str, title: str) -> None:
    """Nothing is counted in EFLOPS, and at the higher price nothing is built here: its range is said all the same."""
    context = told("t", price)
    said = spaced(open_choices.warning(context))
    assert said.startswith(f"Size is open: within 1 % of the least cost, Campus may have {ends} in 2026. Which site")
    assert "at Cluster" in said
    assert "at Campus" not in said
    assert spaced(finding(context)).endswith(title)


def test_far_from_the_edge_nothing_is_open() -> None:
    """At 0.44 a rack at the campus costs 0.1752 more: 0.2002 moves 1.14 of ten."""
    context = told("h", 0.44)
    assert not ranges.open_sites(context)
    assert not open_choices.warning(context)
