"""A sweep plans what it says it plans, loses nothing when it is stopped, and draws from its members what is in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS
from statsmodels.tools import add_constant

from gnomon.options import Options
from tests.scenarios import PAIR_COST_MCNY, pair
from tests.workflow import killed_workers
from xisuan.cli.commands.plans import sweep as cli
from xisuan.errors import InfeasibleError, ScenarioError, SolverError, StoreError
from xisuan.report.pages import sweep_page as page
from xisuan.results.storage import sweep_store
from xisuan.results.storage.sweep_store import Keeper, load_sweep
from xisuan.results.sweep import FIGURES, HEAD, Range, Sweep, told
from xisuan.scenario import write
from xisuan.scenario.load import build
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants import lever_settings
from xisuan.text.translation import Translator
from xisuan.workflow import sweep as workflow
from xisuan.workflow import sweep_rows
from xisuan.workflow.plan import plan
from xisuan.workflow.sweep import Design, sweep

ENERGY_WEST_MCNY = 0.031536 * (40 + 60)
"""Energy that the plan of `pair` buys in the west, by hand (see PAIR_COST_MCNY)."""
MORE_EAST_MCNY = 61.945792
"""Optimum of `pair` with a tenth more demand in the east, by hand: 110 and then 132 units there, so 30 and then 22 more
servers are built in the west, and 30 and 52 units of the east are served there; the link carries 25.

    upkeep of servers  (130 + 152) × 0.1                          28.2
    energy             2 × 80 × 0.07884 + (50 + 72) × 0.031536    16.461792
    servers            30 / 5 × 2 + 22 / 5 × 1                    16.4
    halls              0.2 × (30 × 2 + 22) / 20                   0.82
    link               (0.05 × 2 + 0.22 × 1) × 2 / 10             0.064
"""
PRICE, EAST = Range("western_power_price", -20.0, 20.0), Range("eastern_demand", 0.0, 10.0)
SIMPLEX = Options(solver="simplex")


def test_each_lever_alone_by_hand() -> None:
    """The optima of `pair` that can be computed on paper, and the changes between them."""
    found = sweep(pair(), Design(ranges=(PRICE, EAST)), SIMPLEX)
    cost = found.members.set_index("member")["cost"]
    by_hand = [PAIR_COST_MCNY, *(PAIR_COST_MCNY + by * ENERGY_WEST_MCNY for by in (-0.2, 0.2)), MORE_EAST_MCNY]
    assert list(cost) == pytest.approx(by_hand, rel=1e-6)
    effects = found.effects().query("figure == 'cost'").set_index("lever")
    assert list(effects.index) == ["eastern_demand", "western_power_price"]
    assert list(effects["low"]) == pytest.approx([0.0, -0.2 * ENERGY_WEST_MCNY], abs=1e-6, nan_ok=True)
    assert list(effects["high"]) == pytest.approx([MORE_EAST_MCNY - PAIR_COST_MCNY, 0.2 * ENERGY_WEST_MCNY], rel=1e-5)


def test_what_stands_where_and_what_is_not_served_by_hand() -> None:
    """The plan of `pair` has 80 units, so 16 servers, in the east, and 60 and then 80 in the west, and serves all.

    Without a way from the east to the west, and with a penalty instead of a duty, the rest of the eastern demand is left:
    the share in the table is that of the plan's own table `service`.
    """
    found = sweep(pair(), Design(ranges=(EAST,)), SIMPLEX)
    plan = workflow.plan(pair(), SIMPLEX)
    last = plan.tables["capacity"].query("asset == 'compute' and period == period.max()")
    base = found.members.iloc[0]
    assert found.places == [f"compute@{where}" for where in sorted(set(last["where"]))]
    for where, rows in last.groupby("where"):
        assert base[f"compute@{where}"] == pytest.approx(rows["mw"].sum())
    assert base["unserved_share"] == 0.0
    assert not set(found.places) & set(found.things)


def test_the_share_not_served_is_of_the_worst_workload_and_year() -> None:
    """A tenth of one year's demand left, a third of another's: 33.3."""
    plan = workflow.plan(pair(), SIMPLEX)
    service = plan.tables["service"]
    first, second = sorted(service["period"].unique())
    left = service.iloc[:1].assign(
        site="", period=[first], units=[service.query("period == @first")["units"].sum() / 9]
    )
    more = left.assign(period=[second], units=[service.query("period == @second")["units"].sum() / 2])
    tables = {**plan.tables, "service": pd.concat([service, left, more], ignore_index=True)}
    row = sweep_rows.planned(dataclasses.replace(plan, tables=tables))
    assert row["unserved_share"] == pytest.approx(100 / 3)


def test_a_grid_is_every_step_with_every_other() -> None:
    members = Design("grid", (PRICE, EAST), count=3).members()
    steps = {(price, east) for price in (-20.0, 0.0, 20.0) for east in (0.0, 5.0, 10.0)}
    assert tuple(members.iloc[0]) == (0.0, 0.0)
    assert set(members.iloc[1:].itertuples(index=False, name=None)) == steps
    assert len(members) == 1 + len(steps)


@pytest.mark.parametrize("seed", range(5))
def test_a_hypercube_has_one_value_in_each_part(seed: int) -> None:
    """McKay's property, the same members for the same seed, and others for another."""
    design = Design("latin", (PRICE, EAST), count=17, seed=seed)
    members = design.members().iloc[1:]
    for one in design.ranges:
        part = (members[one.lever] - one.low) / (one.high - one.low) * 17
        assert sorted(np.floor(part).astype(int)) == list(range(17))
    assert members.equals(design.members().iloc[1:])
    assert not members.equals(dataclasses.replace(design, seed=seed + 1).members().iloc[1:])


