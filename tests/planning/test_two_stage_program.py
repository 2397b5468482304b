"""The plan of several futures: laws that hold for any scenario, and the extensive form written out by itself."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from gnomon.interior_point.distributed import checkpoint
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from tests import scenarios as made
from tests.laws.strategies import Draft, full, scenarios
from xisuan.certificate.certify_two_stage import certify_members
from xisuan.equations.build_model import EARLY, assemble
from xisuan.errors import InfeasibleError, ScenarioError, lines
from xisuan.planning.expansion import plan
from xisuan.planning.two_stage_program import two_stage as find
from xisuan.progress import Progress
from xisuan.results.plan import Certificate
from xisuan.results.two_stage import TwoStage
from xisuan.scenario.queries.levers import moved
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import members
from xisuan.workflow.two_stage import two_stage

EXACT = Options(solver="simplex")
CLOSE = 1e-6


def uncertain(draft: Draft, rows: list[dict[str, Any]]) -> Scenario:
    """The scenario with members. Its regions lie east, its sites in turn west and east; levers that it has nothing of stay
    as given.
    """
    frames = dict(draft.frames)
    frames["regions"] = frames["regions"].assign(lon=120.0, lat=30.0)
    frames["sites"] = frames["sites"].assign(
        lon=[(105.0, 120.0)[at % 2] for at in range(len(frames["sites"]))], lat=30.0
    )
    draft = dataclasses.replace(draft, frames=frames)
    there = {lever.name for lever in moved(draft.build())}
    assert "eastern_demand" in there
    kept = [{key: value for key, value in row.items() if key in {"member", "probability", *there}} for row in rows]
    return dataclasses.replace(draft, frames={**frames, "members": pd.DataFrame(kept)}).build()


def futures(shares: tuple[float, ...], demand: tuple[float, ...], price: tuple[float, ...]) -> list[dict[str, Any]]:
    """Members with these shares of the probability."""
    whole = sum(shares)
    return [
        {"member": f"m{at}", "probability": share / whole, "eastern_demand": more, "intelligent_demand": more / 2,
         "western_power_price": dear, "detour": max(0.0, dear)}
        for at, (share, more, dear) in enumerate(zip(shares, demand, price, strict=True))
    ]  # fmt: skip


def certified(found: TwoStage) -> None:
    """The whole and every part of it."""
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    assert found.certificate.lower_bound <= found.objective + CLOSE * max(1.0, abs(found.objective))
    for one in found.members:
        assert one.plan.certificate is not None
        assert one.plan.certificate.ok, one.plan.certificate.findings


def extensive(scenario: Scenario) -> float:
    """Least expected cost with the models of the members side by side, and a row for every early decision of every member
    but the first: it equals the first's.
    """
    cases = [(one.probability, flatten(assemble(one.scenario).model)) for one in members(scenario)]
    stage = sum(scenario.fixed(period) for period in scenario.settings.periods) + 1
    places = [_early(flat, stage) for _, flat in cases]
    blocks = sp.block_diag([flat.matrix for _, flat in cases], format="csr")
    starts = np.cumsum([0, *(flat.shape[1] for _, flat in cases)])
    ties = []
    for at in range(1, len(cases)):
        for label, column in places[at].items():
            row = sp.lil_matrix((1, starts[-1]))
            row[0, starts[at] + column], row[0, places[0][label]] = 1.0, -1.0
            ties.append(row.tocsr())
    matrix = sp.vstack([blocks, *ties], format="csr")
    lower, upper = (
        np.concatenate([*(getattr(flat, side) for _, flat in cases), np.zeros(len(ties))])
        for side in ("row_lower", "row_upper")
    )
    found = milp(
        np.concatenate([weight * flat.cost for weight, flat in cases]),
        constraints=LinearConstraint(matrix, lower, upper),
        bounds=Bounds(*(np.concatenate([getattr(flat, side) for _, flat in cases]) for side in ("lower", "upper"))),
        integrality=np.concatenate([flat.integer for _, flat in cases]).astype(int),
        options={"mip_rel_gap": 1e-9},
    )
    assert found.status == 0, found.message
    return float(found.fun) + sum(weight * flat.constant for weight, flat in cases)


def _early(flat: LinearProgram, stage: int) -> dict[tuple[Any, ...], int]:
    """Columns of early decisions by name, label and period."""
    blocks = [block for name, block in flat.model.columns.items() if name in EARLY]
    return {
        (block.name, label, period): flat.place(block, period, 0, item)
        for block in blocks
        for period in range(stage)
        for item, label in enumerate(block.labels)
    }


PERCENT = st.sampled_from([-40.0, -10.0, 0.0, 15.0, 35.0])


@pytest.mark.long
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    draft=scenarios(), shares=st.tuples(*[st.integers(1, 9)] * 3), demand=st.tuples(*[PERCENT] * 3),
    price=st.tuples(*[PERCENT] * 3),
)  # fmt: skip
def test_any_members_have_the_optimum_of_the_extensive_form(
    draft: Draft, shares: tuple[int, ...], demand: tuple[float, ...], price: tuple[float, ...]
) -> None:
    """And knowing is worth something or nothing, planning for all too; order means nothing; the certificate holds."""
    rows = futures(shares, demand, price)
    scenario = uncertain(draft, rows)
    try:
        found = two_stage(scenario, EXACT)
    except InfeasibleError:
        return
    size = max(1.0, abs(found.objective))
    certified(found)
    assert found.objective == pytest.approx(extensive(scenario), abs=CLOSE * size)
    assert found.certificate is not None
    assert found.objective - found.certificate.lower_bound <= 1e-5 * size
    assert found.perfect_information >= -CLOSE * size
    assert found.stochastic_solution >= -CLOSE * size
    near = two_stage(uncertain(draft, rows), Options(gap=1e-6), method="structured")
    certified(near)
    assert near.objective == pytest.approx(found.objective, abs=2e-6 * size)
    turned = find(uncertain(draft, rows[::-1]), EXACT)
    assert turned.objective == pytest.approx(found.objective, abs=CLOSE * size)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(draft=scenarios(), count=st.integers(1, 3))
def test_members_that_are_alike_are_the_plain_plan(draft: Draft, count: int) -> None:
    """One member, or several that move nothing: the plan of the scenario itself, and nothing to know."""
    rows = [{"member": f"m{at}", "probability": 1.0 / count} for at in range(count)]
    plain = draft.plan()
    found = two_stage(uncertain(draft, rows), EXACT)
    size = max(1.0, abs(plain.objective))
    assert found.objective == pytest.approx(plain.objective, abs=1e-8 * size)
    assert found.perfect_information == pytest.approx(0.0, abs=1e-8 * size)
    assert found.stochastic_solution == pytest.approx(0.0, abs=CLOSE * size)
    certified(found)


@pytest.mark.parametrize("periods", [pytest.param((2026,), marks=pytest.mark.long), (2026, 2028)])
def test_the_structured_method_finds_the_same(periods: tuple[int, ...]) -> None:
    """It sees more periods and common columns in the border, and needs to be told nothing."""
    rows = futures((2, 5, 3), (-30.0, 0.0, 25.0), (-20.0, 0.0, 30.0))
    scenario = uncertain(full(3, hours="hours:3", periods=periods), rows)
    exact, near = find(scenario, EXACT), two_stage(scenario, Options(gap=1e-6), method="structured")
    assert near.effort.method == "structured"
    size = max(1.0, abs(exact.objective))
    assert near.objective == pytest.approx(exact.objective, abs=2e-6 * size)
    assert near.perfect_information == pytest.approx(exact.perfect_information, abs=4e-6 * size)
    certified(near)


def test_the_whole_is_confirmed_before_the_iterations_stop() -> None:
    """The certificate of all members says whether it is a plan, and is the plan's: one that proves
    nothing is not the last."""
    scenario = uncertain(full(3, hours="hours:3"), futures((2, 5), (-30.0, 25.0), (-20.0, 30.0)))
    calls: list[Certificate] = []

    def check(found: TwoStage) -> Certificate:
        made = certify_members(scenario, found)
        assert made.ok, made.findings
        calls.append(dataclasses.replace(made, lower_bound=-math.inf) if not calls else made)
        return calls[-1]

    assert find(scenario, Options(gap=1e-4), method="structured").certificate is None
    found = find(scenario, Options(gap=1e-4), method="structured", check=check)
    assert found.certificate is calls[-1]
    assert len(calls) > 1
    assert found.certificate.gap(found.certificate.cost) <= 1e-4
    assert certify_members(scenario, found) == found.certificate


@pytest.mark.parametrize("when", ["all members", "m0: with the first-stage decisions of the mean"])
def test_whoever_is_killed_has_not_lost_the_solves_before(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is begun from its last iterate, and the one under way from its third; nothing is left behind in the end."""
    monkeypatch.setattr(checkpoint, "EVERY", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", math.inf)
    scenario = uncertain(full(3, hours="hours:8"), futures((2, 5), (-30.0, 25.0), (-20.0, 30.0)))
    place, how = tmp_path / "iterates", Options(gap=1e-6)
    solves: list[tuple[str, list[int]]] = []
    killed: list[bool] = []

    def count(now: Progress) -> None:
        found = re.match(r"structured: (\d+) iterations", now.text)
        if found is not None:
            solves[-1][1].append(int(found[1]))
        elif now.stage == "solve" and "iterations" not in now.text and not now.text.startswith("checking"):
            solves.append((now.text, []))
        if not killed and solves and solves[-1][0].startswith(when) and (when[0] == "m" or solves[-1][1][-1:] == [3]):
            killed.append(True)
            raise KeyboardInterrupt

    def begun() -> dict[str, list[int]]:
        return {text.removeprefix("planning ").split(":")[0]: of for text, of in solves if of}

    with pytest.raises(KeyboardInterrupt):
        two_stage(scenario, how, method="structured", folder=place, progress=count)
    first = begun()
    assert {"m0", "m1", "all members"} <= set(first)
    assert all(of[0] == 0 for of in first.values())
    solves.clear()
    found = two_stage(scenario, how, method="structured", folder=place, progress=count)
    again = begun()
    assert all(again[name][0] == of[-1] > 0 for name, of in first.items())
    certified(found)
    assert not place.exists()


def test_two_processes_find_the_plan_of_one() -> None:
    """Each has hours of every future."""
    scenario = uncertain(full(3, hours="hours:3"), futures((2, 5), (-30.0, 25.0), (-20.0, 30.0)))
    one, two = (two_stage(scenario, Options(gap=1e-7), method="structured", workers=workers) for workers in (1, 2))
    assert two.effort.method == "structured"
    assert two.objective == pytest.approx(one.objective, rel=2e-7)
    assert two.perfect_information == pytest.approx(one.perfect_information, abs=4e-7 * max(1.0, abs(one.objective)))
    certified(two)


def test_everything_at_once_with_integers() -> None:
    """`five` with whole halls, modules and openings, and its rules: the gap that was asked, proven by branch and bound."""
    frames = made.five_frames(integer=True)
    rows = futures((1, 1), (-10.0, 10.0), (0.0, 0.0))
    tables = {**frames, "members": pd.DataFrame(rows)}
    settings_of = {"name": "five", "periods": [2026], "last_period_years": 2, "discount_rate": 0.06, "hours": "hours:4"}
    draft = Draft(settings_of, tables)
    found = two_stage(draft.build(), Options(gap=1e-4))
    certified(found)
    assert found.gap <= 1e-4
    for name in ("hall_phases", "build_modules", "open"):
        one, other = (future.plan.variables[name].values for future in found.members)
        assert np.array_equal(one, other)


def test_what_comes_after_the_first_period_may_differ() -> None:
    """`pair`, by hand: its first period is certain enough that both orders are the same; the second follows the future."""
    tables = made.pair_frames()
    tables["members"] = pd.DataFrame(
        {"member": ["low", "high"], "probability": [0.5, 0.5], "eastern_demand": [0.0, 20.0]}
    )
    scenario = Draft({"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}, tables).build()
    found = two_stage(scenario, EXACT)
    low, high = (one.plan.variables["build"].values for one in found.members)
    assert np.array_equal(low[0], high[0])
    assert not np.array_equal(low[1], high[1])
    assert found.first == 2026


def test_a_member_without_a_plan_is_named() -> None:
    tables = {
        **made.pair_frames(),
        "limits": pd.DataFrame({"site": ["west-1", "east-1"], "technology": "server", "max_units": [50, 100]}),
    }
    tables["members"] = pd.DataFrame({"member": ["calm", "boom"], "probability": 0.5, "eastern_demand": [0.0, 100.0]})
    scenario = Draft({"name": "pair", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables).build()
    with pytest.raises(InfeasibleError, match="Member boom") as caught:
        find(scenario)
    assert caught.value.conflict
    said = lines(caught.value, "zh")
    assert said[0].startswith("没有测算方案能满足该情景。")
    assert any("未来 boom：" in line for line in said)


def test_without_members_it_says_so() -> None:
    with pytest.raises(ScenarioError, match="there are no members"):
        find(made.pair())


def test_one_future_is_all_that_a_plan_knows() -> None:
    """Never silently the scenario without its members."""
    scenario = uncertain(full(1), futures((1, 1), (0.0, 10.0), (0.0, 0.0)))
    with pytest.raises(ScenarioError, match="one future only"):
        plan(scenario)


def test_the_price_of_a_common_bound_is_what_one_more_unit_changes_in_the_expected_cost() -> None:
    """An order of the first period is one decision for all members, so each member's table has the same price of its
    bound, and a price only where the bound binds: the change of the expected cost, found by planning again with more."""
    rows = futures((0.3, 0.7), (-20.0, 25.0), (-10.0, 10.0))
    draft = full(3, periods=(2026, 2028))
    found = find(uncertain(draft, rows), EXACT)
    table = found.tables["prices"]
    common = table[
        (table["period"] == found.first) & table["constraint"].isin([f"bound on {name}" for name in EARLY])
    ].pivot_table(index=["constraint", "item"], columns="member", values="value")
    assert len(common)
    assert (common.max(axis=1) <= 0.0).all()
    assert np.allclose(common.max(axis=1), common.min(axis=1), rtol=1e-12, atol=0.0)
    kept = common.loc["bound on kept"].iloc[:, 0]
    item = str(kept.index[int(np.argmin(kept))])
    site, technology = item.split("/")[:2]
    fleet = draft.frames["fleet"]
    here = (fleet["site"] == site) & (fleet["technology"] == technology)
    more = 1e-4 * float(fleet.loc[here, "units"].sum())
    larger = fleet.assign(units=fleet["units"].where(~here, fleet["units"] * (1.0 + 1e-4)))
    again = find(uncertain(dataclasses.replace(draft, frames={**draft.frames, "fleet": larger}), rows), EXACT)
    # The fleet stands in later periods too, where each member has a price of its own.
    later = table[(table["period"] > found.first) & (table["constraint"] == "bound on kept") & (table["item"] == item)]
    weight = {one.name: one.probability for one in found.members}
    price = float(kept.min()) + float((later["value"] * later["member"].map(weight)).sum())
    assert (again.objective - found.objective) / more == pytest.approx(price, rel=1e-3)
