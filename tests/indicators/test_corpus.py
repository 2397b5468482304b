"""The grammar on whole bulletins: the corpus it was made with, and the ones that were written before it saw them."""

from __future__ import annotations

import pytest

from tests.indicators import corpus


def test_the_corpus_is_large_and_half_chinese() -> None:
    cases = [case for file in corpus.FILES for case in corpus.bulletins(file)]
    chinese = [case for case in cases if corpus.chinese(case)]
    assert len(cases) >= 60
    assert 0.4 <= len(chinese) / len(cases) <= 0.6
    assert sum(len(case.expected) for case in cases) >= 250


@pytest.mark.parametrize("file", corpus.FILES)
def test_figures_are_read_with_their_indicator_region_period_value_and_unit(file: str) -> None:
    """F1 on the shipped corpus; docs/explanation/bulletins.md has what each file scored when first read."""
    cases = corpus.bulletins(file)
    precision, recall, f1 = corpus.f1(cases)
    lines = "\n".join(corpus.score(cases)[3])
    assert min(precision, recall) >= 0.95, lines
    assert f1 >= 0.97, lines


@pytest.mark.parametrize("file", corpus.FILES)
def test_growth_share_and_rank_are_read_too(file: str) -> None:
    right = asked = 0
    for case in corpus.bulletins(file):
        seen = {corpus.key(one): one for one in corpus.read(case.text, case.region)}
        for key, extra in case.expected:
            one = seen.get(key)
            for name, field in (("g", "growth_pct"), ("s", "share_pct"), ("r", "rank")):
                if name in extra:
                    asked += 1
                    right += one is not None and getattr(one, field) == pytest.approx(extra[name])
    assert asked
    assert right / asked >= 0.95
