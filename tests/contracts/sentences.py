"""Every sentence that xisuan's source can say where something is wrong, found in the source itself.

A sentence is what is handed to `error`, `warn`, `Problem` or to an exception, with its holes numbered: f"above high
({high}); swap them" is `above high ({0}); swap them`. Names, parameters and calls are followed to the texts behind them,
within a module; what fills a hole and is itself a text of the source is a sentence of its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "xisuan"
AT = {
    "error": 4,
    "warn": 4,
    "Problem": 4,
    "ValueError": 0,
    "CellError": 0,
    "InfeasibleError": 0,
    "OptionError": 1,
    "_unused_options_error": 1,
}
"""Which argument is the sentence, by what is called; one less for the methods of an Inspection, `at`."""
MAKERS = {"typed_columns.py": ("bounds", "_check_bounds", "_fill"), "references.py": ("_fault",),
          "problems.py": ("suggest",),
          "coefficient_statements.py": ("statement",),
          "statements.py": ("_demand", "_limit", "_installed", "_equipment_ordered", "_ordered", "_past", "_existing_stock",
                            "_in_use", "_link", "_rule", "_budget", "_no_contract", "_traffic", "_deadline", "_site_power",
                            "_crews", "_counted", "_floor", "_threshold", "_pace", "_date")}  # fmt: skip
"""Functions by file that make sentences and pass them on in another way: each of their texts counts."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module:
    """The texts of one file."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.name = str(path.relative_to(SOURCE if path.is_relative_to(SOURCE) else SOURCE.parent))
        self.lost: list[str] = []
        self.functions = {node.name: node for node in ast.walk(self.tree) if isinstance(node, Function)}
        self.inside = {id(node): one for one in self.functions.values() for node in ast.walk(one)}
        self._seen: set[tuple[int, str]] = set()

    def sentences(self) -> Iterator[str]:
        """Sentences, most of them many times."""
        for call in (node for node in ast.walk(self.tree) if isinstance(node, ast.Call)):
            said = _argument(call)
            if said is not None:
                yield from self.texts(said, self.inside.get(id(call)))
        for name in MAKERS.get(Path(self.name).name, ()):
            yield from self.made(self.functions[name])

    def made(self, function: Function) -> Iterator[str]:
        """All texts of a function that are words, its docstring left out."""
        parts = {id(part) for node in ast.walk(function) if isinstance(node, ast.JoinedStr) for part in node.values}
        said = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
        for node in ast.walk(function):
            if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in parts | said:
                yield from (text for text in self.texts(node, function) if " " in text.strip())

    def texts(self, node: ast.expr, function: Function | None) -> Iterator[str]:
        """The texts that an expression may be, and those that fill its holes."""
        match node:
            case ast.Constant(value=str() as text):
                yield text.replace("{", "{{").replace("}", "}}")
            case ast.Constant():
                return
            case ast.JoinedStr() | ast.BinOp(op=ast.Add()):
                holes: list[ast.expr] = []
                yield _numbered(_template(node, holes))
                for hole in holes:
                    yield from self.filling(hole, function)
            case ast.IfExp(body=body, orelse=other):
                yield from self.texts(body, function)
                yield from self.texts(other, function)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self.texts(value, function)
            case ast.Name(id=name):
                yield from self.named(name, function, node)
            case ast.Call(func=ast.Name(id="str" | "_plain" | "shown"), args=[inner, *_]):
                yield from self.texts(inner, function)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                yield from self.returned(self.functions[name])
            case _:
                self.lost.append(f"{self.name}:{node.lineno}: {ast.unparse(node)}")

    def filling(self, node: ast.expr, function: Function | None) -> Iterator[str]:
        """The texts that may fill a hole; a hole filled by a value has none."""
        before = len(self.lost)
        found = [text for text in self.texts(node, function) if " " in text.strip()]
        del self.lost[before:]
        yield from found

    def named(self, name: str, function: Function | None, node: ast.expr) -> Iterator[str]:
        """The texts behind a name: what is assigned to it, handed over as it, or raised into it."""
        if (id(function), name) in self._seen:
            return
        self._seen.add((id(function), name))
        found = False
        for value, where in self.assigned(name, function):
            found = True
            yield from self.texts(value, where)
        handlers = [one.name for one in ast.walk(function or self.tree) if isinstance(one, ast.ExceptHandler)]
        if not found and name not in handlers:
            self.lost.append(f"{self.name}:{node.lineno}: {name}")
        self._seen.discard((id(function), name))

    def assigned(self, name: str, function: Function | None) -> Iterator[tuple[ast.expr, Function | None]]:
        for one in ast.walk(function or self.tree):
            if isinstance(one, ast.Assign):
                for target in one.targets:
                    yield from ((value, function) for value in _behind(target, one.value, name))
            elif isinstance(one, ast.For):
                rows = one.iter.elts if isinstance(one.iter, ast.Tuple | ast.List) else []
                for row in rows:
                    yield from ((value, function) for value in _behind(one.target, row, name))
            elif isinstance(one, ast.NamedExpr) and one.target.id == name:
                yield one.value, function
        if function is None:
            return
        names = [argument.arg for argument in function.args.args]
        if name in names:
            yield from self.handed(function, names.index(name), name)
        else:
            yield from self.assigned_outside(name)

    def assigned_outside(self, name: str) -> Iterator[tuple[ast.expr, None]]:
        for one in self.tree.body:
            if isinstance(one, ast.Assign):
                for target in one.targets:
                    yield from ((value, None) for value in _behind(target, one.value, name))

    def handed(self, function: Function, at: int, name: str) -> Iterator[tuple[ast.expr, Function | None]]:
        """What callers in this module hand over as a parameter."""
        for call in (node for node in ast.walk(self.tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id == function.name:
                given = call.args[at : at + 1] + [word.value for word in call.keywords if word.arg == name]
                yield from ((value, self.inside.get(id(call))) for value in given)

    def returned(self, function: Function) -> Iterator[str]:
        for one in ast.walk(function):
            if isinstance(one, ast.Return) and one.value is not None:
                yield from self.texts(one.value, function)


def _argument(call: ast.Call) -> ast.expr | None:
    """The sentence of a call; None where it makes none."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in AT or (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "LOG"):
        return None
    of_inspection = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "at"
    place = AT[name] - of_inspection
    before = [argument for argument in call.args[:place] if isinstance(argument, ast.Starred)]
    place -= 2 * len(before)  # a starred place holds three: table, row, column
    return call.args[place] if len(call.args) > place else None


def _behind(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _behind(one, other, name)


def _template(node: ast.expr, holes: list[ast.expr]) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text.replace("{", "{{").replace("}", "}}")
        case ast.JoinedStr(values=values):
            return "".join(_template(value, holes) for value in values)
        case ast.FormattedValue(value=value):
            holes.append(value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _template(left, holes) + _template(right, holes)
        case _:
            holes.append(node)
    return "{}"


def _numbered(template: str) -> str:
    """Holes in a row made one, and numbered."""
    parts = re.split(r"(?:(?<!\{)\{\})+", template)
    return "".join(part + f"{{{at}}}" for at, part in enumerate(parts[:-1])) + parts[-1]


def of(*folders: str) -> tuple[set[str], list[str]]:
    """The sentences of folders of the source, and the places that could not be followed."""
    said: set[str] = set()
    lost: list[str] = []
    places = [SOURCE / folder for folder in folders]
    for path in sorted(path for place in places for path in ([place] if place.is_file() else place.rglob("*.py"))):
        module = Module(path)
        said |= set(module.sentences())
        lost += module.lost
    return {one for one in said if one}, lost
