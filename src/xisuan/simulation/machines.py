"""Machines that have sizes: on which of them a job runs. A station without any divides its servers at will.

A job that a machine can hold runs on one machine. A larger one takes whole machines of one kind, and what is left of it
goes on another of them. Where it goes is scored: `left` × what is left over + `dot` × (what is free · what is asked), the
least first, ties by chance. Empty machines of a kind are alike, so one of them is looked at; the others one by one.
"""

from __future__ import annotations

import math

import numpy as np

from xisuan.simulation.compiled import rare
from xisuan.simulation.layout import DOT, DREW, LEFT, NONE, NOW, Yard

NOWHERE, EMPTY, PARTIAL = 0, 1, 2
"""On which list of its station a machine is: none (full, or down), of empty ones, of those with something free."""

ALL_BITS = 62
"""Accelerators of a machine, where jobs take parts of them, and models of machines: bits of a number."""

TRIES, PROOF = 1000, 10
"""Jobs that are tried to pass the first at an instant, in the order of the line, and for how many of them one counts that
would still run when the first is to start: all that end before have to leave their machines for the answer.
"""


@rare
def draw(y: Yard) -> float:
    """A number by chance in [0, 1). Source: Steele, Lea, Flood, OOPSLA 2014 (SplitMix64)."""
    y.counts[DREW] += 1
    z = np.uint64(y.counts[DREW]) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) / 9007199254740992.0


@rare
def relist(y: Yard, m: int) -> None:
    """Put machine `m` on the list where it now belongs."""
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
    if machine.on != NOWHERE:
        if machine.on == EMPTY:
            kind.empty -= 1
            last = kind.first + kind.empty
        else:
            station.partial -= 1
            last = station.first_machine + station.partial
        other = y.lists[machine.on - 1, last]
        y.lists[machine.on - 1, machine.place] = other
        y.machines[other].place = machine.place
    machine.on = then
    if then != NOWHERE:
        if then == EMPTY:
            at = kind.first + kind.empty
            kind.empty += 1
        else:
            at = station.first_machine + station.partial
            station.partial += 1
        y.lists[then - 1, at] = m
        machine.place = at


