"""Alibaba's openb traces as machines and tasks, and the inflation of a workload for comparing packing policies.

Source: Weng et al., Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation Gradient Descent,
USENIX ATC 2023.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from xisuan.errors import Problem, ScenarioError
from xisuan.simulation.policies.bin_packing import WHOLE, Machines, Task


def read_machines(path: str | Path) -> Machines:
    """Return the nodes with accelerators in a node list. Raises ScenarioError for an invalid file."""
    frame = _read(path, ("cpu_milli", "memory_mib", "gpu", "model"))
    frame = frame[frame["gpu"] > 0]
    cpu, memory, count = (frame[name].to_numpy(dtype=np.int64) for name in ("cpu_milli", "memory_mib", "gpu"))
    return Machines(cpu, memory, count, frame["model"].fillna("").to_numpy(dtype=object))


def read_tasks(path: str | Path) -> list[Task]:
    """Return the pods of a pod list in order, as tasks without an end. Raises ScenarioError for an invalid file."""
    columns = ("cpu_milli", "memory_mib", "num_gpu", "gpu_milli", "gpu_spec")
    frame = _read(path, columns)
    return [
        Task(int(cpu), int(memory), int(count), int(part) if count == 1 else WHOLE, _models(models))
        for cpu, memory, count, part, models in zip(*(frame[name] for name in columns), strict=True)
    ]


def _models(value: object) -> frozenset[str]:
    return frozenset(value.split("|")) if isinstance(value, str) and value else frozenset()


def _read(path: str | Path, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as problem:
        raise ScenarioError([Problem("file-unreadable", table=str(path), fault=problem)]) from None
    problems = [
        Problem("trace-column-missing", table=str(path), row=1, column=name) for name in columns if name not in frame
    ]
    if not problems:
        for name in columns[:3] + (("gpu_milli",) if "gpu_milli" in columns else ()):
            values = pd.to_numeric(frame[name], errors="coerce")
            bad = np.flatnonzero(~((values >= 0) & (values < 2**53) & (values % 1 == 0)))
            problems += [
                Problem("not-whole-nonnegative", table=str(path), row=row + 2, column=name, value=str(frame[name][row]))
                for row in bad[:1]
            ]
    if problems:
        raise ScenarioError(problems)
    return frame


def inflate(tasks: list[Task], asked: float, *, seed: int) -> list[Task]:
    """Return all `tasks` and random copies of them, shuffled, which together request `asked` or more.

    `asked`: thousandths of accelerators. Raises ValueError if no task requests any.
    """
    total = sum(task.asked for task in tasks)
    if not total:
        raise ValueError("No task requests accelerators.")
    rng = np.random.default_rng(seed)
    out = list(tasks)
    while total < asked:
        out.append(tasks[int(rng.integers(len(tasks)))])
        total += out[-1].asked
    return [out[at] for at in rng.permutation(len(out))]
