"""The page says what the tables say, in both languages, escapes every name, and stands alone."""

from __future__ import annotations

import dataclasses
import html
import math
import re
from html.parser import HTMLParser
from itertools import cycle

import pandas as pd
import pytest

from tests.report import fake
from tests.report.parts import section
from xisuan.report import run_measures
from xisuan.report.chapters import leads
from xisuan.report.confidence import plan_proof, stress_test
from xisuan.report.costs import levelised_cost, shadow_prices, site_comparison
from xisuan.report.document import number_cells
from xisuan.report.document.blocks import Bars, Beside, Section, Table, Text
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import TABLES
from xisuan.results.run import Run
from xisuan.scenario.schema import tables
from xisuan.scenario.settings import Hours
from xisuan.text.numbers import GAP, Figures, plain
from xisuan.text.translation import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module")
def run() -> Run:
    return fake.run()


@pytest.fixture(scope="module")
def pages(run: Run) -> dict[Language, str]:
    return {language: single_future_page.html(run, language) for language in LANGUAGES}


def words(markup: str) -> str:
    """The text of a page as a reader sees it, tooltips included."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", markup, flags=re.S)
    tips = " ".join(re.findall(r'data-tip="([^"]*)"', body))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body) + " " + tips))


def spaced(text: str) -> str:
    """With plain spaces, as `words` has them."""
    return text.replace(GAP, " ")


def table(part: Section, title: str) -> Table:
    return next(block for block in part.blocks if isinstance(block, Table) and title in block.title)


# --- numbers equal the tables


@pytest.mark.parametrize("language", LANGUAGES)
def test_headline_numbers_come_from_the_plan(run: Run, pages: dict[Language, str], language: Language) -> None:
    """An oracle of its own: sums over the plan's tables, in the units of the language."""
    text, plan = words(pages[language]), run.plan
    capacity = plan.capacity[(plan.capacity["where"] == "GAN") & (plan.capacity["period"] == 2028)]
    halls = float(capacity.loc[capacity["asset"] == "hall", "amount"].sum()) / 0.0025
    compute = capacity[capacity["asset"] == "compute"]
    eflops = float(compute.loc[compute["technology"] == "ai_2025", "amount"].sum()) / 1000
    orders = plan.builds[plan.builds["where"] == "GAN"]
    power = plan.power[(plan.power["site"] == "GAN") & (plan.power["period"] == 2028)]
    facility = float((power["facility_mw"] * fake.WEIGHT[power["hour"]]).sum())
    unit, name = (100.0, "亿元") if language == "zh" else (1000.0, "bn CNY")
    years = orders.groupby("period")["capex_mcny"].sum() / unit
    decimals = max(0, 2 - math.floor(math.log10(years.max())))
    capital = sum(round(float(year), decimals) for year in years)
    expected = [
        f"{plain(halls / 1e4)} 万架" if language == "zh" else f"{plain(halls / 1e3)} thousand",
        f"{plain(eflops)} EFLOPS FP16",
        f"{capital:,.{decimals}f} {name}",
        f"{plain(facility / 1e5)} 亿千瓦时" if language == "zh" else f"{plain(facility / 1e6)} TWh",
        f"{power['grid_mw'].max():,.0f} MW",
    ]
    assert [number for number in map(spaced, expected) if number not in text] == []


def test_headline_shares_of_eastern_work(pages: dict[Language, str]) -> None:
    """The made-up run sends 25, 40 and 60 per cent of eastern work west by 2028, and no real-time work."""
    text = words(pages["en"])
    assert "the eastern regions" in text
    assert "25.0 % of batch, 40.0 % of AI training and 60.0 % of cold storage" in text
    assert "Real-time work of the eastern regions does not come" in text


def first_sentence(run: Run, language: Language) -> str:
    """The sentence on what to build, without its marks."""
    said = leads.SENTENCES["build"](Context(run, language))
    return said.replace(number_cells.OPEN, "").replace(number_cells.CLOSE, "").replace("\u00a0", " ")


def ordering(run: Run, keep: list[bool]) -> Run:
    """The run with some of its orders only."""
    fewer = run.plan.builds[keep].reset_index(drop=True)
    return dataclasses.replace(run, plan=dataclasses.replace(run.plan, tables={**run.plan.tables, "builds": fewer}))


