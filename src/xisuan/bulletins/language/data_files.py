"""TOML files of the lexicon: shipped ones, and those of the user."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from xisuan.errors import Problem, ScenarioError


def shipped(name: str) -> dict[str, Any]:
    """Return a TOML file of `xisuan/bulletins/data`."""
    return tomllib.loads(resources.files("xisuan.bulletins").joinpath("data", name).read_text(encoding="utf-8"))


def own(path: Path) -> dict[str, Any]:
    """Return a TOML file of the user.

    Raises ScenarioError if it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ScenarioError([Problem("words-not-toml", table=str(path), fault=problem)]) from None
