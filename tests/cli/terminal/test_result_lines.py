"""What people read of a plan: the main numbers, and what is wrong with it first of all."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from tests.results import made
from tests.results.year import year_long
from tests.workflow.planned import five_plan, pair_plan
from tests.workflow.test_compare import all_three, one_less
from xisuan.cli.commands.plans.compare import _lines as comparison_lines
from xisuan.cli.terminal import output, result_lines, schedule_lines, text_layout
from xisuan.results.plan import CAPEX_TERMS, Certificate
from xisuan.results.run import Run
from xisuan.text.translation import Language, Translator
from xisuan.workflow.compare import compare


def text(lines: list[str]) -> str:
    """Lines as one text, with plain spaces."""
    return "\n".join(lines).replace("\xa0", " ")


ENGLISH, CHINESE = Translator("en"), Translator("zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_fits_the_screen(language: Language) -> None:
    """In both languages, for all that is shown."""
    say = Translator(language)
    plan = five_plan()
    run = Run(plan.scenario, plan, made.schedule(), made.schedule())
    found = pd.DataFrame(
        [("compute", "high", "gpu", 2029, 0.0, 1.0, 0.5, 2.0, "rack", "robust")],
        columns=["asset", "where", "technology", "period", "existing", "planned", "least", "most", "unit", "verdict"],
    )
    lines = [
        *result_lines.run_lines(run, say),
        *schedule_lines.schedule_lines(made.schedule(), plan, say),
        *schedule_lines.schedule_lines(year_long(), plan, say),
        *result_lines.alternative_lines(found, plan, 0.01, say),
        *comparison_lines(compare(pair_plan(), plan, ("runs/a-long-name-of-a-run", "b")), say, []),
    ]
    assert max(text_layout.drawn(line) for line in lines) <= text_layout.WIDTH


def test_a_comparison_in_chinese_is_chinese() -> None:
    """Headings, terms and measures too; halls are not spoken of where there are no sites."""
    said = text(comparison_lines(compare(all_three(), one_less(), ("甲", "乙")), CHINESE, []))
    for part in (
        "建设内容：",
        "折现成本（万元）：",
        "千兆接入建设",
        "接入网管道",
        "购网电量（兆瓦时）",
        "各市达标年份",
    ):
        assert part in said
    for part in ("costs", "builds", "access", "capex", "机房", "链路"):
        assert part not in said


def test_the_main_numbers_are_there() -> None:
    """Cost, certificate, service, effort, as the plan has them."""
    said = text(result_lines.plan_lines(pair_plan(), ENGLISH))
    assert "54.4 million CNY, discounted to 2026; of the capital only its annuities within the horizon" in " ".join(
        said.split()
    )
    assert "holds: " in said
    assert "all work in every period" in said
    assert "simplex" in said


def test_capital_that_is_charged_whole_is_not_said_to_be_charged_in_part() -> None:
    plan = pair_plan()
    whole = dataclasses.replace(plan, scenario=plan.scenario.with_settings(capital="full"))
    assert "annuities" not in text(result_lines.plan_lines(whole, ENGLISH))


def test_what_nobody_could_notice_is_no_power_of_ten() -> None:
    """Seconds below a hundredth are said to be that; more have two digits."""
    plan = pair_plan()
    effort = dataclasses.replace(plan.effort, expected_seconds=4e-6, seconds=2.5e-7, build_seconds=0.0123)
    said = text(result_lines.plan_lines(dataclasses.replace(plan, effort=effort), ENGLISH))
    assert "built in 0.012 s, solved in <0.01 s" in " ".join(said.split())
    assert "expected: <0.01 s" in " ".join(said.split())
    assert "e-" not in said.split("built in")[1]


def test_figures_that_differ_do_not_look_the_same() -> None:
    """A change of a part in 2,000 is seen in both figures and not only in the change."""
    plan = pair_plan()
    costs = plan.costs.assign(discounted_mcny=plan.costs["discounted_mcny"] * 1.0005)
    dearer = dataclasses.replace(plan, tables={**plan.tables, "costs": costs})
    found = compare(plan, dearer)
    assert len(found.costs)
    lines = [line.split() for line in comparison_lines(found, ENGLISH, [])]
    rows = [words for words in lines if words and words[-1].startswith("+")]
    assert rows
    assert all(words[-3] != words[-2] for words in rows)


def test_a_certificate_that_does_not_hold_is_loud() -> None:
    """With what was found."""
    plan = dataclasses.replace(pair_plan(), certificate=made.plan().certificate)
    assert "DOES NOT HOLD: work_balance: off" in text(result_lines.plan_lines(plan, ENGLISH))
    assert "未通过:work_balance: off" in text(result_lines.plan_lines(plan, CHINESE))
    unchecked = dataclasses.replace(plan, certificate=None)
    assert "certificate  not made" in text(result_lines.plan_lines(unchecked, ENGLISH))


def test_the_gap_that_is_said_is_the_certificate_s() -> None:
    """Not the solver's: 1 % where that is what is proven, though the solver says less; with whole numbers both."""
    plan = pair_plan()
    assert plan.certificate is not None
    cost = plan.objective
    rough = dataclasses.replace(plan, certificate=dataclasses.replace(plan.certificate, lower_bound=0.99 * cost))
    said = text(result_lines.plan_lines(rough, ENGLISH))
    assert "within 1.00 % of the least possible" in said
    assert "branch and bound" not in said
    whole = dataclasses.replace(rough, lower_bound=0.998 * cost, effort=dataclasses.replace(plan.effort, integers=3))
    said = " ".join(text(result_lines.plan_lines(whole, ENGLISH)).split())
    assert "within 1.00 % of the least possible; by the word of branch and bound, which nothing checks, 0.20 %" in said
    assert "分支定界称差距为 0.20%,无从核验" in text(result_lines.plan_lines(whole, CHINESE))


