"""Scenario folders written by hand for the tests of reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import load

SMALL = {
    "scenario.toml": 'name = "small"\nperiods = [2026]\n',
    "regions.csv": "region\neast\nwest\n",
    "sites.csv": "site,node\neast-1,east\nwest-1,west\n",
    "technologies.csv": "technology,class,capex_mcny_per_unit,life_years\nserver,general,1,5\n",
    "workloads.csv": "workload,class,latency_ms,gbps_per_unit\nweb,general,5,0.01\n",
    "demand.csv": "region,workload,period,units\neast,web,2026,100\nwest,web,2026,20\n",
    "links.csv": "link,from,to,length_km,capacity_gbps\neast-west,east,west,1000,10\n",
}
"""A scenario without problems, in seven files."""


def made(folder: Path, **changes: str | bytes | None) -> Path:
    """The small scenario in `folder`, files changed or (None) left out; `links_csv` stands for links.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | bytes | None] = dict(SMALL)
    for name, content in changes.items():
        stem, _, suffix = name.rpartition("_")
        files[f"{stem}.{suffix}"] = content
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems(folder: Path) -> list[Problem]:
    """All problems of a folder, warnings included."""
    return list(load.examine(folder)[1])


def told(problem: Problem) -> str:
    """A problem by place, value and code: `links.csv, row 2, length_km: -3 · value-below-minimum`."""
    place = ", ".join(part for part in (problem.table, problem.row, problem.column) if part)
    value = f": {problem.value}" if problem.value else ""
    return f"{place}{value} · {problem.code}"


def errors(folder: Path) -> list[str]:
    """Errors by place, value and code."""
    return [told(problem) for problem in problems(folder) if problem.level == "error"]


def warnings(folder: Path) -> list[str]:
    """Warnings by place, value and code."""
    return [told(problem) for problem in problems(folder) if problem.level == "warning"]


def by(*codes: str) -> Callable[[ScenarioError], bool]:
    """A check of `pytest.raises`: the error has problems of these codes, in this order."""
    return lambda error: [problem.code for problem in error.problems] == list(codes)
