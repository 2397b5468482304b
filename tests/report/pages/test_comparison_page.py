"""The page of two plans says what the comparison says, in both languages."""

from __future__ import annotations

import dataclasses

import pytest

from tests.scenarios import pair
from tests.workflow import planned
from tests.workflow.test_compare import all_three, dearer, one_less
from xisuan.report.document.blocks import Table
from xisuan.report.pages import comparison_page
from xisuan.text.translation import Language
from xisuan.workflow.compare import Comparison, compare
from xisuan.workflow.plan import plan


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_what_differs(language: Language) -> None:
    """A plan beside another scenario's: figures, costs and where work runs, names escaped."""
    found = compare(planned.pair_plan(), planned.five_plan(), ("one", "<b>other</b>"))
    page = comparison_page.html(found, language)
    assert "&lt;b&gt;other" in page
    assert "<b>other" not in page
    names = [section.name for section in comparison_page.sections(found, language)]
    assert names[0] == "differences"
    assert {"builds", "costs", "service"} <= set(names)
    assert "{" not in "".join(comparison_page.sentences(found, language))


def test_the_first_sentence_is_the_cost() -> None:
    found = compare(planned.pair_plan(), planned.five_plan(), ("one", "other"))
    cost = found.figures.set_index("figure").loc["cost"]
    first = comparison_page.sentences(found, "en")[0]
    assert first.startswith("other costs ")
    assert ("more" if cost["change"] > 0 else "less") in first


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    found: Comparison = compare(planned.pair_plan(), planned.pair_plan(), ("a", "b"))
    assert comparison_page.sentences(found, "en") == ["a and b are the same plan."]
    assert f"differences above {100 * found.tolerance:.2g}" in comparison_page.html(found, "en")
    assert [section.name for section in comparison_page.sections(found, "zh")] == ["differences"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "old has 2 of 3 gigabit cities at the end of 2030, new 2 of 3 at the end of 2030.",
                "Gigabit cities then in old alone: b.",
                "Gigabit cities then in new alone: a.",
                "Over its horizon new has 0.05 million resident-years less in gigabit cities.",
            ],
        ),
        (
            "zh",
            [
                "old 在 2030 年末有 2/3 个千兆城市，new 在 2030 年末有 2/3 个。",
                "届时仅在 old 中为千兆城市：b。",
                "届时仅在 new 中为千兆城市：a。",
                "测算期内 new 的千兆城市居民少 5 万人年。",
            ],
        ),
    ],
)
def test_cities_that_are_lost_and_gained_are_named(language: Language, said: list[str]) -> None:
    """b is lost, a gained, and 50,000 resident-years less; halls and sites are not spoken of."""
    found = compare(all_three(), one_less(), ("old", "new"))
    assert comparison_page.sentences(found, language)[1:5] == said
    parts = comparison_page.sections(found, language)
    assert [part.name for part in parts] == ["differences", "cities", "builds", "costs", "emissions"]
    table = parts[1].blocks[0]
    assert isinstance(table, Table)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["b", "2030", "—", "−0.06"],
        ["a", "2027", "2030", "+0.01"],
    ]


def test_costs_that_the_proofs_tell_apart_are_not_the_same() -> None:
    """Each plan is proven within 0.2 %: a difference above 0.4 % is real, however much else the gaps leave open."""
    prices = pair()["power"].set_index("zone")["price"]
    dear = plan(dearer(pair(), 1.1 * float(prices["west"])))
    loose = [dataclasses.replace(one, lower_bound=0.998 * one.objective) for one in (planned.pair_plan(), dear)]
    found = compare(loose[0], loose[1], ("cheap", "dear"))
    assert 0.004 < dear.cost_mcny / planned.pair_plan().cost_mcny - 1 < found.tolerance
    assert comparison_page.sentences(found, "en")[0].startswith("dear costs ")
