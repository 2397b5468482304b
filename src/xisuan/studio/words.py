"""Texts of the studio in English and Chinese, one entry a text with `en` and `zh`.

`words.toml` has the texts of the pages, `headings.toml` the headings of table columns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from xisuan.errors import Problem
from xisuan.scenario.schema.column_types import described
from xisuan.studio.twins import Twins
from xisuan.text.translation import Language, translate

__all__ = ["Language", "Say", "catalogue"]

FILES = ("words.toml", "headings.toml")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the texts by key (`section.name`) and language."""
    here = resources.files(__package__)
    files = (tomllib.loads(here.joinpath(name).read_text(encoding="utf-8")) for name in FILES)
    sections = (pair for found in files for pair in found.items())
    return {f"{section}.{key}": texts for section, entries in sections for key, texts in entries.items()}


@cache
def sentences() -> Twins:
    """Return the translator of the studio's own refusals, progress lines and ends of runs into Chinese."""
    sections = tomllib.loads(resources.files(__package__).joinpath("chinese.toml").read_text(encoding="utf-8"))
    return Twins({english: chinese for section in sections.values() for english, chinese in section.items()})


@dataclass(frozen=True, slots=True)
class Say:
    """The catalogue in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key`, with `values` filled in."""
        return catalogue()[key][self.language].format_map(values)

    def known(self, section: str, name: str) -> str:
        """Return the text of a name composed at run time; the name itself if there is no text."""
        entry = catalogue().get(f"{section}.{name}")
        return entry[self.language] if entry else name

    def said(self, text: str) -> str:
        """Translate an English text line by line; a line without a translation stays English."""
        if self.language != "zh":
            return text
        lines = (line.lstrip() for line in text.split("\n"))
        return "\n".join(sentences()(line) for line in lines)

    def schema(self, text: str) -> str:
        """Return a meaning, a unit or the meaning of a blank of the schema."""
        return translate(described(text), self.language) if text else ""

    def problem(self, problem: Problem) -> str:
        """Return a finding of a check on one line; a column is named by its heading."""
        return problem.under(self.known("column", problem.column), self.language)
