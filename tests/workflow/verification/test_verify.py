"""Verification: what is lost, what it costs, the cheapest spare, and plans that are made again until they hold."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from tests.scenarios import frame, pair
from xisuan.cli.main import invoke
from xisuan.cli.terminal.output import code
from xisuan.errors import InfeasibleError
from xisuan.planning.infeasibility.statements import Statement
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.results.trace import Trace
from xisuan.results.verification import Verification
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.arrivals.demand_sampling import Sampling
from xisuan.simulation.simulate import simulate
from xisuan.text.translation import translate
from xisuan.workflow import operate as operation
from xisuan.workflow.verification import capacity_floors, contingency, failure_case
from xisuan.workflow.verification.contingency import NOTHING, Failure
from xisuan.workflow.verification.failure_case import Ordeal
from xisuan.workflow.verification.verify import Ask, _ended, verify

TRIAL = xs.Trial(place="least-loaded", replications=1, hours=48, sampling=Sampling(30.0, 0.2))


def edit(folder: Path, table: str, column: str, value: float) -> None:
    """Give every row of a table another value."""
    frame = pd.read_csv(folder / f"{table}.csv")
    frame[column] = value
    frame.to_csv(folder / f"{table}.csv", index=False)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """`pair` with a wide link and a latency limit that nobody notices: either site can serve everybody."""
    folder = tmp_path_factory.mktemp("pair") / "pair"
    pair(folder)
    for name, column, value in (("links", "capacity_gbps", 50.0), ("workloads", "latency_ms", 50.0)):
        edit(folder, name, column, value)
    return xs.load(folder)


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return xs.plan(scenario)


@pytest.fixture(scope="module")
def period(plan: Plan) -> int:
    return plan.scenario.settings.periods[-1]


def installed(plan: Plan, period: int) -> pd.Series:
    frame = plan.capacity
    frame = frame[(frame["period"] == period) & (frame["asset"] == "compute")]
    return frame.groupby("where")["amount"].sum()


def test_with_nothing_down_the_plan_serves_all_and_needs_no_spare(scenario: Scenario, plan: Plan, period: int) -> None:
    day = contingency.operated(scenario, plan, period, NOTHING)
    assert day.schedule.status == "optimal"
    assert day.spare.tables["builds"]["capex_mcny"].sum() == pytest.approx(0.0, abs=1e-6)


def test_a_lost_site_by_hand(scenario: Scenario, plan: Plan, period: int) -> None:
    """One workload, one mean hour, either site can serve all: what is lost is what the other has no room for, and the
    spare is exactly that, at the site that is left, at the price of its equipment.
    """
    units = installed(plan, period)
    lost = units.idxmax()
    left = next(site for site in scenario["sites"]["site"] if site != lost)
    demand = scenario["demand"]
    asked = float(demand.loc[demand["period"] == period, "units"].sum())
    missing = asked - float(units.get(left, 0.0))
    assert missing > 0
    day = contingency.operated(scenario, plan, period, Failure("site", str(lost)))
    shortfall = day.schedule.tables["shortfall"]
    assert shortfall["unit_hours"].sum() / 8760 == pytest.approx(missing, rel=1e-6)
    builds = day.spare.tables["builds"]
    compute = builds[builds["asset"] == "compute"]
    assert set(compute["where"]) == {left}
    assert compute["amount"].sum() == pytest.approx(missing, rel=1e-6)
    row = scenario.at("technologies", period).set_index("technology").loc[compute["technology"].iloc[0]]
    factor = scenario.at("sites", period).set_index("site")["capex_factor"].get(left, 1.0)
    factor = 1.0 if np.isnan(factor) else factor
    assert compute["capex_mcny"].sum() == pytest.approx(missing * row["capex_mcny_per_unit"] * factor, rel=1e-6)


def test_a_plan_with_the_spare_loses_nothing(scenario: Scenario, plan: Plan, period: int) -> None:
    """What the spare of a failure asks of the next plan is kept by it, and that plan serves all when the site is lost."""
    units = installed(plan, period)
    failure = Failure("site", str(units.idxmax()))
    case = list(Ordeal(scenario, plan, dataclasses.replace(TRIAL, period=period), 0.9).cases((failure,)))[1]
    assert case.unserved_share > 0
    assert not case.holds
    changes = capacity_floors.floors(scenario, plan, period, case.spare, 1)
    again = xs.plan(capacity_floors.amended(scenario, period, changes))
    assert (installed(again, period) >= units.reindex(installed(again, period).index).fillna(0.0) - 1e-6).all()
    after = list(Ordeal(scenario, again, dataclasses.replace(TRIAL, period=period), 0.9).cases((failure,)))[1]
    assert after.unserved_share == 0
    assert after.spare["capex_mcny"].sum() == pytest.approx(0.0, abs=1e-6)
    assert again.cost_mcny - plan.cost_mcny > 0


def test_it_plans_again_until_it_holds(scenario: Scenario, plan: Plan) -> None:
    """The failures ask for spare, late jobs for a reserve; the last plan keeps both, and costs more."""
    found = verify(scenario, plan, TRIAL, Ask(limit=0.3, rounds=6))
    assert found.holds, found.why
    assert not found.cases[found.cases["round"] == 0]["holds"].all()
    last = found.cases[found.cases["round"] == found.cases["round"].max()]
    assert last["holds"].all()
    assert found.plan.cost_mcny > plan.cost_mcny
    assert found.added["capex_mcny"].sum() > 0
    assert {"min_units"} <= set(found.asked["rule"])
    assert set(found.work["workload"]) == {"web"}
    kept = xs.plan(scenario)
    assert kept.cost_mcny == pytest.approx(plan.cost_mcny)


def test_every_day_is_certified_and_a_wrong_one_ends_it(
    scenario: Scenario, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a day whose operation is wrong nothing is said to hold, and no spare is looked for."""
    ask = Ask(limit=0.99, failures=(Failure("site", "east-1"),))
    cases = verify(scenario, plan, TRIAL, dataclasses.replace(ask, rounds=0)).cases
    assert set(cases["certificate"]) == {"holds"}
    assert cases["max_violation"].max() <= 1e-6
    operated = operation.operated

    def wrong(day: Scenario, stands: Plan) -> Schedule:
        made = operated(day, stands)
        grid = made.variables["grid"]
        half = dataclasses.replace(grid, values=0.5 * grid.values)
        return operation.certified(stands, dataclasses.replace(made, variables={**made.variables, "grid": half}))

    monkeypatch.setattr(operation, "operated", wrong)
    found = verify(scenario, plan, TRIAL, ask, planner=lambda _: pytest.fail("it is planned again"))
    assert not found.holds
    assert "nothing can be said: with nothing down, the certificate of that day's operation does not hold" in found.why
    assert set(found.cases["certificate"]) == {"fails"}
    assert not found.cases["holds"].any()


