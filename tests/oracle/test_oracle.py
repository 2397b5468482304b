"""xisuan plans random scenarios as a second model does that was written from the reference alone.

A few dozen seeds run by default, thousands with `pytest -m long`. A seed that differs is drawn again with
`tests.oracle.drawn.whole.draw(seed, folder)`; `LEFT_OUT` says what the seeds never have, and why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.compare import compare
from tests.oracle.drawn.dice import FEATURES
from tests.oracle.drawn.whole import draw

LEFT_OUT: dict[str, str] = {}
"""Features that the seeds never have, each with the reason."""

FEW = range(60)
MANY = range(1_000, 4_000)
AT_ONCE = 20
"""Seeds of one test."""


def differences(seeds: range, folder: Path) -> tuple[list[str], int]:
    """Return what differs, with its seed, and how many of the scenarios have a plan."""
    out: list[str] = []
    plans = 0
    for seed in seeds:
        draw(seed, folder / str(seed), frozenset(LEFT_OUT))
        verdict = compare(folder / str(seed))
        plans += verdict.status == "optimal"
        if verdict.differs:
            out.append(f"seed {seed}, {verdict.status}: {verdict.differs}")
    return out, plans


def batches(seeds: range) -> list[range]:
    return [seeds[at : at + AT_ONCE] for at in range(0, len(seeds), AT_ONCE)]


@pytest.mark.parametrize("seeds", batches(FEW), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_few(seeds: range, tmp_path: Path) -> None:
    found, plans = differences(seeds, tmp_path)
    assert not found
    assert plans >= len(seeds) / 3


@pytest.mark.long
@pytest.mark.parametrize("seeds", batches(MANY), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_many(seeds: range, tmp_path: Path) -> None:
    found, _ = differences(seeds, tmp_path)
    assert not found


def test_features_are_known() -> None:
    assert LEFT_OUT.keys() <= FEATURES.keys()
