"""What names something else than the vocabulary has is left over, not read as what it resembles."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.indicators import corpus
from xisuan.indicators.language.vocabulary import vocabulary
from xisuan.indicators.reading.bulletins import read_text

DATE = "Guizhou's figures\nPublished: 2024-11-20\n"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("In October, Guizhou's exports to Laos amounted to 3.1 billion yuan.", "laos"),
        ("In October, Guizhou's embedded software exports fell 8.7 percent.", "embedded, software"),
        ("Guizhou had 2.1 million mobile phone users watching football in October.", "football"),
        (
            "At the end of October, 2.1 million mobile phone users in Guizhou were on satellite phones.",
            "satellite",
        ),
        ("In October, the added value of the valley's digital economy in Guizhou reached 3.1 billion yuan.", "valley"),
    ],
)
def test_words_that_nobody_explains_leave_a_figure_over(said: str, words: str) -> None:
    seen = read_text(DATE + said)
    assert not seen.observations
    assert words in [one.why.removeprefix("of something that the vocabulary does not have: ") for one in seen.unplaced]


@pytest.mark.parametrize(
    "said",
    [
        "Guizhou's retail sales in the province came in at 6.85 billion yuan in October.",
        "In October, Guizhou's total exports last month amounted to a record 3.1 billion yuan.",
        "Telecom operators in Guizhou invested 3.1 billion yuan in October.",
        "By the end of October, 51,000 5G base stations in Guizhou were in operation.",
        "In October, the income of urban and rural residents in Guizhou rose by 4 percent and 7 percent, respectively.",
    ],
)
def test_words_that_say_nothing_of_what_is_measured_do_not(said: str) -> None:
    assert read_text(DATE + said).observations


def test_a_figure_left_over_takes_its_growth_with_it_and_still_says_when() -> None:
    seen = read_text(
        DATE + "In September, Guizhou's exports to Laos fell 3.2 percent to 1.1 billion yuan. "
        "Retail sales reached 20 billion yuan."
    )
    assert [(one.indicator, one.period_end, one.growth_pct) for one in seen.observations] == [
        ("retail_sales", "2024-09-30", None)
    ]
    assert {one.words for one in seen.unplaced} == {"3.2 percent", "1.1 billion yuan"}


FOLDS = 4


@pytest.mark.parametrize(("step", "figures"), [(12, 140), pytest.param(3, 700, marks=pytest.mark.long)])
def test_an_indicator_that_is_not_in_the_vocabulary_is_not_read_as_another(step: int, figures: int) -> None:
    """Take a quarter of the indicators out of the vocabulary at a time: what is then read of the English corpus is right.

    Of every so many bulletins, that is, which have so many figures. The corpus says which of them are of what was taken out;
    some are still told by what somebody does, which is no mistake.
    Before every word of a phrase had to be explained, one figure in nine was wrong here.
    """
    shipped = vocabulary()
    english = [case for file in corpus.FILES for case in corpus.bulletins(file) if not corpus.chinese(case)]
    cases = english[::step]
    names = sorted({known[0] for case in cases for known, _ in case.expected})
    told: Counter[bool] = Counter()
    for fold in range(FOLDS):
        hidden = frozenset(names[fold::FOLDS])
        words = replace(
            shipped,
            term_words={word: name for word, name in shipped.term_words.items() if name not in hidden},
            by_measure={key: name for key, name in shipped.by_measure.items() if name not in hidden},
        )
        for case in cases:
            known = {known for known, _ in case.expected}
            if any(one[0] in hidden for one in known):
                read = read_text(case.text, words=words).observations
                seen = {corpus.key(one) for one in read if not one.named}
                told.update(one in known for one in seen)
    assert told.total() > figures
    assert told[True] / told.total() > 0.93
