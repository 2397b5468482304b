"""Allocation of jobs to machines. Stations without machines divide their servers freely.

A job that fits on the largest admissible machine runs on one machine. A larger job takes whole machines of one kind,
and its remainder goes on another machine of that kind. Machines are scored by `left` × (normalised resources left over)
+ `dot` × (normalised free resources · requested resources). The least score wins; ties are broken at random.

Machines of a kind are identical, so empty machines and machines used whole are only counted. Machines that jobs share
have a record each. Memory and time therefore depend on the running jobs and not on the number of machines.
"""

from __future__ import annotations

import math

import numpy as np

from xisuan.simulation.core.compilation import kernel
from xisuan.simulation.core.records import DOT, DREW, LEFT, NONE, NOW, UNUSED, Yard

NOWHERE, EMPTY, PARTIAL = 0, 1, 2
"""Lists that can hold a machine with a record: none (full or down), the empty machines, the partly used machines."""

ALL_BITS = 62
"""Largest number of accelerators of a machine, where jobs take fractions, and of models: bits of an integer."""

TRIES, PROOF = 1000, 10
"""Limit of backfilling attempts at one instant, and the number of attempts for which a job counts that outlasts the
reservation. Checking such a job releases all running jobs that end before, which takes longer.
"""


@kernel
def draw(y: Yard) -> float:
    """Return a uniform random number in [0, 1). Source: Steele, Lea, Flood, OOPSLA 2014 (SplitMix64)."""
    y.counts[DREW] += 1
    z = np.uint64(y.counts[DREW]) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) / 9007199254740992.0


@kernel
def empty_machine(y: Yard, k: int) -> int:
    """Return a record for an empty machine of kind `k`, which still counts as empty.

    A free record always exists: every record in use has a job.
    """
    m = y.counts[UNUSED]
    machine, kind = y.machines[m], y.kinds[k]
    y.counts[UNUSED] = machine.after
    machine.kind, machine.free, machine.cpu, machine.memory = k, kind.size, kind.cpu, kind.memory
    machine.up, machine.on, machine.counted = 1, EMPTY, 0
    grain = y.stations[kind.station].grain
    if grain > 1:
        for a in range(y.slots.shape[1]):
            y.slots[m, a] = grain if a < kind.size // grain else NONE
    return int(m)


@kernel
def relist(y: Yard, m: int) -> None:
    """Move machine `m` to the list of its present state: empty, partly used, or none."""
    machine = y.machines[m]
    kind = y.kinds[machine.kind]
    station = y.stations[kind.station]
    then = NOWHERE
    if machine.up and machine.free == kind.size:
        then = EMPTY
    elif machine.up and machine.free > 0:
        then = PARTIAL
    if machine.on == then:
        return
    if machine.on == EMPTY:
        kind.empty -= 1
    elif machine.on == PARTIAL:
        before, after = machine.before, machine.after
        if before == NONE:
            station.partial = after
        else:
            y.machines[before].after = after
        if after != NONE:
            y.machines[after].before = before
    machine.on = then
    if then == EMPTY:
        kind.empty += 1
    elif then == PARTIAL:
        machine.before, machine.after = NONE, station.partial
        if station.partial != NONE:
            y.machines[station.partial].before = m
        station.partial = m


@kernel
def slots_for(y: Yard, m: int, servers: int, part: int, grain: int) -> int:
    """Return the accelerators of machine `m` that a request would use, as bits; 0 if they do not suffice.

    `servers`: requested in all; `part`: of each accelerator; `grain`: servers of a whole one. A fraction goes on the
    fullest accelerator with room, or on a random one if the packing weights are 0 (random packing).
    """
    bits, wanted, best, least, seen = 0, servers // part, NONE, math.inf, 0.0
    anywhere = y.clock[LEFT] == 0.0 and y.clock[DOT] == 0.0
    for a in range(y.slots.shape[1]):
        free = y.slots[m, a]
        if part == grain:
            if free == grain and wanted > 0:
                bits |= 1 << a
                wanted -= 1
        elif free >= part:
            seen += 1.0
            if anywhere:
                # Reservoir sampling: each candidate is chosen with equal probability.
                if draw(y) * seen < 1.0:
                    best = a
            elif free < least:
                best, least = a, free
    if part == grain:
        return bits if wanted == 0 else 0
    return 0 if best == NONE else 1 << best


