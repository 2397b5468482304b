"""The page of a trace: in both languages, alone in one file, with the figures of the trace and every name escaped."""

from __future__ import annotations

import dataclasses
import html
import re

import numpy as np
import pytest

from xisuan.report import tracepage
from xisuan.report.figures import Language
from xisuan.results.trace import Trace
from xisuan.simulation.failures import Outage, records
from xisuan.simulation.jobs import jobs
from xisuan.simulation.serve import serve

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module")
def trace() -> Trace:
    rng = np.random.default_rng(0)
    made = jobs(np.cumsum(rng.exponential(60.0, 3000)), rng.exponential(200.0, 3000), deadline=np.full(3000, 1e5))
    return serve([made], 4, failures=records([Outage(5000.0, 900.0, 0, 4)]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_those_of_the_trace(trace: Trace, language: Language) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", " ", tracepage.html(trace, language)))
    assert "3,000" in text
    assert tracepage.span(trace.figures["p99_wait_s"]) in text
    assert tracepage.span(trace.figures["mean_response_s"]) in text
    assert ("等待" in text) == (language == "zh")


def test_it_stands_alone_and_escapes(trace: Trace) -> None:
    given = {**trace.given, "trace": "<script>alert(1)</script>"}
    page = tracepage.html(dataclasses.replace(trace, given=given, notes=("<b>note</b>",)))
    assert "<script>alert" not in page
    assert "<b>note" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "url(" not in page


def test_a_trace_of_nothing_is_a_page_too() -> None:
    assert "0" in tracepage.html(serve([], 3))
