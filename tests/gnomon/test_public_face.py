"""The public face of the engine: its names, the arguments of its calls, and that importing it loads no solver."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gnomon
import gnomon.linopy

NAMES = {
    "Block", "GnomonError", "InfeasibleError", "Model", "OptionError", "Options", "Progress", "Solution", "SolverError",
    "UnboundedError", "__version__", "column_values", "reduced_costs", "row_duals", "solve",
}  # fmt: skip
"""A name leaves this list only with a major version."""
OF_LINOPY = {"Report", "UnsupportedModelError", "describe", "run", "solve"}
OPTIONS = {
    "solver", "gap", "threads", "time_limit", "line", "workers", "recruit", "kept", "lasting", "scratch", "confirm",
}  # fmt: skip
SOLUTION = {"x", "row_dual", "objective", "bound", "solver", "iterations", "seconds", "log", "gap", "short"}
PAGES = Path(__file__).parents[2] / "docs" / "gnomon"


def test_the_names_are_these() -> None:
    assert set(gnomon.__all__) == NAMES
    assert set(gnomon.linopy.__all__) == OF_LINOPY
    assert {field.name for field in dataclasses.fields(gnomon.Options)} >= OPTIONS
    assert set(dir(gnomon.Solution)) >= SOLUTION


@pytest.mark.parametrize("name", sorted(NAMES - {"__version__"}))
def test_every_name_is_explained_and_on_the_page(name: str) -> None:
    assert getattr(gnomon, name).__doc__
    assert f"`{name}" in (PAGES / "interface.md").read_text(encoding="utf-8")


def test_the_arguments_are_these() -> None:
    assert list(inspect.signature(gnomon.solve).parameters) == ["model", "gap", "method", "options", "progress"]
    asked = inspect.signature(gnomon.linopy.solve).parameters
    assert list(asked) == ["model", "time", "gap", "method", "options", "progress"]
    assert (asked["time"].default, asked["gap"].default) == ("snapshot", 1e-6)
    assert list(inspect.signature(gnomon.linopy.describe).parameters) == ["model", "time"]


def test_importing_it_loads_neither_a_solver_nor_an_extra() -> None:
    heavy = "{'numba', 'highspy', 'linopy', 'pypsa', 'pandas', 'distributed', 'xisuan'}"
    code = f"import sys, gnomon; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_tutorial_runs_and_checks_its_answer() -> None:
    text = (PAGES / "tutorial.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    assert code.count("assert ") >= 4
    exec(compile(code, "tutorial.md", "exec"), {})
