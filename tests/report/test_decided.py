"""Sections that rest on decision tables: they say what the tables say, and what is missing is a dash or a sentence."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import cycle

import numpy as np
import pandas as pd
import pytest

from tests.report import decided, fake
from tests.report.pages.test_single_future_page import words
from tests.report.parts import TOPICS, chosen, section
from xisuan.report.chapters import leads, what_if_chapter
from xisuan.report.confidence import estimate_sensitivity, stress_test
from xisuan.report.document import number_cells
from xisuan.report.document.blocks import Beside, Block, Cards, Choice, Table, Text
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import TABLES
from xisuan.results.run import Run
from xisuan.text.translation import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
NUMBER = re.compile(r"\d[\d,]*\.?\d*")
TITLES = {"2030"}
"""Years in the names of estimates."""
NAMES = list(decided.for_run(fake.run()))


@pytest.fixture(scope="module")
def run() -> Run:
    made = fake.run()
    return dataclasses.replace(made, decisions=decided.for_run(made))


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Beside):
            yield from tables(block.blocks)
        elif isinstance(block, Choice):
            for group in block.groups:
                yield from tables(group)


@pytest.mark.parametrize("name", NAMES)
def test_the_made_up_tables_have_columns_of_the_format(run: Run, name: str) -> None:
    assert set(run.decisions[name]) <= set(TABLES[name])


SHOWN_IN = {
    "build": "orders", "cost": "money", "comes": "service", "wins": "why", "use": "usage", "power": "electricity",
    "rests": "estimates stress",
}  # fmt: skip
"""Where the figures of a sentence stand in tables; those of targets count the rows of one."""
PRINTED = re.compile(r"<?[\d,]*\.?\d+")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHOWN_IN)
def test_the_figures_of_a_sentence_stand_in_their_tables_as_printed(run: Run, name: str, language: Language) -> None:
    """The very digits: one rule of rounding for sentences and tables, so that nobody has to wonder which is right."""
    parts = [section(run, shown, language) for shown in SHOWN_IN[name].split()]
    shown = [cell for part in parts for table in tables(part.blocks) for row in table.rows for cell in row.cells]
    printed = {number for cell in shown for number in PRINTED.findall(cell.text)}
    figures = re.findall(f"{number_cells.OPEN}(.*?){number_cells.CLOSE}", leads.SENTENCES[name](Context(run, language)))
    assert figures
    assert [figure for figure in figures if PRINTED.findall(figure)[0] not in printed] == []


def test_every_digit_of_the_sentences_is_a_marked_figure_a_year_or_a_limit(run: Run) -> None:
    """No number slips past the test above: unmarked ones are years of the horizon."""
    for tell in leads.SENTENCES.values():
        bare = re.sub(f"{number_cells.OPEN}.*?{number_cells.CLOSE}", "", tell(Context(run, "zh")))
        assert {*NUMBER.findall(bare)} <= {"2026", "2028", *TITLES}, bare


def test_the_rival_and_the_price_are_those_of_the_tables(run: Run) -> None:
    said = leads.SENTENCES["wins"](Context(run, "en")).replace(number_cells.OPEN, "").replace(number_cells.CLOSE, "")
    assert "3.4 % cheaper than its best rival among the hubs, Shaoguan" in said.replace("\u00a0", " ")
    assert "half or less of the new equipment is built at 0.621 CNY/kWh" in said
    assert "list 0.559, contract 0.350" in said


OUTSIDE = {
    "en": "Against Shanghai metro, outside the hubs, Gui'an is 4.2 % dearer, but there halls are full and none may be "
    "built. Of other work: ",
    "zh": "枢纽以外最低的是上海城市节点（机房已满、不得新建），贵安集群比它高 4.2%。",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cheaper_site_outside_the_hubs_stands_beside_the_rival(run: Run, language: Language) -> None:
    """Its figure too stands in the table of section 7, and who takes the build is told for both kinds."""
    costs = run.decisions["hub_costs"].copy()
    costs.loc[costs["site"] == "GAN", ["best_site", "against_site"]] = ["SHM", 0.042]
    costs.loc[costs["site"] == "SHM", "why"] = "full"
    search = run.decisions["break_even"].assign(other="SHM", other_mw=250.0, other_after_mw=730.0)
    beside = dataclasses.replace(run, decisions={**run.decisions, "hub_costs": costs, "break_even": search})
    said = (
        leads.SENTENCES["wins"](Context(beside, language))
        .replace(number_cells.OPEN, "")
        .replace(number_cells.CLOSE, "")
    )
    assert OUTSIDE[language] in said.replace("\u00a0", " ")
    assert {"en": "mainly to Shaoguan and Shanghai metro", "zh": "主要转往韶关集群和上海城市节点"}[language] in said
    shown = [
        [cell.text for cell in row.cells] for t in tables(section(beside, "why", language).blocks) for row in t.rows
    ]
    assert any("+4.2" in row for row in shown)
    few = run.decisions["break_even"].assign(rival_after_mw=2200.0, other="")
    partly = dataclasses.replace(run, decisions={**run.decisions, "break_even": few})
    said = (
        leads.SENTENCES["wins"](Context(partly, language))
        .replace(number_cells.OPEN, "")
        .replace(number_cells.CLOSE, "")
    )
    part = {"en": ", of which 100 of 499 MW go to Shaoguan", "zh": "，所减 499 MW 中 100 MW 转往韶关集群"}[language]
    assert part in said.replace("\u00a0", " "), "less than half of 929.7 − 431.2 MW"
    assert any("250 → 730" in row and "2,100 → 2,590" in row for row in shown)


STANDING = {
    "en": (
        "Against Shanghai metro, outside the hubs and in halls that stand, Gui'an is 4.2 % dearer.",
        "Halls are new ones, but at Shanghai metro those that stand,",
    ),
    "zh": (
        "枢纽以外最低的是利用现有机房的上海城市节点，贵安集群比它高 4.2%。",
        "机房按新建计；上海城市节点不得新增机房，按现有机房计",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_in_halls_that_stand_is_not_taken_for_one_in_new_halls(run: Run, language: Language) -> None:
    """Its halls cost less because they are there: first screen and sections 7 and 8 say so, and only where it is so."""
    costs = run.decisions["hub_costs"].assign(halls="new", why="")
    costs.loc[costs["site"] == "GAN", ["best_site", "against_site"]] = ["SHM", 0.042]
    costs.loc[costs["site"] == "SHM", "halls"] = "standing"
    places = run.decisions["levelised"].replace({"place": {"all": "SHM"}})
    for halls, said in ((costs, True), (costs.assign(halls="new"), False)):
        changed = dataclasses.replace(run, decisions={**run.decisions, "hub_costs": halls, "levelised": places})
        sentence = (
            leads.SENTENCES["wins"](Context(changed, language))
            .replace(number_cells.OPEN, "")
            .replace(number_cells.CLOSE, "")
        )
        assert (STANDING[language][0] in sentence.replace("\u00a0", " ")) is said
        for name in ("why", "levelised"):
            notes = [table.note for table in tables(section(changed, name, language).blocks)]
            assert any(STANDING[language][1] in note for note in notes) is said, name


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "75.0 % of the money decided rests on figures whose quality is not stated (not graded), 25.0 % on est"),
        ("zh", "所决定资金的 75.0% 所依据的数据未注明质量等级（未分级），25.0% 以估计值为依据"),
    ],
)
def test_money_on_data_of_unknown_quality_is_said_first(run: Run, language: Language, said: str) -> None:
    """900 of 1,200 million CNY are not graded: that is no better than an estimate, and never left out."""
    money = pd.DataFrame({"quality": ["estimate", "not graded"], "mcny": [300.0, 900.0], "share": [0.25, 0.75]})
    changed = dataclasses.replace(run, decisions={**run.decisions, "decided": money})
    sentence = (
        estimate_sensitivity.rests(Context(changed, language))
        .replace(number_cells.OPEN, "")
        .replace(number_cells.CLOSE, "")
    )
    assert sentence.replace("\u00a0", " ").startswith(said)


RIVALS = ("Hub that gains most", "受益最大的枢纽集群")
LONE = {"en": "has no rival: no other site could serve a tenth of its work", "zh": "没有对手：没有其他站点"}
AT_LEAST = {
    "en": "more than half of the new equipment is built even at 1.350 CNY/kWh, where the search ended",
    "zh": "综合电价升至 1.350 元/千瓦时（搜索终点），新增设备仍未减半",
}
NO_FLIP = {"en": "none up to 1.350", "zh": "升至 1.350 仍未减半"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_alone_has_no_rival_and_the_end_of_a_search_is_no_break_even(run: Run, language: Language) -> None:
    """What a scenario of one site gives: costs without a rival, and a search that ended at the list price + 1."""
    costs = run.decisions["hub_costs"]
    costs = costs[costs["site"] == "GAN"].assign(best_rival="", against_rival=np.nan)
    search = run.decisions["break_even"].assign(
        rival="", found=False, price_all_in_cny_per_kwh=1.35, price_cny_per_kwh=1.35, rival_mw=0.0, rival_after_mw=0.0
    )
    alone = dataclasses.replace(run, decisions={**run.decisions, "hub_costs": costs, "break_even": search})
    said = (
        leads.SENTENCES["wins"](Context(alone, language)).replace(number_cells.OPEN, "").replace(number_cells.CLOSE, "")
    )
    assert LONE[language] in said
    assert AT_LEAST[language] in said.replace("\u00a0", " ")
    (table,) = [one for one in tables(section(alone, "why", language).blocks) if one.columns[-2].title in RIVALS]
    shown = [cell.text for cell in table.rows[0].cells]
    assert shown[3] == shown[6] == NO_FLIP[language]
    assert shown[8] == shown[9] == "—"
    assert table.rows[0].cells[3].value is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_flip_that_was_found_keeps_its_price(run: Run, language: Language) -> None:
    (table,) = [one for one in tables(section(run, "why", language).blocks) if one.columns[-2].title in RIVALS]
    assert [table.rows[0].cells[at].text for at in (3, 6)] == ["0.621", "0.549"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "; up to 100 % of AI training not served"), ("zh", "（智能训练缺口最高 100%）")],
)
def test_a_case_that_serves_nothing_is_not_said_to_save(run: Run, language: Language, said: str) -> None:
    """Cost falls by 40 % because nothing is served: the row says so, a line above it too, and no bar stands for it."""
    cases = run.decisions["stress"].iloc[:2].copy()
    cases.loc[1, ["shortfall_share", "shortfall_workload", "cost_change"]] = [1.0, "training", -0.4]
    found = dataclasses.replace(run, decisions={**run.decisions, "stress": cases.reset_index(drop=True)})
    warning, table = stress_test.cases(Context(found, language))[:2]
    cards = what_if_chapter.section(Context(found, language)).blocks[0]
    assert isinstance(cards, Cards)
    assert not any("40" in line for line in cards.cards[0].lines)
    assert isinstance(warning, Text)
    assert isinstance(table, Table)
    assert {"en": "a lower cost is no saving", "zh": "成本较低并非节省"}[language] in warning.text
    assert table.rows[1].cells[0].text.replace("\u00a0", " ").endswith(said)
    assert table.rows[1].cells[2].text == "−40.0"
    assert table.rows[1].cells[2].bar is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_columns_of_the_cases_have_one_name(run: Run, language: Language) -> None:
    (table,) = [one for one in tables(section(run, "stress", language).blocks) if len(one.columns) == 8]
    assert len({column.title for column in table.columns}) == 8


def test_misses_are_explained(run: Run) -> None:
    text = words(single_future_page.html(run, "zh", made=chosen(run, ("headline", "calibration"), "zh")))
    assert "偏差超过 20% 的 2 项及原因" in text
    assert "贵州用电量（+41%）：统计口径不同。" in text


def test_an_aim_is_shown_beside_and_is_no_miss(run: Run) -> None:
    aims = [table for table in tables(section(run, "calibration").blocks) if "aims" in table.title]
    assert [row.cells[0].text for row in aims[0].rows] == ["Standard racks"]
    assert aims[0].rows[0].cells[6].text == "—"
    assert aims[0].rows[0].cells[6].tip


RESTING = (
    "headline", "orders", "money", "service", "why", "levelised", "rules", "stress", "estimates", "calibration", "proof",
)  # fmt: skip
"""Sections that show what decision tables hold."""
DECIDED = [name for name in NAMES if name != "decision_notes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_sections_are_the_same_with_and_without_decisions(run: Run, language: Language) -> None:
    """So that the tests below need not make them again for every table."""
    bare = dataclasses.replace(run, decisions={})
    others = TOPICS.keys() - {*RESTING}
    assert chosen(bare, others, language) == chosen(run, others, language)


def resting(run: Run, language: Language) -> str:
    """A page of the sections that rest on decisions."""
    return single_future_page.html(run, language, made=chosen(run, RESTING, language))


def without_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every number missing."""
    return table.assign(**dict.fromkeys(table.columns[table.dtypes == np.float64], np.nan))


