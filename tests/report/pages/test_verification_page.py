"""What a verification found, as a section: everything in the language of the page, links by their ends."""

from __future__ import annotations

import dataclasses
import html
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from tests.scenarios import pair
from xisuan.cli.commands.jobs.verify import _lines
from xisuan.report.pages import verification_page
from xisuan.results.storage.verification_store import load_verification, save_verification
from xisuan.results.verification import Verification
from xisuan.simulation.arrivals.demand_sampling import Sampling
from xisuan.text.translation import Language, Translator
from xisuan.workflow.verification.verify import Ask, verify

TITLES = {
    "regions": {"east": "东部", "west": "西部"},
    "workloads": {"web": "网页服务"},
    "technologies": {"server": "服务器"},
    "sites": {"east-1": "东部数据中心", "west-1": "西部数据中心"},
}
KEPT = {"xisuan", "pair"}
"""Words that are the same in both languages."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Verification:
    """`pair` with Chinese titles, whose regions can be served at home only."""
    folder = tmp_path_factory.mktemp("pair") / "pair"
    pair(folder)
    for name, titles in TITLES.items():
        frame = pd.read_csv(folder / f"{name}.csv")
        frame["title_zh"] = frame[name.removesuffix("s").replace("technologie", "technology")].map(titles)
        if name == "workloads":
            frame["latency_ms"] = 1.0
        frame.to_csv(folder / f"{name}.csv", index=False)
    scenario = xs.load(folder)
    trial = xs.Trial(place="least-loaded", replications=1, hours=48, sampling=Sampling(30.0, 0.2))
    return verify(scenario, xs.plan(scenario), trial, Ask(limit=0.5, rounds=0))


def visible(page: str) -> str:
    """What a reader sees of a page."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page))


def test_the_chinese_page_is_in_chinese(found: Verification) -> None:
    words = set(re.findall(r"[A-Za-z][A-Za-z_-]{3,}", visible(verification_page.html(found, "zh"))))
    assert words - KEPT - {"Gbps"} == set()


@pytest.mark.parametrize(
    ("language", "holds", "fails"),
    [("en", "every row is certified", "does NOT hold"), ("zh", "均已独立核验", "未通过")],
)
def test_it_says_whether_its_days_are_certified(
    found: Verification, language: Language, holds: str, fails: str
) -> None:
    """With what is down on those that are not."""
    assert holds in visible(verification_page.html(found, language))
    cases = found.cases.copy()
    cases.loc[cases["what"] == "site", "certificate"] = "fails"
    wrong = dataclasses.replace(found, tables={**found.tables, "cases": cases})
    page = visible(verification_page.html(wrong, language))
    assert fails in page
    assert holds not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "no spare that may be built serves all of web of east in time"), ("zh", "无法按时承接全部东部的网页服务")],
)
def test_it_says_why_nothing_helps(found: Verification, language: Language, said: str) -> None:
    assert not found.holds
    assert said in verification_page.html(found, language)


@pytest.mark.parametrize(("language", "said"), [("en", "costs less to run"), ("zh", "当天运行费用较低")])
def test_a_failure_that_saves_money_is_explained(found: Verification, language: Language, said: str) -> None:
    """On the page and in the terminal, and only where there is one."""
    for extra, told in ((-0.05, True), (0.05, False)):
        changed = dataclasses.replace(found, tables={**found.tables, "cases": found.cases.assign(extra_mcny=extra)})
        lines = " ".join(_lines(changed, Translator(language)))
        assert (said in visible(verification_page.html(changed, language))) is told
        assert (said in lines) is told


def test_a_link_is_called_by_its_ends(found: Verification) -> None:
    assert "东部 – 西部" in visible(verification_page.html(found, "zh"))


def test_both_reasons_are_kept(found: Verification, tmp_path: Path) -> None:
    save_verification(found, tmp_path / "kept")
    again = load_verification(tmp_path / "kept")
    assert again.reason == found.reason
    assert again.reason.zh
    assert again.cases[["why", "why_zh"]].equals(found.cases[["why", "why_zh"]])


@pytest.mark.parametrize(
    ("language", "part", "rest"),
    [("en", "123 million CNY of spare", "but not all: far"), ("zh", "投资 1.23", "但不是全部：远")],
)
def test_a_spare_that_helps_in_part_is_not_denied(
    found: Verification, language: Language, part: str, rest: str
) -> None:
    """One workload has a spare and another none: the sentence says both, and never that no spare helps."""
    cases = found.cases.copy()
    at = cases.index[cases["what"] == "site"][0]
    cases.loc[at, ["unserved_share", "spare_mcny", "why", "why_zh"]] = [1.0, 123.0, "far", "远"]
    work = found.work.copy()
    work.loc[work["name"] == cases.loc[at, "name"], "unserved_share"] = 1.0
    changed = dataclasses.replace(found, tables={**found.tables, "cases": cases.loc[[at]], "work": work})
    text = " ".join(visible(verification_page.html(changed, language)).replace("\xa0", " ").split())
    assert part in text
    assert rest in text
    assert "no spare helps" not in text.split("but not all")[0][-300:]


@pytest.mark.parametrize(
    ("language", "late", "asked"),
    [("en", "But 41.0 % of a day's jobs are late", ("every site free in every hour 30.0 %", "Link 0.608 Gbps")),
     ("zh", "但有 41.0% 的当日作业额外逾期", ("各站点 每小时的空闲占比 30.0%", "东部 – 西部 链路 0.608 Gbps"))],
)  # fmt: skip
def test_late_jobs_are_told_where_all_is_served_and_what_was_asked_is_shown(
    found: Verification, language: Language, late: str, asked: tuple[str, str]
) -> None:
    """A sentence does not say that a day does no harm where the case does not hold; the most of all rounds is told."""
    link = found.cases["what"] == "link"
    cases = found.cases.assign(
        late_more=np.where(link, 0.41, found.cases["late_more"]), holds=found.cases["holds"] & ~link
    )
    assert link.sum() == 1
    assert late not in visible(verification_page.html(found, language))
    rows = [(1, "min_gbps", "east-west", "", 0.608), (1, "site_reserve_min", "all", "", 0.2),
            (2, "site_reserve_min", "all", "", 0.3), (2, "min_units", "west-1", "server", 86.0)]  # fmt: skip
    tables = {**found.tables, "cases": pd.concat([cases, cases.assign(round=2)])}
    tables["asked"] = pd.DataFrame(rows, columns=list(found.tables["asked"]))
    told = dataclasses.replace(found, tables=tables, given={**found.given, "rounds": 2})
    page = " ".join(html.unescape(visible(verification_page.html(told, language))).split())
    for said in (late, *asked):
        assert said in page, said
    assert "20.0" not in page