def test_a_certificate_that_proves_no_bound_says_so() -> None:
    """What holds is not proven to be the least, whatever the solver says."""
    plan = pair_plan()
    assert plan.certificate is not None
    blind = dataclasses.replace(plan, certificate=dataclasses.replace(plan.certificate, lower_bound=-math.inf))
    said = text(result_lines.plan_lines(blind, ENGLISH))
    assert "no lower bound could be proven" in said
    assert "it proves NO lower bound" in " ".join(said.split())
    assert "of the least possible" not in said
    said = text(result_lines.plan_lines(blind, CHINESE))
    assert "未能证明下界" in said
    assert "未证明下界" in said
    unchecked = text(result_lines.plan_lines(dataclasses.replace(plan, certificate=None), ENGLISH))
    assert "no lower bound could be proven" in unchecked


def test_what_is_not_served_is_named() -> None:
    """By share, workload and period."""
    plan = pair_plan()
    service = pd.concat(
        [
            plan.tables["service"],
            pd.DataFrame(
                [{"period": 2027, "region": "east", "site": "", "workload": "web", "units": 14.0, "share": 0.1}]
            ),
        ],
        ignore_index=True,
    )
    short = dataclasses.replace(plan, tables={**plan.tables, "service": service})
    assert "9.1 % of web is not served in 2027" in text(result_lines.plan_lines(short, ENGLISH))


def test_what_rounding_leaves_of_a_year_is_none() -> None:
    """An interior point stops 121 CNY short of nothing beside a hundred million."""
    builds = pd.DataFrame({"period": [2026, 2027], "capex_mcny": [0.000121, 100.0]})
    assert result_lines._by_period("x", builds, "capex_mcny", (2026, 2027)) == ["x", "0", "100", "100"]


def test_in_both_languages_things_are_called_what_people_call_them() -> None:
    """A site, a technology and a workload by their titles, as in the report."""
    plan = pair_plan()
    names = {
        "sites": {"east-1": "东一", "west-1": "西一"},
        "technologies": {"server": "服务器"},
        "workloads": {"web": "网页"},
    }
    tables = dict(plan.scenario.tables)
    for table, titles in names.items():
        rows = tables[table]
        key = rows.columns[0]
        tables[table] = rows.assign(title="Our " + rows[key], title_zh=rows[key].map(titles).fillna(""))
    named = dataclasses.replace(plan, scenario=dataclasses.replace(plan.scenario, tables=tables))
    said = text(result_lines.plan_lines(named, CHINESE))
    assert "西一" in said
    assert "服务器" in said
    assert "west-1" not in said
    english = text(result_lines.plan_lines(named, ENGLISH))
    assert "Our west-1" in english
    assert "Our server" in english


def test_a_schedule_says_what_it_cannot_serve() -> None:
    """The largest shortfall, its place and year, and what the penalties cost."""
    said = text(schedule_lines.schedule_lines(made.schedule(), five_plan(), ENGLISH))
    assert "of workload-1 from region-1 in 2026 is the largest shortfall" in said
    assert "plus 1.25 million CNY of penalties" in " ".join(said.split())
    assert "exceeded        rule-0 scope-0 2026" in said
    assert "certificate     DOES NOT HOLD: capacity: installed: off" in said
    assert "未通过" in text(schedule_lines.schedule_lines(made.schedule(), five_plan(), CHINESE))


