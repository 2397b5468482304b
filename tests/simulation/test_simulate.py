"""A plan under jobs drawn from its demand."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.scenarios import as_they_are, five, pair, pair_frames
from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.report.simulation import trace_page
from xisuan.results.plan import Plan
from xisuan.results.storage import run_store
from xisuan.scenario.load import build, load
from xisuan.simulation.arrivals.demand_sampling import Sampling, sample
from xisuan.simulation.plan_inputs.link_routes import LinkRoutes
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, Setting, setting
from xisuan.simulation.plan_inputs.schedule_shares import by_region
from xisuan.simulation.policies.failure_models import Down, RandomFailures
from xisuan.simulation.policies.placement import PLACEMENTS, Placement, View
from xisuan.simulation.simulate import Trial, simulate
from xisuan.workflow.plan import plan as planned

FINE = Sampling(jobs_per_hour=150.0, job_hours=0.1)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("five") / "five"
    five(folder)
    return planned(load(folder))


@pytest.fixture(scope="module")
def roomy(plan: Plan) -> Plan:
    """The same plan with twice the equipment and ten times the links."""
    frame = plan.tables["capacity"].copy()
    frame.loc[frame["asset"] == "compute", "amount"] *= 2.0
    frame.loc[frame["asset"] == "link", "amount"] *= 10.0
    return dataclasses.replace(plan, tables={**plan.tables, "capacity": frame})


def test_jobs_are_exactly_the_demand(plan: Plan) -> None:
    """In every hour, of every region and workload, less what the plan leaves; and the same for the same seed."""
    of = setting(plan.scenario, plan, 2029)
    for hour, piece in enumerate(sample(of, Sampling(), 48, 3)):
        assert ((piece.arrival >= 3600 * hour) & (piece.arrival <= 3600 * (hour + 1))).all()
        work = np.bincount(piece.origin, piece.servers * piece.run, len(of.origins)) / GRAINS / 3600
        np.testing.assert_allclose(work, (of.demand * (1.0 - of.left))[hour % 24], rtol=1e-12)
    again, other = (np.concatenate([p.run for p in sample(of, Sampling(), 5, seed)]) for seed in (3, 4))
    assert np.array_equal(again, np.concatenate([p.run for p in sample(of, Sampling(), 5, 3)]))
    assert not np.array_equal(again, other)


def test_jobs_that_are_cut_are_counted(plan: Plan) -> None:
    """Those of the origin drawn first that are above a limit, counted among the same jobs uncut; and said on the page."""
    of = setting(plan.scenario, plan, 2029)
    whole = np.concatenate([piece.servers[piece.origin == 0] for piece in sample(of, Sampling(20.0), 30, 3)])
    most = np.floor(np.quantile(whole, 0.9))
    largest = np.where(np.arange(len(of.origins)) == 0, most, np.inf)
    limited = sample(of, Sampling(20.0), 30, 3, largest=largest)
    cut = np.concatenate([piece.servers[piece.origin == 0] for piece in limited])
    assert limited.cut == (whole > most).sum() > 0
    assert cut.max() <= most
    assert len(cut) > len(whole)
    found = simulate(plan.scenario, plan, Trial(replications=1, hours=24, sampling=Sampling(1.0), baseline=False))
    assert found.figures["cut"] > 0
    assert f"Jobs cut: {found.figures['cut']:,.0f};" in html.unescape(trace_page.html(found))
    assert f"拆分作业 {found.figures['cut']:,.0f} 个" in trace_page.html(found, "zh")


def test_shares_of_the_schedule_add_up_to_its_load(plan: Plan) -> None:
    """Over the day, what the shares send to each station is what the plan runs there, work that is dropped apart."""
    of = setting(plan.scenario, plan, 2029)
    sums = of.planned.sum(axis=2)
    assert np.allclose(sums[of.demand > 0], 1.0)
    table = plan.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    place = [(site, table[technology]) for site, technology in of.stations]
    load = plan.tables["load"]
    load = load[load["period"] == 2029].groupby(["site", "technology"])["units"].sum()
    run, sent = dict.fromkeys(place, 0.0), dict.fromkeys(place, 0.0)
    runs = of.demand.copy()
    for o in np.flatnonzero(of.defer_hours > 0):
        runs[:, o] = by_region(plan, 2029, of.origins[o], dropped=False)
    for station, where, work in zip(of.stations, place, np.einsum("to,tos->s", runs, of.planned), strict=True):
        run[where] += load.get(station, 0.0)
        sent[where] += work
    total = sum(run.values())
    assert sum(sent.values()) == pytest.approx(runs.sum())
    assert 0 <= of.demand.sum() - total < 0.05 * total
    assert all(sent[where] >= run[where] - 1e-6 * total for where in place)


def _dropped(plan: Plan) -> float:
    """Share of the work of a year, each unit by its power, that the plan's variables leave out."""
    of = setting(plan.scenario, plan, 2029)
    y = plan.scenario.settings.periods.index(2029)
    left = plan.variables["unserved"]
    power = {origin: of.mw_per_unit[of.able[o]].mean() for o, origin in enumerate(of.origins)}
    lost = sum(
        float(left.values[y, :, at] @ of.weight) * power.get((label[0], label[1]), 0.0)
        for at, label in enumerate(left.labels)
    )
    return lost / sum(float(of.weight @ of.demand[:, o]) * power[origin] for o, origin in enumerate(of.origins))