@pytest.mark.parametrize(("name", "language"), list(zip(DECIDED, cycle(LANGUAGES), strict=False)))
def test_what_is_missing_is_a_dash_with_a_reason(run: Run, name: str, language: Language) -> None:
    """A table whose numbers are all missing: no crash, no `nan`, no zero in their place."""
    empty = without_numbers(run.decisions[name])
    markup = resting(dataclasses.replace(run, decisions={**run.decisions, name: empty}), language)
    assert "nan" not in re.findall(r"[a-z]+", words(markup).lower())


@pytest.mark.parametrize("name", DECIDED)
def test_a_table_that_was_not_asked_for_is_explained(run: Run, name: str) -> None:
    fewer = {key: frame for key, frame in run.decisions.items() if key != name}
    why = "Left out because the moon was full."
    text = words(resting(dataclasses.replace(run, decisions=fewer, notes={**run.notes, name: why}), "en"))
    assert name == "investors" or why in text


def test_sections_keep_their_numbers_where_others_are_left_out(run: Run) -> None:
    numbers = {part.name: part.number for part in single_future_page.sections(run, "en")}
    assert numbers["power"] == 7
    assert numbers["sources"] == 12
    assert "cities" not in numbers
    assert "targets" not in numbers


def test_a_regret_that_the_solver_leaves_open_is_none(run: Run) -> None:
    cases = run.decisions["stress"].copy()
    cases["regret_mcny"] = 0.5e-7 * cases["cost_mcny"]
    noisy = dataclasses.replace(run, decisions={**run.decisions, "stress": cases})
    (table,) = [one for one in tables(section(noisy, "stress", "en").blocks) if len(one.columns) == 8]
    assert {row.cells[5].text for row in table.rows} == {"0"}


def test_cheaper_western_power_is_promised_only_where_it_was_tried(run: Run) -> None:
    def said(found: Run) -> str:
        return " ".join(block.text for block in section(found, "why", "en").blocks if isinstance(block, Text))

    cases = run.decisions["stress"].iloc[:2].copy()
    cases["case"] = ["base", "west_price_low"]
    tried = dataclasses.replace(run, decisions={**run.decisions, "stress": cases})
    assert "A case has the west at less" in said(tried)
    cases["case"] = ["base", "late"]
    assert "contracts may be cheaper" in said(tried)
    assert "A case" not in said(tried)