def test_an_operation_whose_certificate_does_not_hold_is_said_to_be_none() -> None:
    """Of a run too, whose plan may hold; the exit code is that of no answer."""
    right = dataclasses.replace(made.schedule(), certificate=Certificate(True, 1e-9, 31.5, 31.4, {"bounds": 1e-9}))
    assert (output.code(right), output.code(made.schedule()), output.code(right, made.schedule())) == (0, 4, 4)
    run = dataclasses.replace(made.run(), schedule=right, others=made.schedule())
    said = text(result_lines.run_lines(run, ENGLISH))
    assert "other days: DOES NOT HOLD: capacity: installed: off" in " ".join(said.split())
    assert "own hours: DOES NOT HOLD" not in said
    assert "certificate     holds: 1 families of constraints" in text(
        schedule_lines.schedule_lines(right, five_plan(), ENGLISH)
    )


def test_a_year_says_what_the_plan_expected_and_its_hardest_week() -> None:
    """The cost of the plan's own operation is of the same periods, without what is invested."""
    plan = pair_plan()
    expected = plan.costs.loc[~plan.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    proof = Certificate(True, 0.0, 1.1 * expected, 1.1 * expected, {"work_balance": 0.0})
    schedule = dataclasses.replace(
        year_long(), cost_mcny=1.1 * expected, lower_bound=1.1 * expected, penalty_mcny=0.0, certificate=proof
    )
    said = text(schedule_lines.schedule_lines(schedule, plan, ENGLISH))
    assert "10.0 % more than the" in said
    assert "week 30 of 2027: 90.0 % of" in said
    assert "within 0.0000001 % of the least possible" in said
    assert "expected: 30 s and 700 MB" in said
    exact = dataclasses.replace(schedule, cost_mcny=expected, lower_bound=expected)
    assert "as the plan expected" in text(schedule_lines.schedule_lines(exact, plan, ENGLISH))
    assert "周" in text(schedule_lines.schedule_lines(schedule, plan, CHINESE))


def test_a_cost_is_compared_with_the_plans_without_penalties_and_says_so() -> None:
    """Like with like: what is not served is charged for in neither, however dear it is."""
    plan = pair_plan()
    terms = plan.costs.loc[~plan.costs["term"].isin([*CAPEX_TERMS, "unserved"])]
    expected = terms["discounted_mcny"].sum()
    unserved = terms.tail(1).assign(term="unserved", discounted_mcny=expected)
    charged = dataclasses.replace(plan, tables={**plan.tables, "costs": pd.concat([plan.costs, unserved])})
    short = dataclasses.replace(
        year_long(), cost_mcny=3.2 * expected, penalty_mcny=2.0 * expected, lower_bound=3.2 * expected
    )
    for planned in (plan, charged):
        said = " ".join(text(schedule_lines.schedule_lines(short, planned, ENGLISH)).split())
        assert "20.0 % more than the" in said
        assert "that the plan expected, penalties left out of both" in said
        assert "均不含罚金" in text(schedule_lines.schedule_lines(short, planned, CHINESE))
    free = dataclasses.replace(short, cost_mcny=1.2 * expected, penalty_mcny=0.0, lower_bound=1.2 * expected)
    said = " ".join(text(schedule_lines.schedule_lines(free, plan, ENGLISH)).split())
    assert "20.0 % more than the" in said
    assert "penalties left out" not in said


def test_a_plan_that_builds_nothing_says_so() -> None:
    """Rather than an empty table."""
    plan = pair_plan()
    bare = dataclasses.replace(plan, tables={**plan.tables, "builds": plan.tables["builds"].iloc[:0]})
    assert "  nothing is built" in result_lines.plan_lines(bare, ENGLISH)


def test_chinese_readers_meet_no_english_status_or_method() -> None:
    """A status is a word, our own method one too; a program keeps its name."""
    plan = pair_plan()
    own = dataclasses.replace(plan, effort=dataclasses.replace(plan.effort, solver="structured"))
    said = text(result_lines.plan_lines(own, CHINESE))
    assert said.splitlines()[0].endswith("· 最优")
    assert "按时段结构的内点法 求解" in " ".join(said.split())
    assert not {"optimal", "structured"} & set(said.split())
    assert text(result_lines.plan_lines(own, ENGLISH)).splitlines()[0].endswith("· optimal")
    other = dataclasses.replace(plan, effort=dataclasses.replace(plan.effort, solver="simplex"))
    assert "simplex" in text(result_lines.plan_lines(other, CHINESE))