def test_with_room_everything_is_in_time_and_costs_what_the_schedule_says(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fine jobs, equipment that could be used twice as well, ten times the links: nothing waits, and every site draws what
    the schedule says, within 3 %.
    """

    def ample(*given: Any) -> Setting:
        of = setting(*given)
        return dataclasses.replace(of, units=2.0 * of.units)

    monkeypatch.setattr("xisuan.simulation.simulate.setting", ample)
    frame = plan.tables["capacity"].copy()
    frame.loc[frame["asset"] == "link", "amount"] *= 10.0
    wide = dataclasses.replace(plan, tables={**plan.tables, "capacity": frame})
    found = simulate(plan.scenario, wide, Trial(replications=1, hours=72, sampling=FINE))
    assert found.figures["late_share"] < 0.01
    assert found.figures["dropped"] == found.figures["left"]
    done = found.policies.set_index("policy")["done_share"]
    assert 0.95 < done["plan"] <= 1.0
    assert done["schedule"] == pytest.approx(1.0 - _dropped(plan), rel=1e-6)
    schedule = plan.tables["emissions"]
    schedule = schedule[schedule["period"] == 2029].set_index("site")["grid_mwh"]
    for site, grid in zip(found.sites["site"], found.sites["grid_mwh"], strict=True):
        assert grid == pytest.approx(schedule[site], rel=0.03), site


@pytest.mark.parametrize("place", PLACEMENTS.values(), ids=lambda place: place.name)
def test_a_placement_keeps_its_promise(roomy: Plan, place: Placement) -> None:
    """Finite scores of the right shape; nobody is served beyond the latency limit; every job is accounted for."""
    of = setting(roomy.scenario, roomy, 2029)
    latency = LinkRoutes(roomy.scenario, roomy, of).latency(())
    view = View(0, latency, *np.ones((2, len(of.stations))), of.units, *np.zeros((2, len(of.stations))), of.planned[0])
    assert isinstance(place, Placement)
    assert np.isfinite(place.scores(view)).all()
    assert place.scores(view).shape == latency.shape
    trial = Trial(place=place, replications=2, hours=24)
    found = simulate(roomy.scenario, roomy, trial)
    figures = found.figures
    assert figures["jobs"] == figures["finished"] + figures["running"] + figures["waiting"] + figures["dropped"]
    assert simulate(roomy.scenario, roomy, trial).figures == figures
    assert found.policies["policy"].iloc[-1] == "schedule"


def test_the_share_of_work_done_is_that_of_finished_jobs(roomy: Plan) -> None:
    """Added up job by job from the demand; a site that is down for two days leaves more undone, and less energy drawn."""
    calm = Trial(replications=1, hours=48, baseline=False, place="nearest")
    found = simulate(roomy.scenario, roomy, calm)
    of = setting(roomy.scenario, roomy, 2029)
    power = {w: of.mw_per_unit[of.able[o]].mean() for o, (_, w) in enumerate(of.origins)}
    asked = sum(of.demand[np.arange(48) % len(of.demand), o].sum() * power[w] for o, (_, w) in enumerate(of.origins))
    counts = found.counts[found.counts["by"] == "workload"]
    done = sum(hours * power[w] for w, hours in zip(counts["what"], counts["server_hours"], strict=True))
    share = found.policies["done_share"].iloc[0]
    assert share == pytest.approx(done / asked, rel=1e-12)
    site = str(found.sites.set_index("site")["busy_units"].idxmax())
    worse = simulate(roomy.scenario, roomy, dataclasses.replace(calm, down=(Down("site", site, 0, 48),)))
    assert worse.policies["done_share"].iloc[0] < share


def test_policies_do_what_they_are_called(roomy: Plan) -> None:
    """With room for all, cheapest costs less and greenest emits less than those that look at neither."""
    found = {
        name: simulate(roomy.scenario, roomy, Trial(place=name, replications=1, hours=24)).policies.iloc[0]
        for name in ("nearest", "least-loaded", "cheapest", "greenest")
    }
    for blind in ("nearest", "least-loaded"):
        assert found["cheapest"]["energy_mcny"] < found[blind]["energy_mcny"]
        assert found["greenest"]["location_t"] < found[blind]["location_t"]


def test_a_site_down_for_a_day(roomy: Plan) -> None:
    """What ran there begins anew elsewhere or waits; nothing is lost; it is not better than before."""
    before = simulate(roomy.scenario, roomy, Trial(replications=1, hours=72, place="nearest"))
    after = simulate(
        roomy.scenario, roomy, Trial(replications=1, hours=72, place="nearest", down=(Down("site", "shore", 24),))
    )
    assert after.figures["hits"] > 0
    assert after.figures["jobs"] == before.figures["jobs"]
    assert after.figures["late_share"] > before.figures["late_share"]
    line = after.timeline[after.timeline["site"].str.startswith("shore/")]
    day = (line["start_s"] >= 24 * 3600) & (line["start_s"] < 48 * 3600)
    assert (line.loc[day, "up"] == 0).all()
    assert (line.loc[~day, "up"] > 0).all()


def test_a_link_cut_for_a_day(roomy: Plan) -> None:
    """Work takes another way or waits; the day after it moves again."""
    of = setting(roomy.scenario, roomy, 2029)
    roads = LinkRoutes(roomy.scenario, roomy, of)
    cut = roads.latency({"harbour-junction"})
    assert (cut >= roads.latency(()) - 1e-9).all()
    assert (cut > roads.latency(()) + 1e-9).any()
    found = simulate(roomy.scenario, roomy, Trial(replications=1, hours=72, down=(Down("link", "harbour-junction"),)))
    assert found.figures["jobs"] == sum(found.figures[name] for name in ("finished", "running", "waiting", "dropped"))


def test_breakdowns_are_drawn_anew_and_the_same_for_every_policy(roomy: Plan) -> None:
    """Availability is MTBF over MTBF and MTTR; replications differ, policies do not; links break as well."""
    drawn = RandomFailures(90.0, 10.0)
    names = [("site", f"s{at}") for at in range(40)]
    downs = drawn.downs(names, 20_000, 3)
    assert downs == drawn.downs(names, 20_000, 3)
    assert [down for down in downs if down.name == "s7"] == list(drawn.downs([("site", "s7")], 20_000, 3))
    share = sum(down.hours for down in downs) / (40 * 20_000)
    assert share == pytest.approx(0.1, rel=0.08)
    found = [
        simulate(roomy.scenario, roomy, Trial(place=place, replications=1, hours=72, baseline=False,
                                              breakdowns=RandomFailures(30.0, 6.0)))
        for place in ("nearest", "cheapest")
    ]  # fmt: skip
    ups = [trace.by_hour.set_index(["site", "start_s"])["up"] for trace in found]
    assert (ups[0] < 0.999).any()
    assert np.allclose(ups[0], ups[1])
    for trace in found:
        figures = trace.figures
        assert figures["jobs"] == sum(figures[name] for name in ("finished", "running", "waiting", "dropped"))
    with pytest.raises(ScenarioError, match="mtbf"):
        RandomFailures(0.0, 1.0)


def test_intervals_over_replications(roomy: Plan) -> None:
    found = simulate(roomy.scenario, roomy, Trial(replications=3, hours=24)).measures
    assert (found["low"] <= found["value"]).all()
    assert (found["high"] >= found["value"]).all()
    assert set(found["by"]) == {"all", "workload", "region", "site", "hour"}


def test_differences_are_those_of_replications_one_by_one(roomy: Plan) -> None:
    """Each seed run by itself under each policy; SciPy's interval of their differences, narrower than apart."""
    found = simulate(roomy.scenario, roomy, Trial(place="cheapest", replications=4, hours=24, seed=7))
    table = found.differences.set_index("measure")
    assert set(table["policy"]) == {"cheapest"}
    assert set(table["against"]) == {"nearest"}
    alone = {
        place: [
            simulate(roomy.scenario, roomy, Trial(place=place, replications=1, hours=24, seed=seed, baseline=False))
            for seed in range(7, 11)
        ]
        for place in ("cheapest", "nearest")
    }
    for measure in ("energy_mcny", "location_t", "mean_response_s", "done_share"):
        one, two = (np.array([trace.figures[measure] for trace in alone[place]]) for place in ("cheapest", "nearest"))
        row, expected = table.loc[measure], stats.ttest_rel(one, two).confidence_interval(0.95)
        assert row["difference"] == pytest.approx((one - two).mean(), rel=1e-9)
        assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), rel=1e-6)
    energy = table.loc["energy_mcny"]
    assert energy["high"] < 0.0  # the cheapest places cost less, and four replications are enough to say so
    apart = stats.sem([trace.figures["energy_mcny"] for trace in alone["nearest"]]) * stats.t.ppf(0.975, 3)
    assert energy["high"] - energy["low"] < 2.0 * apart