def test_the_first_sentence_says_what_else_is_ordered_in_the_first_year(run: Run) -> None:
    """100 MW of solar at 3.3 million CNY a MW: 330 million CNY, though no racks and no computing that year."""
    builds = run.plan.builds
    here = (builds["where"] == "GAN") & (builds["period"] == 2026)
    later = ordering(run, list(~here | (builds["asset"] == "solar")))
    english, chinese = first_sentence(later, "en"), first_sentence(later, "zh")
    assert "Order solar in 2026, for 330 million CNY; of standard racks" in english
    assert "the plan orders nothing that year." in english
    assert english.endswith(
        "The intelligent computing that the network lacks in 2026 is ordered at Shaoguan and Horinger."
    )
    assert "Nothing" not in english
    assert "2026 年采购光伏，投资 3 亿元" in chinese
    nothing = ordering(run, list(~here))
    assert "The plan orders nothing at Gui'an in 2026." in first_sentence(nothing, "en")
    assert "未在贵安集群安排采购。" in first_sentence(nothing, "zh")


def test_a_plan_of_solar_alone_is_not_said_to_build_nothing(run: Run) -> None:
    """100 MW in each of two years at 3.3 million CNY a MW."""
    builds = run.plan.builds
    solar = ordering(run, list((builds["where"] != "GAN") | (builds["asset"] == "solar")))
    assert first_sentence(solar, "en") == "Up to 2028 the plan orders at Gui'an only solar, for 0.660 bn CNY."
    assert "仅采购光伏，投资 6.60 亿元" in first_sentence(solar, "zh")


def test_eflops_of_different_precisions_are_never_added(run: Run) -> None:
    rows = run_measures.by_class(run_measures.equipment(run, run.plan.capacity))
    assert set(rows["precision"]) == {"FP32", "FP16", ""}
    charts = next(block for block in section(run, "orders").blocks if isinstance(block, Beside)).blocks
    units = [chart.unit for chart in charts if isinstance(chart, Bars)]
    assert units == ["MW of IT", "EFLOPS FP16", "EFLOPS FP32", "EB"]


def test_order_list_shows_every_order_of_the_focus(run: Run) -> None:
    orders = run.plan.builds[run.plan.builds["where"] == "GAN"]
    found = table(section(run, "orders"), "Procurement list")
    plain_rows = [row for row in found.rows if row.kind == "plain"]
    assert len(plain_rows) == len(orders)
    shown = sum(row.cells[-1].value or 0.0 for row in plain_rows)
    assert shown == pytest.approx(orders["capex_mcny"].sum() / 1000, rel=0.01)
    assert {row.cells[4].text for row in plain_rows} == {f"{year:.0f}" for year in orders["in_use_from"]}


def test_modules_of_a_link_count_what_they_carry(run: Run) -> None:
    """Three modules of 400 Gbps are 1,200 Gbps, never 3."""
    given = fake.table("modules", [{"link": "KWE--guangdong", "module": "400G", "gbps": 400.0, "mcny": 4.0}])
    scenario = dataclasses.replace(run.scenario, tables={**run.scenario.tables, "modules": given})
    orders = run.plan.builds[run.plan.builds["where"] == "KWE--guangdong"].head(1)
    orders = orders.assign(technology="400G", amount=3.0, unit="modules")
    assert run_measures.link_orders(dataclasses.replace(run, scenario=scenario), orders)["gbps"].tolist() == [1200.0]


def test_cost_table_adds_up_to_the_cost_of_the_plan(run: Run) -> None:
    found = table(section(run, "money"), "by term")
    total = found.rows[-1].cells[-2].text
    assert total == f"{run.plan.cost_mcny / 1000:,.2f}"


def test_service_shares_are_those_of_the_table(run: Run) -> None:
    found = table(section(run, "service"), "Whose work comes")
    at = [column.title for column in found.columns].index("Cold storage")
    shanghai = next(row for row in found.rows if row.cells[0].text == "Shanghai")
    assert shanghai.cells[at].text == "60"


def test_occupancy_and_utilisation_are_two_things(run: Run) -> None:
    part = section(run, "usage")
    halls = run_measures.hall_mw(run, 2028)["GAN"]
    installed = run_measures.it_mw(run, 2028).loc["GAN", "mw"]
    occupancy = table(part, "上架率").rows[0]
    assert occupancy.cells[-1].text == f"{100 * installed / halls:.1f}"
    used = run_measures.utilisation(run)
    row = used[(used["period"] == 2028) & (used["site"] == "GAN") & (used["class"] == "general")].iloc[0]
    load = run.plan.load
    load = load[(load["period"] == 2028) & (load["site"] == "GAN") & (load["technology"] == "general_2024")]
    mean = float((load["units"] * fake.WEIGHT[load["hour"]]).sum()) / 8760
    assert row["share"] == pytest.approx(mean / row["installed"])


