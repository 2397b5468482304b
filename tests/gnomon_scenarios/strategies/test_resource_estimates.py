"""What is foretold of a solve: in the right order, honest about what nobody knows, and true on a model of some size."""

from __future__ import annotations

import itertools
import math
import resource
import sys

import numpy as np
import pytest

from gnomon.highs import solver_sequence
from gnomon.interior_point.distributed import worker_processes
from gnomon.model.block_model import Model
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.strategies import strategy_order
from gnomon.strategies.resource_estimates import (
    MEASURED,
    Expectation,
    is_structured_better,
    predict,
    predict_futures,
)
from gnomon.strategies.strategy_order import LARGE, SMALL, Request, strategies_in_turn
from gnomon.strategies.time_memory_laws import LAWS
from tests.scenarios import pair, pair_frames
from xisuan import build, plan

OPERATION = Options(purpose="operation")


def test_more_takes_longer_and_needs_more() -> None:
    for solver in ("hipo", "ipx", "simplex"):
        sizes = [predict(n // 5, n // 3, n, solver) for n in (10_000, 100_000, 1_000_000)]
        for few, many in itertools.pairwise(sizes):
            assert few.seconds[1] < many.seconds[1]
            assert few.memory_mb[1] < many.memory_mb[1]
        for one in sizes:
            assert list(one.seconds) == sorted(one.seconds)
            assert list(one.memory_mb) == sorted(one.memory_mb)


@pytest.mark.parametrize(("nonzeros", "solver"), [(SMALL - 1, "simplex"), (SMALL, "ipx"), (LARGE, "hipo")])
def test_auto_is_foretold_by_the_law_of_the_solver_it_will_take(nonzeros: int, solver: str) -> None:
    direct = Request(1, 1, nonzeros, method="direct")
    assert strategy_order.predict(direct) == predict(1, 1, nonzeros, solver)


def test_workers_of_a_cluster_have_processors_of_their_own() -> None:
    """Eight workers of one thread take a quarter of what two threads do; those of this machine share its processors."""
    here = predict(1, 1, 10**7, "structured", options=Options(workers=8))
    there = predict(1, 1, 10**7, "structured", options=Options(workers=8, recruit=worker_processes.processes))
    assert here.seconds == predict(1, 1, 10**7, "structured").seconds
    assert [8 / 2 * one for one in there.seconds] == pytest.approx(list(here.seconds))
    assert "shared by 8 processes" in there.text


def test_the_order_of_operation_counts() -> None:
    request = Request(1, 1, 2 * LARGE, options=Options(purpose="operation"), method="direct")
    assert strategies_in_turn(request) == ("ipx", "simplex")
    assert strategy_order.predict(request) == predict(1, 1, 2 * LARGE, "ipx")


def test_branching_has_no_upper_end() -> None:
    expected = predict(1_000, 2_000, 10_000, "simplex", integers=12)
    assert expected.seconds[2] == float("inf")
    assert expected.text == (
        "1,000 rows, 2,000 columns, 10,000 non-zeros, 12 of them integers: expect 1 s or (branching) much longer and "
        "204 MB to 208 MB of memory"
    )


def test_the_line_for_people() -> None:
    assert predict(250, 500, 2_000, "simplex").text.startswith(
        "250 rows, 500 columns, 2,000 non-zeros: expect a second or two and "
    )
    assert "expect 56 s to 8 min and 1.5 GB to 5.8 GB" in predict(400_000, 600_000, 2_000_000, "hipo").text
    assert " h and " in predict(10**6, 10**7, 4 * 10**7, "hipo").text


MEASUREMENTS = {
    "hipo": ((30_672, 1.0), (106_368, 3.2), (209_700, 6.9), (435_309, 31.4), (450_486, 15.6), (845_172, 76.4)),
    "ipx": ((38_820, 0.6), (106_368, 2.0), (209_700, 5.2), (435_309, 19.4), (450_486, 18.0), (845_172, 100.3)),
    "simplex": ((30_672, 0.2), (38_820, 0.4), (106_368, 2.5), (435_309, 25.3)),
}
"""Non-zeros and processor seconds behind the laws."""


@pytest.mark.parametrize("solver", MEASUREMENTS)
def test_the_laws_are_those_of_the_measurements(solver: str) -> None:
    nonzeros, seconds = np.array(MEASUREMENTS[solver]).T
    power, constant = np.polyfit(np.log(nonzeros / 1e5), np.log(seconds), 1)
    assert LAWS[solver].power == pytest.approx(power, abs=0.1)
    assert LAWS[solver].at_100k == pytest.approx(np.exp(constant), rel=0.2)
    assert nonzeros.max() <= MEASURED
    for count, measured in MEASUREMENTS[solver]:
        low, _, high = predict(1, 1, count, solver).seconds
        assert low <= measured <= high


def _chain(hours: int, sites: int) -> Model:
    """Storage at some sites against one price: a small model with a time structure."""
    rng = np.random.default_rng(1)
    model = Model(1, np.roll(np.arange(hours), 1))
    label = [(str(i),) for i in range(sites)]
    held = model.add_columns("held", ("i",), label, hourly=True, upper=3.0)
    bought = model.add_columns("bought", ("i",), label, hourly=True, upper=2.0, cost=rng.random((1, hours, 1)))
    used = rng.random((1, hours, sites))
    row = model.add_rows("balance", ("i",), label, hourly=True, lower=used, upper=used)
    model.add(row, label, held, label, -1.0)
    model.add(row, label, held, label, before=True)
    model.add(row, label, bought, label)
    return model


def test_a_real_solve_needs_no_more_memory_than_foretold() -> None:
    model = _chain(400, 30)
    expected = predict(*size(model), "ipx")
    before = _peak_mb()
    solved = solver_sequence.solve(flatten(model), Options("ipx"))
    assert _peak_mb() - before < expected.memory_mb[2]
    assert solved.seconds < 10.0 * expected.seconds[2] + 10.0


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0**2 if sys.platform == "darwin" else 1024.0)


def test_the_structured_method_grows_with_the_size() -> None:
    small, large = (predict(10, 10, nonzeros, "structured").seconds[1] for nonzeros in (10**6, 10**7))
    assert large / small == pytest.approx(10.0)
    assert large < predict(10, 10, 10**7, "hipo").seconds[1]


def test_a_plan_with_whole_numbers_says_no_time_that_was_expected() -> None:
    """Branching takes what no size tells: a likely time of its two linear solves would pass for that of all."""
    frames = pair_frames()
    frames["halls"]["phase_mw"] = "0.3"
    whole = plan(build({"name": "pair", "periods": [2026, 2027], "hours": "one"}, frames))
    assert math.isnan(whole.effort.expected_seconds)
    assert plan(pair()).effort.expected_seconds > 0.0


@pytest.mark.parametrize(
    ("nonzeros", "measured_mb"), [(985_000, 580), (1_720_000, 802), (4_280_000, 1_100), (51_600_000, 8_090)]
)
def test_the_structured_method_takes_the_memory_that_was_measured(nonzeros: int, measured_mb: float) -> None:
    """A week, five periods of `guizhou-days`, a month and the year of `china`: in the range, and near its middle."""
    least, likely, most = predict(10, 10, nonzeros, "structured").memory_mb
    assert least <= measured_mb <= most
    assert likely / 1.5 <= measured_mb <= 1.5 * likely


def test_a_plan_for_several_futures_takes_the_sum_of_its_solves_by_hand() -> None:
    """Four members: 4 by themselves and their mean, 5 × 2 s; all at once, 20 s; 4 after the orders of the mean, 4 × 0.2 s.
    Of a million non-zeros 350 bytes are kept, and 6 MB of each scenario, beside what all at once take.
    """
    alone = Expectation((300.0, 310.0, 320.0), (1.0, 2.0, 3.0), "")
    whole = Expectation((600.0, 700.0, 800.0), (10.0, 20.0, 30.0), "")
    held = Expectation((300.0, 310.0, 320.0), (0.1, 0.2, 0.3), "")
    found = predict_futures(alone, whole, held, 4, 1_000_000)
    assert found.seconds == pytest.approx((15.4, 30.8, 46.2))
    assert found.memory_mb == pytest.approx((600 + 24 + 200, 700 + 24 + 350, 800 + 24 + 600))
    assert found.text.endswith("expect 15 s to 46 s and 824 MB to 1.4 GB of memory")


@pytest.mark.parametrize(
    ("whole_nonzeros", "solver", "measured_mb"),
    [(104_864, "simplex", 388.0), (279_456, "ipx", 462.0), (541_624, "structured", 846.0)],
)
def test_several_futures_take_the_memory_that_was_measured(
    whole_nonzeros: int, solver: str, measured_mb: float
) -> None:
    """`china-futures` with its first 2, 6 and 12 hours, eight members, one thread; the last by the structured method."""
    member = strategy_order.predict(Request(1, 1, whole_nonzeros // 8, method="direct"))
    whole = predict(1, 1, whole_nonzeros, solver)
    found = predict_futures(member, whole, member, 8, whole_nonzeros)
    assert found.memory_mb[0] <= measured_mb <= found.memory_mb[2]
    assert whole.memory_mb[2] < measured_mb  # of the whole alone it would be too little


@pytest.mark.parametrize(
    ("nonzeros", "seconds", "measured_mb"),
    [
        (665_764, 19.0, 416.0),
        (2_440_000, 12.0, math.nan),
        (6_900_000, 90.0, math.nan),
        (29_370_000, 92.0, 4_800.0),
        (32_760_000, 617.0, 5_800.0),
        (46_800_000, 1_369.0, 8_600.0),
        (81_500_000, 2_007.0, 13_100.0),
    ],
)
def test_a_period_that_is_operated_takes_what_was_measured(nonzeros: int, seconds: float, measured_mb: float) -> None:
    """A period of the year of `starter`, four weeks of `guizhou-days`, a month of `china`, years of `guizhou-2023`,
    `guizhou-days`, `guizhou` and `china` (benchmarks/results/a7_year.md): seconds within a factor of four, as other work was
    on the machine, memory in the range and near its middle."""
    found = predict(10, 10, nonzeros, "structured", options=OPERATION)
    assert found.seconds[0] / 1.34 <= seconds <= found.seconds[2]
    if not math.isnan(measured_mb):
        least, likely, most = found.memory_mb
        assert least <= measured_mb <= most
        assert likely / 1.5 <= measured_mb <= 1.5 * likely


def test_the_better_of_two_methods_is_the_one_that_fits_and_then_the_faster() -> None:
    """Of little, HiGHS: it keeps to rows more closely; the structured method from where the slowest of it is faster."""
    sizes = (100_000, 250_000, 300_000, 1_000_000)
    ours = [
        is_structured_better(predict(1, 1, n, "structured", options=OPERATION), predict(1, 1, n, "ipx"), free_mb=1e5)
        for n in sizes
    ]
    assert ours == [False, False, True, True]
    assert is_structured_better(
        predict(1, 1, 100_000, "structured", options=OPERATION), predict(1, 1, 100_000, "hipo"), free_mb=230.0
    )