def test_one_replication_gives_no_interval_and_no_baseline_no_table(roomy: Plan) -> None:
    once = simulate(roomy.scenario, roomy, Trial(place="cheapest", replications=1, hours=24))
    assert once.differences[["low", "high"]].isna().all(axis=None)
    assert once.differences["difference"].notna().all()
    assert "differences" not in simulate(roomy.scenario, roomy, Trial(place="nearest", replications=1, hours=24)).tables


def test_power_by_hour_from_what_was_busy(roomy: Plan) -> None:
    """Again from the timeline and the tables of plan and scenario: idle and busy power of each technology, what stock takes
    beside it, all by the PUE and the price of the hour; over a year it is what the table of sites says.
    """
    hours = 48
    found = simulate(roomy.scenario, roomy, Trial(replications=1, hours=hours, down=(Down("site", "north", 5, 6),)))
    in_year = {name: roomy.tables[name].query("period == 2029") for name in ("capacity", "power", "load")}
    kinds = roomy.scenario["technologies"].drop_duplicates("technology").set_index("technology")
    stands = in_year["capacity"].query("asset == 'compute'").set_index(["where", "technology"])["amount"]
    power = in_year["power"].set_index(["site", "hour"])
    planned = in_year["load"].set_index(["site", "technology", "hour"])["units"]
    line, weight = found.timeline, roomy.scenario.timeline.weight
    whole = line.groupby("site")["up"].max()
    year = dict.fromkeys(found.sites["site"], 0.0)

    def drawn(technology: str, idle: float, busy: float) -> float:
        kind = kinds.loc[technology]
        return float(kind["mw_per_unit"] * (kind["idle_share"] * idle + (1.0 - kind["idle_share"]) * busy))

    for row in found.by_hour.itertuples():
        hour = round(row.start_s / 3600)
        at = power.loc[(row.site, hour % 24)]
        it, stock = 0.0, at["it_mw"]
        for station in line[
            (line["start_s"] == row.start_s) & line["site"].str.startswith(row.site + "/")
        ].itertuples():
            technology = station.site.split("/")[1]
            installed = stands[row.site, technology]
            it += drawn(technology, installed * station.up / max(1e-9, whole[station.site]), station.busy)
            stock -= drawn(technology, installed, planned[row.site, technology, hour % 24])
        assert row.it_mw == pytest.approx(it + max(0.0, stock), rel=1e-9)
        own = at["solar_mw"] + at["wind_mw"] + at["discharge_mw"] - at["charge_mw"]
        if at["it_mw"] > 1e-6:  # where the plan draws nothing its PUE is that of the site
            grid = max(0.0, row.it_mw * at["facility_mw"] / at["it_mw"] - own)
            assert row.grid_mw == pytest.approx(grid, rel=1e-9, abs=1e-9)
        assert row.energy_mcny == pytest.approx(row.grid_mw * at["price_cny_per_kwh"] * 1e-3, rel=1e-9)
        year[row.site] += row.grid_mw * weight[hour % 24] * 24 / hours
    down = found.by_hour.query("site == 'north' and 5 <= start_s / 3600 < 11")
    assert (down[["busy", "up"]] < 1e-9).all(axis=None)
    assert year == pytest.approx(found.sites.set_index("site")["grid_mwh"].to_dict(), rel=1e-9)


