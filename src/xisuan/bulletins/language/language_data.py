"""Data files of both languages, and the cue words around names and numbers as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
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


_LANGUAGES = ("zh", "en")
_SINGLE = ("respectively", "rank", "price_base", "added", "bystanders", "in_all", "the_industry")
_OF_SIZE = re.compile(
    r"\b(?:(?:above|over)-(?:designated-)?(?:size|scale)|designated-size|(?:large|major|above)-scale|scale-above)"
    r"(?=\s+(?:[a-z-]+\s+){0,3}(?:enterprises|firms|companies|manufactur\w+|industr\w+)\b)"
)


@dataclass(frozen=True)
class Cues:
    """Cue patterns by function. `before` and `after` hold the cues of number kinds on either side of a number.

    `explained_zh` matches explained Chinese words, `explained_en` holds explained English words: they are no evidence
    against a candidate.
    """

    before: Mapping[str, re.Pattern[str]]
    after: Mapping[str, re.Pattern[str]]
    status: Mapping[str, re.Pattern[str]]
    places: Mapping[str, re.Pattern[str]]
    respectively: re.Pattern[str]
    rank: re.Pattern[str]
    price_base: re.Pattern[str]
    shared: tuple[re.Pattern[str], ...]
    added: re.Pattern[str]
    bystanders: re.Pattern[str]
    in_all: re.Pattern[str]
    the_industry: re.Pattern[str]
    function_words: frozenset[str]
    explained_zh: re.Pattern[str]
    explained_en: frozenset[str]
    weights: Mapping[str, Mapping[str, float]]
    of_size: re.Pattern[str] = _OF_SIZE


@cache
def cues() -> Cues:
    """Return the cues of both languages."""
    data = {language: shipped(f"{language}.toml") for language in _LANGUAGES}
    kinds = sorted({kind for one in data.values() for kind in one["kinds"]})

    def side(name: str) -> dict[str, re.Pattern[str]]:
        found = {kind: [p for one in data.values() for p in one["kinds"].get(kind, {}).get(name, ())] for kind in kinds}
        return {kind: _either(patterns) for kind, patterns in found.items() if patterns}

    return Cues(
        before=side("before"),
        after=side("after"),
        status=_table(data, "status"),
        places=_table(data, "places"),
        function_words=frozenset(data["en"]["function_words"]["words"]),
        shared=tuple(re.compile(p) for one in data.values() for p in one["shared"]["patterns"]),
        **{name: _either([p for one in data.values() for p in one[name]["patterns"]]) for name in _SINGLE},
        explained_zh=re.compile(_either_of(sorted(data["zh"]["explained"]["words"], key=len, reverse=True))),
        explained_en=frozenset(data["en"]["explained"]["words"]),
        weights=shipped("weights.toml"),
    )


def _table(data: Mapping[str, Any], name: str) -> dict[str, re.Pattern[str]]:
    keys = {key for one in data.values() for key in one[name]}
    return {key: _either([p for one in data.values() for p in one[name].get(key, ())]) for key in sorted(keys)}


def _either_of(patterns: list[str]) -> str:
    return "|".join(f"(?:{one})" for one in patterns) or r"(?!)"


def _either(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(_either_of(patterns))
