"""A part of the user's own: `FILE.py:NAME` instead of the name of one that is here."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from xisuan.errors import Problem, ScenarioError

T = TypeVar("T")


def member(family: str, text: str, here: Mapping[str, T], protocol: type[T]) -> T:
    """The member of a family by that name, or the object or class NAME of FILE.py where `text` is FILE.py:NAME.

    `family` is the word for it in messages; what the protocol asks for must be there. Raises ScenarioError with the remedy.
    """
    if text in here:
        return here[text]
    if not is_own(text):
        raise _problem(family, text, f"there are: {', '.join(here)}; one of your own is FILE.py:NAME")
    found = one(family, text, protocol)
    _check_name(family, text, found, here)
    return found


def is_own(text: str) -> bool:
    """Whether it is FILE.py:NAME."""
    file, colon, _ = text.rpartition(":")
    return bool(colon) and file.endswith(".py")


def one(family: str, text: str, protocol: type[T]) -> T:
    """The object or class NAME of FILE.py, of a family whose members need no name. Raises ScenarioError with the remedy."""
    file, _, name = text.rpartition(":")
    module = _module(family, Path(file))
    if not hasattr(module, name):
        known = [known for known, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
        raise _problem(family, text, f"{file} has no {name!r}; it has: {', '.join(known) or 'nothing of its own'}")
    found = getattr(module, name)
    if isinstance(found, type):
        found = _made(family, text, found)
    missing = [wanted for wanted in _asked(protocol) if not hasattr(found, wanted)]
    if missing or not isinstance(found, protocol):
        raise _problem(family, text, f"lacks {', '.join(missing)}; see `xisuan.simulation` {protocol.__name__}")
    return found


def _asked(protocol: type) -> list[str]:
    """What a protocol asks for, in its order."""
    return [name for name in vars(protocol) if not name.startswith("_")]


def _check_name(family: str, text: str, found: Any, here: Mapping[str, object]) -> None:
    """Results are told apart by names."""
    name = found.name
    if not isinstance(name, str) or not name:
        raise _problem(family, text, f"its name is {name!r}; give it a word")
    if name in here or name == "schedule":
        raise _problem(family, text, f"its name is {name!r}, which one that is here has; give it another")


def _made(family: str, text: str, found: type) -> Any:
    """An object of a class that needs nothing to be made."""
    wanted = [
        name
        for name, parameter in inspect.signature(found).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]
    if wanted:
        raise _problem(family, text, f"needs {', '.join(wanted)} to be made; name an object, or give them defaults")
    return found()


def _module(family: str, file: Path) -> ModuleType:
    """The file, run. What goes wrong in it is said with its line."""
    if not file.is_file():
        raise _problem(family, str(file), "there is no such file")
    name = f"xisuan_own_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise _problem(family, str(file), "is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(file)]
        line = problem.lineno if isinstance(problem, SyntaxError) else lines[-1] if lines else None
        where = f"line {line}" if line else ""
        what = f"cannot be run: {type(problem).__name__}: {problem}"
        raise ScenarioError([Problem(str(file), where, family, "", what)]) from problem
    return module


def _problem(family: str, text: str, what: str) -> ScenarioError:
    return ScenarioError([Problem("", "", family, text, what)])
