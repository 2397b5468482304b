"""E1: bulletins read: precision and recall."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.tables import table
from tests.bulletins import corpus
from xisuan.bulletins.read_bulletin import read_text


def run(quick: bool) -> Iterator[str]:
    """Read the shipped corpora; precision, recall and F1 on value, unit, period, indicator and region, seconds per text.

    Requirement: precision 0.95, recall 0.76 on real texts; the shipped ones are written for the tests. Then pages of
    2,000 signs made of these texts: at most 0.2 s of the processor a page, after the lexicon is loaded.
    """
    cases = [case for file in (corpus.FILES[:4] if quick else corpus.FILES) for case in corpus.bulletins(file)]
    corpus.read(cases[0].text, cases[0].region)  # loads the lexicon once, outside the timing
    rows = []
    for language, chinese in (("Chinese", True), ("English", False)):
        rows.append(_row(language, [case for case in cases if corpus.chinese(case) == chinese]))
    yield table(("corpus", "bulletins", "figures", "precision", "recall", "F1", "s a text"), rows) + "\n"
    seconds = [_seconds(page) for page in _pages(cases)]
    page = (str(len(seconds)), f"{np.median(seconds):.3f}", f"{np.quantile(seconds, 0.95):.3f}", f"{max(seconds):.3f}")
    yield table(("pages", "median s", "95 % below s", "longest s"), [page]) + "\n"


PAGE = 2_000
"""Signs of a page."""


def _pages(cases: list[corpus.Bulletin]) -> list[str]:
    """Return texts of one language joined to pages of about 2,000 signs."""
    pages = []
    for chinese in (True, False):
        held = ""
        for case in cases:
            held += f"{case.text}\n" if corpus.chinese(case) == chinese else ""
            if len(held) >= PAGE:
                pages.append(held)
                held = ""
    return pages


def _seconds(page: str) -> float:
    began = time.process_time()
    read_text(page, region="guizhou")
    return time.process_time() - began


def _row(name: str, cases: list[corpus.Bulletin]) -> tuple[str, ...]:
    began = time.process_time()
    precision, recall, both = corpus.f1(cases)
    seconds = (time.process_time() - began) / len(cases)
    figures = sum(len(case.expected) for case in cases)
    return (name, str(len(cases)), str(figures), f"{precision:.3f}", f"{recall:.3f}", f"{both:.3f}", f"{seconds:.3f}")
