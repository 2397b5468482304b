"""ablation: every number that steers the structured interior point, halved and doubled on a fixed suite."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.process import measure
from benchmarks.steering import Constant, constants
from benchmarks.tables import table

HEAD = ("number", "value", "halved: work", "failed", "doubled: work", "failed", "changes")
TIMEOUT = 3 * 3600.0
NOTICED = 0.01
"""Relative change of the work above which a number counts as one that changes something."""


def run(quick: bool) -> Iterator[str]:
    """Solve a fixed suite with each steering number of the method halved and doubled.

    The suite has random models with every feature of the template, networks with flows and angles without bounds, plans of
    some days and of three weeks with batteries, deferral and budgets, and the operation of such a plan. Work counts
    factorisations, and solves as a tenth of one, relative to the numbers as they are; it does not depend on the machine or
    its load. Failed: models that end without a proof. Shares near 1 are varied by their distance from 1. A number changes
    nothing if neither the work nor the failures differ.
    """
    outcome = measure(["-m", "benchmarks.ablation_run", *(["--quick"] if quick else [])], TIMEOUT)
    if outcome.failure:
        yield f"The run failed: {outcome.failure}"
        return
    answer = outcome.answer
    rows = [_row(one, answer["base"], *answer["varied"][one.name]) for one in constants()]
    idle = [row for row in rows if row[-1] == "nothing"]
    base_work, base_failed = answer["base"]
    yield (
        f"{len(rows)} numbers, of which {len(idle)} change nothing on this suite. As they are: {answer['models']} models,"
        f" {base_work:.1f} factorisations' work, {base_failed} failed."
    )
    yield table(HEAD, sorted(rows, key=lambda row: row[-1] == "nothing"))


def _row(
    one: Constant, base: tuple[float, int], halved: tuple[float, int], doubled: tuple[float, int]
) -> tuple[str, ...]:
    cells, differs = list[str](), False
    for work, failed in (halved, doubled):
        cells += [f"{work / base[0]:.2f}", f"{failed}"]
        differs |= failed != base[1] or abs(work / base[0] - 1.0) > NOTICED
    slight = any(tuple(of) != tuple(base) for of in (halved, doubled))
    return (one.name, f"{one.value:g}", *cells, "much" if differs else "little" if slight else "nothing")
