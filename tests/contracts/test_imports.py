"""The import rules hold, and are about every area there is."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import xisuan

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(xisuan.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


def imports(path: Path) -> list[tuple[str, int]]:
    """Modules that a file imports, with their level; `from a import b` counts as a and a.b."""
    out = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            out += [(name.name, 0) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            out += [(f"{node.module}.{name.name}", node.level) for name in node.names]
    return out


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nobody_inside_imports_the_front_door(path: Path) -> None:
    """Only modules of xisuan, absolutely; never `xisuan` and what it re-exports."""
    for name, level in imports(path):
        assert level == 0, name
        if name.split(".")[0] == "xisuan":
            first = name.split(".")[1] if "." in name else ""
            assert (SOURCE / first).is_dir() or (SOURCE / f"{first}.py").is_file(), name


def test_every_area_has_a_floor() -> None:
    """A new folder needs one."""
    layers = {area for line in CONTRACTS["floors"]["layers"] for area in line.split(" | ")}
    areas = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    areas |= {path.stem for path in SOURCE.glob("*.py") if path.stem != "__init__"}
    assert layers == areas


def test_all_but_the_command_line_are_kept_from_its_framework() -> None:
    """The list of the contract is complete."""
    layers = {area for line in CONTRACTS["floors"]["layers"] for area in line.split(" | ")}
    below = {"gnomon", *(f"xisuan.{area}" for area in layers - {"cli", "__main__"})}
    assert below == set(CONTRACTS["cli-door"]["source_modules"])


def test_no_module_is_empty_but_declared() -> None:
    """A module has something to say, and says it in its first line."""
    for path in FILES:
        assert ast.get_docstring(ast.parse(path.read_text())), path
