"""Failures and repairs of machines, and the test of whether a station can ever run a job.

The jobs that a failure ends are interrupted in `station_failures`.
"""

from __future__ import annotations

from xisuan.simulation.core.compilation import kernel
from xisuan.simulation.core.machine_allocation import has_enough_each, is_admissible, relist, widest
from xisuan.simulation.core.records import NONE, Yard


@kernel
def can_hold(y: Yard, s: int, j: int) -> bool:
    """Return True if station `s`, with all machines empty and up, can run job `j`."""
    servers, need = y.jobs[j].servers, y.needs[j]
    most, grain = widest(y, s, need.models), y.stations[s].grain
    for k in range(y.stations[s].first_kind, y.stations[s].first_kind + y.stations[s].kinds):
        kind = y.kinds[k]
        if not is_admissible(y, k, need.models):
            continue
        one = servers <= most and servers <= kind.size and need.cpu <= kind.cpu and need.memory <= kind.memory
        many = servers > most and need.part == grain and -(-servers // kind.size) <= kind.count
        if one or (many and has_enough_each(y, k, servers, need.cpu, need.memory)):
            return True
    return False


@kernel
def take_machines_down(y: Yard, s: int, f: int) -> int:
    """Take down machines of station `s` that hold the servers of failure `f`; return their servers.

    The machines that are up form a cycle: those with running jobs first, in the order of the running jobs, then the
    empty ones by kind. The failure strikes from the position of its draw on. Jobs on failed machines are not yet
    removed.
    """
    station = y.stations[s]
    ups = 0
    for k in range(station.first_kind, station.first_kind + station.kinds):
        ups += y.kinds[k].up
    first, taken = min(ups - 1, int(y.failures[f].draw * ups)), 0
    # Two scans cover the cycle: positions first … ups − 1, then 0 … first − 1.
    for turn in range(2):
        low, high = (first, ups) if turn == 0 else (0, first)
        at, walk, j = 0, 2 * f + turn + 1, station.first
        while j != NONE:
            need = y.needs[j]
            if need.kind != NONE:
                struck = struck_count(y, f, need.kind, at, need.whole, low, high, taken)
                at += need.whole
                need.lost += struck
                taken += lose(y, f, need.kind, struck)
            if need.rest != NONE and y.machines[need.rest].counted != walk:
                machine = y.machines[need.rest]
                machine.counted = walk
                struck = struck_count(y, f, machine.kind, at, 1, low, high, taken)
                at += 1
                if struck > 0:
                    machine.up = 0
                    relist(y, need.rest)
                    taken += lose(y, f, machine.kind, struck)
            j = y.jobs[j].after
        for k in range(station.first_kind, station.first_kind + station.kinds):
            empty = y.kinds[k].empty
            struck = struck_count(y, f, k, at, empty, low, high, taken)
            at += empty
            y.kinds[k].empty -= struck
            taken += lose(y, f, k, struck)
    return taken


@kernel
def struck_count(y: Yard, f: int, k: int, at: int, count: int, low: int, high: int, taken: int) -> int:
    """Return how many of `count` machines of kind `k`, at positions from `at` on, the failure takes down.

    They lie in positions low … high − 1, and `taken` of the failure's servers are already down.
    """
    here = min(at + count, high) - max(at, low)
    wanted = -(-(y.failures[f].amount - taken) // y.kinds[k].size)
    return int(max(0, min(here, wanted)))


@kernel
def lose(y: Yard, f: int, k: int, count: int) -> int:
    """Mark `count` machines of kind `k` as down by failure `f`; return their servers."""
    y.kinds[k].up -= count
    y.lost[f, k - y.stations[y.kinds[k].station].first_kind] += count
    return int(count * y.kinds[k].size)


@kernel
def pass_machines_on(y: Yard, s: int, f: int, to: int) -> int:
    """Transfer machines of failure `f` to failure `to`, up to the servers that `to` lacks; return their servers."""
    station, passed = y.stations[s], 0
    for k in range(station.first_kind, station.first_kind + station.kinds):
        at, size = k - station.first_kind, y.kinds[k].size
        count = max(0, min(y.lost[f, at], -(-(y.failures[to].short - passed) // size)))
        y.lost[f, at] -= count
        y.lost[to, at] += count
        passed += count * size
    return int(passed)


@kernel
def mend_machines(y: Yard, s: int, f: int) -> None:
    """Bring the machines that failure `f` took down back up."""
    station = y.stations[s]
    for k in range(station.first_kind, station.first_kind + station.kinds):
        back = y.lost[f, k - station.first_kind]
        y.kinds[k].up += back
        y.kinds[k].empty += back


@kernel
def is_on_broken_machine(y: Yard, j: int) -> bool:
    """Return True if job `j` uses a machine that is down."""
    need = y.needs[j]
    return bool(need.lost > 0 or (need.rest != NONE and y.machines[need.rest].up == 0))


@kernel
def copy_needs(y: Yard, j: int, at: int) -> None:
    """Copy the machine needs of arrival `at` to the slot of job `j`."""
    y.needs[j] = y.asks[at]
