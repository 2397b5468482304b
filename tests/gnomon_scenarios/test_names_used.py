"""The names of the engine that xisuan uses: those of the public face, and where it must not optimise only some of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import gnomon

LIGHT = {"Array", "GnomonError", "INFEASIBLE", "InfeasibleError", "LEAST_OBJECTIVE", "Mask", "OptionError",
         "SOLVER_PACKAGES",
         "OPTION_PROBLEMS", "Progress", "SolverError", "Watch", "cluster_client", "installed_versions", "relative_gap",
         "require_same_versions"}  # fmt: skip
"""Names that neither build nor solve a model: what packages of xisuan that must not optimise may use."""
UNSOLVING = (
    "certificate", "errors.py", "geography", "indicators", "parallel", "problem_codes", "progress.py", "report", "results",
    "scenario", "simulation", "text", "tracking", "units", "versions.py",
)  # fmt: skip
"""Packages and modules of xisuan that must not optimise, and all that the certificate, simulation and tracking import."""
XISUAN = Path(__file__).parents[2] / "src" / "xisuan"
PAGE = Path(__file__).parents[2] / "docs" / "gnomon" / "interface.md"


def names_taken(source: Path) -> set[str]:
    """Return the names of `gnomon` that a module uses."""
    text = source.read_text(encoding="utf-8")
    if "gnomon" not in text:
        return set()
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    found = {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "gnomon"
        for alias in node.names
    }
    return found | {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "gnomon"
    }


def test_xisuan_uses_every_name_that_is_not_for_everybody_and_no_other() -> None:
    """The import rule `engine-face` keeps xisuan out of the modules below; this list stays as long as it must be."""
    taken = set[str]().union(*(names_taken(path) for path in XISUAN.rglob("*.py")))
    assert taken <= set(gnomon.__all__)
    page = PAGE.read_text(encoding="utf-8")
    everyday = set(re.findall(r"`(\w+)", page.split("## For programs")[0]))
    assert set(gnomon.__all__) - taken <= everyday | {"__version__"}


def test_what_must_not_optimise_takes_no_name_that_does() -> None:
    sources = [
        path
        for name in UNSOLVING
        for path in ([XISUAN / name] if name.endswith(".py") else (XISUAN / name).rglob("*.py"))
    ]
    assert len(sources) > 100
    assert set[str]().union(*map(names_taken, sources)) <= LIGHT
