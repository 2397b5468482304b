"""Check the lengths of files and functions: `python -m tools.sizes`.

A file has at most `LINES` lines, and a function at most `CODE` lines of code: docstring, comments, blank lines and
functions defined inside it do not count. `FILES` and `FUNCTIONS` list what may be longer, each with its reason; an entry
that is no longer needed is an error too.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
LINES, CODE = 400, 50
FILES = {"xisuan/equations/notation.py": "declarations: one entry for each symbol and equation of the model"}
FUNCTIONS = {
    "gnomon/interior_point/formulation/dependent_equations.py:_mark_dependent": "compiled kernel: one sweep of a sparse LU "
    "factorisation over nine work arrays; parts of it would take them all as arguments",
    "gnomon/interior_point/linear_algebra/sparse_lu.py:_eliminate": "compiled kernel: left-looking sparse LU, the same",
    "xisuan/simulation/core/event_loop.py:advance": "compiled kernel: the event loop; a part of it would be compiled twice,"
    " alone and inlined",
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(text: str) -> set[int]:
    """Return the numbers of the lines that hold code, comments left out."""
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {line for one in tokens if one.type not in silent for line in range(one.start[0], one.end[0] + 1)}


def _span(node: ast.stmt) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def functions(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, first line and lines of code of every function of a file."""
    code = code_lines(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            own = code & _span(node)
            if ast.get_docstring(node) is not None:
                own -= _span(node.body[0])
            for inner in ast.walk(node):
                if isinstance(inner, Function) and inner is not node:
                    own -= _span(inner)
            yield node.name, node.lineno, len(own)


def problems() -> Iterator[str]:
    """Yield a line for everything that is too long, and for every exception that is not needed."""
    unused = set(FILES) | set(FUNCTIONS)
    for path in sorted(SOURCE.rglob("*.py")):
        name, text = path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")
        if (count := text.count("\n")) > LINES:
            unused.discard(name)
            if name not in FILES:
                yield f"{name}: {count} lines are more than {LINES}. Split the file by topic."
        for function, line, length in functions(text):
            if length > CODE:
                key = f"{name}:{function}"
                unused.discard(key)
                if key not in FUNCTIONS:
                    yield f"{name}:{line}: {function} has {length} lines of code, more than {CODE}. Split it by step."
    for one in sorted(unused):
        yield f"tools/sizes.py: {one} is listed as an exception and is short enough. Remove the entry."


def main() -> None:
    """List what is too long, and exit with 1 if there is any."""
    found = list(problems())
    for one in found:
        print(one)
    print(f"sizes: {len(found)} files or functions are too long, {len(FILES) + len(FUNCTIONS)} exceptions")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
