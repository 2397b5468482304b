"""Everything the report says, in English and Chinese: sentences, headings and the names of what the model knows.

The texts are in `templates/words.toml`, those of a trace, a sweep, of members and of operation in files of their own, one
entry a text with `en` and `zh`. `{name}` marks what is filled in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from xisuan.scenario.settings import Hours
from xisuan.text.translation import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Text key (`section.name`) → language → text."""
    folder = resources.files("xisuan.report.document").joinpath("templates")
    texts = [
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("words.toml", "trace_words.toml", "sweep_words.toml", "member_words.toml", "operated_words.toml")
    ]
    data = {section: entries for text in texts for section, entries in tomllib.loads(text).items()}
    return {f"{section}.{key}": texts for section, entries in data.items() for key, texts in entries.items()}


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`, with `values` filled in as they are."""
        return catalogue()[key][self.language].format_map(values)

    def hours_of(self, given: Hours) -> str:
        """The hours that stand for the year: `2 days`, `every hour of the year`."""
        kind = given.kind.removesuffix("s") if given.count == 1 else given.kind
        return self(f"hours_of.{kind}", n=f"{given.count:,}")

    def known(self, section: str, name: str) -> str:
        """What people call `name` of the model or the tables; the name itself where the catalogue has none."""
        entry = catalogue().get(f"{section}.{name}")
        return entry[self.language] if entry else name
