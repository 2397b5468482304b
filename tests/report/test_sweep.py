"""The page of a sweep says what the sweep found, in either language and without keys of tables."""

from __future__ import annotations

import re

import pytest

from tests.scenarios import pair
from xisuan.report import sweep as page
from xisuan.report.figures import Language
from xisuan.results.sweep import Range, Sweep
from xisuan.solver.highs import How
from xisuan.workflow.sweep import Design, sweep

RANGES = (Range("western_power_price", -20.0, 20.0), Range("eastern_demand", -10.0, 10.0))


@pytest.fixture(scope="module", params=["each", "grid"])
def found(request: pytest.FixtureRequest) -> Sweep:
    return sweep(
        pair(), Design(request.param, RANGES, count=3 if request.param == "grid" else 0), How(solver="simplex")
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_stands_alone_and_in_words(found: Sweep, language: Language) -> None:
    html = page.html(found, language)
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", body)
    for key in ("western_power_price", "eastern_demand", "sweep_figure", "None", "nan"):
        assert key not in words
    assert page.lever("eastern_demand", language) in words
    assert "src=" not in body
    assert "://" not in words


def test_the_sentences_have_the_figures(found: Sweep) -> None:
    """The cost of the scenario as given, by hand 54.398, and what demand does to it, by hand 7.548."""
    said = " ".join(page.sentences(found, "en")).replace("\xa0", " ")
    assert "54.4 million CNY" in said
    assert page.lever("eastern_demand", "en") in said
    if found.given["design"] == "each":
        assert "7.55 million CNY" in said


def test_a_sweep_of_too_few_says_so() -> None:
    """A list of one member is no line."""
    listed = Design("list", (Range("eastern_demand", 0.0, 10.0),), moves=((10.0,),))
    html = page.html(sweep(pair(), listed, How(solver="simplex")), "en")
    assert "too few members" in html
