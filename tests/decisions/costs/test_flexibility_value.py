"""What flexible work saves under a clean share by the hour, against a hand calculation."""

from __future__ import annotations

import pytest

from tests.golden.small import small
from xisuan.decisions.costs.flexibility_value import FLEXIBLE, divided, flexibility
from xisuan.decisions.repeated_solve import Question
from xisuan.errors import XisuanError
from xisuan.scenario.scenario import Scenario

WIND_MCNY = 1.0
"""Cost of a MW of wind in the one year."""


def places(**tables: str) -> Scenario:
    """Return two places of 5 MW in two days: wind gives 1 and then 1/2 where the day is good, 1/4 and then 1/2 where not."""
    good, bad = [1.0] * 12 + [0.5] * 12, [0.25] * 12 + [0.5] * 12
    hours = zip(good + bad, bad + good, strict=True)
    days = [f"{hour},{a},{b}" for hour, (a, b) in enumerate(hours)]
    rest = [f"{hour},0,0" for hour in range(48, 8760)]
    given = {
        "regions": "region\na\nb",
        "sites": "site,node,zone\ns,a,z\nt,b,z",
        "power": "zone,price\nz,0.5",
        "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\ng,general,rack,0.5,0,4",
        "workloads": "workload,class,defer_hours\nw,general,6",
        "demand": "region,workload,period,units\na,w,2026,10\nb,w,2026,10",
        "supply": f"site,source,capex_mcny_per_mw,life_years,profile\ns,wind,{WIND_MCNY},1,a\nt,wind,{WIND_MCNY},1,b",
        "profiles": "\n".join(["hour,a,b", *days, *rest]),
        "blocks": "block,first_hour,hours,weight\ntwo days,0,48,182.5",
        "policies": "rule,scope,value\nclean_share_hourly_min,s,1\nclean_share_hourly_min,t,1",
    }
    return small({**given, **tables}, {"periods": [2026]})


@pytest.mark.parametrize("latency", ["", "10"], ids=["free", "pair by pair"])
def test_waiting_and_moving_save_the_wind_of_the_worst_hours(latency: str) -> None:
    # None: 5 MW / 0.25 = 20 MW at each place. A share x may leave these hours: (1 - x) 20. In space x is all that is
    # flexible. In time it goes to hours of 1/2 of the same day: (1 + x) 10 there, so that a third is worth moving and
    # no more. (On the next day there would be room for all 0.4.)
    work = f"workload,class,latency_ms\nw,general,{latency}"
    network = {"links": "link,from,to,length_km,capacity_gbps\nl,a,b,100,1"} if latency else {}
    found = flexibility(Question(places(workloads=work, **network)))
    megawatts = dict(zip(zip(found["form"], found["flexible_share"], strict=True), found["cost_mcny"], strict=True))
    assert megawatts == pytest.approx(
        {
            ("none", 0.0): 40.0,
            **{(form, 0.1): 36.0 for form in ("time", "space", "both")},
            ("time", 0.4): 80 / 3,
            ("space", 0.4): 24.0,
            ("both", 0.4): 24.0,
        }
    )
    assert found["saving_of_power"].tolist()[-1] == pytest.approx(0.4)


def test_work_is_divided_and_only_the_flexible_part_waits() -> None:
    parts = divided(places(), 0.4, 24)
    assert dict(zip(parts["workloads"]["workload"], parts["workloads"]["defer_hours"], strict=True)) == {
        "w": 0.0,
        f"w{FLEXIBLE}": 24.0,
    }
    assert parts["demand"]["units"].tolist() == [6.0, 6.0, 4.0, 4.0]


def test_hours_without_days_are_refused() -> None:
    with pytest.raises(XisuanError, match="whole days"):
        flexibility(Question(places(blocks="block,first_hour,hours,weight\nh,0,5,1752")))