def test_carbon_is_told_both_ways(run: Run) -> None:
    rows = run.plan.emissions[run.plan.emissions["period"] == 2028]
    total = table(section(run, "electricity"), "by site").rows[-1]
    assert total.cells[3].text == f"{rows['location_t'].sum() / 1e6:,.2f}"
    assert total.cells[4].text == f"{rows['market_t'].sum() / 1e6:,.2f}"


def test_prices_are_said_in_words_and_sorted_by_money(run: Run) -> None:
    context = Context(run, "en")
    found = shadow_prices.worth(context)
    assert list(found["worth"]) == sorted(found["worth"], reverse=True)
    budget = found[(found["constraint"] == "budget") & (found["item"] == "network")].iloc[0]
    assert budget["worth"] == pytest.approx(3.2 * 900 * 0.01)
    blocks = [block for block in section(run, "rules").blocks if isinstance(block, Table) and "bind" in block.title]
    lines = [spaced(row.cells[0].text) for block in blocks for row in block.rows]
    assert "One more million CNY of the 2027 budget for network saves 3,200 thousand CNY." in lines
    # 20 CNY of the base year, 2026, at 6 % a year
    assert (
        "The green rule for Guizhou costs in 2028: each MWh that must be green costs 22.5 CNY (undiscounted)." in lines
    )


def test_gap_is_also_a_share_of_what_location_can_change(run: Run) -> None:
    costs = run.plan.costs
    chips = costs.loc[costs["term"] == "compute_capex", "discounted_mcny"].sum()
    assert run_measures.movable_cost(run) == pytest.approx(run.plan.cost_mcny - chips)
    texts = " ".join(
        block.text + " ".join(block.items) for block in section(run, "proof").blocks if isinstance(block, Text)
    )
    best = (run.plan.objective - run.plan.lower_bound) / run_measures.movable_cost(run)
    assert Figures("en").tiny(best) in texts
    assert run.plan.certificate is not None
    assert Figures("en").tiny(plan_proof.gap(run.plan.objective, run.plan.certificate.lower_bound)) in texts


def test_extra_cost_on_other_days_leaves_penalties_out(run: Run) -> None:
    assert stress_test.extra_cost(Context(run, "en")) == pytest.approx(-15.0)
    assert run.others is not None
    short = table(section(run, "stress"), "Not served").rows[0]
    assert short.cells[1].text == "Batch"


def test_unit_costs_are_energy_over_it_energy(run: Run) -> None:
    costs, energy = run.plan.costs, run_measures.energy(run).set_index(["period", "site"])
    spent = costs[(costs["term"] == "energy") & (costs["where"] == "GAN") & (costs["period"] == 2028)]["mcny"].sum()
    found = site_comparison.unit_costs(Context(run, "en")).loc["GAN"]
    assert found["power"] == pytest.approx(1e3 * spent / energy.loc[(2028, "GAN"), "it_mwh"])
    assert found["pue"] == pytest.approx(1.2)


def test_data_quality_counts_rows(run: Run) -> None:
    counts = run_measures.quality(run.scenario)
    assert counts.loc["regions", "published"] == 6
    assert counts.loc["nodes", "unmarked"] == 3
    texts = [block.text for block in section(run, "proof").blocks if isinstance(block, Text)]
    assert any(f"Of {int(counts.to_numpy().sum())} rows of data" in text for text in texts)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "100 % do not state their quality; 0.0 % are published"), ("zh", "未注明质量等级 100%，公布值 0.0%")],
)
def test_rows_without_a_quality_are_not_passed_over(run: Run, language: Language, said: str) -> None:
    bare = {
        name: frame.assign(quality="") if "quality" in frame else frame for name, frame in run.scenario.tables.items()
    }
    bare["estimates"] = bare["estimates"].iloc[:0]
    lead = next(
        block.text
        for block in section(
            dataclasses.replace(run, scenario=dataclasses.replace(run.scenario, tables=bare)), "proof", language
        ).blocks
        if isinstance(block, Text) and ("rows of data" in block.text or "行数据" in block.text)
    )
    assert said in lead.replace("\u00a0", " ")


# --- the page itself


