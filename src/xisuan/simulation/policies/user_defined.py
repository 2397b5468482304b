"""Policies of the user's own: `FILE.py:NAME` in place of a built-in name."""

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
    """Return the member of a family by name, or the object or class NAME of FILE.py if `text` is FILE.py:NAME.

    `family`: its word in messages. `here`: built-in members by name. Raises ScenarioError with the remedy if the member
    is unknown or lacks an attribute of `protocol`.
    """
    if text in here:
        return here[text]
    if not is_own(text):
        raise _problem(family, text, "policy-unknown", known=", ".join(here))
    found = load_object(family, text, protocol)
    _check_name(family, text, found, here)
    return found


def is_own(text: str) -> bool:
    """Return True if `text` has the form FILE.py:NAME."""
    file, colon, _ = text.rpartition(":")
    return bool(colon) and file.endswith(".py")


def load_object(family: str, text: str, protocol: type[T]) -> T:
    """Return the object or class NAME of FILE.py, for a family whose members have no name.

    Raises ScenarioError with the remedy if it does not exist or lacks an attribute of `protocol`.
    """
    file, _, name = text.rpartition(":")
    module = _module(family, Path(file))
    if not hasattr(module, name):
        known = [known for known, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
        raise _problem(family, text, "own-name-unknown", file=file, name=name, known=", ".join(known) or "–")
    found = getattr(module, name)
    if isinstance(found, type):
        found = _instance(family, text, found)
    missing = [wanted for wanted in _required_attributes(protocol) if not hasattr(found, wanted)]
    if missing or not isinstance(found, protocol):
        raise _problem(family, text, "own-policy-incomplete", missing=", ".join(missing), protocol=protocol.__name__)
    return found


def _required_attributes(protocol: type) -> list[str]:
    """Return the attributes that a protocol requires, in its order."""
    return [name for name in vars(protocol) if not name.startswith("_")]


def _check_name(family: str, text: str, found: Any, here: Mapping[str, object]) -> None:
    """Check that the name of a member is a non-empty text and not taken, because results are keyed by it."""
    name = found.name
    if not isinstance(name, str) or not name:
        raise _problem(family, text, "own-name-invalid", name=name)
    if name in here or name == "schedule":
        raise _problem(family, text, "own-name-taken", name=name)


def _instance(family: str, text: str, found: type) -> Any:
    """Return an instance of a class without required arguments."""
    wanted = [
        name
        for name, parameter in inspect.signature(found).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]
    if wanted:
        raise _problem(family, text, "own-class-needs-arguments", wanted=", ".join(wanted))
    return found()


def _module(family: str, file: Path) -> ModuleType:
    """Return the executed file as a module. Raises ScenarioError with the line of an error in it."""
    if not file.is_file():
        raise _problem(family, str(file), "trace-missing")
    name = f"xisuan_own_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise _problem(family, str(file), "not-a-python-file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look up their module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(file)]
        line = problem.lineno if isinstance(problem, SyntaxError) else lines[-1] if lines else None
        where = line or ""
        raise ScenarioError(
            [
                Problem(
                    "own-code-fails",
                    table=str(file),
                    row=where,
                    column=family,
                    kind=type(problem).__name__,
                    fault=problem,
                )
            ]
        ) from problem
    return module


def _problem(family: str, text: str, code: str, **values: Any) -> ScenarioError:
    return ScenarioError([Problem(code, column=family, value=text, **values)])
