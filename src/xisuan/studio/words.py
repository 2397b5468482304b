"""Texts of the studio in English and Chinese, one entry a text with `en` and `zh`.

`words.toml` has the texts of the pages, `headings.toml` the headings of table columns.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from xisuan.errors import Problem
from xisuan.scenario import chinese
from xisuan.text.translation import Language

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
def sentences() -> chinese.Twins:
    """Return the translator of English messages into Chinese: refusals, problems, and progress and end of runs."""
    own = resources.files(__package__).joinpath("chinese.toml").read_text(encoding="utf-8")
    return chinese.Twins({**chinese.texts(), **chinese.read(own)})


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

    def problem(self, problem: Problem) -> str:
        """Return a finding of a check on one line; a column is named by its heading."""
        column = self.known("column", problem.column)
        return chinese.line(dataclasses.replace(problem, column=column), self.language)
