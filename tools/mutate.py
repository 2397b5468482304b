"""Test the tests: `python -m tools.mutate certificate equations report/costs --count 60`.

Each mutant is a copy of the package in which one comparison, sign, constant or condition of one file differs. The tests of
its folder run until the first failure; a mutant that no test fails for has survived. Some survivors are equivalent to the
original. A change of random seed gives another sample. The result is written to benchmarks/results/mutants.md.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import result_file
from benchmarks.tables import table

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "xisuan"
TESTS = {
    "certificate": ("tests/certificate", "tests/workflow/test_certify_*.py"),
    "equations": ("tests/equations", "tests/certificate"),
    "report/costs": ("tests/report/costs",),
}
"""Folders of the package, and the folders or files (patterns) of the tests that must fail for their mutants."""
LONGEST = 600.0
"""Seconds after which the tests of a mutant count as failed: the mutant does not end."""

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One changed node: its file, its place in the walk of the file's tree, its line, and the code before and after."""

    path: Path
    place: int
    line: int
    before: str
    after: str


def changed(node: ast.AST) -> ast.expr | None:
    """Return the node with its operator, number or sign changed, or None if there is nothing to change."""
    other = copy.deepcopy(node)
    match other:
        case ast.Compare(ops=[first, *_]):
            other.ops[0] = COMPARED[type(first)]()
        case ast.BinOp(op=op) if type(op) in COMPUTED:
            other.op = COMPUTED[type(op)]()
        case ast.BoolOp(op=op):
            other.op = ast.Or() if isinstance(op, ast.And) else ast.And()
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            return operand
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            other.value = number + 1 if number < 1 else number / 2 if isinstance(number, float) else number - 1
        case _:
            return None
    return other if isinstance(other, ast.expr) else None


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file."""
    for place, node in enumerate(ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        other = changed(node)
        if other is not None and isinstance(node, ast.expr):
            yield Mutant(path.relative_to(PACKAGE), place, node.lineno, ast.unparse(node), ast.unparse(other))


def mutated(text: str, place: int) -> str:
    """Return the code of a file with the node at a place of its walk changed."""
    tree = ast.parse(text)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == place)
    other = changed(node)
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, other)
            elif isinstance(value, list):
                setattr(parent, field, [other if one is node else one for one in value])
    return ast.unparse(tree)


def is_killed(mutant: Mutant, source: Path, tests: list[str]) -> bool:
    """Run tests on the mutant in a copy of src; return True if one fails or they do not end. Restore the copy."""
    path = source / "xisuan" / mutant.path
    text = path.read_text(encoding="utf-8")
    path.write_text(mutated(text, mutant.place), encoding="utf-8")
    try:
        return has_failures(source, tests)
    finally:
        path.write_text(text, encoding="utf-8")


def has_failures(source: Path, tests: list[str]) -> bool:
    """Return True if a test fails with the package of `source`, or the tests do not end or cannot be imported."""
    # Two versions of a file may have the same size and second: bytecode of it must not be kept.
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def tests_of(mutant: Mutant, folder: str) -> list[str]:
    """Return the tests of a mutant's folder, those beside its own file first: most mutants fail there."""
    near = ROOT / "tests" / mutant.path.parent
    return sorted(test_files(folder), key=lambda file: near not in (ROOT / file).parents)


def test_files(folder: str) -> list[str]:
    """Return the files of the tests of a folder of the package, relative to the project."""
    places = [place for pattern in TESTS[folder] for place in sorted(ROOT.glob(pattern))]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("test_*.py")))]
    return [str(file.relative_to(ROOT)) for file in files]


def sample(folders: list[str], count: int, seed: int) -> list[tuple[str, Mutant]]:
    """Return `count` mutants of the folders' files, drawn without replacement, each with its folder."""
    every = [
        (folder, mutant)
        for folder in folders
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        for mutant in mutants(path)
    ]
    return random.Random(seed).sample(every, min(count, len(every)))


def run(folders: list[str], count: int, seed: int, minutes: float, *, checked: bool = True) -> Iterator[str]:
    """One comparison, sign, constant or condition is changed; the tests of the folder must fail."""
    begun = time.monotonic()
    tried, killed, survivors = Counter[str](), Counter[str](), list[tuple[str, ...]]()
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "src"
        shutil.copytree(ROOT / "src", source)
        if checked and has_failures(source, sorted({file for folder in folders for file in test_files(folder)})):
            raise SystemExit("The tests fail without a mutant. Run them and correct that first.")
        for folder, mutant in sample(folders, count, seed):
            if time.monotonic() - begun > 60 * minutes:
                break
            dead = is_killed(mutant, source, tests_of(mutant, folder))
            tried[folder] += 1
            killed[folder] += dead
            code = tuple(f"`{one.replace('|', chr(92) + '|')}`" for one in (mutant.before, mutant.after))
            print("killed  " if dead else "SURVIVED", f"{mutant.path}:{mutant.line}", *code, flush=True)
            if not dead:
                survivors.append((f"{mutant.path}:{mutant.line}", *code))
    rows = [(name, str(tried[name]), str(killed[name]), str(tried[name] - killed[name])) for name in tried]
    yield table(("folder", "mutants", "killed", "survived"), rows)
    yield f"{tried.total()} of {count} mutants drawn with seed {seed} were tried."
    yield "Survivors, of which some are equivalent to the original:"
    yield table(("place", "code", "mutant"), survivors) if survivors else "None."


def main() -> None:
    """Read the command line, try the mutants and write the result file."""
    parser = argparse.ArgumentParser(description="Change one operator or number at a time and run the tests.")
    parser.add_argument("folders", nargs="*", help=f"folders of the package, of {', '.join(TESTS)}; all by default")
    parser.add_argument("--count", type=int, default=60, help="mutants to draw")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample")
    parser.add_argument("--minutes", type=float, default=120.0, help="start no mutant after this time")
    parser.add_argument("--unchecked", action="store_true", help="do not run the tests without a mutant first")
    given = parser.parse_args()
    if unknown := [name for name in given.folders if name not in TESTS]:
        parser.error(f"unknown folder {unknown[0]}. Give {', '.join(TESTS)}.")
    began = result_file.environment()
    folders = given.folders or list(TESTS)
    texts = list(run(folders, given.count, given.seed, given.minutes, checked=not given.unchecked))
    title, method = "# Mutants: tests of certificate, equations and costs", (run.__doc__ or "").strip()
    path = result_file.FOLDER / "mutants.md"
    path.write_text("\n\n".join([title, method, began, *texts]) + "\n", encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
