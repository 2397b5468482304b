"""Check the words of docstrings: `python -m tools.prose`.

A docstring that opens with a question word does not say what is returned. Each is listed; more than `ALLOWED` are an
error. Long sentences are counted, and are never an error.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
OPENERS = re.compile(r"(Whether|What|Who|Whose|Whom|Where|Which|How|Why|When)\b")
SENTENCE = re.compile(r"(?<=[.:;?!])\s+|\n\s*\n")
WORDS = 30
"""Words above which a sentence counts as long."""
ALLOWED = 0
"""Number of docstrings that may open with a question word."""


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every docstring of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


def main() -> None:
    """List the openers, count long sentences, and exit with 1 if there are more openers than allowed."""
    openers, sentences, long = [], 0, 0
    for path in sorted(SOURCE.rglob("*.py")):
        for line, text in docstrings(path):
            if OPENERS.match(text):
                openers.append(f"{path.relative_to(SOURCE.parent)}:{line}: {text.splitlines()[0]}")
            lengths = [len(part.split()) for part in SENTENCE.split(text)]
            sentences, long = sentences + len(lengths), long + sum(length > WORDS for length in lengths)
    too_many = len(openers) > ALLOWED
    for one in openers if too_many else ():
        print(one)
    print(f"docstrings: {len(openers)} open with a question word ({ALLOWED} allowed)")
    print(f"docstrings: {long:,} of {sentences:,} sentences have more than {WORDS} words")
    sys.exit(1 if too_many else 0)


if __name__ == "__main__":
    main()
