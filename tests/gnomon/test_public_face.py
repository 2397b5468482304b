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

CALLS = {
    "Block": "name dims labels hourly lower upper cost integer first position",
    "Clock": "options",
    "Confirm": "make check gap",
    "Conflict": "statements minimal within hours everywhere more less",
    "ElasticSlacks": "rows lower upper whole price",
    "Expectation": "memory_mb seconds text",
    "Futures": "models weights common stage risk",
    "LinearProgram": "model coefficients row_lower row_upper lower upper cost integer constant",
    "Model": "periods previous columns rows entries constant recipe names",
    "ModelPart": "flat row_statement column_statement period hour proof",
    "Options": "solver gap threads time_limit purpose workers recruit kept lasting scratch confirm smallest",
    "Progress": "stage seconds iterations objective gap fraction",
    "RepeatedProgram": "flat",
    "Risk": "level weight",
    "Rolling": "horizon step error seed",
    "Solution": "x row_dual objective bound solver iterations seconds log relaxation_row_dual gave_up doubt asked",
    "SolveRequest": "rows columns nonzeros integers options method objective program",
    "SolvedModel": "flat vertex",
    "StoredCoefficients": "whole",
    "Vertex": "x row_dual objective basis iterations",
    "available_memory": "",
    "best_integer_point": "flat gap nodes target done",
    "check_method": "method",
    "cluster_client": "address",
    "column_values": "model solution",
    "count_cluster_workers": "address",
    "explain_infeasibility": "model statements kin seconds proof",
    "explain_small_part": "model statements kin seconds",
    "find_vertex": "flat",
    "flatten": "model",
    "highs_solvers": "nonzeros options",
    "installed_versions": "packages",
    "integer_program": "flat inside",
    "is_conflict": "model statements said within tight seconds",
    "is_tiny": "values",
    "largest_violation": "flat x blocks least",
    "least_highs_memory_mb": "nonzeros options",
    "least_slacks": "flat slacks seconds",
    "model_size": "model",
    "narrow_bounds": "flat lower upper names",
    "nearest_vertex": "flat start costs",
    "predict_futures": "alone whole held members nonzeros",
    "predict_parallel": "one count",
    "predict_solve": "request",
    "proven_bound": "flat row_dual objective implied",
    "recruit_from_cluster": "address versions",
    "reduced_costs": "model solution",
    "relative_gap": "objective bound",
    "remove_small_amounts": "flat found options",
    "require_highs_memory": "nonzeros options end",
    "solve_futures": "futures flat options watch method",
    "roll_horizon": "flat known rolling settled owed options told",
    "require_same_versions": "theirs",
    "row_duals": "model solution",
    "run_strategies": "strategies flat options watch refute near",
    "solve": "model gap method options progress",
    "solve_direct": "flat options progress linear",
    "solve_flat": "flat options watch method objective",
    "solve_once": "flat options progress",
    "solve_structured": "flat options progress near trusted leeway tentative refute",
    "statements_part": "model hours statements texts periods_only proof",
    "strategies_for": "method flat options objective",
    "tightest_hours": "model",
    "with_integers": "flat",
    "with_objective": "model goal",
    "with_objective_limit": "model goal most",
}
"""Public functions and classes with their arguments. One leaves this list only with a major version."""
OTHERS = {
    "ACCEPTED_VIOLATION",
    "INFEASIBLE",
    "LARGE_NONZEROS",
    "LEAST_OBJECTIVE",
    "LONG_GAP",
    "OPTION_PROBLEMS",
    "PROOF_ROWS",
    "SOLVER_PACKAGES",
    "WHOLE_MODEL",
    "Array",
    "GnomonError",
    "Index",
    "InfeasibleError",
    "ModelError",
    "Kin",
    "Label",
    "Mask",
    "OptionError",
    "SolverError",
    "StrategyName",
    "UnboundedError",
    "UnprovenError",
    "Watch",
    "__version__",
}
"""Public constants, types and errors."""
NAMES = {*CALLS, *OTHERS}
OF_LINOPY = {"Report", "UnsupportedModelError", "describe", "run", "solve"}
PAGES = Path(__file__).parents[2] / "docs" / "gnomon"


def test_the_names_are_these() -> None:
    assert set(gnomon.__all__) == NAMES
    assert set(gnomon.linopy.__all__) == OF_LINOPY


def fields_on_the_page(heading: str) -> set[str]:
    """Names in the first column of the table of interface.md with a heading."""
    text = (PAGES / "interface.md").read_text(encoding="utf-8")
    table = text[text.index(f"| {heading} |") :].split("\n\n")[0]
    return {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}


def test_the_page_has_every_option_and_every_field_of_a_solution() -> None:
    fields = {of: {field.name for field in dataclasses.fields(of)} for of in (gnomon.Options, gnomon.Solution)}
    assert fields_on_the_page("field of `Options`") == fields[gnomon.Options]
    assert fields_on_the_page("of a `Solution`") == fields[gnomon.Solution] | {"gap", "short"}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_arguments_of_a_call_are_these(name: str) -> None:
    assert " ".join(inspect.signature(getattr(gnomon, name)).parameters) == CALLS[name]


@pytest.mark.parametrize("name", sorted(NAMES - {"__version__"}))
def test_every_name_is_explained_and_on_the_page(name: str) -> None:
    assert name not in CALLS or getattr(gnomon, name).__doc__
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


def test_these_tests_know_no_scenario() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py")]
    found = (re.findall(r"^\s*(?:from|import) (?:xisuan|tests\.(?!gnomon\.))", source, re.M) for source in sources)
    assert not [one for some in found for one in some]


def test_the_engine_names_no_other_package_of_this_repository() -> None:
    """A version or a file of a package that is not installed beside the engine would fail for its users alone."""
    sources = Path(gnomon.__file__).parent.rglob("*.py")
    assert not [path.name for path in sources if "xisuan" in path.read_text(encoding="utf-8")]