def made(costs: list[float], moves: list[tuple[float, float]], design: str, **things: list[float]) -> Sweep:
    """A sweep of made-up members: all figures but the cost are 0."""
    frame = pd.DataFrame({"member": range(len(costs)), "status": "optimal", "why": "", "cost": costs})
    frame = frame.reindex(columns=[*HEAD, *FIGURES], fill_value=0.0)
    frame[[PRICE.lever, EAST.lever]] = np.array(moves)
    named = {name.replace("__", ":"): values for name, values in things.items()}
    return Sweep(pair(), (PRICE, EAST), {"design": design, "members": len(costs)}, frame.assign(**named))


def test_straight_lines_are_found_again() -> None:
    """What is linear in the levers has these slopes and no rest; what is not leaves one. Member 0 does not count."""
    moves = [(0.0, 0.0), (-20.0, 0.0), (20.0, 0.0), (-20.0, 10.0), (20.0, 10.0), (5.0, 5.0)]
    linear = [999.0, *(100.0 + 0.5 * price + 3.0 * east for price, east in moves[1:])]
    effects = made(linear, moves, "list").effects().query("figure == 'cost'").set_index("lever")
    assert list(effects.loc["eastern_demand", ["low", "high"]]) == pytest.approx([0.0, 30.0])
    assert list(effects.loc["western_power_price", ["low", "high"]]) == pytest.approx([-10.0, 10.0])
    assert list(effects["fit"]) == pytest.approx([1.0, 1.0])
    bent = [0.0, *(price * price for price, _ in moves[1:])]
    assert made(bent, moves, "list").effects().query("figure == 'cost'")["fit"].max() < 0.5
    assert not len(made(linear[:4], moves[:4], "list").effects())


