"""E1: bulletins read: precision and recall."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.tables import table
from tests.bulletins import corpus


def run(quick: bool) -> Iterator[str]:
    """Read the shipped corpora; precision, recall and F1 on value, unit, period, indicator and region, seconds per text.

    Requirement: precision 0.95, recall 0.76 on real texts; the shipped ones are written for the tests.
    """
    cases = [case for file in (corpus.FILES[:4] if quick else corpus.FILES) for case in corpus.bulletins(file)]
    corpus.read(cases[0].text, cases[0].region)  # loads the lexicon once, outside the timing
    rows = []
    for language, chinese in (("Chinese", True), ("English", False)):
        rows.append(_row(language, [case for case in cases if corpus.chinese(case) == chinese]))
    yield table(("corpus", "bulletins", "figures", "precision", "recall", "F1", "s a text"), rows) + "\n"


def _row(name: str, cases: list[corpus.Bulletin]) -> tuple[str, ...]:
    began = time.perf_counter()
    precision, recall, both = corpus.f1(cases)
    seconds = (time.perf_counter() - began) / len(cases)
    figures = sum(len(case.expected) for case in cases)
    return (name, str(len(cases)), str(figures), f"{precision:.3f}", f"{recall:.3f}", f"{both:.3f}", f"{seconds:.3f}")