@rare
def slots_for(y: Yard, m: int, servers: int, part: int, grain: int) -> int:
    """Accelerators of machine `m` that would be taken, as bits; 0 where there are too few with room. A part is taken of
    the fullest with room, or where chance decides all else by chance too.
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
                if draw(y) * seen < 1.0:
                    best = a
            elif free < least:
                best, least = a, free
    if part == grain:
        return bits if wanted == 0 else 0
    return 0 if best == NONE else 1 << best


@rare
def holds(y: Yard, m: int, servers: int, cpu: int, memory: int, part: int) -> bool:
    """Whether machine `m` has room for so much."""
    machine = y.machines[m]
    kind = y.kinds[machine.kind]
    if machine.free < servers or machine.cpu < cpu or machine.memory < memory:
        return False
    grain = y.stations[kind.station].grain
    return grain == 1 or slots_for(y, m, servers, part, grain) != 0


@rare
def suits(y: Yard, k: int, models: int) -> bool:
    """Whether a job may run on machines of kind `k`."""
    return models == 0 or (models >> y.kinds[k].model) & 1 == 1


@rare
def find(y: Yard, s: int, only: int, kept: int, servers: int, cpu: int, memory: int, part: int, models: int) -> int:
    """The machine with room that has the least score; NONE if there is none. `only` one kind, unless NONE, of which
    `kept` empty machines are spoken for.
    """
    station = y.stations[s]
    best, least, among = NONE, math.inf, 0.0
    for at in range(station.partial + station.kinds):
        many = 1.0
        if at < station.partial:
            m = y.lists[PARTIAL - 1, station.first_machine + at]
        else:
            k = station.first_kind + at - station.partial
            many = float(y.kinds[k].empty - (kept if k == only else 0))
            if many < 1.0:
                continue
            m = y.lists[EMPTY - 1, y.kinds[k].first]
        machine = y.machines[m]
        if only not in (NONE, machine.kind) or not suits(y, machine.kind, models):
            continue
        if not holds(y, m, servers, cpu, memory, part):
            continue
        free, idle = float(machine.free), float(machine.cpu)
        left = (free - servers) / station.most_size + (idle - cpu) / station.most_cpu
        dot = free / station.most_size * (servers / station.most_size)
        dot += idle / station.most_cpu * (cpu / station.most_cpu)
        score = y.clock[LEFT] * left + y.clock[DOT] * dot
        if score < least - 1e-12:
            best, least, among = m, score, many
        elif score <= least + 1e-12:
            among += many
            if draw(y) * among < many:
                best = m
    return best


@rare
def widest(y: Yard, s: int, models: int) -> int:
    """Servers of the largest machine that a job may run on; 0 where there is none."""
    most = 0
    for k in range(y.stations[s].first_kind, y.stations[s].first_kind + y.stations[s].kinds):
        if suits(y, k, models):
            most = max(most, y.kinds[k].size)
    return most


@rare
def find_able(y: Yard, s: int, j: int) -> bool:
    """Whether station `s`, all of it empty and up, could run the job."""
    servers, need = y.jobs[j].servers, y.needs[j]
    most, grain = widest(y, s, need.models), y.stations[s].grain
    for k in range(y.stations[s].first_kind, y.stations[s].first_kind + y.stations[s].kinds):
        kind = y.kinds[k]
        if not suits(y, k, need.models):
            continue
        one = servers <= most and servers <= kind.size and need.cpu <= kind.cpu and need.memory <= kind.memory
        many = servers > most and need.part == grain and -(-servers // kind.size) <= kind.count
        if one or (many and spreads(y, k, servers, need.cpu, need.memory)):
            return True
    return False


@rare
def spreads(y: Yard, k: int, servers: int, cpu: int, memory: int) -> bool:
    """Whether whole machines of kind `k` have the CPU and memory of so many servers of a job."""
    size = float(y.kinds[k].size)
    return cpu * size <= float(y.kinds[k].cpu) * servers and memory * size <= float(y.kinds[k].memory) * servers


@rare
def seat(y: Yard, s: int, j: int) -> bool:
    """Find machines for a job and note them; whether there are any. Nothing is taken yet."""
    servers, need = y.jobs[j].servers, y.needs[j]
    need.held, need.whole, need.rest = NONE, 0, NONE
    if servers <= widest(y, s, need.models):
        need.rest = find(y, s, NONE, 0, servers, need.cpu, need.memory, need.part, need.models)
        return bool(need.rest != NONE)
    for k in range(y.stations[s].first_kind, y.stations[s].first_kind + y.stations[s].kinds):
        kind = y.kinds[k]
        whole, rest = servers // kind.size, servers % kind.size
        if kind.empty < whole or need.part != y.stations[s].grain or not suits(y, k, need.models):
            continue
        if not spreads(y, k, servers, need.cpu, need.memory):
            continue
        if rest > 0:
            cpu, memory = share_of(need.cpu, rest, servers), share_of(need.memory, rest, servers)
            need.rest = find(y, s, k, whole, rest, cpu, memory, need.part, need.models)
            if need.rest == NONE:
                continue
        need.held, need.whole = k, whole
        return True
    return False


@rare
def share_of(amount: int, part: int, whole: int) -> int:
    """What `part` of `whole` servers takes of an amount, rounded up."""
    return math.ceil(amount * (part / whole) - 1e-9)


@rare
def put_on_machines(y: Yard, s: int, j: int) -> bool:
    """Put a job on machines; whether it found room."""
    if not seat(y, s, j):
        return False
    need = y.needs[j]
    first, k = NONE, need.held
    if need.rest != NONE and y.stations[s].grain > 1:
        rest = y.jobs[j].servers - (0 if k == NONE else need.whole * y.kinds[k].size)
        need.slots = slots_for(y, need.rest, rest, need.part, y.stations[s].grain)
    for _ in range(need.whole):  # from the end of the list: an empty machine for the rest is the first of it
        m = y.lists[EMPTY - 1, y.kinds[k].first + y.kinds[k].empty - 1]
        y.machines[m].free = y.machines[m].cpu = y.machines[m].memory = 0
        if y.stations[s].grain > 1:
            for a in range(y.slots.shape[1]):
                y.slots[m, a] = min(y.slots[m, a], 0)
        y.machines[m].next = first
        first = m
        relist(y, m)
    need.held = first
    change_rest(y, j, -1)
    return True


@rare
def change_rest(y: Yard, j: int, sign: int) -> None:
    """What a job has on a machine that others may be on as well is taken (sign −1) or given back (1)."""
    need, servers = y.needs[j], y.jobs[j].servers
    m = need.rest
    if m == NONE:
        return
    rest, cpu, memory = servers, need.cpu, need.memory
    if need.held != NONE:
        rest = servers - need.whole * y.kinds[y.machines[need.held].kind].size
        cpu, memory = share_of(cpu, rest, servers), share_of(memory, rest, servers)
    y.machines[m].free += sign * rest
    y.machines[m].cpu += sign * cpu
    y.machines[m].memory += sign * memory
    if y.stations[y.jobs[j].station].grain > 1:
        for a in range(y.slots.shape[1]):
            if (need.slots >> a) & 1:
                y.slots[m, a] += sign * need.part
    relist(y, m)


@rare
def give_machines_back(y: Yard, j: int, sign: int) -> None:
    """A job leaves its machines (sign 1), or is back on the very same ones (−1), which nobody has taken meanwhile."""
    if y.stations[y.jobs[j].station].machines == 0:
        return
    m = y.needs[j].held
    while m != NONE:
        kind = y.kinds[y.machines[m].kind]
        back = sign > 0
        y.machines[m].free = kind.size if back else 0
        y.machines[m].cpu = kind.cpu if back else 0
        y.machines[m].memory = kind.memory if back else 0
        grain = y.stations[kind.station].grain
        if grain > 1:
            for a in range(y.slots.shape[1]):
                if y.slots[m, a] >= 0:
                    y.slots[m, a] = grain if back else 0
        relist(y, m)
        m = y.machines[m].next
    change_rest(y, j, sign)


@rare
def promised_time(y: Yard, s: int, j: int) -> tuple[float, int]:
    """When job `j`, first in line, fits by the estimates of those that run, and how many servers are then left beside it:
    they leave one by one until it does, all that are due by then leave, and all come back.
    """
    promised, k, now = math.inf, y.stations[s].first, y.clock[NOW]
    last, left = NONE, y.stations[s].up - y.stations[s].busy - y.jobs[j].servers
    while k != NONE and max(y.jobs[k].due, now) <= promised:
        give_machines_back(y, k, 1)
        left += y.jobs[k].servers
        last = k
        if promised == math.inf and seat(y, s, j):
            promised = max(y.jobs[k].due, now)
        k = y.jobs[k].after
    come_back(y, last)
    return promised, left


@rare
def fits_by(y: Yard, s: int, j: int, time: float) -> bool:
    """Whether job `j`, first in line, fits at `time`, by the estimates of those that run."""
    k, last = y.stations[s].first, NONE
    while k != NONE and y.jobs[k].due <= time:
        give_machines_back(y, k, 1)
        last = k
        k = y.jobs[k].after
    fits = seat(y, s, j)
    come_back(y, last)
    return fits


@rare
def come_back(y: Yard, last: int) -> None:
    """Running jobs that left their machines, up to `last`, are on the very same ones again."""
    while last != NONE:
        give_machines_back(y, last, -1)
        last = y.jobs[last].before


@rare
def take_machines_down(y: Yard, s: int, f: int) -> int:
    """Machines of station `s` go down, as many as hold the servers of failure `f`, from where its draw says; how many
    servers that is. Jobs on them are still there.
    """
    station, failure = y.stations[s], y.failures[f]
    ups = 0
    for m in range(station.first_machine, station.first_machine + station.machines):
        ups += y.machines[m].up
    skip, taken = min(ups - 1, int(failure.draw * ups)), 0
    for turn in range(2):
        for m in range(station.first_machine, station.first_machine + station.machines):
            if not y.machines[m].up or taken >= failure.amount:
                continue
            if turn == 0 and skip > 0:
                skip -= 1
                continue
            y.machines[m].up = 0
            y.machines[m].failure = f
            taken += y.kinds[y.machines[m].kind].size
            relist(y, m)
    return taken


@rare
def mend_machines(y: Yard, s: int, f: int) -> None:
    """The machines that failure `f` took are up again."""
    station = y.stations[s]
    for m in range(station.first_machine, station.first_machine + station.machines):
        if not y.machines[m].up and y.machines[m].failure == f:
            y.machines[m].up = 1
            relist(y, m)


@rare
def on_a_broken_one(y: Yard, j: int) -> bool:
    """Whether a job is on a machine that is down."""
    need = y.needs[j]
    down = need.rest != NONE and y.machines[need.rest].up == 0
    m = need.held
    while m != NONE and not down:
        down = y.machines[m].up == 0
        m = y.machines[m].next
    return bool(down)


@rare
def begin_again(y: Yard, j: int, at: int) -> None:
    """A job has come: what arrival `at` asks for is what its slot needs."""
    y.needs[j] = y.asks[at]