def test_what_the_members_do_not_tell_has_a_margin_as_large() -> None:
    """Eastern demand moves the cost by a curve, the price by ten: of ten members the curve is seen and the price is not. The
    margin is that of the textbook, worked out by statsmodels."""
    rng = np.random.default_rng(3)
    moves = [(0.0, 0.0), *((float(price), float(east)) for price, east in rng.uniform(-20, 10, (10, 2)))]
    costs = [1000.0 + 0.5 * price + 30.0 * east + 0.8 * east * east for price, east in moves]
    found = made(costs, moves, "latin").effects().query("figure == 'cost'").set_index("lever")
    assert told(found).to_dict() == {"eastern_demand": True, "western_power_price": False}
    fitted = OLS(np.array(costs[1:]), add_constant(np.array(moves[1:]))).fit()
    slopes, widths = fitted.params[1:], np.diff(fitted.conf_int(0.05)[1:], axis=1).ravel() / 2.0
    for lever, slope, width, one in zip((PRICE.lever, EAST.lever), slopes, widths, (PRICE, EAST), strict=True):
        assert found.loc[lever, "low"] == pytest.approx(slope * one.low)
        assert found.loc[lever, "margin"] == pytest.approx(width * max(abs(one.low), abs(one.high)))
    text = " ".join(page.sentences(made(costs, moves, "latin"), "en"))
    assert "not told apart from nothing" in text
    together = [(0.0, 0.0), *((2.0 * east, east) for _, east in moves[1:])]
    assert not told(made(costs, together, "latin").effects().query("figure == 'cost'")).any()


def test_how_often_a_thing_is_built() -> None:
    """Nine of ten is robust, eight is not; crumbs and member 0 do not count. A member without a plan builds nothing: it is
    one of the ten, and takes away what stood at nine."""
    often, seldom = [0.0] * 2 + [5.0] * 9, [7.0] * 2 + [0.02] + [5.0] * 8
    found = made([1.0] * 11, [(0.0, 0.0)] * 11, "list", hall__west_1__=often, compute__west_1__server=seldom)
    frequency = found.frequency().set_index("asset")
    assert frequency.loc["hall", ["share", "least", "most", "robust"]].tolist() == [0.9, 0.0, 5.0, True]
    assert frequency.loc["compute", ["share", "least", "most", "robust"]].tolist() == [0.9, 0.02, 7.0, True]
    found.members.loc[1, "status"] = "infeasible"
    assert found.frequency().set_index("asset")["share"].to_dict() == {"hall": 0.9, "compute": 0.8}
    assert found.frequency().set_index("asset")["robust"].to_dict() == {"hall": True, "compute": False}
    assert set(found.frequency()["plans"]) == {9}
    assert set(found.frequency()["members"]) == {10}
    assert found.frequency().set_index("asset")["unit"].to_dict() == {"hall": "MW", "compute": "server"}
    found.members.loc[2, "status"] = "unsolved"
    assert found.frequency().set_index("asset")["share"].to_dict() == {"hall": 0.8, "compute": 0.8}
    assert not found.frequency()["robust"].any()


def test_a_member_without_a_plan_is_a_member_with_its_reason() -> None:
    """Demand beyond all room: the sweep goes on, says why, and counts the others."""
    scenario = pair()
    limited = scenario["sites"].assign(it_limit_mw=1.3)
    tight = dataclasses.replace(scenario, tables={**scenario.tables, "sites": limited})
    found = sweep(tight, Design(ranges=(Range("eastern_demand", -10.0, 300.0),)), SIMPLEX)
    assert list(found.members["status"]) == ["optimal", "optimal", "infeasible"]
    assert "conflicting" in found.members["why"][2]
    assert found.members.loc[2, list(FIGURES)].isna().all()
    effects = found.effects().query("figure == 'cost'")
    assert effects["low"].notna().all()
    assert effects["high"].isna().all()


def tight(objective: str = "cost") -> Scenario:
    """`pair` with room for hardly more than its demand, and a price in sweeps for what is left."""
    scenario = pair()
    work = scenario["workloads"].assign(sweep_unserved_mcny_per_unit_hour=1.0)
    sites = scenario["sites"].assign(it_limit_mw=1.3)
    return scenario.with_tables(sites=sites, workloads=work).with_settings(objective=objective)