def test_a_plan_whose_certificate_fails_ends_it(scenario: Scenario, plan: Plan) -> None:
    """Of a wrong plan, given or made again, nothing is said to hold."""
    assert plan.certificate is not None
    wrong = dataclasses.replace(plan, certificate=dataclasses.replace(plan.certificate, ok=False, findings=("off",)))
    found = verify(scenario, wrong, TRIAL, Ask())
    assert not found.holds
    assert found.why == "nothing can be said: the certificate of the plan as given does not hold (off)"
    assert found.cases.empty
    ask = Ask(limit=0.99, failures=(Failure("site", "east-1"),))
    again = verify(scenario, plan, TRIAL, ask, planner=lambda _: wrong)
    assert not again.holds
    assert again.why == "nothing can be said: the certificate of the plan of round 1 does not hold (off)"
    assert code(again.plan) == 4


def test_it_says_when_one_site_is_all_there_is(tmp_path: Path) -> None:
    """Within 1 ms each region has its own site only: no spare helps when that is down."""
    pair(tmp_path / "pair")
    edit(tmp_path / "pair", "workloads", "latency_ms", 1.0)
    scenario = xs.load(tmp_path / "pair")
    found = verify(scenario, xs.plan(scenario), TRIAL, Ask(limit=0.99))
    assert not found.holds
    assert "no spare that may be built serves all of web of east" in found.why
    assert found.given["rounds"] == 0


