"""Modules of both packages as syntax trees, read once."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import gnomon
import xisuan

FOLDERS = (Path(xisuan.__file__).parent, Path(gnomon.__file__).parent)


@functools.cache
def trees() -> dict[Path, tuple[str, ast.Module, tuple[ast.AST, ...]]]:
    """Text, tree and all nodes of every module."""
    found = {}
    for path in sorted(path for folder in FOLDERS for path in folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        kinds = ast.Import | ast.ImportFrom | ast.Attribute | ast.keyword | ast.Call
        found[path] = (text, tree, tuple(node for node in ast.walk(tree) if isinstance(node, kinds)))
    return found