def test_what_a_member_cannot_serve_is_left_where_sweeps_have_a_price_for_it() -> None:
    """As much as in a plan of that member alone in which work may be left; what can be served is, whatever it costs."""
    scenario = tight()
    sweeping = Design(ranges=(Range("eastern_demand", -10.0, 300.0),))
    members = sweep(scenario, sweeping, SIMPLEX)
    found = members.members
    assert list(found["status"]) == ["optimal", "optimal", "short"]
    assert list(found["why"][:2]) == ["", ""]
    assert found["why"][2].startswith("web, east, ")
    assert all(line.endswith(" % of it cannot be served") for line in found["why"][2].splitlines())
    assert list(found["unserved_share"][:2]) == list(found["penalty"][:2]) == [0.0, 0.0]
    assert found["cost"][0] == pytest.approx(plan(scenario, SIMPLEX).objective, rel=1e-9)
    work = pair()["workloads"].assign(unserved_mcny_per_unit_hour=1.0)
    alone = plan(lever_settings.pull(scenario, "eastern_demand", 300.0).with_tables(workloads=work), SIMPLEX)
    costs = alone.tables["costs"].groupby("term")["discounted_mcny"].sum()
    assert found["objective"][2] == pytest.approx(alone.objective, rel=1e-9)
    assert found["penalty"][2] == pytest.approx(costs["unserved"], rel=1e-6)
    assert 1.0 < found["unserved_share"][2] < 100.0
    said = page.sentences(members, "en")
    assert any("In 1 of 3 plans not all work can be served" in line for line in said)
    assert any(line.startswith("Of that change, from 0") for line in said)
    for language, lead in (("en", "member 2 cannot serve all: "), ("zh", "情景 2 无法满足全部需求:")):
        (line,) = [one.strip() for one in cli._lines(members, Translator(language)) if lead in one]
        assert len(line) > len(lead) + 10
        assert not line.endswith((":", "："))
        assert not any(none in line for none in ("No plan", "没有测算方案"))
    cheap = scenario.with_tables(workloads=scenario["workloads"].assign(sweep_unserved_mcny_per_unit_hour=1e-9))
    assert list(sweep(cheap, sweeping, SIMPLEX).members["penalty"][:2]) == [0.0, 0.0]


def test_the_reason_is_what_stays_in_the_way_where_work_may_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(scenario: Scenario, *_: object, **__: object) -> None:
        left = scenario["workloads"]["unserved_mcny_per_unit_hour"].notna().all()
        raise InfeasibleError("what stays" if left else "too much work")

    monkeypatch.setattr(workflow, "plan", none)
    found = sweep(tight(), Design(ranges=(EAST,))).members
    assert set(found["status"]) == {"infeasible"}
    assert set(found["why"]) == {"what stays"}
    assert set(sweep(pair(), Design(ranges=(EAST,))).members["why"]) == {"too much work"}


def test_what_leaving_work_does_not_help_has_no_plan() -> None:
    """More servers than the site may hold."""
    given = tight()
    frames = {name: frame for name, frame in given.tables.items() if len(frame)}
    least = pd.DataFrame({"site": ["east-1"], "technology": ["server"], "min_units": [1e5]})
    scenario = build(given.settings, {**frames, "limits": least})
    found = sweep(scenario, Design(ranges=(Range("eastern_demand", 200.0, 300.0),)), SIMPLEX).members
    assert list(found["status"]) == ["infeasible"] * 3
    assert found["why"].str.contains("lower min_units").all()


def test_a_scenario_that_cannot_be_served_as_given_says_so() -> None:
    scenario = lever_settings.pull(tight(), "eastern_demand", 300.0)
    found = sweep(scenario, Design(ranges=(Range("eastern_demand", -1.0, 1.0),)), SIMPLEX).members
    assert found["status"][0] == "short"
    assert found["unserved_share"][0] > 0.0


@pytest.mark.parametrize("objective", ["carbon", "residents"])
def test_only_who_wants_least_cost_weighs_a_price_against_serving(objective: str) -> None:
    assert len(workflow.may_leave(tight())) == 2
    scenario = tight(objective)
    assert workflow.may_leave(scenario) == (scenario,)


class _StoppedError(Exception):
    """What stops a sweep in a test."""


def stopping(keep: Callable[[Sweep], None], after: int) -> Callable[[Sweep], None]:
    """`keep`, and then an end to it all once there are so many members."""

    def kept(found: Sweep) -> None:
        keep(found)
        if len(found.members) == after:
            raise _StoppedError

    return kept