@pytest.mark.parametrize(
    ("trial", "what"),
    [
        (Trial(period=2028), "period"),
        (Trial(hours=0), "hours"),
        (Trial(replications=0), "replications"),
        (Trial(down=(Down("site", "nowhere"),)), "nowhere · no such site that runs work; known: "),
        (Trial(down=(Down("link", "harbor-junction"),)), 'no such link; did you mean "harbour-junction"'),
        (Trial(down=(Down("site", "harbour-junction"),)), "is a link; write link:harbour-junction"),
        (Trial(down=(Down("link", "harbour-junction", -1),)), "whole hours"),
        (Trial(down=(Down("link", "harbour-junction", 24),), hours=24), "begins when all is over"),
        (Trial(place="best"), "placement: best .* give one of plan, nearest,"),
        (Trial(queue="best"), "queue: best .* give one of fcfs, easy,"),
    ],
)
def test_what_cannot_be(plan: Plan, trial: Trial, what: str) -> None:
    with pytest.raises(ScenarioError, match=what):
        simulate(plan.scenario, plan, trial)


def test_other_hours_are_refused(plan: Plan) -> None:
    from xisuan.scenario.settings import Hours
    from xisuan.scenario.variants.modelled_hours import on_hours

    with pytest.raises(ScenarioError, match="other hours"):
        simulate(on_hours(plan.scenario, Hours("hours", 12)), plan)
    with pytest.raises(ScenarioError, match="jobs_per_hour"):
        Sampling(jobs_per_hour=0.0)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a run folder to a trace, in words and as JSON."""
    pair(tmp_path / "pair")
    run_store.save(planned(load(tmp_path / "pair")), tmp_path / "run")
    words = ["simulate", str(tmp_path / "pair"), "--plan", str(tmp_path / "run"), "--out", str(tmp_path / "jobs")]
    words += ["--hours", "24", "--replications", "2", "--down", "site:west-1:2:3"]
    assert invoke([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["jobs"] == answer["finished"] + answer["running"] + answer["waiting"] + answer["dropped"]
    assert "west-1" in answer["given"]["down"]
    assert invoke(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the plan's schedule" in said
    assert re.search(r"plan less nearest energy .* \(95 %: .* to .*\), emissions", said)
    for wrong in (
        ["simulate", str(tmp_path / "pair"), "--out", "x"],
        [*words, "--servers", "3"],
        [*words, "--down", "x"],
    ):
        assert invoke(wrong) == 2
        capsys.readouterr()


def test_failures_of_a_site_over_one_another_last_until_the_last_is_over(roomy: Plan) -> None:
    """Down from 2 to 6 and from 4 to 9 is down from 2 to 9."""
    site = setting(roomy.scenario, roomy, 2029).sites[0]
    down = (Down("site", site, 2, 4), Down("site", site, 4, 5))
    found = simulate(roomy.scenario, roomy, Trial(hours=12, replications=1, baseline=False, down=down)).by_hour
    up = found[found["site"] == site]["up"].to_numpy()
    assert (up[2:9] == 0).all()
    np.testing.assert_allclose(np.delete(up, slice(2, 9)), 1.0, rtol=1e-6)


def test_work_that_nothing_may_run_is_dropped_whole_and_at_no_site(plan: Plan) -> None:
    """No site is near enough: every job of the workload is dropped, not cut into millions, and no site is blamed."""
    frame = plan.scenario["workloads"]
    far = frame["workload"] == setting(plan.scenario, plan, 2029).workloads[0]
    frame = frame.assign(latency_ms=np.where(far, -1.0, frame["latency_ms"]))
    scenario = plan.scenario.with_tables(workloads=frame)
    found = simulate(scenario, plan, Trial(hours=6, replications=1, baseline=False, place="nearest"))
    counts = found.counts
    name = frame.loc[far, "workload"].iloc[0]
    row = counts[(counts["by"] == "workload") & (counts["what"] == name)].iloc[0]
    assert row["finished"] == 0
    assert 0 < row["dropped"] - row["left"] == found.figures["dropped"] - found.figures["left"] < 10_000
    assert counts.loc[counts["by"] == "site", "dropped"].sum() == 0


def test_breakdowns_of_what_is_not_there(roomy: Plan) -> None:
    """A source of one's own is asked as `--down` is."""

    class Odd:
        def downs(self, _names: object, _hours: int, _seed: int) -> list[Down]:
            return [Down("site", "nowhere")]

    with pytest.raises(ScenarioError, match="nowhere"):
        simulate(roomy.scenario, roomy, Trial(breakdowns=Odd(), hours=6, replications=1))