def test_a_spare_for_the_rest_is_not_denied(tmp_path: Path) -> None:
    """Web is bound to its own site and batch is not: with that site down a spare serves batch, and none serves web. The
    reason says both, and agrees with the table of spares."""
    pair(tmp_path / "pair")
    edit(tmp_path / "pair", "workloads", "latency_ms", 1.0)
    scenario = xs.load(tmp_path / "pair")
    (_, broken, *_) = Ordeal(scenario, xs.plan(scenario), dataclasses.replace(TRIAL, period=2027), 0.99).cases(
        (Failure("site", "east-1"),)
    )
    assert broken.why
    assert not len(broken.spare)
    spare = pd.DataFrame([{"asset": "compute", "where": "west-1", "mw": 1.0, "capex_mcny": 9.0}])
    reasons = [_ended(scenario, [dataclasses.replace(broken, spare=one)], 0, 3) for one in (broken.spare, spare)]
    assert [str(reason).split(":")[0] for reason in reasons] == ["no spare helps", "no spare is enough"]
    assert [translate(reason, "zh").split("：")[0] for reason in reasons] == [
        "任何备用容量都无济于事",
        "任何备用容量都不足以承接全部工作",
    ]
    assert ["the cheapest spare serves the rest" in str(reason) for reason in reasons] == [False, True]


@pytest.mark.long
def test_it_says_when_no_plan_keeps_what_is_asked(scenario: Scenario, plan: Plan) -> None:
    def never(_: Scenario) -> Plan:
        raise InfeasibleError("no plan exists")

    found = verify(scenario, plan, TRIAL, Ask(limit=0.0), planner=never)
    assert not found.holds
    assert found.why == "no plan keeps what the failures ask for: no plan exists"
    assert found.plan is plan

    stated = [
        Statement("budgets", f"{year}/all", "limit_mcny", "at most 9", "raise it").message for year in (2027, 2028)
    ]
    stated.append(Statement("limits", "A/b", "", "at least 5", "lower it").message)

    def conflicting(_: Scenario) -> Plan:
        raise InfeasibleError("No plan satisfies the scenario.", stated)

    reason = verify(scenario, plan, TRIAL, Ask(limit=0.0), planner=conflicting).reason
    named = [statement.split(" · ")[0] for statement in stated]
    assert reason.en.endswith(f"cannot all hold: {'; '.join(named)}")
    assert reason.zh.endswith("相互冲突：" + "；".join(one.replace(": ", "：") for one in named))


@pytest.mark.long
def test_it_says_when_the_last_round_is_not_enough(scenario: Scenario, plan: Plan) -> None:
    found = verify(scenario, plan, TRIAL, Ask(limit=0.0, rounds=1), planner=lambda _: plan)
    assert not found.holds
    assert "after 1 round " in found.why


@pytest.mark.parametrize("ask", [{"limit": 1.0}, {"limit": float("nan")}, {"rounds": -1}])
def test_what_cannot_be_asked(ask: dict[str, float]) -> None:
    with pytest.raises(xs.ScenarioError, match=next(iter(ask))):
        Ask(**ask)  # type: ignore[arg-type]


def test_reasons_name_the_work_and_are_true_of_no_round(scenario: Scenario, plan: Plan) -> None:
    """Not planned again: it does not say "after 0 rounds", and names the workload, in both languages."""
    reason = verify(scenario, plan, TRIAL, Ask(limit=0.0, rounds=0)).reason
    assert "round" not in reason.en
    assert " of web cannot be served" in reason.en
    assert "beyond those late anyway" in reason.en
    assert "停运：web有" in reason.zh