def test_a_stopped_sweep_goes_on_and_is_the_same_in_every_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No member is planned twice; the Parquet file is that of a sweep that was never stopped."""
    design = Design("latin", (PRICE, EAST), count=4, seed=1)
    planned: list[float] = []
    plan = workflow.plan

    def counted(*given: object, **more: object) -> object:
        planned.append(1.0)
        return plan(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(workflow, "plan", counted)
    one, other = Keeper(tmp_path / "one"), Keeper(tmp_path / "other")
    sweep(pair(), design, SIMPLEX, begin=one.begin, keep=one.keep)
    with pytest.raises(_StoppedError):
        sweep(pair(), design, SIMPLEX, begin=other.begin, keep=stopping(other.keep, 2))
    assert len(load_sweep(tmp_path / "other").members) == 2
    sweep(pair(), design, SIMPLEX, begin=other.begin, keep=other.keep)
    assert len(planned) == 2 * 5
    assert (tmp_path / "one/sweep.parquet").read_bytes() == (tmp_path / "other/sweep.parquet").read_bytes()
    assert (tmp_path / "one/SHA256SUMS").read_bytes() == (tmp_path / "other/SHA256SUMS").read_bytes()


def test_what_was_written_is_read_and_another_sweep_is_refused(tmp_path: Path) -> None:
    design, keeper = Design(ranges=(PRICE,)), Keeper(tmp_path / "s")
    found = sweep(pair(), design, SIMPLEX, begin=keeper.begin, keep=keeper.keep)
    again = load_sweep(tmp_path / "s")
    pd.testing.assert_frame_equal(again.members, found.members)
    assert again.ranges == found.ranges
    assert write.same(again.scenario, found.scenario)
    with pytest.raises(StoreError, match="another sweep"):
        sweep(pair(), Design(ranges=(EAST,)), SIMPLEX, begin=keeper.begin)
    with pytest.raises(StoreError, match="another sweep"):
        sweep(pair(), design, Options(solver="simplex", gap=1e-3), begin=keeper.begin)
    (tmp_path / "s" / sweep_store.MEMBERS).write_bytes(b"")
    with pytest.raises(StoreError, match="changed"):
        load_sweep(tmp_path / "s")


LISTS = {
    "one value": [(-20.0,), (15.0,), (20.0,)],
    "the order": [(20.0,), (0.0,), (-20.0,)],
    "twice one": [(-20.0,), (-20.0,), (20.0,)],
}


@pytest.mark.parametrize("other", LISTS.values(), ids=LISTS.keys())
def test_a_list_with_other_moves_between_the_same_ends_is_another_sweep(
    tmp_path: Path, other: list[tuple[float, ...]]
) -> None:
    """As many members between the same ends, and still not the members that were asked for."""
    ranges, keeper = (Range("eastern_demand", -20.0, 20.0),), Keeper(tmp_path / "s")
    listed = Design("list", ranges, moves=((-20.0,), (0.0,), (20.0,)))
    found = sweep(pair(), listed, SIMPLEX, begin=keeper.begin, keep=keeper.keep)
    with pytest.raises(StoreError, match=r"another sweep \(its moves differ\)"):
        sweep(pair(), dataclasses.replace(listed, moves=tuple(other)), SIMPLEX, begin=keeper.begin)
    pd.testing.assert_frame_equal(sweep(pair(), listed, SIMPLEX, begin=keeper.begin).members, found.members)


def test_known_members_with_other_levers_are_refused() -> None:
    """Whoever hands members to `begin` hands those of this design: neither other moves nor a member that it has not."""
    design = Design(ranges=(PRICE,))
    found = sweep(pair(), design, SIMPLEX).members
    for column, value in ((PRICE.lever, -19.0), (PRICE.lever, np.nan), ("member", 3)):
        changed = found.copy()
        changed.loc[1, column] = value
        with pytest.raises(StoreError, match="other moves"):
            sweep(pair(), design, SIMPLEX, begin=lambda _, changed=changed: changed)  # type: ignore[misc]


def test_a_member_that_was_not_solved_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, design = Keeper(tmp_path / "s"), Design(ranges=(PRICE,))
    plan = workflow.plan
    monkeypatch.setattr(
        workflow, "plan", lambda s, how, **more: plan(s, dataclasses.replace(how, time_limit=0.0), **more)
    )
    first = sweep(pair(), design, SIMPLEX, begin=keeper.begin, keep=keeper.keep)
    assert set(first.members["status"]) == {"unsolved"}
    monkeypatch.setattr(workflow, "plan", plan)
    assert set(sweep(pair(), design, SIMPLEX, begin=keeper.begin).members["status"]) == {"optimal"}


def test_two_workers_find_what_one_does() -> None:
    design = Design(ranges=(PRICE, EAST))
    one, two = (sweep(pair(), design, SIMPLEX, workers=workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(one.members, two.members)


def test_what_a_killed_worker_had_under_way_is_planned_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design, said = Design("grid", ranges=(PRICE, EAST), count=2), []
    monkeypatch.setenv(killed_workers.KNOWN, str(tmp_path / "known"))
    monkeypatch.setattr(workflow, "_in_worker", killed_workers.killed_once)
    found = sweep(pair(), design, SIMPLEX, workers=2, progress=lambda now: said.append(now.text))
    assert (tmp_path / "known").exists()
    assert sum("was killed" in text for text in said) == 1
    pd.testing.assert_frame_equal(found.members, sweep(pair(), design, SIMPLEX).members)


@pytest.mark.long
def test_what_is_killed_again_and_again_ends_the_sweep_and_the_same_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All other members are planned; what they found is kept, and not planned again."""
    keeper, design = Keeper(tmp_path / "s"), Design("grid", ranges=(PRICE, EAST), count=2)
    known = tmp_path / "known"
    monkeypatch.setenv(killed_workers.KNOWN, str(known))
    monkeypatch.setattr(workflow, "_in_worker", killed_workers.killed_at_three)
    kept: list[int] = []

    def keep(found: Sweep) -> None:
        keeper.keep(found)
        kept[:] = found.members["member"]
        known.touch()

    with pytest.raises(SolverError, match="were killed 3 times before one of 1 members was done"):
        sweep(pair(), design, SIMPLEX, workers=2, begin=keeper.begin, keep=keep)
    assert kept == [0, 1, 2, 4]
    with pytest.raises(SolverError, match="were killed 3 times"):  # this process is not the next to be killed
        sweep(pair(), design, SIMPLEX, workers=2, begin=keeper.begin)
    monkeypatch.undo()
    planned: list[int] = []
    member = workflow._member
    monkeypatch.setattr(workflow, "_member", lambda task, at, move: (planned.append(at), member(task, at, move))[1])
    again = sweep(pair(), design, SIMPLEX, begin=keeper.begin)
    assert sorted([*kept, *planned]) == list(range(5))
    assert set(again.members["status"]) == {"optimal"}