def test_work_that_nothing_is_built_for_is_dropped_and_counted() -> None:
    """Work of a class for which the plan builds nothing, as leaving it costs next to nothing: its jobs come and are dropped,
    and the schedule does 120 × 0.01 of 120 × 0.01 + 30 × 0.04 MW of 2026, a half. Where it must be served it is an error.
    """
    frames = pair_frames()
    chip = {"technology": "chip", "class": "intelligent", "unit": "chip", "mw_per_unit": 0.04,
            "capex_mcny_per_unit": 8, "opex_mcny_per_unit_year": 0.1, "life_years": 5}  # fmt: skip
    model = {"workload": "model", "class": "intelligent", "latency_ms": 5, "unserved_mcny_per_unit_hour": 1e-9}
    more = [
        {"region": "east", "workload": "model", "period": year, "units": units}
        for year, units in ((2026, 30), (2027, 0))
    ]
    for name, rows in (("technologies", [chip]), ("workloads", [model]), ("demand", more)):
        frames[name] = pd.concat([frames[name], pd.DataFrame(rows)], ignore_index=True)
    scenario = build({"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}, frames)
    made = planned(scenario)
    trial = Trial(period=2026, hours=24, replications=1, sampling=FINE)
    found = simulate(scenario, made, trial)
    counts = found.counts[found.counts["by"] == "workload"].set_index("what")
    assert counts.loc["model", "dropped"] == pytest.approx(24 * FINE.jobs_per_hour, rel=0.1)
    assert counts.loc["model", "finished"] == counts.loc["web", "dropped"] == 0
    done = found.policies.set_index("policy")["done_share"]
    assert done["schedule"] == pytest.approx(0.5, rel=1e-6)
    assert done["plan"] == pytest.approx(counts.loc["web", "server_hours"] / (24 * 120) / 2, rel=1e-6)
    workloads = scenario["workloads"].assign(unserved_mcny_per_unit_hour=np.nan)
    with pytest.raises(ScenarioError, match=r"east, model.*no equipment for it in 2026"):
        simulate(scenario.with_tables(workloads=workloads), made, trial)


def test_hours_without_work_are_hours_without_work() -> None:
    """Work comes in the second of three modelled hours: in the first hour alone there is none, and no share of it was done;
    and where no modelled hour has any that is said.
    """
    frames = pair_frames()
    frames["demand"] = frames["demand"].assign(profile="second")
    frames["profile_rules"] = pd.DataFrame(
        [{"profile": "second", "hours": "", "value": 0}, {"profile": "second", "hours": "1", "value": 1}]
    )
    given = {"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0}
    three, one = {**given, "hours": "hours:3"}, {**given, "hours": "hours:1"}
    scenario = build(three, as_they_are(three, frames))
    made = planned(scenario)
    found = simulate(scenario, made, Trial(hours=1, replications=1))
    assert found.figures["jobs"] == 0
    assert np.isnan(found.figures["done_share"])
    assert simulate(scenario, made, Trial(hours=2, replications=1, sampling=FINE)).figures["jobs"] > 0
    early = build(one, as_they_are(one, frames))
    with pytest.raises(ScenarioError, match=r"demand.*no work to run arises in the modelled hours of 2027"):
        simulate(early, dataclasses.replace(made, scenario=early), Trial(replications=1))


@pytest.mark.parametrize("queue", ["edf", "shared"])
def test_what_ran_at_a_lost_site_is_placed_anew(queue: str) -> None:
    """Two sites at one node that hold all work each, one of them lost for good after two hours: every job that came runs at
    the other, none stays behind, in a line or where all share.
    """
    frames = pair_frames()
    frames["sites"] = frames["sites"].assign(node="east")
    frames["fleet"] = frames["fleet"].assign(units=400)
    frames["halls"] = frames["halls"].assign(existing_mw=4)
    scenario = build({"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}, frames)
    made = planned(scenario)
    trial = Trial(queue=queue, place="least-loaded", hours=30, replications=1, baseline=False, sampling=FINE)
    found = simulate(scenario, made, dataclasses.replace(trial, down=(Down("site", "east-1", 2, 28),)))
    sites = found.counts[found.counts["by"] == "site"].set_index("what")
    assert found.figures["hits"] > 5
    assert sites["finished"].sum() == found.figures["finished"]
    assert found.figures["running"] + found.figures["waiting"] < 0.01 * found.figures["jobs"]
    assert found.figures["late_share"] < 0.005
    after = found.by_hour[(found.by_hour["site"] == "east-1") & (found.by_hour["start_s"] >= 2 * 3600)]
    assert after["busy"].max() == 0


def test_hardly_any_equipment_is_said_not_run_into(plan: Plan) -> None:
    """A plan of a few millionths of a unit: its jobs would be cut into more than anybody can simulate."""
    frame = plan.tables["capacity"].copy()
    frame.loc[frame["asset"] == "compute", "amount"] = 1e-5
    bare = dataclasses.replace(plan, tables={**plan.tables, "capacity": frame})
    with pytest.raises(ScenarioError, match=r"demand.*times what the plan's largest place"):
        simulate(plan.scenario, bare, Trial(hours=2, replications=1))


def test_who_is_cut_off_waits_until_a_link_is_back(roomy: Plan) -> None:
    """Every link is cut for four hours: where no site is at hand nothing is dropped, and what came by then is done."""
    links = tuple(Down("link", str(link), 2, 4) for link in roomy.scenario["links"]["link"].unique())
    trial = Trial(hours=30, replications=1, baseline=False, place="nearest", sampling=FINE)
    whole, cut = (simulate(roomy.scenario, roomy, dataclasses.replace(trial, down=down)) for down in ((), links))
    of = setting(roomy.scenario, roomy, 2029)
    at_hand = np.isfinite(LinkRoutes(roomy.scenario, roomy, of).latency([link.name for link in links])).any(axis=1)
    regions = {of.regions[of.region_of[origin]] for origin in np.flatnonzero(~at_hand)}
    assert regions
    rows = cut.counts[(cut.counts["by"] == "region") & cut.counts["what"].isin(regions)]
    assert rows["finished"].sum() > 0
    assert rows["dropped"].sum() == rows["left"].sum()
    assert whole.figures["dropped"] == whole.figures["left"]
    assert cut.figures["jobs"] == whole.figures["jobs"]
    assert cut.figures["finished"] >= 0.99 * whole.figures["finished"]
