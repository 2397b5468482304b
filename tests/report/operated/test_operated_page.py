"""The page of an operated plan says what the schedule holds, in either language, and draws every hour of the year."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gnomon.options import Options
from tests.certificate.operated import shrunk
from tests.certificate.test_certify_plan import made, tiny_frames
from tests.certificate.test_certify_schedule import strict
from tests.laws.strategies import full
from tests.planning.test_access_with_compute import joint
from tests.report import browser
from tests.report.test_browser import OVERLAPS, PAPER
from tests.scenarios import frame
from xisuan.dispatch.dual_proof import NAME
from xisuan.planning.expansion import plan
from xisuan.report.document import chart_geometry
from xisuan.report.document.blocks import Choice, Days, Hours, Section, Series, Table, Text
from xisuan.report.operated import operated_page as page
from xisuan.results.plan import CAPEX_TERMS, Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.hardest_week import hardest
from xisuan.scenario.settings import Hours as Selection
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.text.translation import Language
from xisuan.workflow.operate import operate

VERTEX = Options(solver="simplex", threads=1)


def less(made: Plan, share: float) -> Plan:
    """The plan with a share of what it builds, in its table of capacity too."""
    capacity = made.tables["capacity"]
    tables = {**made.tables, "capacity": capacity.assign(amount=share * capacity["amount"])}
    return dataclasses.replace(shrunk(made, share), tables=tables)


@cache
def year() -> tuple[Schedule, Plan]:
    """A year of two sites, planned on half a day of January: in June more is asked for than there is equipment."""
    frames = tiny_frames()
    summer = frame("profile,months,days,hours,value\nbusy,6,,,0.7\nbusy,6,,8-11,2.6")
    frames["profile_rules"] = pd.concat([frames["profile_rules"], summer]).fillna("")
    frames["demand"]["profile"] = "busy"
    scenario = made(frames, periods=[2026])
    planned = less(plan(scenario, VERTEX), 0.95)
    return operate(on_hours(scenario, Selection.parse("year")), planned, VERTEX), planned


@cache
def some() -> tuple[Schedule, Plan]:
    """Seven hours of two periods, with work and traffic left and rules exceeded."""
    planned = less(plan(full(3).build(), VERTEX), 0.8)
    return operate(on_hours(strict(full(3)).build(), Selection.parse("hours:7")), planned, VERTEX), planned


def sections(found: tuple[Schedule, Plan], language: Language = "en") -> dict[str, Section]:
    """Sections of the page by name."""
    return {one.name: one for one in page.sections(page.Operated(*found, language))}


def charts(section: Section) -> dict[str, Hours]:
    """Charts that stand in a section outside any choice, by title."""
    return {block.title: block for block in section.blocks if isinstance(block, Hours)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("case", [year, some])
def test_the_page_stands_alone_and_in_words(case: object, language: Language) -> None:
    html = page.html(*case(), language)  # type: ignore[operator]
    body = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", body)
    for key in (
        "operated.",
        "hours_section",
        "stress.",
        "None",
        "nan",
        "mcny",
        "unserved",
        "utilisation_min",
        "pue_max",
    ):
        assert key not in words
    assert "src=" not in body
    assert "://" not in words


def test_the_figures_are_those_of_the_schedule() -> None:
    found, planned = year()
    keys = {key.label: (key.value, key.unit) for key in sections(year())["operated"].blocks[0].keys}  # type: ignore[union-attr]
    paid = found.cost_mcny - found.penalty_mcny
    costs = planned.tables["costs"]
    expected = costs.loc[~costs["term"].isin([*CAPEX_TERMS, "unserved"]), "discounted_mcny"].sum()
    value, unit = keys["operating cost over the horizon, discounted, without penalties"]
    assert unit == "million CNY"
    assert float(value.replace(",", "")) == pytest.approx(paid, rel=5e-3)
    assert float(keys["against what the plan expected"][0].replace("−", "-")) == pytest.approx(
        100 * (paid / expected - 1), abs=0.06
    )
    worst = found.shortfall["share"].max()
    assert worst > 0.01
    assert float(keys["largest shortfall of a workload in a region"][0].split("\xa0")[0]) == pytest.approx(
        100 * worst, abs=0.06
    )


@pytest.mark.parametrize(
    ("language", "agrees", "cheaper"),
    [("en", "agree to the last digit", "cheaper by more than"), ("zh", "精度内一致", "至多再低")],
)
def test_a_cost_that_is_proven_to_its_last_digit_says_so(language: Language, agrees: str, cheaper: str) -> None:
    """No share of nothing is quoted, neither of the solver's bound nor of the certificate's; a gap that is one is."""
    found, planned = some()
    assert found.certificate is not None
    for bound, said, unsaid in (
        (found.cost_mcny * (1 - 1e-12), agrees, cheaper), (found.cost_mcny * (1 - 1e-5), cheaper, agrees),
    ):  # fmt: skip
        certificate = dataclasses.replace(found.certificate, lower_bound=bound)
        made = dataclasses.replace(found, lower_bound=bound, certificate=certificate)
        one = page.Operated(made, planned, language)
        told = [*page.sentences(one), *(block.text for block in page._proof(one).blocks if isinstance(block, Text))]
        assert any(said in text for text in told)
        assert not any(unsaid in text for text in told)
        assert not any("0.0000001" in text for text in told)


def test_a_certificate_that_proves_no_bound_says_so() -> None:
    found, planned = some()
    assert found.certificate is not None
    for bound, unproven in ((-np.inf, True), (found.cost_mcny * (1 - 1e-5), False)):
        made = dataclasses.replace(found, certificate=dataclasses.replace(found.certificate, lower_bound=bound))
        one = page.Operated(made, planned, "en")
        told = [block.text for block in page._proof(one).blocks if isinstance(block, Text)]
        assert any("proves no lower bound" in text for text in told) is unproven
        assert any("cheaper by more than" in text for text in page.sentences(one)) is not unproven


@pytest.mark.parametrize(
    ("language", "said"), [("en", "none: the plan's own operation"), ("zh", "无：沿用方案自身的运行")]
)
def test_no_solver_is_called_plan(language: Language, said: str) -> None:
    """On its own hours the plan says how it is operated: nothing ran."""
    found, planned = some()
    one = page.Operated(
        dataclasses.replace(found, effort=dataclasses.replace(found.effort, solver=NAME)), planned, language
    )
    cells = [
        cell.text
        for block in page._proof(one).blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
    ]
    assert any(cell.startswith(said) for cell in cells)
    assert NAME not in cells


def test_the_week_that_is_drawn_is_the_hardest() -> None:
    found, _ = year()
    week = hardest(found)
    assert week is not None
    assert week.unserved > 0
    assert 22 <= week.number <= 26, "in June"
    said = " ".join(page.sentences(page.Operated(*year(), "en"))).replace("\xa0", " ")
    assert f"week {week.number} of 2026" in said
    first = 168 * (week.number - 1)
    drawn = charts(sections(year())["week"])["Work not served, all regions"]
    mean = found.scenario["demand"].query("period == 2026").groupby("workload")["units"].sum()
    family = found.variables["unserved"]
    for line, workload in zip(drawn.lines, ("batch", "web"), strict=True):
        items = [i for i, label in enumerate(family.labels) if label[1] == workload]
        left = family.values[0, first : first + 168][:, items].sum(axis=1)
        assert np.asarray(line.values) * mean[workload] == pytest.approx(left, abs=1e-9)
    assert sum(sum(line.values) for line in drawn.lines) > 0
    (waits,) = charts(sections(year())["week"])["Work that waits, all regions"].lines
    assert (waits.name, waits.colour) == (drawn.lines[0].name, drawn.lines[0].colour)


def test_classes_add_up_to_what_the_sites_draw() -> None:
    """Of all sites, hour by hour, as the table of power has it."""
    found, _ = some()
    drawn = charts(sections(some())["week"])["IT power by class, all sites"]
    total = np.sum([one.values for one in drawn.series], axis=0)
    power = found.power[found.power["period"] == 2028]
    assert total == pytest.approx(power.groupby("hour")["it_mw"].sum().to_numpy(), rel=1e-9)
    assert len(drawn.series) == 3
    found, _ = year()
    (drawn,) = (one for title, one in charts(sections(year())["week"]).items() if title.startswith("IT power by class"))
    total = np.sum([one.values for one in drawn.series], axis=0)
    power = found.power.groupby("hour")["it_mw"].sum().to_numpy()
    first = 168 * (hardest(found).number - 1)  # type: ignore[union-attr]
    assert total == pytest.approx(power[first : first + 168], rel=1e-9)
    assert np.ptp(total) > 0.1 * total.max()


def _levels(spec: Days) -> np.ndarray:
    """Shade of every hour as it is drawn: every rectangle of every path; what none covers is the least."""
    out = np.zeros((24, 365))
    count = np.zeros((24, 365), dtype=int)
    for shade in chart_geometry.days(spec).shades:
        for day, hour, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", shade.path):
            out[int(hour), int(day) : int(day) + int(length)] = shade.share
            count[int(hour), int(day) : int(day) + int(length)] += 1
    assert count.max() <= 1
    return out


def test_every_hour_of_the_year_is_drawn_once_in_its_shade() -> None:
    found, _ = year()
    block = sections(year())["year"].blocks[0]
    assert isinstance(block, Choice)
    total = found.power.groupby("hour")["facility_mw"].sum().to_numpy()
    (spec,) = block.groups[0]
    assert isinstance(spec, Days)
    share = (total - total.min()) / (total.max() - total.min())
    assert np.abs(_levels(spec) - share.reshape(365, 24).T).max() <= 0.5 / (chart_geometry.SHADES - 1) + 1e-9
    assert spec.marked == (7 * (hardest(found).number - 1), 7 * hardest(found).number)  # type: ignore[union-attr]
    january = [float(text.replace(",", "")) for text in spec.numbers[0][1:]]
    assert january == pytest.approx([total[:744].mean(), total[:744].min(), total[:744].max()], rel=5e-3)


def test_the_map_of_a_year_saves_every_hour(tmp_path: Path) -> None:
    """One row a day, one column for each hour of it."""
    browser.need()
    script = """return { rows: rowsOf(document.querySelector("figure.days")) };"""
    heads, *rows = browser.ask(page.html(*year(), "en"), script, tmp_path)["rows"]
    total = year()[0].power.groupby("hour")["facility_mw"].sum().to_numpy()
    assert (heads[1], heads[-1], rows[0][0], rows[-1][0]) == ("0:00", "23:00", "Jan 1", "Dec 31")
    assert np.array([row[1:] for row in rows]) == pytest.approx(total.reshape(365, 24), rel=1e-4)


def test_a_flat_year_is_one_shade() -> None:
    months = (("all", 365),)
    spec = Days("", "MW", "", tuple([2.0] * 8760), months, (0, 7), "", ("2", "2"), ())
    assert _levels(spec).max() == 0.0


def test_what_is_left_is_in_the_tables_and_the_year_only_of_years() -> None:
    found, _ = some()
    made = sections(some())
    assert "year" not in made
    tables = [block for block in made["short"].blocks if isinstance(block, Table)]
    assert len(tables) == 3
    assert len(tables[2].rows) == len(found.excess)
    differs = [block for block in made["differs"].blocks if isinstance(block, Table)]
    scale = 1000 if "bn" in differs[0].columns[2].unit else 1
    total, penalties = (row.cells for row in differs[0].rows[-2:])
    assert total[2].value == pytest.approx((found.cost_mcny - found.penalty_mcny) / scale, rel=1e-9)
    assert penalties[2].value == pytest.approx(found.penalty_mcny / scale, rel=1e-9)


def test_a_certificate_that_does_not_hold_is_said_first() -> None:
    found, planned = some()
    assert found.certificate is not None
    refused = dataclasses.replace(found, certificate=Certificate(False, 0.1, 1.0, 0.5, {"capacity": 0.1}, ("off",)))
    html = page.html(refused, planned)
    assert 'badge bad">certificate refused' in html
    assert "does NOT hold" in html
    assert "what is used is what the plan has" in html


def test_cities_alone_have_a_page_too() -> None:
    """Nothing is served by the hour there: what is left is money and the proof."""
    scenario = joint(compute=False)
    planned = plan(scenario)
    found = operate(scenario, planned)
    assert set(sections((found, planned))) == {"operated", "short", "differs", "proof"}
    assert page.html(found, planned, "zh")


def test_both_pages_are_written(tmp_path: Path) -> None:
    page.write(*some(), tmp_path, "zh")
    assert {file.name for file in tmp_path.iterdir()} == {"operate.html", "operate.en.html"}
    assert 'lang="zh-CN"' in (tmp_path / "operate.html").read_text(encoding="utf-8")
    assert (tmp_path / "operate.en.html").read_text(encoding="utf-8") == page.html(*some(), "en")


@cache
def days() -> tuple[Schedule, Plan]:
    """Twelve days, each of which stands for a month."""
    scenario = made(tiny_frames(), periods=[2026])
    planned = plan(scenario, VERTEX)
    return operate(on_hours(scenario, Selection.parse("days:12")), planned, VERTEX), planned


def test_labels_of_many_days_have_room() -> None:
    """Of twelve days six are named on a wide page, and all of seven."""
    (chart, *_) = charts(sections(days())["week"]).values()
    assert len(chart.spans) == 12
    assert len(chart_geometry.hours(chart).across) == 6
    week = next(iter(charts(sections(year())["week"]).values()))
    assert len(chart_geometry.hours(week).across) == len(week.spans) == 7


@pytest.mark.parametrize("case", [year, days])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_overflows_or_overlaps(case: object, language: Language, width: int, tmp_path: Path) -> None:
    browser.need()
    script = (
        OVERLAPS
        + """
    return {
      width: document.documentElement.scrollWidth,
      requests: performance.getEntriesByType("resource").map((entry) => entry.name),
      overlaps: [...within(".across", "span"), ...within(".axis", "span"), ...within(".foot", ".axis-title, summary")],
      high: all(".foot").filter((foot) => foot.querySelector(".axis-title").getBoundingClientRect().height > 24).length,
    };"""
    )
    found = browser.ask(page.html(*case(), language), script, tmp_path, width)  # type: ignore[operator]
    assert found == {"width": width, "requests": [], "overlaps": [], "high": 0, "errors": []}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_table_is_cut_on_paper(language: Language, tmp_path: Path) -> None:
    browser.need()
    script = """
    const shown = [...document.querySelectorAll("table, figure, .keys")].filter((item) => item.offsetParent);
    const cut = shown.filter((item) => item.getBoundingClientRect().right > innerWidth + 1);
    return { count: shown.length > 8, cut: cut.map((item) => item.innerText.slice(0, 60)) };"""
    printed = page.html(*some(), language).replace("@media print", "@media all")
    assert browser.ask(printed, script, tmp_path, PAPER) == {"count": True, "cut": [], "errors": []}


def test_lines_are_lines() -> None:
    """Hours of demand of several workloads do not add up to anything: they are not stacked."""
    drawn = charts(sections(year())["week"])["Work not served, all regions"]
    assert drawn.series == ()
    assert all(isinstance(line, Series) for line in drawn.lines)
