"""Packing of tasks on machines (multidimensional bin packing).

A machine has CPU, memory and accelerators. A task takes a fraction of one accelerator or several whole ones, on one
machine, possibly of given models. A task that fits on no machine when it arrives is rejected.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.policies import user_defined
from xisuan.text.translation import message as _

Array = NDArray[np.float64]
WHOLE = 1000
"""Thousandths of an accelerator."""


@dataclass(frozen=True)
class Machines:
    """Machines: CPU (thousandths), memory (MiB), accelerators and their model.

    `count`: number of machines per entry; one each if None.
    """

    cpu: NDArray[np.int64]
    memory: NDArray[np.int64]
    accelerators: NDArray[np.int64]
    model: NDArray[np.object_]
    count: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.cpu) if self.count is None else int(self.count.sum())

    @property
    def each(self) -> Machines:
        """Return the machines with one entry each."""
        if self.count is None:
            return self
        at = np.repeat(np.arange(len(self.cpu)), self.count)
        return Machines(self.cpu[at], self.memory[at], self.accelerators[at], self.model[at])

    @property
    def capacity(self) -> int:
        """Capacity of all machines in thousandths of an accelerator."""
        return self.servers(WHOLE)

    def servers(self, grain: int) -> int:
        """Return the servers of all machines, with `grain` servers per accelerator."""
        count = np.ones(len(self.cpu), np.int64) if self.count is None else self.count
        return sum(int(each) * int(many) for each, many in zip(self.accelerators, count, strict=True)) * grain


@dataclass(frozen=True, slots=True)
class Task:
    """Request of a task from `arrival_s` on for `run_s` seconds (inf: for good).

    `cpu` in thousandths, `memory` in MiB, `part` in thousandths of each of `accelerators`. `models`: admissible ones,
    empty for all.
    """

    cpu: int
    memory: int
    accelerators: int = 0
    part: int = WHOLE
    models: frozenset[str] = frozenset()
    arrival_s: float = 0.0
    run_s: float = math.inf

    @property
    def asked(self) -> int:
        """Requested thousandths of an accelerator."""
        return self.accelerators * (self.part if self.accelerators == 1 else WHOLE)


@dataclass
class FreeResources:
    """Free resources of the machines.

    `parts`: free thousandths of each accelerator, shape (machines, most accelerators); −1 beyond a machine's number.
    """

    machines: Machines
    cpu: NDArray[np.int64] = field(init=False)
    memory: NDArray[np.int64] = field(init=False)
    parts: NDArray[np.int64] = field(init=False)
    total: NDArray[np.int64] = field(init=False)
    """Free thousandths of an accelerator on each machine."""

    def __post_init__(self) -> None:
        of = self.machines
        self.cpu, self.memory = of.cpu.copy(), of.memory.copy()
        slots = np.arange(max(1, int(of.accelerators.max(initial=0))))
        self.parts = np.where(slots < of.accelerators[:, None], WHOLE, -1)
        self.total = of.accelerators * WHOLE

    def fits(self, task: Task) -> NDArray[np.bool_]:
        """Return True for each machine on which the task fits. Shape (machines,)."""
        free = (self.cpu >= task.cpu) & (self.memory >= task.memory)
        if task.accelerators == 1:
            free &= self.parts.max(axis=1) >= task.part
        elif task.accelerators > 1:
            free &= (self.parts == WHOLE).sum(axis=1) >= task.accelerators
        if task.models:
            free &= np.isin(self.machines.model, list(task.models))
        return free

    def take(self, task: Task, machine: int, slots: Sequence[int]) -> None:
        """Allocate the task on a machine."""
        self._change(task, machine, slots, -1)

    def give_back(self, task: Task, machine: int, slots: Sequence[int]) -> None:
        """Release the task, which has ended."""
        self._change(task, machine, slots, 1)

    def _change(self, task: Task, machine: int, slots: Sequence[int], sign: int) -> None:
        self.cpu[machine] += sign * task.cpu
        self.memory[machine] += sign * task.memory
        part = task.part if task.accelerators == 1 else WHOLE
        for slot in slots:
            self.parts[machine, slot] += sign * part
        self.total[machine] += sign * task.asked


@runtime_checkable
class Packing(Protocol):
    """Packing policy: a task goes on the machine of the least score among those where it fits, ties at random."""

    @property
    def name(self) -> str:
        """Name of the policy."""
        ...

    @property
    def any_slot(self) -> bool:
        """True if a fraction is taken from any accelerator with room, rather than from the fullest."""
        ...

    @property
    def weights(self) -> tuple[float, float]:
        """Score weights in the event core: of resources left over, and of the product of free and requested ones."""
        ...

    def scores(self, task: Task, room: FreeResources) -> Array:
        """Return the score of each machine. Shape (machines,)."""
        ...


@dataclass(frozen=True, slots=True)
class RandomFit:
    """Random fit: any machine with room."""

    name: str = "random"
    any_slot: bool = True
    weights: tuple[float, float] = (0.0, 0.0)

    def scores(self, _task: Task, room: FreeResources) -> Array:
        """Return equal scores."""
        return np.zeros(len(room.cpu))


@dataclass(frozen=True, slots=True)
class BestFit:
    """Best fit: the least resources left over, CPU and accelerators each normalised by the largest machine."""

    name: str = "best"
    any_slot: bool = False
    weights: tuple[float, float] = (1.0, 0.0)

    def scores(self, task: Task, room: FreeResources) -> Array:
        """Return the sum of normalised CPU and accelerators left over."""
        cpu, accelerators = _largest(room)
        return np.asarray((room.cpu - task.cpu) / cpu + (room.total - task.asked) / accelerators)


@dataclass(frozen=True, slots=True)
class DotProduct:
    """Least dot product of free and requested CPU and accelerators."""

    name: str = "dot"
    any_slot: bool = False
    weights: tuple[float, float] = (0.0, 1.0)

    def scores(self, task: Task, room: FreeResources) -> Array:
        """Return the dot product of the resources, each normalised by the largest machine."""
        cpu, accelerators = _largest(room)
        return np.asarray(room.cpu / cpu * (task.cpu / cpu) + room.total / accelerators * (task.asked / accelerators))


def _largest(room: FreeResources) -> tuple[float, float]:
    of = room.machines
    return max(1.0, float(of.cpu.max())), max(1.0, float(of.accelerators.max()) * WHOLE)


PACKINGS: dict[str, Packing] = {packing.name: packing for packing in (RandomFit(), BestFit(), DotProduct())}
"""Policies of this module by name."""


def packing(choice: str | Packing) -> Packing:
    """Return the policy of that name or of FILE.py:NAME, or the object given. Raises ScenarioError if it is unknown."""
    if not isinstance(choice, str):
        return choice
    return user_defined.member("packing", choice, PACKINGS, Packing)  # type: ignore[type-abstract]


@dataclass(frozen=True)
class Packed:
    """Result of a packing: the machine of each task, −1 if it was rejected.

    `asked`, `allocated`: thousandths of an accelerator after each arrival, requested in total and in use.
    """

    machine: NDArray[np.int64]
    asked: NDArray[np.int64]
    allocated: NDArray[np.int64]
    capacity: int

    def share_at(self, arrived: float) -> float:
        """Return the share of accelerators in use when the total requested is `arrived` times the capacity."""
        at = min(int(np.searchsorted(self.asked, arrived * self.capacity)), len(self.asked) - 1)
        return float(self.allocated[at] / self.capacity)


def pack(tasks: Sequence[Task], machines: Machines, choice: str | Packing = "best", *, seed: int = 0) -> Packed:
    """Pack tasks on machines in order of arrival; a task of finite length is released at its end.

    Raises ScenarioError if there are no machines or the tasks are not sorted by arrival.
    """
    if not len(machines):
        raise ScenarioError([Problem("no-machines", table="machines")])
    machines = machines.each
    by, room, rng = packing(choice), FreeResources(machines), np.random.default_rng(seed)
    ends: list[tuple[float, int, int, list[int]]] = []
    where, asked, used = np.full(len(tasks), -1), np.zeros(len(tasks), np.int64), np.zeros(len(tasks), np.int64)
    in_use = arrived = 0
    for at, task in enumerate(tasks):
        if at and not task.arrival_s >= tasks[at - 1].arrival_s:
            raise ScenarioError(
                [
                    Problem(
                        "tasks-not-sorted",
                        table="tasks",
                        row=_("task {number}", number=at + 1),
                        column="arrival",
                        value=str(task.arrival_s),
                    )
                ]
            )
        while ends and ends[0][0] <= task.arrival_s:
            _rank, ended, machine, slots = heapq.heappop(ends)
            room.give_back(tasks[ended], machine, slots)
            in_use -= tasks[ended].asked
        arrived += task.asked
        fits = room.fits(task)
        if fits.any():
            machine = _least(by.scores(task, room), fits, rng)
            slots = _slots(task, room, machine, by.any_slot, rng)
            room.take(task, machine, slots)
            in_use += task.asked
            where[at] = machine
            if math.isfinite(task.run_s):
                heapq.heappush(ends, (task.arrival_s + task.run_s, at, machine, slots))
        asked[at], used[at] = arrived, in_use
    return Packed(where, asked, used, machines.capacity)


def _least(scores: Array, fits: NDArray[np.bool_], rng: np.random.Generator) -> int:
    candidates = np.flatnonzero(fits)
    least = scores[candidates]
    best = candidates[least <= least.min()]
    return int(best[rng.integers(len(best))]) if len(best) > 1 else int(best[0])


def _slots(task: Task, room: FreeResources, machine: int, any_slot: bool, rng: np.random.Generator) -> list[int]:
    """Return the accelerators of the machine that the task takes."""
    free = room.parts[machine]
    if task.accelerators == 1:
        able = np.flatnonzero(free >= task.part)
        return [int(rng.choice(able)) if any_slot else int(able[np.argmin(free[able])])]
    return np.flatnonzero(free == WHOLE)[: task.accelerators].tolist() if task.accelerators else []
