"""Statistics of finished jobs: counts, sums and histograms of fixed size by group.

A histogram has 128 bins per power of two, so a percentile has a relative error below 0.4 % at any scale. The maximum
and the mean are exact.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.simulation.core.compilation import cached_kernel
from xisuan.simulation.jobs import ENDLESS, Floats, Integers
from xisuan.simulation.outputs.paired_differences import student

MEASURES = ("wait_s", "response_s", "slowdown")
STATISTICS = ("mean", "p50", "p90", "p95", "p99", "max")
COUNTS = ("finished", "dropped", "due", "missed", "hits", "server_hours", "overdue", "struck", "left")

SHORT_S = 10.0
"""Least run time in the slowdown (bounded slowdown). Source: Feitelson and Rudolph, JSSPP 1998."""

STEPS = 128
LOWEST, HIGHEST = -20, 50
"""Powers of two that bound the resolved values: from a microsecond to 35 million years."""

BINS = 2 + (HIGHEST - LOWEST) * STEPS
DROPPED_BITS = 52 - STEPS.bit_length() + 1
FIRST = (1023 + LOWEST) * STEPS - 1
"""Offset of the first bin. The leading bits of a floating-point number, less this, are its bin; 0 collects smaller
values.
"""

FINISHED, DROPPED, DUE, MISSED, HITS, HOURS, OVERDUE, STRUCK, LEFT = range(9)

NO_MEMBER = -(2**40)
"""Row offset of a job without a member in a family, such as the site of a job that was never placed."""


@cached_kernel
def _tally(
    done: NDArray[Any], rows: Integers, counts: Floats, bins: Integers, used: Integers, sums: Floats, most: Floats
) -> None:
    """Add records to the rows of their groups. `rows`: shape (families, records); below 0: no row.

    The leading bits of a floating-point number are its power of two and the 128th of it; they index the bin. `used`,
    shape (measures, 2): the lowest occupied bin apart from bin 0, and the one after the highest.
    """
    for i in range(len(done)):
        record = done[i]
        response = record.finish - record.arrival
        # Waiting time, response time, bounded slowdown.
        values = (record.start - record.arrival, response, max(1.0, response / max(record.run, SHORT_S)))
        for f in range(rows.shape[0]):
            row = rows[f, i]
            if row < 0:
                continue
            if record.dropped:
                counts[row, DROPPED] += 1.0
                counts[row, LEFT] += record.servers == ENDLESS
                continue
            counts[row, FINISHED] += 1.0
            counts[row, HITS] += record.hits
            counts[row, HOURS] += record.servers * record.run / 3600.0
            if record.deadline < math.inf:
                counts[row, DUE] += 1.0
                if record.finish > record.deadline:
                    counts[row, MISSED] += 1.0
                    if record.hits > 0:
                        counts[row, STRUCK] += 1.0
            for m in range(3):
                value = values[m]
                sums[row, m] += value
                most[row, m] = max(most[row, m], value)
                at = min(max((int(np.float64(value).view(np.int64)) >> DROPPED_BITS) - FIRST, 0), BINS - 1)
                bins[row, m, at] += 1
                if at > 0:
                    used[m, 0], used[m, 1] = min(used[m, 0], at), max(used[m, 1], at + 1)


@cached_kernel
def hours_of_day(done: NDArray[Any], out: Integers) -> None:
    """Write the hour of the day in which each job arrived to `out`; the trace begins at midnight."""
    for i in range(len(done)):
        out[i] = int(done[i].arrival / 3600.0) % 24


@cached_kernel
def _percentiles(bins: Integers, used: Integers, finished: Floats, shares: Integers, out: Integers) -> None:
    """Write the bin of each percentile of each measure to `out`; rows without finished jobs are not changed.

    bins: shape (rows, measures, bins), out: shape (rows, measures, percentiles); `shares` in per cent, ascending.
    """
    for row in range(bins.shape[0]):
        if finished[row] == 0.0:
            continue
        for measure in range(bins.shape[1]):
            below, at, after = bins[row, measure, 0], 0, used[measure, 0]
            for s in range(len(shares)):
                # Nearest-rank percentile.
                rank = math.ceil(finished[row] * shares[s] / 100.0)
                while below < rank:
                    at, after = after, after + 1
                    below += bins[row, measure, at]
                out[row, measure, s] = at


class Meter:
    """Accumulates DONE records by group. `families` maps a family (region, workload, …) to the names of its members.

    Every job has a member in the first family, so the row of all jobs is the sum over it. In other families a job may
    have NO_MEMBER.
    """

    def __init__(self, families: dict[str, list[str]]) -> None:
        self.names = [("all", ""), *((family, name) for family, names in families.items() for name in names)]
        self._start = {}
        row = 1
        for family, names in families.items():
            self._start[family] = row
            row += len(names)
        self._whole = slice(1, 1 + len(next(iter(families.values()))))
        self.counts = np.zeros((row, len(COUNTS)))
        self._bins = _sparse((row, len(MEASURES), BINS))
        self._used = np.tile([BINS, 1], (len(MEASURES), 1))
        self._sums = np.zeros((row, len(MEASURES)))
        self._most = np.zeros((row, len(MEASURES)))

    def add(self, done: NDArray[Any], **members: Integers) -> None:
        """Add the records `done`; `members` gives the member of each record for every family."""
        rows = np.empty((len(members), len(done)), np.int64)
        for family, row in zip(members, rows, strict=True):
            np.add(members[family], self._start[family], out=row)
        _tally(done, rows, self.counts, self._bins, self._used, self._sums, self._most)

    def end(self, left: NDArray[Any], now: float, **members: Integers) -> None:
        """Count the jobs still in the system whose deadline has passed."""
        late = left["deadline"] < now
        struck = late & (left["hits"] > 0)
        for family, member in members.items():
            for which, column in ((late, OVERDUE), (struck, STRUCK)):
                chosen = member[which & (member >= 0)]
                np.add.at(self.counts[:, column], self._start[family] + chosen, 1)

    def close(self) -> None:
        """Sum the first family into the row of all jobs."""
        self.counts[0] = self.counts[self._whole].sum(axis=0)
        self._bins[0, :, 0] = self._bins[self._whole, :, 0].sum(axis=0)
        for m, (first, after) in enumerate(self._used):
            self._bins[0, m, first:after] = self._bins[self._whole, m, first:after].sum(axis=0)
        self._sums[0] = self._sums[self._whole].sum(axis=0)
        self._most[0] = self._most[self._whole].max(axis=0)

    def values(self) -> Floats:
        """Return every statistic of every measure; NaN if nothing was finished. Shape (rows, measures, statistics)."""
        self.close()
        out = np.full((len(self.names), len(MEASURES), len(STATISTICS)), np.nan)
        finished = np.ascontiguousarray(self.counts[:, FINISHED])
        shares = np.array([int(statistic[1:]) for statistic in STATISTICS[1:-1]])
        at = np.zeros((*out.shape[:2], len(shares)), np.int64)
        _percentiles(self._bins, self._used, finished, shares, at)
        some = finished > 0
        out[some, :, 0] = self._sums[some] / finished[some, None]
        out[some, :, 1:-1] = np.minimum(_middle(at[some]), self._most[some, :, None])
        out[some, :, -1] = self._most[some]
        return out


def _sparse(shape: tuple[int, ...]) -> Integers:
    """Return zeros whose memory is allocated on first write.

    NumPy requests huge pages of 2 MB, which take long to clear for a sparsely used array.
    """
    return np.frombuffer(mmap.mmap(-1, 8 * math.prod(shape)), np.int64).reshape(shape)


def _middle(at: Integers) -> Floats:
    """Return the representative value of each bin: its midpoint, and 0 for bin 0."""
    power, step = np.divmod(at - 1, STEPS)
    return np.where(at == 0, 0.0, np.ldexp(1.0 + (step + 0.5) / STEPS, power + LOWEST))


def measures(names: list[tuple[str, str]], runs: list[Floats]) -> pd.DataFrame:
    """Return table `measures`: means over replications, with 95 % Student intervals from two replications on."""
    mean, half = student(np.stack(runs))
    r, m, s = np.nonzero(~np.isnan(mean))
    found = mean[r, m, s], half[r, m, s]
    words = np.array(names, object).reshape(-1, 2)[r].T
    columns = {"by": words[0], "what": words[1], "measure": _words(MEASURES)[m], "statistic": _words(STATISTICS)[s]}
    return pd.DataFrame({**columns, "value": found[0], "low": found[0] - found[1], "high": found[0] + found[1]})


def _words(names: Sequence[str]) -> NDArray[np.object_]:
    return np.array(names, object)


def counts(names: list[tuple[str, str]], runs: list[Floats]) -> pd.DataFrame:
    """Return table `counts`: means over replications."""
    mean = np.mean(runs, axis=0)
    words = {"by": [by for by, _ in names], "what": [what for _, what in names]}
    return pd.DataFrame({**words, **{name: mean[:, at] for at, name in enumerate(COUNTS)}})
