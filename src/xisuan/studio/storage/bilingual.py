"""Texts in both languages, as the database and the progress of runs hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from xisuan.text.translation import Language, Message, translate


class Bilingual(str):
    """An English text with its Chinese translation `zh`, blank without a translation."""

    __slots__ = ("zh",)

    zh: str

    def __new__(cls, english: str, zh: str = "") -> Bilingual:  # noqa: D102
        text = super().__new__(cls, english)
        text.zh = zh
        return text

    def in_language(self, language: Language) -> str:
        """Return the text in `language`; English where there is no translation."""
        return self.zh if language == "zh" and self.zh else str(self)


def stored(text: Message | Bilingual) -> str:
    """Return a text in the form in which the database keeps it; `restored` reads it."""
    return json.dumps({"en": str(text), "zh": translate(text, "zh")}, ensure_ascii=False)


def restored(text: str) -> Bilingual:
    """Return a text of the database; a plain one has no translation."""
    try:
        found = json.loads(text)
    except ValueError:
        return Bilingual(text)
    return Bilingual(str(found["en"]), str(found["zh"])) if isinstance(found, dict) else Bilingual(text)


def said(document: Mapping[str, Any], key: str) -> Bilingual:
    """Return a text of a run's output: `key` in English, `key_zh` in Chinese."""
    return Bilingual(str(document.get(key, "")), str(document.get(f"{key}_zh", "")))
