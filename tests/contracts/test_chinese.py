"""Whatever is said in English of a scenario, or refused by the studio, has a Chinese twin that carries the values over."""

from __future__ import annotations

import re
import tomllib

import numpy as np
import pytest

from tests.contracts import sentences
from xisuan.errors import Problem
from xisuan.scenario import chinese
from xisuan.scenario.reading import remedies, typed_columns
from xisuan.scenario.schema.column_types import Column
from xisuan.scenario.schema.tables import TABLES
from xisuan.scenario.settings import OPTIONS

PASSED_ON = {
    "errors.py: refused.what",
    "../gnomon/highs/solver_sequence.py: INFEASIBLE",
    *(
        "scenario/reading/problems.py: what",
        "scenario/checks/inspection.py: what",
        "scenario/reading/typed_columns.py: remedy",
    ),
    *(f"scenario/reading/typed_columns.py: remedies.{name}(column)" for name in ("missing", "percentage", "unread")),
    *(
        "scenario/reading/references.py: faults[cell]",
        "scenario/reading/profiles.py: remedy",
    ),
    "scenario/reading/profiles.py: '\\n'.join((str(problem) for problem in found.problems))",
}
"""Places where a sentence that was made elsewhere is handed on."""
PLURALS = {"{0} row{1}": {"1"}, "{0} row{1} of {2}": {"1"}, "{0} year{1}": {"1"}}
"""Holes for the English plural, which Chinese has not."""
NO_WORDS = re.compile(r"[^a-z]*", re.IGNORECASE)
SCENARIO, LOST = sentences.of(
    "scenario",
    "planning/infeasibility/statements.py",
    "planning/infeasibility/coefficient_statements.py",
    "planning/infeasibility/explanation.py",
    "planning/access/date_obstacles.py",
    "../gnomon/methods/method_choice.py",
    "../gnomon/highs/solver_sequence.py",
    "errors.py",
)


def filled(template: str) -> str:
    """A sentence with marks in its holes."""
    return re.sub(r"\{(\d)\}", r"Q\1Q", template).replace("{{", "{").replace("}}", "}")


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{\d\}", text))


def test_every_sentence_of_the_source_is_found() -> None:
    """Where a sentence cannot be followed to its words, the test of twins would not see it."""
    found = {re.sub(r":\d+", "", place, count=1) for place in LOST}
    assert {place for place in found if not place.startswith(("planning/", "gnomon/"))} == PASSED_ON


@pytest.mark.parametrize("template", sorted(SCENARIO))
def test_what_is_said_of_a_scenario_has_a_twin(template: str) -> None:
    assert_twin(template, chinese.twins())


def test_two_limits_are_said_as_one() -> None:
    said = chinese.twins()("limits, a/b: at least 3 units and at most 5 units in 2026 · raise it, or leave it blank")
    assert said == "limits, a/b：2026 年至少 3 个单位、至多 5 个单位 · 请提高，或留空"


def assert_twin(template: str, say: chinese.Twins) -> None:
    if NO_WORDS.fullmatch(re.sub(r"\{\d\}", "", template)):
        return  # signs between values
    said = say(filled(template))
    assert said != filled(template), f"no Chinese twin of {template!r}: add it to chinese.toml"
    kept = set(re.findall(r"Q(\d)Q", said))
    wanted = {hole.strip("{}") for hole in holes(template)} - PLURALS.get(template, set())
    assert kept == wanted, f"{template!r}: its twin {said!r} loses values"


def test_what_tables_columns_and_options_mean_has_a_twin() -> None:
    columns = [column for table in TABLES for column in table.all_columns]
    english = {column.meaning for column in columns} | {column.unit for column in columns}
    english |= {table.meaning for table in TABLES}
    english |= {option.meaning for option in OPTIONS} - {""}
    assert english - {""} - set(chinese.texts()) == set()
    assert all(chinese.blank(column, "zh") for column in columns if column.blank)


COLUMNS = sorted({(column.name, column) for table in TABLES for column in table.all_columns}, key=str)
GIVE = re.compile(
    r"(below|above|not above) [\d-]+; give a (number|whole number|ratio|fraction|fraction a year|year)"
    r"( of [\d-]+ or more| from [\d-]+ to [\d-]+| above 0| above 0 and up to 1)( in (?P<unit>[^;]+))?"
    r"; the column says: (?P<meaning>.+)"
)
ASK = re.compile(
    r"(blank; give it|the column is missing; add it, with a value)"
    r"( as (?P<pure>a ratio|a fraction|a fraction a year)| in (?!every row)(?P<unit>[^:]+?))?( in every row)?"
    r": (?P<meaning>.+)"
)


