"""Everything the studio says, in English and Chinese: `words.toml`, one entry a text with `en` and `zh`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from xisuan.report.figures import Language

__all__ = ["Language", "Say", "catalogue"]


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Text key (`section.name`) → language → text."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    return {f"{section}.{key}": texts for section, entries in found.items() for key, texts in entries.items()}


@dataclass(frozen=True, slots=True)
class Say:
    """The catalogue in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`, with `values` filled in as they are."""
        return catalogue()[key][self.language].format_map(values)

    def known(self, section: str, name: str) -> str:
        """The text of a name put together at run time; the name itself where there is none."""
        entry = catalogue().get(f"{section}.{name}")
        return entry[self.language] if entry else name
