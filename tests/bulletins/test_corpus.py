"""Bulletins in our own words, of all kinds that bureaus, governments and the press publish: how many figures are right.

The bars are those of precision first: what is read is right, and what is not certain is left over.
"""

from __future__ import annotations

import random

import pytest

from tests.bulletins import corpus


def test_the_corpus_is_large_and_half_chinese() -> None:
    cases = [case for file in corpus.FILES for case in corpus.bulletins(file)]
    chinese = [case for case in cases if corpus.chinese(case)]
    assert len(cases) >= 60
    assert 0.4 <= len(chinese) / len(cases) <= 0.6
    assert sum(len(case.expected) for case in cases) >= 1_500


@pytest.mark.parametrize(("chinese", "precision", "recall"), [(True, 0.95, 0.85), (False, 0.88, 0.6)])
def test_figures_are_read_with_their_indicator_region_period_value_and_unit(
    chinese: bool, precision: float, recall: float
) -> None:
    cases = [case for file in corpus.FILES for case in corpus.bulletins(file) if corpus.chinese(case) == chinese]
    of_read, of_told, _ = corpus.f1(cases)
    lines = "\n".join(corpus.score(cases)[3])
    assert of_read >= precision, lines
    assert of_told >= recall, lines


def test_growth_share_and_rank_are_read_too() -> None:
    """Of the figures that are read, with their growth, their share in a whole, and their place among others."""
    right = asked = 0
    for case in (case for file in corpus.FILES for case in corpus.bulletins(file)):
        seen = {corpus.key(one): one for one in corpus.read(case.text, case.region)}
        for key, extra in case.expected:
            one = seen.get(key)
            for name, field in (("g", "growth_pct"), ("s", "share_pct"), ("r", "rank")):
                if name in extra and one is not None:
                    asked += 1
                    right += getattr(one, field) == pytest.approx(extra[name])
    assert asked > 500
    assert right / asked >= 0.8, right / asked


def test_no_figure_is_lost() -> None:
    """A text's numbers are read or left over with a reason; a reason is never blank."""
    for case in corpus.bulletins("zh"):
        found = corpus.reading(case.text, case.region)
        assert all(left.why and left.words for left in found.unplaced)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_texts_never_fail(seed: int) -> None:
    """Lines in another order, parts cut out or put in from elsewhere, signs replaced: a reading comes of it all the same."""
    chance = random.Random(seed)
    texts = [case.text for file in corpus.FILES[:6] for case in corpus.bulletins(file)]
    text, other = chance.choice(texts), chance.choice(texts)
    at = chance.randrange(len(text))
    lines = text.split("\n")
    chance.shuffle(lines)
    replaced = "".join(
        sign if chance.random() > 0.03 else chance.choice("，。；、和分别的0123456789%亿 ,.;of") for sign in text
    )
    cut = text[:at] + text[at + chance.randrange(1, 60) :]
    put_in = text[:at] + other[chance.randrange(len(other)) :][:300] + text[at:]
    for damaged in ("\n".join(lines), cut, put_in, replaced):
        found = corpus.reading(damaged, "")
        assert all(left.why for left in found.unplaced)
