"""E1: bulletins that were written before the grammar saw them."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.tables import table
from tests.indicators import corpus


def run(quick: bool) -> Iterator[str]:
    """Precision, recall and F1 on value, unit, period, indicator and region, by language and file. A file's first score is
    the one to expect on a stranger's text; README.md keeps it, and what was reached on real ones. Bar: F1 0.9.
    """
    files = corpus.FILES[:4] if quick else corpus.FILES
    cases = {file: corpus.bulletins(file) for file in files}
    rows = [_row(file, found) for file, found in cases.items()]
    for language, chinese in (("Chinese", True), ("English", False)):
        told = [one for found in cases.values() for one in found if corpus.chinese(one) == chinese]
        rows.append(_row(f"all {language}", told))
    yield table(("corpus", "bulletins", "figures", "precision", "recall", "F1"), rows) + "\n"


def _row(name: str, cases: list[corpus.Bulletin]) -> tuple[str, ...]:
    precision, recall, both = corpus.f1(cases)
    figures = sum(len(case.expected) for case in cases)
    return (name, str(len(cases)), str(figures), f"{precision:.3f}", f"{recall:.3f}", f"{both:.3f}")
