"""Compiled code that is kept on disk is compiled anew when anything in it has changed."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
KERNELS = sorted(path for path in SOURCE.rglob("*.py") if "njit(cache=True" in path.read_text(encoding="utf-8"))


def _file(module: str) -> Path:
    return SOURCE / Path(*module.split(".")).with_suffix(".py")


def taken(path: Path) -> list[str]:
    """Modules of ours from which the compiled functions of a file take constants or functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    origin = {
        (name.asname or name.name): of.module
        for of in ast.walk(tree)
        if isinstance(of, ast.ImportFrom) and of.module and of.module.startswith(("gnomon.", "xisuan."))
        for name in of.names
    }
    compiled = [
        of
        for of in tree.body
        if isinstance(of, ast.FunctionDef) and any("njit" in ast.unparse(mark) for mark in of.decorator_list)
    ]
    names = {name.id for of in compiled for name in ast.walk(of) if isinstance(name, ast.Name)}
    return sorted({origin[name] for name in names & origin.keys()})


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.stem)
def test_a_change_of_what_kernels_take_from_elsewhere_changes_their_own_file(path: Path) -> None:
    """numba keeps compiled code under a digest of the file its function is in. What another file lends it, a constant or a
    function that becomes part of it, may change without that, and the old code would go on being used."""
    modules = taken(path)
    said = re.search(r'^COMPILED_WITH = "(\w*)"$', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if not modules:
        assert said is None
        return
    digest = hashlib.sha256(b"".join(_file(module).read_bytes() for module in modules)).hexdigest()[:12]
    assert said is not None, f'{path}: COMPILED_WITH = "{digest}" is missing, of {", ".join(modules)}'
    assert said[1] == digest, f'{path}: COMPILED_WITH = "{digest}" it must be, as {", ".join(modules)} changed'


def test_what_numbers_and_vectors_come_from_elsewhere_is_seen() -> None:
    assert taken(SOURCE / "gnomon/interior_point/factorisation/dense_blocks.py") == [
        "gnomon.interior_point.factorisation.numeric_factorisation"
    ]
    assert taken(SOURCE / "gnomon/interior_point/factorisation/numeric_factorisation.py") == [
        "gnomon.runtime.simd_lanes"
    ]