@kernel
def is_admissible(y: Yard, k: int, models: int) -> bool:
    """Return True if machines of kind `k` are of an admissible model. `models`: bit set; 0: any."""
    return models == 0 or (models >> y.kinds[k].model) & 1 == 1


@kernel
def find(y: Yard, s: int, only: int, kept: int, servers: int, cpu: int, memory: int, part: int, models: int) -> int:
    """Return the machine with room and the least score: its record, −2 − k for an empty one of kind k, or NONE.

    `only`: the one admissible kind, or NONE for all; `kept` empty machines of that kind are reserved for whole use.
    `servers`, `cpu`, `memory`, `part`, `models`: the request.
    """
    station = y.stations[s]
    best, least, among = NONE, math.inf, 0.0
    # Candidates: partly used machines one by one, then the empty machines of each kind as a group of `many`.
    m, k = station.partial, station.first_kind
    while m != NONE or k < station.first_kind + station.kinds:
        if m != NONE:
            at, of, many = m, y.machines[m].kind, 1.0
            free, idle, spare = y.machines[m].free, y.machines[m].cpu, y.machines[m].memory
            m = y.machines[m].after
        else:
            at, of, many = -2 - k, k, float(y.kinds[k].empty - (kept if k == only else 0))
            free, idle, spare = y.kinds[k].size, y.kinds[k].cpu, y.kinds[k].memory
            k += 1
        if free < servers or idle < cpu or spare < memory or many < 1.0 or only not in (NONE, of):
            continue
        if models != 0 and not is_admissible(y, of, models):
            continue
        if at >= 0 and station.grain > 1 and slots_for(y, at, servers, part, station.grain) == 0:
            continue
        # Score, with servers and CPU normalised by the largest machine of the station.
        left = (free - servers) / station.most_size + (idle - cpu) / station.most_cpu
        dot = free / station.most_size * (servers / station.most_size)
        dot += idle / station.most_cpu * (cpu / station.most_cpu)
        score = y.clock[LEFT] * left + y.clock[DOT] * dot
        if score < least - 1e-12:
            best, least, among = at, score, many
        elif score <= least + 1e-12:
            # Reservoir sampling over ties, a group weighted by its number of machines.
            among += many
            if draw(y) * among < many:
                best = at
    return best


@kernel
def widest(y: Yard, s: int, models: int) -> int:
    """Return the servers of the largest machine of an admissible model, or 0."""
    most = 0
    for k in range(y.stations[s].first_kind, y.stations[s].first_kind + y.stations[s].kinds):
        if is_admissible(y, k, models):
            most = max(most, y.kinds[k].size)
    return most


@kernel
def has_enough_each(y: Yard, k: int, servers: int, cpu: int, memory: int) -> bool:
    """Return True if whole machines of kind `k` have at least the job's CPU and memory per server."""
    size = float(y.kinds[k].size)
    return cpu * size <= float(y.kinds[k].cpu) * servers and memory * size <= float(y.kinds[k].memory) * servers


@kernel
def find_machines(y: Yard, s: int, j: int) -> bool:
    """Find machines for job `j` and note them in its needs; return True if it fits. Nothing is allocated yet."""
    servers, need = y.jobs[j].servers, y.needs[j]
    need.kind, need.whole, need.lost, need.rest = NONE, 0, 0, NONE
    if servers <= widest(y, s, need.models):
        need.rest = find(y, s, NONE, 0, servers, need.cpu, need.memory, need.part, need.models)
        return bool(need.rest != NONE)
    # Larger than any machine: whole machines of one kind, and one more of that kind for the remainder.
    for k in range(y.stations[s].first_kind, y.stations[s].first_kind + y.stations[s].kinds):
        kind = y.kinds[k]
        whole, rest = servers // kind.size, servers % kind.size
        if kind.empty < whole or need.part != y.stations[s].grain or not is_admissible(y, k, need.models):
            continue
        if not has_enough_each(y, k, servers, need.cpu, need.memory):
            continue
        if rest > 0:
            cpu, memory = share_of(need.cpu, rest, servers), share_of(need.memory, rest, servers)
            need.rest = find(y, s, k, whole, rest, cpu, memory, need.part, need.models)
            if need.rest == NONE:
                continue
        need.kind, need.whole = k, whole
        return True
    return False