class Requests(HTMLParser):
    """Collects what a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "poster", "data", "action", "formaction", "background"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "xlink:href") and not str(value).startswith("#"):
                self.found.append(f"{tag} {name}={value}")
            if name == "style" and value and "url(" in value:
                self.found.append(f"{tag} style={value}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_requests_nothing(pages: dict[Language, str], language: Language) -> None:
    markup = pages[language]
    parser = Requests()
    parser.feed(markup)
    assert parser.found == []
    assert "default-src 'none'" in markup
    assert not parser.tags & {"link", "img", "iframe", "object", "embed", "base", "audio", "video"}
    for kind in ("style", "script"):
        inside = "".join(re.findall(rf"<{kind}>(.*?)</{kind}>", markup, flags=re.S))
        requests = r"https?://|[\"']//|@import|url\(|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\("
        assert not re.search(requests, inside)


def test_addresses_of_sources_are_text_and_no_links(pages: dict[Language, str]) -> None:
    assert "https://example.org/census" in words(pages["en"])
    assert 'href="http' not in pages["en"]


def test_the_page_is_small(pages: dict[Language, str]) -> None:
    assert len(pages["en"].encode()) < 600_000


def test_the_page_says_its_language(pages: dict[Language, str]) -> None:
    assert '<html lang="zh-CN">' in pages["zh"]
    assert '<html lang="en">' in pages["en"]


def test_the_same_run_gives_the_same_bytes(run: Run, pages: dict[Language, str]) -> None:
    assert single_future_page.html(run, "en") == pages["en"]


def test_every_chart_names_its_units_and_has_a_table(pages: dict[Language, str]) -> None:
    figures = re.findall(r'<figure class="chart.*?</figure>', pages["en"], flags=re.S)
    figures = [figure for figure in figures if 'class="lanes"' not in figure]
    assert len(figures) > 10
    for figure in figures:
        assert re.search(r'<span class="unit">[^<]+</span>', figure)
        assert re.search(r'<p class="axis-title">[^<]+</p>', figure)
        assert "<table>" in figure
        assert "<title>" in figure


HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}</style>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_escaped(language: Language) -> None:
    """A name is text wherever it stands: in titles, cells, tooltips and attributes."""
    run = fake.run(title=HOSTILE, region_title=HOSTILE)
    scenario = dataclasses.replace(
        run.scenario,
        settings=dataclasses.replace(run.scenario.settings, title_zh=HOSTILE),
        tables={**run.scenario.tables, "regions": run.scenario["regions"].assign(title_zh=HOSTILE)},
    )
    run = dataclasses.replace(run, scenario=scenario, notes={HOSTILE: HOSTILE})
    markup = single_future_page.html(run, language)
    assert "<script>alert" not in markup
    assert markup.count("<script>") == 1
    assert markup.count("</style>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in markup
    assert "{{7*7}}" in markup


# --- scenarios that lack parts


@pytest.mark.parametrize(("name", "language"), list(zip(fake.tables_of_plan(), cycle(LANGUAGES), strict=False)))
def test_a_plan_without_one_table_still_makes_a_page(run: Run, name: str, language: Language) -> None:
    empty = {**run.plan.tables, name: run.plan.tables[name].iloc[:0]}
    plan = dataclasses.replace(run.plan, tables=empty)
    markup = single_future_page.html(dataclasses.replace(run, plan=plan), language)
    assert "</html>" in markup
    assert "nan" not in words(markup).lower().replace("finance", "").split()


def test_a_plan_of_nothing_says_so(run: Run) -> None:
    plan = dataclasses.replace(
        run.plan, tables={name: frame.iloc[:0] for name, frame in run.plan.tables.items()}, certificate=None,
        cost_mcny=0.0, objective=0.0, lower_bound=0.0,
    )  # fmt: skip
    text = words(single_future_page.html(Run(run.scenario, plan), "en"))
    for sentence in (
        "The plan orders nothing.", "The plan serves no work.", "no hourly power", "The plan costs nothing.",
        "no carbon data", "Nothing is installed.", "no rule is in force and no limit binds",
        "not been operated on days other",
        "This plan has no certificate",
    ):  # fmt: skip
        assert sentence in text


def test_a_scenario_of_nothing_but_regions_says_so(run: Run) -> None:
    blank = {
        name: (run.scenario[name] if name in ("regions", "blocks") else run.scenario[name].iloc[:0])
        for name in tables.BY_NAME
    }
    scenario = dataclasses.replace(run.scenario, tables=blank)
    plan = dataclasses.replace(
        run.plan, scenario=scenario, tables={name: frame.iloc[:0] for name, frame in run.plan.tables.items()}
    )
    text = words(single_future_page.html(Run(scenario, plan), "en"))
    assert "no new orders up to 2028" in text
    assert '<figure class="map' not in text


def test_a_refused_certificate_is_not_hidden(run: Run) -> None:
    assert run.plan.certificate is not None
    refused = dataclasses.replace(run.plan.certificate, ok=False, findings=("power_balance is violated at GAN",))
    text = words(
        single_future_page.html(dataclasses.replace(run, plan=dataclasses.replace(run.plan, certificate=refused)), "en")
    )
    assert "certificate refused" in text
    assert "The certificate does NOT hold" in text
    assert "power_balance is violated at GAN" in text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The certificate proves no lower bound"), ("zh", "核验程序未证明下界")],
)
def test_a_certificate_that_proves_no_bound_says_so(run: Run, language: Language, sentence: str) -> None:
    assert run.plan.certificate is not None
    blind = dataclasses.replace(run.plan.certificate, lower_bound=-math.inf)
    found = dataclasses.replace(run, plan=dataclasses.replace(run.plan, certificate=blind))
    assert sentence in words(single_future_page.html(found, language))
    assert sentence not in words(single_future_page.html(run, language))


def test_a_plan_far_from_china_has_a_map_without_borders(run: Run) -> None:
    moved = {
        name: run.scenario[name].assign(lon=run.scenario[name]["lon"] - 110.0, lat=run.scenario[name]["lat"] + 10)
        for name in ("sites", "regions", "nodes")
    }
    scenario = dataclasses.replace(run.scenario, tables={**run.scenario.tables, **moved})
    markup = single_future_page.html(dataclasses.replace(run, scenario=scenario), "en")
    assert '<figure class="map hero">' in markup
    assert 'class="land"' not in markup
    assert "Tianditu" not in words(markup)


def test_without_a_region_asked_for_the_largest_build_is_the_focus(run: Run) -> None:
    settings = dataclasses.replace(
        run.scenario.settings, report=dataclasses.replace(run.scenario.settings.report, region="")
    )
    context = Context(dataclasses.replace(run, scenario=dataclasses.replace(run.scenario, settings=settings)), "en")
    mw = run.plan.builds[run.plan.builds["mw"].notna()].groupby("where")["mw"].sum()
    assert context.focus == (str(mw.idxmax()),)


def test_a_single_mean_hour_is_called_what_it_is(run: Run) -> None:
    """`hours = "one"`: one step, and no date that would be a lie."""
    scenario = dataclasses.replace(
        run.scenario.with_settings(hours=Hours("one")),
        tables={**run.scenario.tables, "blocks": run.scenario["blocks"].iloc[:0]},
    )
    hourly = ("load", "backlog", "flows", "power")
    found = {name: frame[frame["hour"] == 0] if name in hourly else frame for name, frame in run.plan.tables.items()}
    text = words(
        single_future_page.html(Run(scenario, dataclasses.replace(run.plan, scenario=scenario, tables=found)), "en")
    )
    assert "mean hour of the year" in text
    assert "×" not in text.replace("×n", "")


def test_alternatives_are_shown_with_their_verdict(run: Run) -> None:
    values = ("hall", "GAN", "", 2028, 900.0, 2500.0, 2100.0, 2500.0, "MW", "robust")
    found = pd.DataFrame([dict(zip(TABLES["alternatives"], values, strict=True))])
    text = words(single_future_page.html(dataclasses.replace(run, alternatives=found), "zh"))
    assert "主要建设项目的稳健性" in text
    assert "稳健" in text


def test_whatever_a_legend_names_has_a_colour(pages: dict[Language, str]) -> None:
    """A class of the palette without a rule is a swatch and a part of a bar that nobody sees."""
    painted = set(re.findall(r"\.(c-[\w-]+)", re.findall(r"<style>(.*?)</style>", pages["en"], flags=re.S)[0]))
    drawn = re.findall(r'<(?:li|i|rect|path|span)\b[^>]*class="([^"]+)"', pages["en"])
    used = {name for classes in drawn for name in classes.split() if name.startswith("c-")}
    parts = {f"c-unit-{part}" for part in (*site_comparison.PARTS, *levelised_cost.PARTS)}
    assert used | parts <= painted