def remedies_of(column: Column) -> list[str]:
    """All that is said of a value outside a column's bounds, of a blank, and of the column's absence."""
    said = [what for _, what in typed_columns.bounds(np.zeros(1), column) if "lat and lon" not in what]
    return said + ([remedies.blank(column), remedies.missing(column)] if column.required else [])


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_what_a_column_is_to_hold_is_a_sentence_in_both_languages(name: str, column: Column) -> None:
    """English by its grammar; Chinese with the column's meaning and unit whole and no English word beside them."""
    say = chinese.twins()
    for english in remedies_of(column):
        parts = GIVE.fullmatch(english) or ASK.fullmatch(english)
        assert parts, english
        assert parts["meaning"] == column.meaning
        pure = column.unit in ("", "ratio", "fraction", "fraction a year")
        assert pure or (parts["unit"] or "").removeprefix("the ") == column.unit
        said = say(english)
        assert said.endswith(say(column.meaning)), said
        frame = said.removesuffix(say(column.meaning)).replace(say(column.unit) or " ", " ")
        assert not re.search("[a-z]{2}", frame), said


@pytest.mark.parametrize(("name", "column"), [pair for pair in COLUMNS if pair[1].kind == "number"])
def test_a_percentage_is_answered_by_the_unit_of_its_column(name: str, column: Column) -> None:
    """Only a share is told that 12 % is 0.12."""
    (what,) = typed_columns.typed(["25%"], column)[1].values()
    assert ("12 % is 0.12" in what) == (column.unit in ("", "fraction", "fraction a year"))
    assert not re.search("[a-z]{3}", chinese.twins()(what).replace(chinese.twins()(column.unit) or " ", " "))


def test_a_twin_that_nothing_says_is_removed() -> None:
    """Exact keys of what the checks say; a key of a fault in the source's wording would be found by nothing."""
    sections = tomllib.loads((sentences.SOURCE / "scenario/chinese.toml").read_text(encoding="utf-8"))
    assert set(sections["said"]) - SCENARIO == set()
    columns = [column for table in TABLES for column in table.all_columns]
    assert set(sections["columns"]) - {column.meaning for column in columns} == {"a value for every hour"}
    assert set(sections["units"]) == {column.unit for column in columns} - {""}


def test_every_twin_fills_only_holes_that_are_there() -> None:
    assert [english for english, twin in chinese.texts().items() if holes(twin) - holes(english)] == []


@pytest.mark.parametrize(
    ("english", "twin"),
    [
        ('no such table; did you mean "power"?', "没有这张表；是否应为“power”？"),
        ("not in sites; known: a, b", "不属于 sites；可选：a, b"),
        ("not in sites; add it to sites.csv", "不属于 sites；请将其加入 sites.csv"),
        (
            "not in nodes or regions; add it to nodes.csv or regions.csv; known: a, b",
            "不属于 nodes 或 regions；请将其加入 nodes.csv 或 regions.csv；可选：a, b",
        ),
        ("no such column; headers are English: region, name", "没有这一列；表头用英文：region, name"),
        ("blank; give it in units: yearly mean", "为空；请填写（单位）：年平均值"),
        (
            "above 1; give a fraction from 0 to 1; the column says: share of the users that follow in the period in which"
            " it comes into use",
            "大于 1；请填 0 到 1 之间的小数；该列含义：投用当期跟进的用户比例",
        ),
        (
            "Heshan (鹤山市) cannot reach 12 5G base stations per 10,000 residents by 2026: crews allow 2 of 3 stations · "
            "raise crew_days_year in cities, or set a later deadline in city_targets",
            "鹤山市到 2026 年达不到每万人拥有5G基站数 12：所缺 3 个基站，施工队只能完成 2 · "
            "请提高 cities 的 crew_days_year，或在 city_targets 中推迟期限",
        ),
        ("give flow or stock", "请给出 flow 或 stock"),
        ("holds in no period (2026, 2027) and is ignored", "不属于任何时期（2026, 2027），已忽略"),
        (
            "8 rows hold in no period (2026-2040) and are ignored: 2, 3, 4, 5, 6, 7, …",
            "8 行不属于任何时期（2026-2040），已忽略：第 2, 3, 4, 5, 6, 7, … 行",
        ),
        ("not a number; write the number alone, in units", "不是数字；请只填数值，即单位的个数"),
        ("nobody of us said this; at all", "nobody of us said this; at all"),
        (
            "demand, gy/ai/2026, units: 400 must be served in 2026-2028 · lower it, or give ai a penalty"
            " (workloads, unserved_mcny_per_unit_hour)",
            "demand, gy/ai/2026, units：2026-2028 年必须服务 400 · 请降低，或为 ai 设定惩罚成本"
            "（workloads 的 unserved_mcny_per_unit_hour）",
        ),
    ],
)
def test_sentences_in_sentences(english: str, twin: str) -> None:
    assert chinese.twins()(english) == twin


def test_a_problem_keeps_its_place_and_value() -> None:
    one = Problem("power.csv", "row 3", "price", "half", "not a number; write the number alone, in CNY per kWh")
    assert chinese.line(one, "en") == str(one)
    assert chinese.line(one, "zh") == "power.csv，第 3 行，price：half · 不是数字；请只填数值，单位为元/千瓦时"
