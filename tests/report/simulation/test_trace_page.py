"""The page of a trace: in both languages, alone in one file, with the figures of the trace and every name escaped."""

from __future__ import annotations

import dataclasses
import html
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.report import browser
from xisuan.report.document import html_rendering
from xisuan.report.simulation import trace_page
from xisuan.results.trace import TABLES, Trace
from xisuan.simulation.jobs import jobs
from xisuan.simulation.policies.failure_models import Outage, records
from xisuan.simulation.serve import serve
from xisuan.text.durations import span
from xisuan.text.translation import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module")
def trace() -> Trace:
    rng = np.random.default_rng(0)
    made = jobs(np.cumsum(rng.exponential(60.0, 3000)), rng.exponential(200.0, 3000), deadline=np.full(3000, 1e5))
    return serve([made], 4, failures=records([Outage(5000.0, 900.0, 0, 4)]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_those_of_the_trace(trace: Trace, language: Language) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", " ", trace_page.html(trace, language)))
    assert "3,000" in text
    assert span(trace.figures["p99_wait_s"]) in text
    assert span(trace.figures["mean_response_s"]) in text
    assert ("等待" in text) == (language == "zh")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("lines skipped: 2;", "no job to run: 5 (", "Jobs dropped: 1;", "it is not simulated")),
        ("zh", ("格式错误的行 2 行", "5 行不含可运行的作业", "放弃作业 1 个", "不参与仿真")),
    ],
)
def test_notes_are_in_the_language_of_the_page(trace: Trace, language: Language, said: tuple[str, ...]) -> None:
    """What was not taken, what never ran, what is not simulated; a mean of one replication has no column of its interval."""
    figures = {**trace.figures, "skipped": 2, "left_out": 5, "dropped": 1}
    noted = dataclasses.replace(trace, figures=figures, notes=("stock is held, not run: it is not simulated",))
    page = html.unescape(trace_page.html(noted, language))
    assert all(text in page for text in said)
    assert ("is not simulated" in page) == (language == "en")
    assert ("± of it" if language == "en" else "平均的 ±") not in page


def test_it_stands_alone_and_escapes(trace: Trace) -> None:
    given = {**trace.given, "trace": "<script>alert(1)</script>"}
    page = trace_page.html(dataclasses.replace(trace, given=given, notes=("<b>note</b>",)))
    assert "<script>alert" not in page
    assert "<b>note" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "url(" not in page


def test_a_trace_of_nothing_is_a_page_too() -> None:
    assert "0" in trace_page.html(serve([], 3))


def planned() -> Trace:
    """A simulation of six hours at one site."""
    given = {
        "scenario": "S", "period": 2028, "place": "least-loaded", "queue": "edf", "hours": 6, "replications": 1, "seed": 0,
        "down": "site hills-park from hour 1 for 2 h", "down_from_hour": 1, "down_until_hour": 3,
    }  # fmt: skip
    names = pd.DataFrame(
        [("scenario", "S", "Two hills", "两座山"),
         ("workload", "web-jobs", "Web services", "网页服务"), ("region", "metropolis", "City", "城市"),
         ("technology", "box-a", "Server rack", "服务器机柜")],
        columns=["by", "what", "title", "title_zh"],
    )  # fmt: skip
    measures = pd.DataFrame(
        [(by, what, m, s, 1.0, 1.0, 1.0)
         for by, what in (("all", ""), ("workload", "web-jobs"), ("region", "metropolis"), ("site", "hills-park"))
         for m in ("wait_s", "response_s", "slowdown") for s in trace_page.STATISTICS],
        columns=["by", "what", "measure", "statistic", "value", "low", "high"],
    )  # fmt: skip
    hours = {"start_s": 3600.0 * np.arange(6), "site": "hills-park", "busy": 0.5, "up": 1.0, "waiting": np.arange(6.0)}
    policies = {column: 2.0 for column in TABLES["policies"] if column != "policy"}
    figures = dict.fromkeys(("jobs", "finished", "running", "waiting", "dropped", "hits", "utilisation"), 0.0)
    return Trace(given, figures, {
        "measures": measures, "names": names, "by_hour": pd.DataFrame(hours),
        "counts": pd.DataFrame([dict.fromkeys(TABLES["counts"], 0.0)]),
        "timeline": pd.DataFrame({**hours, "site": "hills-park/box-a"}),
        "places": pd.DataFrame([("hills-park", "Hills", "山区集群", 26.6, 106.7, 5.0)], columns=[*TABLES["places"]]),
        "policies": pd.DataFrame([{"policy": name, **policies} for name in ("least-loaded", "nearest", "schedule")]),
    })  # fmt: skip


def test_a_page_of_a_plan_calls_things_by_their_names() -> None:
    """No bare key of a site, workload, region, technology, policy or queue; what failed is said in words."""
    found = planned()
    en = (
        "Two hills 2028",
        "Hills, from hour 1 for 2 h",
        "least loaded",
        "earliest deadline first",
        "Hills · Server rack",
        "Web services",
    )
    zh = (
        "两座山 2028 年",
        "山区集群（第 1 小时起 2 小时）",
        "负荷最低",
        "最早期限优先",
        "山区集群 · 服务器机柜",
        "网页服务",
        "城市",
    )
    said: dict[Language, tuple[str, ...]] = {"en": en, "zh": zh}
    for language, words in said.items():
        page = trace_page.html(found, language)
        text = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))
        assert all(word in text for word in words), [word for word in words if word not in text]
        for key in ("hills-park", "web-jobs", "metropolis", "box-a", "least-loaded", "edf", "jobs_per_hour"):
            assert key not in text, key


def test_the_map_by_the_hour_saves_all_hours(tmp_path: Path) -> None:
    """A row for each hour and site, with the values of the table."""
    browser.need()
    script = """return { rows: rowsOf(document.querySelector(".moment").closest("figure")) };"""
    found = browser.ask(trace_page.html(planned()), script, tmp_path)
    heads, *rows = found["rows"]
    assert heads == ["Hour", "Site", "in use, %", "jobs in line", "down, %"]
    assert rows == [[f"day 1, {hour}:00", "Hills", 50, hour, 0] for hour in range(6)]


def test_no_two_curves_of_waiting_look_alike() -> None:
    """Neighbours differ by 60 of 441 steps of red, green and blue, or more: olive and ochre were 37 apart."""
    css = (Path(html_rendering.__file__).parent / "templates/report.css").read_text(encoding="utf-8")
    value = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6})", css.partition("@media")[0]))
    places = {f"other-{n}": f"o{n}" for n in range(1, 7)}
    shades = [value[places.get(name, name)] for name in trace_page.CURVES.values()]
    dots = [[int(shade[at : at + 2], 16) for at in (0, 2, 4)] for shade in shades]
    assert all(math.dist(one, other) > 60 for at, one in enumerate(dots) for other in dots[at + 1 :])
