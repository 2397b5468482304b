"""How strangers call the indicators: sentences by family, each with what must be read of it, be that nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from xisuan.indicators.reading.bulletins import read_text

FOLDER = Path(__file__).parent / "wordings"
NOTHING = "-"
Said = tuple[str, float, str]


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence with what is expected of it: `indicator value unit`, several with `;` between, or `-` for nothing."""
    for name in ("en", "zh"):
        for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            said, arrow, expected = line.partition(" => ")
            if arrow:
                yield said, expected.strip()


@pytest.mark.parametrize(("said", "expected"), list(sentences()))
def test_what_an_indicator_is_called(said: str, expected: str) -> None:
    known: set[Said] = set()
    for part in () if expected == NOTHING else expected.split(";"):
        indicator, value, unit = part.split()
        known.add((indicator, float(value), unit))
    seen = read_text(f"Published: 2025-03-01\n{said}").observations
    told = {
        (
            one.indicator,
            next(round(value, 4) for value in (one.value, one.growth_pct, one.share_pct) if value is not None),
            one.unit,
        )
        for one in seen
        if known or not one.named
    }
    assert told == known
