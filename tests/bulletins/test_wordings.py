"""How strangers call the indicators: sentences by family, each with what must be read of it, be that nothing.

Names of unusual wording may be left over; what is read must be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from xisuan.bulletins.read_bulletin import read_text

FOLDER = Path(__file__).parent / "wordings"
NOTHING = "-"
Said = tuple[str, float, str]


def sentences(language: str) -> Iterator[tuple[str, set[Said]]]:
    """Each sentence with what is expected of it: `indicator value unit`, several with `;` between, or `-` for nothing."""
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        said, arrow, expected = line.partition(" => ")
        if arrow:
            parts = [] if expected.strip() == NOTHING else [part.split() for part in expected.split(";")]
            yield said, {(name, float(value), unit) for name, value, unit in parts}


def read(said: str) -> set[Said]:
    """Indicator, figure and unit of what is read of a sentence."""
    return {
        (
            one.indicator,
            next(round(value, 4) for value in (one.value, one.growth_pct, one.share_pct, 0.0) if value is not None),
            one.unit,
        )
        for one in read_text(f"Published: 2025-03-01\n{said}").observations
    }


@pytest.mark.parametrize(("language", "precision", "recall"), [("zh", 0.97, 0.7), ("en", 0.9, 0.4)])
def test_what_an_indicator_is_called(language: str, precision: float, recall: float) -> None:
    right = wrong = missed = 0
    lines = []
    for said, known in sentences(language):
        told = read(said)
        right, wrong, missed = right + len(told & known), wrong + len(told - known), missed + len(known - told)
        lines += [f"{said}: {one}" for one in told - known]
    assert right / (right + wrong) >= precision, "\n".join(lines)
    assert right / (right + missed) >= recall, right / (right + missed)