@kernel
def share_of(amount: int, part: int, whole: int) -> int:
    """Return the share of `amount` for `part` of `whole` servers, rounded up."""
    return math.ceil(amount * (part / whole) - 1e-9)


@kernel
def put_on_machines(y: Yard, s: int, j: int) -> bool:
    """Allocate machines to job `j` at station `s`; return True if it fits."""
    if not find_machines(y, s, j):
        return False
    need = y.needs[j]
    if need.rest < NONE:
        need.rest = empty_machine(y, -2 - need.rest)
    if need.rest != NONE and y.stations[s].grain > 1:
        rest = y.jobs[j].servers - (0 if need.kind == NONE else need.whole * y.kinds[need.kind].size)
        need.slots = slots_for(y, need.rest, rest, need.part, y.stations[s].grain)
    move_on(y, j, -1)
    return True


@kernel
def move_on(y: Yard, j: int, sign: int) -> None:
    """Allocate the machines noted for job `j` (sign −1) or release them (sign 1).

    The records of the machines are kept, so that the release can be reversed exactly.
    """
    if y.stations[y.jobs[j].station].kinds == 0:
        return
    need, servers = y.needs[j], y.jobs[j].servers
    rest, cpu, memory = servers, need.cpu, need.memory
    if need.kind != NONE:
        y.kinds[need.kind].empty += sign * (need.whole - need.lost)
        rest = servers - need.whole * y.kinds[need.kind].size
        cpu, memory = share_of(cpu, rest, servers), share_of(memory, rest, servers)
    m = need.rest
    if m == NONE:
        return
    y.machines[m].free += sign * rest
    y.machines[m].cpu += sign * cpu
    y.machines[m].memory += sign * memory
    if y.stations[y.jobs[j].station].grain > 1:
        for a in range(y.slots.shape[1]):
            if (need.slots >> a) & 1:
                y.slots[m, a] += sign * need.part
    relist(y, m)


@kernel
def leave_machines(y: Yard, j: int) -> None:
    """Release the machines of job `j` for good, and free the record of a machine that no other job uses."""
    move_on(y, j, 1)
    m = y.needs[j].rest
    if y.stations[y.jobs[j].station].kinds > 0 and m != NONE and y.machines[m].free == y.kinds[y.machines[m].kind].size:
        y.machines[m].after = y.counts[UNUSED]
        y.counts[UNUSED] = m


@kernel
def promised_time(y: Yard, s: int, j: int) -> tuple[float, int]:
    """Return the reservation of job `j`, the head of the line, and the servers that are then left over.

    Running jobs are released in the order of their estimated ends until the job fits, along with all others due by
    then. All allocations are restored afterwards.
    """
    promised, k, now = math.inf, y.stations[s].first, y.clock[NOW]
    last, left = NONE, y.stations[s].up - y.stations[s].busy - y.jobs[j].servers
    while k != NONE and max(y.jobs[k].due, now) <= promised:
        move_on(y, k, 1)
        left += y.jobs[k].servers
        last = k
        if promised == math.inf and find_machines(y, s, j):
            promised = max(y.jobs[k].due, now)
        k = y.jobs[k].after
    come_back(y, last)
    return promised, left


@kernel
def fits_by(y: Yard, s: int, j: int, time: float) -> bool:
    """Return True if job `j`, the head of the line, fits at `time` by the estimates of the running jobs."""
    k, last = y.stations[s].first, NONE
    while k != NONE and y.jobs[k].due <= time:
        move_on(y, k, 1)
        last = k
        k = y.jobs[k].after
    fits = find_machines(y, s, j)
    come_back(y, last)
    return fits


@kernel
def come_back(y: Yard, last: int) -> None:
    """Restore the allocations of the running jobs up to `last`, on the same machines."""
    while last != NONE:
        move_on(y, last, -1)
        last = y.jobs[last].before
