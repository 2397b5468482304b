"""The page of two plans says what the comparison says, in both languages."""

from __future__ import annotations

import pytest

from tests.workflow import planned
from xisuan.report import comparison
from xisuan.report.figures import Language
from xisuan.workflow.compare import Comparison, compare


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_what_differs(language: Language) -> None:
    """A plan beside another scenario's: figures, costs and where work runs, names escaped."""
    found = compare(planned.pair_plan(), planned.five_plan(), ("one", "<b>other</b>"))
    page = comparison.html(found, language)
    assert "&lt;b&gt;other" in page
    assert "<b>other" not in page
    names = [section.name for section in comparison.sections(found, language)]
    assert names[0] == "differences"
    assert {"builds", "costs", "service"} <= set(names)
    assert "{" not in "".join(comparison.sentences(found, language))


def test_the_first_sentence_is_the_cost() -> None:
    found = compare(planned.pair_plan(), planned.five_plan(), ("one", "other"))
    cost = found.figures.set_index("figure").loc["cost"]
    first = comparison.sentences(found, "en")[0]
    assert first.startswith("other costs ")
    assert ("more" if cost["change"] > 0 else "less") in first


def test_a_plan_beside_itself_differs_in_nothing() -> None:
    found: Comparison = compare(planned.pair_plan(), planned.pair_plan(), ("a", "b"))
    assert comparison.sentences(found, "en") == ["a and b are the same plan."]
    assert [section.name for section in comparison.sections(found, "zh")] == ["differences"]
