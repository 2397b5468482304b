"""What the certificate takes from elsewhere is what its page lists, with a reason for each."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import xisuan.certificate

SOURCE = Path(xisuan.certificate.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "shared-imports.md"


def imported() -> set[str]:
    """Names that modules of the certificate import from the rest of the package."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xisuan"):
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names if alias.name.startswith("xisuan")}
    return {name.removeprefix("xisuan.") for name in found if not name.startswith("xisuan.certificate")}


def test_the_page_lists_all_that_is_shared() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[1] for line in lines if line.startswith("| `")]
    assert {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)} == imported()