@pytest.mark.long
def test_work_that_the_plan_drops_for_its_price_changes_no_verdict(
    tmp_path: Path, scenario: Scenario, plan: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten times as much work again comes, at a price so low that the plan builds nothing for it: all that must be served
    is served as before, job by job too, and the words name no other work than that.
    """
    frames = dict(scenario.tables)
    web, demand = frames["workloads"], frames["demand"]
    spot = web.assign(workload="spot", unserved_mcny_per_unit_hour=1e-12)
    frames["workloads"] = pd.concat([web, spot], ignore_index=True)
    more = demand.assign(workload="spot", units=10.0 * demand["units"])
    frames["demand"] = pd.concat([demand, more], ignore_index=True)
    both = dataclasses.replace(scenario, tables=frames)
    planned = xs.plan(both)
    assert planned.capacity["amount"].to_numpy() == pytest.approx(plan.capacity["amount"].to_numpy(), rel=1e-6)
    for ask in (Ask(limit=0.0, rounds=0), Ask(limit=0.9, rounds=0)):
        alone, found = verify(scenario, plan, TRIAL, ask), verify(both, planned, TRIAL, ask)
        columns = ["late_jobs", "late_share", "late_more", "unserved_share", "spare_mw", "holds"]
        for name in columns:
            assert found.cases[name].tolist() == pytest.approx(alone.cases[name].tolist(), rel=1e-5), name
        assert found.reason == alone.reason
        assert "all can be served" not in found.why
    work = found.work[found.work["what"] == "site"]
    assert work.loc[work["workload"] == "spot", "unserved_share"].min() > work.loc[work["owed"], "unserved_share"].min()
    assert not work.loc[work["workload"] == "spot", "owed"].any()
    xs.save(planned, tmp_path / "run")
    xs.write(both, tmp_path / "both")
    given = ["verify", str(tmp_path / "both"), "--plan", str(tmp_path / "run"), "--rounds", "0", "--hours", "30"]
    assert invoke([*given, "--jobs-per-hour", "5", "--lang", "en", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "% web" in said
    assert "% spot" not in said


def test_no_spare_is_bought_for_work_that_may_be_dropped() -> None:
    """Beside `w` comes as much work that it costs 0.9 million an hour to leave, and the plan widens the way round to 1 Gbps
    for it. With `ab` cut `w` has that way, and nothing is bought, though a Gbps more costs half a million a year."""
    both = ring(more="0.9")
    planned = xs.plan(both)
    links = planned.capacity[planned.capacity["asset"] == "link"].set_index("where")["amount"]
    assert links.to_dict() == pytest.approx({"ab": 1.0, "ac": 1.0, "cb": 1.0})
    found = cut(both, rounds=0)
    assert not len(found.spare)
    assert found.holds, found.why
    work = found.work[found.work["what"] == "link"].set_index("workload")
    assert work["owed"].to_dict() == {"w": True, "x": False}
    assert work["unserved_share"].to_dict() == pytest.approx({"w": 0.0, "x": 1.0})


def test_a_dropped_job_is_a_late_one(
    scenario: Scenario, plan: Plan, period: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jobs that the failure leaves no place for are never done: they count as late, and as due."""
    failure = Failure("link", str(scenario["links"]["link"].iloc[0]))
    trial = dataclasses.replace(TRIAL, period=period)

    def case() -> failure_case.Case:
        return list(Ordeal(scenario, plan, trial, 0.9).cases((failure,)))[1]

    def dropping(scenario: Scenario, plan: Plan, trial: xs.Trial) -> Trace:
        found = simulate(scenario, plan, trial)
        counts = found.tables["counts"].copy()
        counts.loc[counts["by"] == "workload", "dropped"] += 5000.0 if trial.down else 0.0
        return dataclasses.replace(found, tables={**found.tables, "counts": counts})

    usual = case()
    monkeypatch.setattr(failure_case, "simulate", dropping)
    assert case().figures["late_jobs"] == usual.figures["late_jobs"] + 5000
    assert case().late > usual.late


def test_unknown_failures_are_named(scenario: Scenario, plan: Plan) -> None:
    with pytest.raises(xs.ScenarioError, match="nowhere"):
        verify(scenario, plan, TRIAL, Ask(failures=(Failure("site", "nowhere"),)))


def test_rules_that_are_stricter_stay(scenario: Scenario, plan: Plan, period: int) -> None:
    link = str(scenario["links"]["link"].iloc[0])
    limited = scenario.with_tables(links=scenario["links"].assign(limit_gbps=70.0))
    once = capacity_floors.amended(limited, period, [capacity_floors.Change(1, "min_gbps", link, "", 60.0)])
    for value, least in ((55.0, 60.0), (65.0, 65.0), (80.0, 70.0)):
        twice = capacity_floors.amended(once, period, [capacity_floors.Change(2, "min_gbps", link, "", value)])
        assert twice.at("links", period)["min_gbps"].tolist() == [least], value


def test_what_is_asked_binds_its_period_alone(scenario: Scenario) -> None:
    """Asked of 2026, nothing is asked of 2027; and what holds of a link besides stays."""
    link = str(scenario["links"]["link"].iloc[0])
    asked = capacity_floors.amended(scenario, 2026, [capacity_floors.Change(1, "min_gbps", link, "", 60.0)])
    assert [asked.at("links", year)["min_gbps"].tolist() for year in (2026, 2027)] == [[60.0], [0.0]]
    same = [column for column in scenario["links"] if column not in ("period", "min_gbps")]
    pd.testing.assert_frame_equal(asked.at("links", 2027)[same], scenario.at("links", 2027)[same])


def ring(limit: str = "", budget: str = "", more: str = "") -> Scenario:
    """Ten units of `a` run at `b`, 0.1 Gbps each. Straight there is 1 Gbps; round by `c` there are 0.4 and then 0.7. `more`:
    what it costs to leave ten units more."""
    frames = {
        "regions": "region\na\nb\nc",
        "sites": "site,node\ns,b",
        "technologies": "technology,class,unit,mw_per_unit\nrack,general,rack,0.01",
        "fleet": "site,technology,units\ns,rack,28",
        "workloads": "workload,class,gbps_per_unit,unserved_mcny_per_unit_hour\nw,general,0.1,"
        + (more and f"\nx,general,0.1,{more}"),
        "demand": "region,workload,period,units\na,w,2026,10" + (more and "\na,x,2026,10"),
        "links": f"""
            link,from,to,length_km,capacity_gbps,limit_gbps,capex_mcny_per_gbps,life_years
            ab,a,b,100,1,,9,10
            ac,a,c,200,0.4,{limit},2,10
            cb,c,b,200,0.7,,3,10
            """,
        "budgets": budget and f"period,scope,limit_mcny\n2026,network,{budget}",
    }
    settings = {"name": "ring", "periods": [2026], "discount_rate": 0.0, "hours": "one"}
    return xs.build(settings, {name: frame(text) for name, text in frames.items() if text})


def cut(scenario: Scenario, **ask: object) -> Verification:
    """Its plan, tried with the straight link cut, by jobs that may take a year."""
    trial = dataclasses.replace(TRIAL, sampling=Sampling(100.0, 0.05, grace_s=3e7))
    return verify(scenario, xs.plan(scenario), trial, Ask(failures=(Failure("link", "ab"),), **ask))  # type: ignore[arg-type]


def test_capacity_is_added_where_traffic_could_go_another_way() -> None:
    """With `ab` cut, 0.6 Gbps are missing on `ac` and 0.3 on `cb`: 2.1 million. The next plan has them, though with nothing
    down its traffic goes straight, and serves all when `ab` is cut."""
    found = cut(ring())
    assert found.holds, found.why
    assert found.given["rounds"] == 1
    spare = found.spare.set_index("where")
    assert spare["amount"].to_dict() == pytest.approx({"ac": 0.6, "cb": 0.3})
    assert spare["capex_mcny"].sum() == pytest.approx(2.1)
    assert found.asked.set_index("where")["value"].to_dict() == pytest.approx({"ac": 1.0, "cb": 1.0})
    stands = found.plan.capacity[found.plan.capacity["asset"] == "link"].set_index("where")["amount"]
    assert stands.to_dict() == pytest.approx({"ab": 1.0, "ac": 1.0, "cb": 1.0})
    assert found.added["capex_mcny"].sum() == pytest.approx(2.1)
    last = found.cases[(found.cases["round"] == 1) & (found.cases["name"] == "ab")]
    assert last[["unserved_share", "spare_mcny"]].to_numpy().tolist() == [[0.0, 0.0]]


def straight(limit: str = "", bought: str = "9") -> Scenario:
    """The ring with 0.6 Gbps straight and 0.7 round by `c`: enough where traffic is divided, not where all goes straight."""
    given = ring()
    rows = given["links"].assign(capacity_gbps=[0.6, 0.7, 0.7])
    rows.loc[rows["link"] == "ab", ["limit_gbps", "capex_mcny_per_gbps"]] = [
        float(limit or "nan"),
        float(bought or "nan"),
    ]
    return given.with_tables(links=rows)


FINE = dataclasses.replace(TRIAL, sampling=Sampling(100.0, 0.1))


@pytest.mark.long
def test_a_link_gets_what_jobs_that_go_straight_ask_of_it() -> None:
    """With nothing down all is served over both ways, at no spare; job by job 1 Gbps asks for 0.6. The next plan has it."""
    given = straight()
    failures = (Failure("link", "cb"),)
    looked = verify(given, xs.plan(given), FINE, Ask(failures=failures, rounds=0)).cases.iloc[0]
    assert looked["unserved_share"] == looked["spare_mcny"] == 0.0
    assert looked["late_share"] > 0.5
    found = verify(given, xs.plan(given), FINE, Ask(failures=failures, rounds=6))
    assert found.holds, found.why
    first = found.asked[found.asked["round"] == 1]
    assert first["where"].tolist() == ["ab"]
    assert first["value"].tolist() == pytest.approx([1.0 / 0.9])
    rounds = int(found.given["rounds"])
    assert f"holds after {rounds} round" in found.why
    least = found.asked[found.asked["where"] == "ab"]["value"].max()
    stands = found.plan.capacity.set_index("where")["amount"]
    assert stands["ab"] == pytest.approx(least) == pytest.approx(1.0 / (1.0 - 0.1 * rounds))
    assert found.cases[found.cases["round"] == rounds]["late_share"].max() <= 0.01


@pytest.mark.long
def test_it_ends_when_nothing_more_can_be_asked() -> None:
    """`ab` has all that it may have, and no capacity elsewhere makes jobs take another way: no round is made in vain."""
    given = straight(limit="0.6")
    found = verify(given, xs.plan(given), FINE, Ask(failures=(Failure("site", "s"),), rounds=20))
    assert not found.holds
    assert found.why.startswith("more capacity would not help, or may not be built: ")
    assert found.reason.zh.startswith("增加容量无济于事或不被允许：")
    rounds = int(found.given["rounds"])
    assert rounds == found.cases["round"].max() <= 5
    assert f"after {rounds} round" in found.why if rounds else "round" not in found.why


def test_a_link_that_cannot_grow_is_named() -> None:
    given = straight(bought="")
    found = verify(given, xs.plan(given), FINE, Ask(failures=(Failure("link", "cb"),), rounds=20))
    assert not found.holds
    assert "links, ab, capacity_gbps: 0.6 and no expansion on offer" in found.why
    assert "links, ab, min_gbps: at least 1.11" in found.why


def two(links: str, *, fleet: tuple[int, int] = (6, 9), periods: tuple[int, ...] = (2026,), **more: str) -> Scenario:
    """Ten units of `a`, served at home at `s` and over a link at `t`, 0.1 Gbps each; `s` can hold no more than stands."""
    tables = {
        "regions": "region\na\nb",
        "sites": "site,node\ns,a\nt,b",
        "technologies": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\nrack,general,0.01,1,9",
        "fleet": f"site,technology,units\ns,rack,{fleet[0]}\nt,rack,{fleet[1]}",
        "limits": f"site,technology,max_units\ns,rack,{fleet[0]}",
        "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
        "demand": "region,workload,period,units" + "".join(f"\na,w,{year},10" for year in periods),
        "links": links,
    }
    settings = {"name": "two", "periods": list(periods), "discount_rate": 0.0, "hours": "one"}
    return xs.build(settings, {name: frame(text) for name, text in (tables | more).items()})


@pytest.mark.parametrize(("count", "spare"), [(1, {}), (3, {"ab": 1.0, "t": 1.0})])
def test_a_spare_in_modules_is_what_is_left_of_them(count: int, spare: dict[str, float]) -> None:
    """The plan takes a module of 0.5 Gbps for 4 units. With `s` lost five can be served at `t`, until there is a second
    module and a tenth rack."""
    modules = f"link,module,gbps,mcny,max_count\nab,m,0.5,1,{count}"
    given = two("link,from,to,length_km,capacity_gbps,life_years\nab,a,b,100,0,10", modules=modules)
    planned = xs.plan(given)
    assert planned.capacity.set_index("where")["amount"]["ab"] == pytest.approx(0.5)
    day = contingency.operated(given, planned, 2026, Failure("site", "s"))
    assert day.schedule.tables["shortfall"]["share"].tolist() == pytest.approx([0.5])
    assert contingency.needed(day.spare, planned).set_index("where")["amount"].to_dict() == pytest.approx(spare)
    patient = dataclasses.replace(TRIAL, sampling=Sampling(100.0, 0.05, grace_s=3e7))
    found = verify(given, planned, patient, Ask(failures=(Failure("site", "s"),)))
    assert found.holds is bool(spare), found.why
    if spare:
        assert found.asked.set_index("where")["value"].to_dict() == pytest.approx({"ab": 1.0, "s": 6.0, "t": 10.0})


@pytest.mark.parametrize(
    ("periods", "spare"), [((2026,), {}), ((2024, 2026), {}), ((2023, 2026), {"ab": 0.8, "t": 1.0})]
)
def test_a_spare_is_what_could_have_been_ordered_in_time(periods: tuple[int, ...], spare: dict[str, float]) -> None:
    """A link takes three years. Before that none of it is a spare, and one rack more would be of no use."""
    links = "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years\nab,a,b,100,0.2,9,10,3"
    given = two(links, fleet=(10, 9), periods=periods)
    planned = xs.plan(given)
    day = contingency.operated(given, planned, 2026, Failure("site", "s"))
    assert contingency.needed(day.spare, planned).set_index("where")["amount"].to_dict() == pytest.approx(spare)
    assert day.schedule.tables["shortfall"]["share"].tolist() == pytest.approx([0.8])


def test_with_the_only_link_cut_nothing_passes() -> None:
    """Four of ten units run at home and six over the link, as does other traffic. A scenario without a link has no network,
    and everybody would reach everything."""
    links = "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years\nab,a,b,100,1,9,10"
    given = two(links, fleet=(4, 10))
    failure = Failure("link", "ab")
    day = contingency.operated(given, xs.plan(given), 2026, failure)
    assert day.schedule.tables["shortfall"]["share"].tolist() == pytest.approx([0.6])
    assert not len(contingency.needed(day.spare, xs.plan(given)))
    assert not day.cut
    carrying = two(links, fleet=(4, 10), traffic="from,to,gbps,routing\nb,a,0.3,free")
    planned = xs.plan(carrying)
    assert contingency.operated(carrying, planned, 2026, failure).cut.startswith("other traffic has no way round it")
    case = list(Ordeal(carrying, planned, dataclasses.replace(TRIAL, period=2026), 0.9).cases((failure,)))[1]
    assert not case.holds
    assert case.why.startswith("other traffic has no way round it")


def test_what_must_be_served_comes_first_whatever_other_work_is_worth() -> None:
    """Two units more may be left at five times a shortfall. With `s` lost ten can be served: those that must."""
    links = "link,from,to,length_km,capacity_gbps\nab,a,b,100,1"
    work = "workload,class,gbps_per_unit,unserved_mcny_per_unit_hour\nw,general,0.1,\nx,general,0.1,5"
    demand = "region,workload,period,units\na,w,2026,10\na,x,2026,2"
    given = two(links, fleet=(12, 10), workloads=work, demand=demand)
    day = contingency.operated(given, xs.plan(given), 2026, Failure("site", "s"))
    left = day.schedule.tables["shortfall"].set_index("workload")["share"]
    assert left[left > 1e-6].to_dict() == pytest.approx({"x": 1.0})


def three() -> Scenario:
    """Three sites at one node, 10, 4 and no racks, and 13 units of work: a schedule fills one to the brim."""
    frames = {
        "regions": "region\na",
        "sites": "site,node\ns,a\nt,a\nu,a",
        "technologies": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\nrack,general,0.01,1,5",
        "fleet": "site,technology,units\ns,rack,10\nt,rack,4",
        "limits": "site,technology,max_units\nt,rack,4",
        "workloads": "workload,class\nw,general",
        "demand": "region,workload,period,units\na,w,2026,13",
    }
    settings = {"name": "three", "periods": [2026], "discount_rate": 0.0, "hours": "one"}
    return xs.build(settings, {name: frame(text) for name, text in frames.items()})


def test_a_schedule_that_jobs_follow_is_asked_to_leave_room() -> None:
    """All can be served when `s` is lost, once nine racks more stand at `u`; but with nothing down a schedule sends all that
    one site holds to it, and jobs wait there. Asked for a reserve it leaves room everywhere, and jobs are in time."""
    given = three()
    trial = dataclasses.replace(TRIAL, place="plan", sampling=Sampling(400.0, 0.1))
    found = verify(given, xs.plan(given), trial, Ask(limit=0.05, failures=(Failure("site", "s"),), rounds=9))
    assert found.holds, found.why
    assert not found.cases[(found.cases["round"] == 1) & (found.cases["what"] == "nothing")]["holds"].any()
    share = found.asked[found.asked["rule"] == "site_reserve_min"]["value"].max()
    assert 0.1 < share <= 0.5
    load, installed = (found.plan.variables[name].values for name in ("load", "installed"))
    assert (load <= (1.0 - share) * installed[:, None] + 1e-6).all()


def test_no_more_than_all_jobs_of_a_day_are_late() -> None:
    """Nine of 13 units wait while `s` is lost, and of 14 racks one is free to catch up: jobs of nine days are late."""
    given = three()
    trial = dataclasses.replace(TRIAL, period=2026, hours=240, sampling=Sampling(400.0, 0.2, grace_s=3600.0))
    ordeal = Ordeal(given, xs.plan(given), trial, 0.01)
    usual, lost = ordeal.cases((Failure("site", "s"),))
    assert lost.figures["late_jobs"] - usual.figures["late_jobs"] > 5 * 24 * 400
    assert lost.late == lost.figures["late_more"] == lost.work["late_more"].max() == 1.0
    assert not lost.holds


def test_a_reserve_binds_its_period_raises_narrower_rules_and_lowers_none(scenario: Scenario) -> None:
    rules = [("site_reserve_min", "all", 0.1), ("site_reserve_min", "west-1", 0.0), ("site_reserve_min", "east-1", 0.4)]
    policies = pd.DataFrame(
        [{"rule": rule, "scope": scope, "value": value, "applies": "all"} for rule, scope, value in rules]
    )
    given = scenario.with_tables(policies=policies.reindex(columns=scenario["policies"].columns))

    def held(scenario: Scenario, year: int) -> dict[str, float]:
        return scenario.at("policies", year).set_index("scope")["value"].to_dict()

    for one, free in ((given, {"all": 0.1, "west-1": 0.0, "east-1": 0.4}), (scenario, {})):
        asked = capacity_floors.amended(one, 2026, [capacity_floors.reserve(0.3, 1)])
        assert held(asked, 2026) == {scope: max(0.3, value) for scope, value in ({"all": 0.0} | free).items()}
        assert held(asked, 2027) == {"all": 0.0} | free


def test_a_budget_against_the_capacity_of_a_link_is_named() -> None:
    found = cut(ring(budget="2"))
    assert not found.holds
    assert "for these cannot all hold: budgets, 2026/network, limit_mcny: at most 2" in found.why
    assert all(f"links, {link}, min_gbps: at least 1" in found.why for link in ("ac", "cb"))


def test_the_command(tmp_path: Path, scenario: Scenario, plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    xs.write(scenario, tmp_path / "s")
    xs.save(plan, tmp_path / "run")
    words = ["verify", str(tmp_path / "s"), "--plan", str(tmp_path / "run"), "--out", str(tmp_path / "out")]
    words += ["--hours", "24", "--jobs-per-hour", "30", "--limit", "0.99", "--case", "link:east-west"]
    link = str(scenario["links"]["link"].iloc[0])
    words[-1] = f"link:{link}"
    assert invoke([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    found = xs.load_verification(tmp_path / "out")
    assert found.holds is answer["holds"]
    assert [case["name"] for case in answer["cases"]][:2] == ["", link]
    assert "<html" in (tmp_path / "out" / "verification.html").read_text()
    words[words.index("--out") + 1] = str(tmp_path / "run" / "verification")
    assert invoke([*words, "--lang", "zh"]) == 0
    assert "停运" in capsys.readouterr().out
    assert invoke([*words, "--case", "house:A"]) == 2
    assert invoke(["report", str(tmp_path / "run"), "--lang", "zh"]) == 0
    assert "故障情形检验" in (tmp_path / "run" / "report.html").read_text()
