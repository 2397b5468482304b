"""The floor: which machines stand at a station, as the records of the event core."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.layout import KIND, MACHINE, NONE
from xisuan.simulation.machines import ALL_BITS
from xisuan.simulation.packing import PACKINGS, Machines, Packing

PLENTY = 2**53
"""CPU and memory of a machine that says nothing of them."""

ELSEWHERE = 1 << ALL_BITS
"""Bit of a model that no machine is of."""


@dataclass(frozen=True)
class Floor:
    """Machines of each station (None: its servers are divided at will), and how they are filled.

    `grain`: servers that an accelerator counts for; `seed` decides what is decided by chance.
    """

    machines: Sequence[Machines | None]
    packing: Packing = PACKINGS["best"]
    grain: int = 1
    seed: int = 0

    @property
    def models(self) -> tuple[str, ...]:
        """Of all machines, in order: the bits of what a job asks for."""
        return models_of(self.machines)


def models_of(of: Iterable[Machines | None] | None) -> tuple[str, ...]:
    """The models that there are, each once, in order."""
    names = sorted({str(name) for machines in of or () if machines is not None for name in machines.model if name})
    if len(names) > ALL_BITS:
        raise ScenarioError([Problem("machines", "", "model", str(len(names)), f"give {ALL_BITS} models at most")])
    return tuple(names)


def bits(asked: frozenset[str], models: Sequence[str]) -> int:
    """The models that a job may run on, as bits; 0: any."""
    known = sum(1 << models.index(name) for name in asked if name in models)
    return known or (ELSEWHERE if asked else 0)


@dataclass(frozen=True)
class Laid:
    """Records of the machines, their kinds, their lists and their accelerators."""

    machines: NDArray[Any]
    kinds: NDArray[Any]
    lists: NDArray[np.int64]
    slots: NDArray[np.int64]


def lay(stations: NDArray[Any], floor: Floor | None) -> Laid:
    """The machines of all stations, empty and up; the stations are told of theirs, and have as many servers as those.

    Raises ScenarioError where a machine cannot be.
    """
    stations["grain"], stations["most_size"], stations["most_cpu"] = 1, 1.0, 1.0
    if floor is None or all(machines is None for machines in floor.machines):
        return Laid(np.zeros(0, MACHINE), np.zeros(0, KIND), np.zeros((2, 0), np.int64), np.zeros((0, 1), np.int64))
    kinds: list[NDArray[Any]] = []
    at = 0
    for s, machines in enumerate(floor.machines):
        if machines is None:
            continue
        found = _kinds(machines, floor, s, at)
        stations[s] = _told(stations[s], machines, found, floor.grain, at, sum(len(k) for k in kinds))
        at += int(found["count"].sum())
        kinds.append(found)
    every = np.concatenate(kinds)
    of = np.repeat(np.arange(len(every)), every["count"])
    records = np.zeros(len(of), MACHINE)
    records["kind"], records["up"], records["failure"], records["next"] = of, 1, NONE, NONE
    records["free"], records["cpu"], records["memory"] = (every[name][of] for name in ("size", "cpu", "memory"))
    records["on"], records["place"] = 1, np.arange(len(of))
    every["empty"] = every["count"]
    lists = np.stack([np.arange(len(of)), np.full(len(of), NONE)])
    return Laid(records, every, lists, _slots(every["size"][of] // floor.grain, floor.grain))


def _told(station: Any, machines: Machines, kinds: NDArray[Any], grain: int, first: int, kind: int) -> Any:
    """The station with its machines."""
    told = station.copy()
    told["machines"], told["first_machine"] = int(kinds["count"].sum()), first
    told["kinds"], told["first_kind"] = len(kinds), kind
    told["servers"] = told["up"] = machines.servers(grain)
    told["grain"] = grain
    told["most_size"] = float(kinds["size"].max())
    told["most_cpu"] = max(1.0, float(kinds["cpu"].max()))
    return told


def _kinds(machines: Machines, floor: Floor, s: int, first: int) -> NDArray[Any]:
    """KIND records of the machines of a station: those alike in all, together."""
    models = floor.models
    rows = np.column_stack([
        machines.accelerators * floor.grain, machines.cpu, machines.memory,
        [models.index(name) if name else ALL_BITS - 1 for name in machines.model],
    ]).astype(np.int64)  # fmt: skip
    alike, count = np.unique(rows[rows[:, 0] > 0], axis=0, return_counts=True)
    if not len(alike):
        raise ScenarioError([Problem("machines", "", "", "", "none of them has an accelerator or a server")])
    out = np.zeros(len(alike), KIND)
    out["station"], out["count"] = s, count
    out["first"] = first + np.cumsum(count) - count
    out["size"], out["cpu"], out["memory"], out["model"] = alike.T
    return out


def _slots(accelerators: NDArray[np.int64], grain: int) -> NDArray[np.int64]:
    """What is free of each accelerator, where jobs take parts of them."""
    if grain == 1:
        return np.zeros((len(accelerators), 1), np.int64)
    most = int(accelerators.max(initial=1))
    if most > ALL_BITS:
        raise ScenarioError([Problem("machines", "", "accelerators", str(most), f"give {ALL_BITS} a machine at most")])
    return np.where(np.arange(most) < accelerators[:, None], grain, NONE)


def read_floor(text: str) -> Machines:
    """Machines as words, `16x8,4x4` (sixteen of eight servers, four of four), or as a CSV file of them.

    The file has a column `servers` or `gpu`, and if wanted `count`, `cpu_milli`, `memory_mib` and `model`; a list of openb
    nodes is one. Raises ScenarioError with line and column.
    """
    if not Path(text).is_file():
        return _worded(text)
    try:
        frame = pd.read_csv(text)
    except (OSError, ValueError) as problem:
        raise ScenarioError([Problem(text, "", "", "", f"cannot be read: {problem}")]) from None
    frame = frame.rename(columns={"servers": "gpu"})
    if "gpu" not in frame:
        raise ScenarioError([Problem(text, "line 1", "servers", "", "this column is missing")])
    columns = {name: _whole(frame, name, text) for name in ("gpu", "count", "cpu_milli", "memory_mib") if name in frame}
    count = columns.pop("count", np.ones(len(frame), np.int64))
    plenty = np.full(len(frame), PLENTY)
    model = frame["model"].fillna("").astype(str) if "model" in frame else np.full(len(frame), "", object)
    cpu, memory, servers = (columns.get(name, plenty) for name in ("cpu_milli", "memory_mib", "gpu"))
    named = np.repeat(np.asarray(model, object), count)
    return Machines(np.repeat(cpu, count), np.repeat(memory, count), np.repeat(servers, count), named)


def _whole(frame: pd.DataFrame, name: str, text: str) -> NDArray[np.int64]:
    """A column of whole numbers."""
    values = pd.to_numeric(frame[name], errors="coerce")
    bad = np.flatnonzero(~((values >= 0) & (values <= PLENTY) & (values % 1 == 0)))
    if len(bad):
        shown = {"gpu": "servers"}.get(name, name)
        what = "give a whole number, 0 or more"
        raise ScenarioError([Problem(text, f"line {bad[0] + 2}", shown, str(frame[name].iloc[bad[0]]), what)])
    return np.asarray(values, dtype=np.int64)


MOST = 10_000_000
"""Machines of one simulation: more is a mistake."""


def _worded(text: str) -> Machines:
    what = "give machines as COUNTxSERVERS, such as 16x8 or 16x8,4x4, or a CSV file of them"
    sizes: list[int] = []
    for part in text.split(","):
        count, by, size = part.strip().partition("x")
        if not (by and count.isdecimal() and size.isdecimal()) or not (
            0 < int(count) <= MOST and 0 < int(size) < 2**40
        ):
            raise ScenarioError([Problem("", "", "machines", text, what)])
        sizes += [int(size)] * int(count)
    return uniform(np.array(sizes))


def uniform(sizes: NDArray[np.int64]) -> Machines:
    """Machines of so many servers, CPU and memory being no limit."""
    count = len(sizes)
    return Machines(np.full(count, PLENTY), np.full(count, PLENTY), sizes, np.full(count, "", object))
