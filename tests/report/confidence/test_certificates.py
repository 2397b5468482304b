"""A reader of the report sees of each operation whether its certificate holds, by how much at most it is violated, and
what was found where it does not."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from tests.report import decided, fake
from xisuan.report.confidence import plan_proof, stress_test
from xisuan.report.document.blocks import Section, Table, Text
from xisuan.report.operation import typical_week
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.results.plan import Certificate
from xisuan.results.run import Run
from xisuan.results.schedule import Schedule
from xisuan.text.translation import Language

FOUND = "capacity: installed / GAN, 2028: off by 7 (0.02 of its scale)"


def stressed(context: Context) -> Section:
    return Section("stress", "", blocks=(*stress_test.cases(context), *stress_test.other_days(context)))


SECTIONS = {"stress": stressed, "hours": typical_week.section, "proof": plan_proof.section}
WRONG = Certificate(False, 0.02, 1.0, -math.inf, {"work_balance": 1e-9, "capacity": 0.02}, (FOUND,))


def run(**schedules: Schedule | None) -> Run:
    """The made-up run with all decisions, and other schedules where they are given."""
    made = fake.run()
    scenario = made.scenario
    tables = decided.tables(
        dict(zip(scenario["sites"]["site"], scenario["sites"]["kind"], strict=True)),
        dict(zip(scenario["workloads"]["workload"], scenario["workloads"]["class"], strict=True)),
        scenario.settings.periods,
    )
    return dataclasses.replace(made, decisions=tables, **schedules)


def checked(certificate: Certificate | None) -> Schedule:
    """The operation on other days with another certificate."""
    others = fake.run().others
    assert others is not None
    return dataclasses.replace(others, certificate=certificate)


def section(made: Run, name: str, language: Language) -> Section:
    return SECTIONS[name](Context(made, language))


def rows(made: Run, language: Language) -> list[list[str]]:
    """Cells of the table of operations in section 19."""
    title = {"en": "The plan in operation", "zh": "测算方案运行结果的核验"}[language]
    (table,) = [
        block
        for block in section(made, "proof", language).blocks
        if isinstance(block, Table) and block.title.startswith(title)
    ]
    return [[cell.text for cell in row.cells] for row in table.rows]


def texts(part: Section) -> str:
    return "\n".join(" ".join((block.text, *block.items)) for block in part.blocks if isinstance(block, Text))


@pytest.mark.parametrize(
    ("language", "own", "others", "holds", "fails", "none"),
    [
        ("en", "The plan's own hours", "Other days", "holds", "does NOT hold", "not made"),
        ("zh", "方案自身时段", "其他日期", "通过", "未通过", "未核验"),
    ],
)
def test_every_operation_has_a_row(
    language: Language, own: str, others: str, holds: str, fails: str, none: str
) -> None:
    """Largest violation and its family, and the gap that the certificate itself proves; a dash of nothing is a word."""
    first, second = rows(run(), language)
    assert first[:4] == [own, holds, "2", "2.0e-09"]
    assert first[5].split("\xa0")[0].rstrip("%") == "0.00030"
    assert second[:2] == [others, holds]
    wrong = rows(run(others=checked(WRONG)), language)[1]
    assert wrong[:4] == [others, fails, "2", "2.0e-02"]
    assert rows(run(others=checked(None)), language)[1][:2] == [others, none]
    assert len(rows(run(others=None), language)) == 1


@pytest.mark.parametrize(("language", "said"), [("en", "does NOT hold"), ("zh", "未通过")])
def test_what_is_not_certified_is_loud_wherever_it_is_quoted(language: Language, said: str) -> None:
    """Beside the figures of other days and of the week, above the table with what was found, and at the head of the page."""
    made = run(others=checked(WRONG), week=dataclasses.replace(checked(WRONG), scenario=fake.run().scenario))
    for name in ("stress", "hours"):
        assert said in texts(section(made, name, language)), name
        assert said not in texts(section(run(), name, language)), name
    assert FOUND in texts(section(made, "proof", language))
    badge = {"en": "certificate of an operation refused", "zh": "运行核验未通过"}[language]
    assert (badge, "bad") in single_future_page._warnings(Context(made, language))
    assert badge not in dict(single_future_page._warnings(Context(run(), language)))


@pytest.mark.parametrize(("language", "said"), [("en", "Its certificate holds"), ("zh", "该运行已通过核验")])
def test_what_is_certified_says_so_where_it_is_quoted(language: Language, said: str) -> None:
    assert f"{said}" in texts(section(run(), "stress", language))
    assert "2.0e-09" in texts(section(run(), "stress", language))


@pytest.mark.parametrize(
    ("language", "holds", "fails", "none", "label"),
    [
        ("en", "is certified ({n} rows)", "does NOT hold", "have no certificate", "Demand +50 %"),
        ("zh", "均已独立核验（{n} 行）", "未通过", "没有核验证书", "需求增 50%"),
    ],
)
def test_cases_of_stress_say_whether_their_operations_are_certified(
    language: Language, holds: str, fails: str, none: str, label: str
) -> None:
    """All at once, or those by name that are not; tables of earlier runs have none."""
    made = run()
    holds = holds.format(n=len(made.decisions["stress"]))
    assert holds in texts(section(made, "stress", language))
    assert "4.0e-09" in texts(section(made, "stress", language))

    def with_stress(table: pd.DataFrame) -> str:
        return texts(
            section(dataclasses.replace(made, decisions={**made.decisions, "stress": table}), "stress", language)
        )

    table = made.decisions["stress"]
    wrong = with_stress(
        table.assign(certificate=["fails" if case == "demand_more" else "holds" for case in table["case"]])
    )
    assert fails in wrong
    assert label in wrong
    assert holds not in wrong
    assert none in with_stress(table.drop(columns=["certificate", "max_violation"]))


@pytest.mark.parametrize(
    ("language", "same", "dearer"),
    [("en", "Operation costs what it does", "more ("), ("zh", "一致（在两次求解", "高 ")],
)
def test_costs_that_agree_are_not_said_to_differ(language: Language, same: str, dearer: str) -> None:
    """Within what the two proofs leave open there is no difference to tell; beyond it there is, however small."""
    made = fake.run()
    assert made.schedule is not None
    assert made.others is not None
    base = made.schedule.cost_mcny
    alike = dataclasses.replace(
        made.others, cost_mcny=base * (1 + 1e-7), penalty_mcny=0.0, lower_bound=base * (1 - 1e-7)
    )
    said = texts(section(run(others=alike), "stress", language))
    assert same in said
    assert "0.0000001" not in said
    apart = dataclasses.replace(alike, cost_mcny=base * (1 + 1e-6), lower_bound=base * (1 + 9e-7))
    said = texts(section(run(others=apart), "stress", language))
    assert same not in said
    assert dearer in said
