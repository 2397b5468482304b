"""What jobs ask of each link: by hand, as every hour brings exactly the work that the demand says."""

from __future__ import annotations

import pytest

import xisuan as xs
from tests.scenarios import frame
from xisuan.report.simulation import trace_page
from xisuan.results.plan import Plan
from xisuan.results.trace import Trace
from xisuan.simulation.arrivals.demand_sampling import Sampling
from xisuan.simulation.policies.failure_models import Down
from xisuan.simulation.simulate import Trial, simulate

FINE = Sampling(jobs_per_hour=300.0, job_hours=0.2)


def made(*, wait: str = "", profile: str = "", units: str = "10", **more: str) -> Plan:
    """A region `a` at two links from the site at `b`, straight and round by `c`; a unit sends 0.1 Gbps and gets 0.05."""
    tables = {
        "regions": "region\na\nb\nc",
        "sites": "site,node\ns,b",
        "technologies": "technology,class,mw_per_unit\nrack,general,0.01",
        "fleet": "site,technology,units\ns,rack,60",
        "limits": "site,technology,max_units\ns,rack,60",
        "workloads": f"workload,class,defer_hours,gbps_per_unit,return_gbps_per_unit\nw,general,{wait},0.1,0.05",
        "demand": f"region,workload,period,units,profile\na,w,2026,{units},{profile}",
        "profile_rules": "profile,hours,value\nturns,,60\nturns,0,20\nturns,1,100",
        "links": "link,from,to,length_km,capacity_gbps\nab,a,b,100,90\nac,a,c,200,90\ncb,c,b,200,90",
        "traffic": "from,to,gbps,routing\nb,a,30,shortest",
    }
    given = {name: frame(text) for name, text in {**tables, **more}.items()}
    return xs.plan(xs.build({"name": "asked", "periods": [2026], "discount_rate": 0.0, "hours": "hours:2"}, given))


def asked(trace: Trace, column: str) -> dict[tuple[str, str], float]:
    rows = trace.links.to_dict("records")
    return {(row["from"], row["to"]): row[column] for row in rows if row[column]}


def test_the_shortest_way_is_asked_for_all_that_moves_both_ways() -> None:
    found = made()
    trace = simulate(found.scenario, found, Trial(hours=12, replications=2, sampling=FINE, baseline=False))
    for column in ("asked_gbps", "most_gbps"):
        assert asked(trace, column) == pytest.approx({("a", "b"): 1.0, ("b", "a"): 0.5}, rel=1e-9)
    free = dict.fromkeys((("a", "b"), ("a", "c"), ("c", "a"), ("c", "b"), ("b", "c")), 90.0)
    assert asked(trace, "gbps") == pytest.approx(free | {("b", "a"): 60.0})


def test_while_it_is_cut_the_other_way_is_asked() -> None:
    found = made()
    trial = Trial(hours=12, replications=1, sampling=FINE, baseline=False, down=(Down("link", "ab", 3, 3),))
    trace = simulate(found.scenario, found, trial)
    way, back = (("a", "c"), ("c", "b")), (("b", "c"), ("c", "a"))
    mean = {("a", "b"): 0.75, ("b", "a"): 0.375} | dict.fromkeys(way, 0.25) | dict.fromkeys(back, 0.125)
    assert asked(trace, "asked_gbps") == pytest.approx(mean, rel=1e-9)
    most = {("a", "b"): 1.0, ("b", "a"): 0.5} | dict.fromkeys(way, 1.0) | dict.fromkeys(back, 0.5)
    assert asked(trace, "most_gbps") == pytest.approx(most, rel=1e-9)


def test_work_that_waits_asks_when_the_schedule_runs_it() -> None:
    """20 and 100 units come in turn, 60 run in each hour: as scheduled 6 Gbps are asked for, at once 10."""
    found = made(wait="1", profile="turns", units="60")
    most = {}
    for place in ("plan", "nearest"):
        trial = Trial(hours=12, replications=1, sampling=Sampling(5000.0, 0.2), baseline=False, place=place)
        most[place] = asked(simulate(found.scenario, found, trial), "most_gbps")["a", "b"]
    assert most["nearest"] == pytest.approx(10.0, rel=1e-9)
    assert most["plan"] == pytest.approx(6.0, rel=0.1)  # jobs are held back one by one, and are of different sizes


@pytest.mark.parametrize(("language", "said"), [("en", "Busiest hour"), ("zh", "最忙小时")])
def test_the_page_shows_the_links_that_are_asked_for_most(language: str, said: str) -> None:
    found = made()
    trace = simulate(found.scenario, found, Trial(hours=6, replications=1, sampling=FINE, baseline=False))
    page = trace_page.html(trace, language)  # type: ignore[arg-type]
    assert said in page
    assert page.index("a → b") < page.index("b → a")
    assert "a → c" not in page


def test_rows_of_traffic_between_the_same_nodes_leave_less_to_work() -> None:
    """20 Gbps from b and 10 from d, a region at b."""
    found = made(regions="region,node\na,\nb,\nc,\nd,b", traffic="from,to,gbps,routing\nb,a,20,free\nd,a,10,shortest")
    trace = simulate(found.scenario, found, Trial(hours=6, replications=1, sampling=FINE, baseline=False))
    assert asked(trace, "gbps")["b", "a"] == pytest.approx(60.0)
