"""A plan with risk starts from the plan of least expected cost: what is said where it fails, and what resumes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from gnomon.interior_point import solve as interior
from gnomon.interior_point.solve import UnprovenError
from gnomon.methods.risk_start import FAILED, FOUND, START, solve_futures
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.solution import Progress, Solution
from gnomon.transforms.extensive_form import Futures
from gnomon.transforms.risk_rows import Risk
from tests.gnomon.transforms.test_extensive_form import shop
from tests.gnomon_scenarios.runtime.test_process_team import keep_all, threaded

OPTIMUM = 18.28
"""Capacity pays in 24 hours, so it is 3. It costs 10 + 3 + 24 × 0.1 = 15.4 with demand 1 and 20.2 with demand 3, which is
the dearest fifth: 0.5 (0.8 × 15.4 + 0.2 × 20.2) + 0.5 × 20.2."""


def future(demand: float) -> Model:
    model = shop(demand, hours=24)
    model.recipe = partial(future, demand)
    return model


@pytest.fixture
def futures() -> Futures:
    return Futures((future(1.0), future(3.0)), (0.8, 0.2), frozenset({"build"}), 1, Risk(0.8, 0.5))


def solve(futures: Futures, told: list[Progress] | None = None, **options: object) -> Solution:
    watch = None if told is None else told.append
    return solve_futures(futures, flatten(futures.extensive_form()), Options(gap=1e-6, **options), watch, "structured")  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_share_the_start_and_the_solve(futures: Futures, workers: int) -> None:
    found = solve(futures, workers=workers, recruit=threaded)
    assert found.log.startswith(FOUND)
    assert found.log.count("workers made their numbers by themselves") == (2 if workers == 2 else 0)
    assert found.objective == pytest.approx(OPTIMUM, rel=1e-6)
    assert found.bound == pytest.approx(OPTIMUM, rel=2e-6)


def test_a_start_that_is_not_found_is_told(futures: Futures, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the way and in the log, and the optimum is found from scratch."""
    original, told = interior.solve, list[Progress]()

    def fails(flat: LinearProgram, options: Options, *more: object, **others: object) -> Solution:
        if options.gap != 1e-6:
            raise UnprovenError("no progress beyond a gap of 1e-1")
        return original(flat, options, *more, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(interior, "solve", fails)
    found = solve(futures, told)
    said = f"{FAILED} (no progress beyond a gap of 1e-1); starting from scratch"
    assert found.log.startswith(said)
    assert [one.stage for one in told].count(said) == 1
    assert found.objective == pytest.approx(OPTIMUM, rel=1e-6)


def test_an_interrupted_solve_goes_on_where_it_was(
    futures: Futures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether in the start or after it; and nothing is left of checkpoints afterwards."""
    keep_all(monkeypatch)
    whole, kept = list[Progress](), tmp_path / "iterates"
    solve(futures, whole)
    begins = [at for at, one in enumerate(whole) if one.iterations == 0 and one.stage == "structured"]
    assert len(begins) == 2
    left = []
    for stop in (begins[1] - 1, 3):
        seen = list[Progress]()

        def watch(now: Progress, seen: list[Progress] = seen, stop: int = stop) -> None:
            seen.append(now)
            if len(seen) > stop:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            solve_futures(futures, flatten(futures.extensive_form()), Options(gap=1e-6, kept=kept), watch, "structured")
        left.append(sorted(path.relative_to(kept).parts[0] for path in kept.rglob("*.iterate")))
    assert left[0] == [START]
    rest = list[Progress]()
    found = solve(futures, rest, kept=kept)
    assert left[1] != [START]
    assert len(rest) < len(whole) - begins[1]
    assert found.objective == pytest.approx(OPTIMUM, rel=1e-6)
    assert not list(kept.rglob("*.iterate"))


def test_both_solves_share_the_time_limit(futures: Futures) -> None:
    """No time is left for any iteration: the reason is that, and not that the start failed."""
    with pytest.raises(UnprovenError, match="time limit"):
        solve(futures, time_limit=0.0)
