"""The page of a sweep says what the sweep found, in either language and without keys of tables."""

from __future__ import annotations

import re

import pytest

from gnomon.options import Options
from tests.scenarios import pair
from xisuan.cli.commands.plans.sweep import _lines
from xisuan.report.document.blocks import Beside, Choice, Lines
from xisuan.report.pages import sweep_charts
from xisuan.report.pages import sweep_page as page
from xisuan.results.sweep import GOOD, Range, Sweep
from xisuan.text.translation import Language, Translator
from xisuan.workflow.sweep import Design, sweep

RANGES = (Range("western_power_price", -20.0, 20.0), Range("eastern_demand", -10.0, 10.0))


@pytest.fixture(scope="module", params=["each", "grid"])
def found(request: pytest.FixtureRequest) -> Sweep:
    return sweep(
        pair(), Design(request.param, RANGES, count=3 if request.param == "grid" else 0), Options(solver="simplex")
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_stands_alone_and_in_words(found: Sweep, language: Language) -> None:
    html = page.html(found, language)
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", body)
    for key in (
        "western_power_price",
        "eastern_demand",
        "sweep_figure",
        "sweep_unit",
        "compute@",
        "mCNY",
        "None",
        "nan",
    ):
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
    html = page.html(sweep(pair(), listed, Options(solver="simplex")), "en")
    assert "too few members" in html


def _drawn(found: Sweep, over: int) -> tuple[tuple[Lines, ...], tuple[Lines, ...]]:
    """The charts of figures and of places over a lever."""
    blocks = sweep_charts.blocks(found, Translator("en"))
    if found.given["design"] == "grid":
        assert isinstance(blocks[0], Choice)
        assert blocks[0].names == tuple(sweep_charts.title(lever, "en") for lever in found.levers)
        blocks = list(blocks[0].groups[over])
    figures, places = blocks
    assert isinstance(figures, Beside)
    assert isinstance(places, Choice)
    return figures.blocks, tuple(one for (one,) in places.groups)  # type: ignore[return-value, misc]


@pytest.mark.parametrize("over", [0, 1])
def test_every_figure_of_every_member_is_drawn(found: Sweep, over: int) -> None:
    """The points of the charts are the members: each cost and each power at a place over its lever, none besides."""
    figures, places = _drawn(found, over)
    rows = found.members[found.members["status"].isin(GOOD)].drop_duplicates(found.levers)
    assert [one.title for one in figures][:1] == ["Cost, discounted"]
    assert len(figures) == len(sweep_charts.shown(found))
    columns = [("cost", figures[0]), *zip(found.places, sorted(places, key=lambda one: one.title), strict=True)]
    for column, chart in columns:
        drawn = {(round(x, 6), round(y, 6)) for line in chart.lines for x, y in line.points}
        if found.given["design"] == "grid":
            expected = {(round(x, 6), round(y, 6)) for x, y in zip(rows[found.levers[over]], rows[column], strict=True)}
        else:
            settings = rows[[*found.levers, column]].itertuples(index=False, name=None)
            alone = [(steps, value) for *steps, value in settings]
            expected = {
                (round(step, 6), round(value, 6))
                for steps, value in alone
                for step, other in (steps, steps[::-1])
                if other == 0.0
            }
        assert drawn == expected, column


@pytest.mark.parametrize(
    ("language", "noted", "listed"),
    [
        (
            "en",
            "Of all {members} members, of which {plans} have a plan",
            "of all {members} members, of which {plans} have",
        ),
        (
            "zh",
            "以全部 {members} 个情景为分母，其中 {plans} 个有方案",
            "以全部 {members} 个情景为分母,其中 {plans} 个有方案",
        ),
    ],
)
def test_how_many_members_have_a_plan_stands_at_the_table(
    found: Sweep, language: Language, noted: str, listed: str
) -> None:
    """On the page always, on the console where some have none."""
    members = len(found.members) - 1
    assert noted.format(members=members, plans=members) in page.html(found, language)
    fewer = found.members.assign(
        status=["optimal"] * members + ["infeasible"], why=[""] * members + ["No plan satisfies the scenario."]
    )
    some = Sweep(found.scenario, found.ranges, found.given, fewer)
    assert noted.format(members=members, plans=members - 1) in page.html(some, language)
    said = [" ".join(" ".join(_lines(one, Translator(language))).split()) for one in (found, some)]
    assert listed.format(members=members, plans=members) not in said[0]
    assert listed.format(members=members, plans=members - 1) in said[1]


def test_a_member_without_a_plan_says_why_in_chinese() -> None:
    """The reason is in the words of the page."""
    given = Range("eastern_demand", 0.0, 10.0)
    swept = sweep(pair(), Design("each", (given,)), Options(solver="simplex"))
    frame = swept.members.assign(
        status=["optimal", "infeasible"],
        why=["", "No plan satisfies the scenario."],
        why_zh=["", "没有测算方案能满足该情景。"],
    )
    html = page.html(Sweep(swept.scenario, swept.ranges, swept.given, frame), "zh")
    assert "没有测算方案能满足该情景" in html
    assert "No plan satisfies" not in html
