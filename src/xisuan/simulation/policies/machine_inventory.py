"""Inventory of the machines at each station, as records of the event core."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.core.machine_allocation import ALL_BITS
from xisuan.simulation.core.records import KIND, NONE
from xisuan.simulation.policies.bin_packing import PACKINGS, Machines, Packing

PLENTY = 2**53
"""CPU and memory of a machine without that entry: no limit."""

NO_MODEL, ELSEWHERE = ALL_BITS - 1, 1 << ALL_BITS
"""Bit number of machines without a model, and bit set of a request for models that no machine has."""


@dataclass(frozen=True)
class Floor:
    """Machines of each station (None: divisible servers) and their packing.

    `grain`: servers per accelerator. `seed`: of the random choices.
    """

    machines: Sequence[Machines | None]
    packing: Packing = PACKINGS["best"]
    grain: int = 1
    seed: int = 0

    @property
    def models(self) -> tuple[str, ...]:
        """Models of all machines in order; the position is the bit number."""
        return models_of(self.machines)


def models_of(of: Iterable[Machines | None] | None) -> tuple[str, ...]:
    """Return the distinct models in order. Raises ScenarioError for more of them than there are bits."""
    names = sorted({str(name) for machines in of or () if machines is not None for name in machines.model if name})
    if len(names) > NO_MODEL:
        raise ScenarioError(
            [Problem("too-many-models", table="machines", column="model", value=str(len(names)), most=NO_MODEL)]
        )
    return tuple(names)


def bits(asked: frozenset[str], models: Sequence[str]) -> int:
    """Return the admissible models of a job as a bit set; 0: any."""
    known = sum(1 << models.index(name) for name in asked if name in models)
    return known or (ELSEWHERE if asked else 0)


def kind_records(stations: NDArray[Any], floor: Floor | None) -> NDArray[Any]:
    """Return KIND records of the machines of all stations, empty and up; without records if no station has machines.

    The records in `stations` get their kinds and their number of servers. Raises ScenarioError for invalid machines.
    """
    stations["grain"], stations["most_size"], stations["most_cpu"] = 1, 1.0, 1.0
    stations["partial"] = NONE
    kinds = [np.zeros(0, KIND)]
    for s, machines in enumerate(() if floor is None else floor.machines):
        if floor is None or machines is None:
            continue
        found = _kinds(machines, floor, s)
        servers = sum(int(size) * int(count) for size, count in zip(found["size"], found["count"], strict=True))
        if servers > PLENTY:
            raise ScenarioError(
                [Problem("too-many-servers", table="machines", column="servers", value=f"{servers:,}", most=PLENTY)]
            )
        told = stations[s]
        told["kinds"], told["first_kind"] = len(found), sum(map(len, kinds))
        told["servers"] = told["up"] = servers
        told["grain"] = floor.grain
        told["most_size"], told["most_cpu"] = float(found["size"].max()), max(1.0, float(found["cpu"].max()))
        kinds.append(found)
    return np.concatenate(kinds)


def _kinds(machines: Machines, floor: Floor, s: int) -> NDArray[Any]:
    """Return KIND records of the machines of a station: identical machines form a kind."""
    models = floor.models
    rows = np.column_stack([
        machines.accelerators * floor.grain, machines.cpu, machines.memory,
        [models.index(name) if name else NO_MODEL for name in machines.model],
    ]).astype(np.int64)  # fmt: skip
    count = np.ones(len(rows), np.int64) if machines.count is None else machines.count
    some = (rows[:, 0] > 0) & (count > 0)
    alike, of = np.unique(rows[some], axis=0, return_inverse=True)
    if not len(alike):
        raise ScenarioError([Problem("machines-without-capacity", table="machines")])
    if floor.grain > 1 and (most := int(alike[:, 0].max()) // floor.grain) > ALL_BITS:
        raise ScenarioError(
            [Problem("too-many-accelerators", table="machines", column="accelerators", value=str(most), most=ALL_BITS)]
        )
    out = np.zeros(len(alike), KIND)
    out["station"] = s
    np.add.at(out["count"], of.ravel(), count[some])
    out["up"] = out["empty"] = out["count"]
    out["size"], out["cpu"], out["memory"], out["model"] = alike.T
    return out


def read_floor(text: str) -> Machines:
    """Return machines given as text, `16x8,4x4` (16 of 8 servers, 4 of 4), or as a CSV file.

    The file has a column `servers` or `gpu`, and optionally `count`, `cpu_milli`, `memory_mib` and `model`; a list of
    openb nodes has this format. Raises ScenarioError with line and column.
    """
    if not Path(text).is_file():
        return _read_text(text)
    try:
        frame = pd.read_csv(text)
    except (OSError, ValueError) as problem:
        raise ScenarioError([Problem("file-unreadable", table=text, fault=problem)]) from None
    frame = frame.rename(columns={"servers": "gpu"})
    if "gpu" not in frame:
        raise ScenarioError([Problem("trace-column-missing", table=text, row=1, column="servers")])
    columns = {name: _whole(frame, name, text) for name in ("gpu", "count", "cpu_milli", "memory_mib") if name in frame}
    count = columns.pop("count", np.ones(len(frame), np.int64))
    plenty = np.full(len(frame), PLENTY)
    model = frame["model"].fillna("").astype(str) if "model" in frame else np.full(len(frame), "", object)
    cpu, memory, servers = (columns.get(name, plenty) for name in ("cpu_milli", "memory_mib", "gpu"))
    return Machines(cpu, memory, servers, np.asarray(model, object), count)


def _whole(frame: pd.DataFrame, name: str, text: str) -> NDArray[np.int64]:
    """Return a column as whole numbers. Raises ScenarioError with the line of the first that is not."""
    values = pd.to_numeric(frame[name], errors="coerce")
    bad = np.flatnonzero(~((values >= 0) & (values <= PLENTY) & (values % 1 == 0)))
    if len(bad):
        shown = {"gpu": "servers"}.get(name, name)
        raise ScenarioError(
            [
                Problem(
                    "not-whole-nonnegative",
                    table=text,
                    row=bad[0] + 2,
                    column=shown,
                    value=str(frame[name].iloc[bad[0]]),
                )
            ]
        )
    return np.asarray(values, dtype=np.int64)


def _read_text(text: str) -> Machines:
    sizes, counts = [], []
    for part in text.split(","):
        count, by, size = part.strip().partition("x")
        known = by and all(n.isascii() and n.isdecimal() and len(n) <= LONGEST for n in (count, size))
        if not known or not (int(count) and int(size)):
            raise ScenarioError([Problem("machines-unreadable", column="machines", value=text, most=LONGEST)])
        sizes.append(int(size))
        counts.append(int(count))
    return uniform(np.array(sizes), np.array(counts))


LONGEST = 15
"""Most digits of a number of machines or of their servers."""


def uniform(sizes: NDArray[np.int64], counts: NDArray[np.int64]) -> Machines:
    """Return `counts` machines of each of `sizes` servers, without limits of CPU and memory."""
    plenty = np.full(len(sizes), PLENTY)
    return Machines(plenty, plenty, sizes, np.full(len(sizes), "", object), counts)
