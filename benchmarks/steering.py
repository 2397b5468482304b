"""Numbers that steer the structured interior point, found in its modules, and their temporary replacement."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType

import gnomon

ROOT = Path(gnomon.__file__).parent / "interior_point"
FOLDERS = ("formulation", "factorisation", "iterations", "linear_algebra")
"""Folders of the method; `distributed` has time limits and sizes of messages only."""
COMPILED = {
    "formulation/dependent_equations", "formulation/presolve", "factorisation/numeric_factorisation",
    "factorisation/symbolic_factorisation",
}  # fmt: skip
"""Modules whose numbers are compiled into kernels or into lists of operations; they describe rounding, not steps."""
FIXED = {
    "iterations/termination.NAMED", "iterations/time_coarsening.DAY",
    "factorisation/newton_system.VECTORS", "factorisation/hour_blocks.GROUP",
    *(f"formulation/implied_equalities.{kind}" for kind in ("LOW", "HIGH", "BELOW", "ABOVE")),
}  # fmt: skip
"""Numbers that steer nothing: a default of a request, a length of a message, hours of a day, an estimate of memory, hours
that are eliminated together, kinds of sides."""


@dataclass(frozen=True)
class Constant:
    """A number of the method: module and name, value."""

    module: str
    attribute: str
    value: float | int

    @property
    def name(self) -> str:
        """Return the name with its module."""
        return f"{self.module}.{self.attribute}"

    def halved(self) -> float | int:
        """Return half the number; a share near 1 comes nearer to 1 by half of its distance."""
        return self._times(0.5)

    def doubled(self) -> float | int:
        """Return twice the number; a share near 1 moves away from 1 by its distance."""
        return self._times(2.0)

    def _times(self, factor: float) -> float | int:
        if isinstance(self.value, int):
            return max(1, round(self.value * factor))
        return 1.0 - (1.0 - self.value) * factor if 0.5 < self.value < 1.0 else self.value * factor

    @contextmanager
    def set(self, value: float | int) -> Iterator[None]:
        """Replace the number in its module, in modules that import it by name, and in defaults of functions."""
        undone: list[tuple[object, str, object]] = []
        for module in _users(self):
            undone.append((module, self.attribute, getattr(module, self.attribute)))
            for function in vars(module).values():
                if isinstance(function, FunctionType) and any(of is self.value for of in function.__defaults__ or ()):
                    undone.append((function, "__defaults__", function.__defaults__))
                    function.__defaults__ = tuple(
                        value if of is self.value else of for of in function.__defaults__ or ()
                    )
            setattr(module, self.attribute, value)
        try:
            yield
        finally:
            for owner, name, old in reversed(undone):
                setattr(owner, name, old)


def constants() -> list[Constant]:
    """Return the numbers in upper case of the method's modules."""
    found = []
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.py")):
        name = f"{path.parent.name}/{path.stem}"
        if path.stem == "__init__" or name in COMPILED:
            continue
        values = vars(_module(name))
        assigned = (of for node in ast.parse(path.read_text(encoding="utf-8")).body for of in _assigned(node))
        numbers = (Constant(name, of, values[of]) for of in assigned if type(values[of]) in (int, float))
        found += [one for one in numbers if one.name not in FIXED]
    return found


def _assigned(node: ast.stmt) -> list[str]:
    """Return the names in upper case that a statement assigns."""
    if not isinstance(node, ast.Assign):
        return []
    targets = [part for target in node.targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [target.id for target in targets if isinstance(target, ast.Name) and target.id.isupper()]


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"gnomon.interior_point.{name.replace('/', '.')}")


def _users(one: Constant) -> list[ModuleType]:
    """Return the module of a number and those that import it by name."""
    home = _module(one.module)
    users = [home]
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == home.__name__:
                names = [alias.asname or alias.name for alias in node.names if alias.name == one.attribute]
                relative = path.relative_to(ROOT).with_suffix("").as_posix()
                users += [_module(relative) for of in names if of == one.attribute]
    return users
