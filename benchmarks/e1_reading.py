"""E1: bulletins read: precision, recall and F1."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.tables import table
from tests.indicators import corpus


def run(quick: bool) -> Iterator[str]:
    """Read the shipped corpus and compare value, unit, period, indicator and region.

    Requirement: F1 of 0.9. The corpus has been used to improve the grammar, so these scores show that nothing got worse.
    They are no estimate for texts that it has not seen; for those see docs/explanation/bulletins.md.
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
