"""The public face: its names, what they are, and that importing it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import xisuan
from xisuan import errors

PUBLIC = {
    "Ask", "Design", "Failure", "Range", "Sweep", "load_sweep", "load_verification", "save_verification", "sweep",
    "Certificate", "Certification", "Comparison", "Down", "Hours", "InfeasibleError", "Observation", "Options", "Plan",
    "Problem", "Progress", "Reading", "Rolling", "Run", "Scenario", "ScenarioError", "Schedule", "SolverError", "StoreError",
    "Trace",
    "Floor", "read_floor", "Breakdowns", "Failures", "Outage", "Packing", "Placement", "Queue", "QueueMode",
    "TwoStage", "TwoStageRun", "load_two_stage", "run_two_stage", "save_two_stage", "two_stage",
    "Track", "TraceOptions", "Trial", "Verification", "XisuanError", "alternatives", "build", "certify",
    "certify_run", "certify_schedule", "compare",
    "examine", "load", "load_run", "load_schedule", "load_trace", "new", "on_hours", "open_trace", "operate", "pack", "plan",
    "reach", "read_bulletin", "run", "save", "save_trace", "serve", "simulate", "track", "verify", "write",
    "write_comparison", "write_report",
}  # fmt: skip
"""A name leaves this list only with a major version."""


def test_the_names_are_these() -> None:
    """All of them, no other, in `dir` too."""
    assert set(xisuan.__all__) == PUBLIC == set(dir(xisuan))


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_name_is_there_and_explained(name: str) -> None:
    """And says in its first line what it is."""
    thing = getattr(xisuan, name)
    assert thing.__name__ == name or name == "XisuanError"  # the root of the engine's errors, by another name
    assert thing.__doc__
    assert thing.__module__.startswith(("gnomon.", "xisuan."))


def test_what_is_not_there_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        xisuan.forecast  # noqa: B018


def test_no_name_is_a_package() -> None:
    """A verb that shadowed a package would break importing it."""
    import pkgutil

    packages = {module.name for module in pkgutil.iter_modules(xisuan.__path__)}
    assert packages.isdisjoint(PUBLIC)


def test_every_error_is_public_and_has_its_exit_code() -> None:
    """The tree as it is drawn."""
    kinds = {"ScenarioError": 2, "StoreError": 2, "InfeasibleError": 3, "SolverError": 4}
    for name, code in kinds.items():
        kind = getattr(errors, name)
        assert issubclass(kind, errors.XisuanError)
        assert kind.exit_code == code


def test_importing_it_imports_nothing_heavy() -> None:
    """Nothing of NumPy, pandas or the solver until a name is used; nor for `xisuan -h`."""
    heavy = "{'numpy', 'pandas', 'highspy', 'xarray', 'plotly', 'statsmodels', 'pint', 'numba'}"
    for module in ("xisuan", "xisuan.cli.main"):
        code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", module