def test_every_problem_of_a_design_at_once() -> None:
    ranges = (Range("wages", 0.0, 1.0), Range("eastern_demand", 5.0, -5.0), PRICE, PRICE)
    with pytest.raises(ScenarioError) as raised:
        sweep(pair(), Design(ranges=ranges))
    said = str(raised.value)
    for words in ("wages", "no such lever", "not below", "given twice"):
        assert words in said
    with pytest.raises(ScenarioError, match="nothing to move"):
        sweep(pair(), Design())
    with pytest.raises(ScenarioError, match="at most"):
        Design("grid", (PRICE, EAST), count=1000).members()
    with pytest.raises(ScenarioError, match="-95"):
        sweep(pair(), Design(ranges=(Range("eastern_demand", -95.0, 0.0),)))


@pytest.mark.long
def test_the_ranges_are_those_of_the_table() -> None:
    rows = pd.DataFrame({"lever": ["eastern_demand"], "low_percent": [-5.0], "high_percent": [10.0]})
    scenario = pair()
    given = dataclasses.replace(scenario, tables={**scenario.tables, "levers": rows})
    found = sweep(given, Design(), SIMPLEX)
    assert found.ranges == (Range("eastern_demand", -5.0, 10.0),)
    assert found.members["cost"].iloc[-1] == pytest.approx(MORE_EAST_MCNY, rel=1e-6)
