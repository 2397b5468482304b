"""Names of what the model knows, hours of the year, and names inside sentences."""

from __future__ import annotations

import pytest

from xisuan.equations.notation import CONSTRAINTS
from xisuan.report import constraint_names, terms
from xisuan.report.run_context import inside
from xisuan.results.plan import COST_TERMS
from xisuan.scenario.settings import Hours
from xisuan.text.translation import LANGUAGES, translate


def test_every_cost_term_has_a_name() -> None:
    assert set(COST_TERMS) <= set(terms.COST_TERMS)


def test_every_constraint_has_a_name() -> None:
    """Those of the model, and what the certificate checks besides."""
    besides = {"bounds", "deadline", "integrality", "eligibility", "capacity"}
    assert set(constraint_names.FAMILIES) == {constraint.name for constraint in CONSTRAINTS} | besides


def test_unknown_names_stay_as_they_are() -> None:
    assert terms.named(terms.INVESTORS, "Acme") == "Acme"
    assert translate(terms.named(terms.INVESTORS, "China Telecom"), "zh") == "中国电信"


@pytest.mark.parametrize("kind", ["year", "one", "weeks:1", "weeks:4", "days:1", "days:12", "hours:1", "hours:96"])
def test_hours_are_said_in_words(kind: str) -> None:
    """Nobody reads `days:2`."""
    for language in LANGUAGES:
        said = translate(terms.hours_of(Hours.parse(kind)), language)
        assert ":" not in said
        assert kind.partition(":")[2] in said


def test_a_name_that_begins_a_chinese_sentence_keeps_its_capital() -> None:
    assert [inside("Hub首年所订"), inside("First orders"), inside("AI training")] == [
        "Hub首年所订",
        "first orders",
        "AI training",
    ]
