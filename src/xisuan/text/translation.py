"""Messages in English and Chinese by gettext; the only access to `xisuan/locale`.

A message is written once, in English, where it arises: `_("the link has {rate} Gbps", rate=40)`. It is a `str` in
English. `translate` looks up the English source in `locale/<language>/LC_MESSAGES/xisuan.mo` and fills in the same
values; values that are messages are translated as well. `python -m tools.messages` extracts the sources, and a test
keeps the catalogue complete.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, Protocol, runtime_checkable

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
DOMAIN = "xisuan"
_LITERAL = frozenset((str, int, float))
"""Types of most values of messages, which have no languages; the question of the protocol takes longer."""


@runtime_checkable
class Translatable(Protocol):
    """A value with a text for each language: a message, an amount with a unit, a date."""

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        ...


class Message(str):
    """An English message that keeps its source and values, so that it can be translated.

    `source`: the text with `{name}` for values. `plural`, `number`: the source for counts other than one, and the
    count. `context`: distinguishes equal sources with different meanings, as in gettext.
    """

    __slots__ = ("context", "number", "plural", "source", "values")

    source: str
    values: Mapping[str, object]
    plural: str
    number: int
    context: str

    def __new__(  # noqa: D102
        cls, source: str, values: Mapping[str, object], *, plural: str = "", number: int = 1, context: str = ""
    ) -> Message:
        text = super().__new__(cls, _filled(source if number == 1 or not plural else plural, values, "en"))
        text.source, text.values, text.plural, text.number, text.context = source, dict(values), plural, number, context
        return text

    def in_language(self, language: Language) -> str:
        """Return the message in `language`; English where the catalogue lacks it."""
        if language == "en":
            return str(self)
        return _filled(self._looked_up(catalogue(language)), self.values, language)

    def _looked_up(self, found: gettext.NullTranslations) -> str:
        if self.plural and self.context:
            return found.npgettext(self.context, self.source, self.plural, self.number)
        if self.plural:
            return found.ngettext(self.source, self.plural, self.number)
        if self.context:
            return found.pgettext(self.context, self.source)
        return found.gettext(self.source) if self.source else ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.source, dict(self.values), self.plural, self.number, self.context)


def _restored(source: str, values: Mapping[str, object], plural: str, number: int, context: str) -> Message:
    return Message(source, values, plural=plural, number=number, context=context)


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text that is given in English and in Chinese: a title of a scenario, or a sentence of a stored result."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en)

    def __str__(self) -> str:
        return self.en

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Series:
    """Values one after another, separated by semicolons, or by commas if `short`."""

    values: tuple[object, ...]
    short: bool = False

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: Language) -> str:
        """Return the values in `language`, separated."""
        signs = {"en": ("; ", ", "), "zh": ("；", "、")}[language]
        return signs[self.short].join(translate(one, language) for one in self.values)


_PARTS = ("source", "values", "plural", "number", "context")


def encoded(value: object) -> object:
    """Return a value of a message as JSON; a message becomes a dict of its parts."""
    if isinstance(value, Message):
        return {name: encoded(getattr(value, name)) for name in _PARTS}
    if isinstance(value, Mapping):
        return {name: encoded(one) for name, one in value.items()}
    return value


def decoded(value: object) -> Any:
    """Return the value that `encoded` made JSON of."""
    if not isinstance(value, Mapping):
        return value
    held = {name: decoded(one) for name, one in value.items()}
    return _restored(*(held[name] for name in _PARTS)) if set(_PARTS) <= held.keys() else held


def message(source: str, /, **values: Any) -> Message:
    """Return a message; modules import it as `_`, the name that the extraction looks for."""
    return Message(source, values)


def unfilled(source: str, /) -> str:
    """Return `source` unchanged. The call marks it for extraction; it is filled in later, `_(SOURCES[key], rate=40)`."""
    return source


def plural(one: str, many: str, count: int, /, **values: Any) -> Message:
    """Return a message that depends on a count, which fills `{count}`: `one` for 1, `many` otherwise."""
    return Message(one, {"count": count, **values}, plural=many, number=count)


def in_context(context: str, source: str, /, **values: Any) -> Message:
    """Return a message whose English source means something else in another `context`."""
    return Message(source, values, context=context)


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates messages into one language: `say(_("{count} sites", count=3))`."""

    language: Language

    def __call__(self, said: object) -> str:
        """Return a message or an amount in this language, any other value as `str`."""
        return translate(said, self.language)


def translate(value: object, language: Language) -> str:
    """Return `value` in `language`: messages and amounts translated, any other value as `str`."""
    return value.in_language(language) if isinstance(value, Translatable) else str(value)


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return the compiled catalogue of a language; English is the source and has none."""
    if language == "en":
        return gettext.NullTranslations()
    file = resources.files("xisuan").joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.mo")
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)


def _filled(source: str, values: Mapping[str, object], language: Language) -> str:
    """Return the source with its values filled in; format specifications do not apply to translatable values."""
    if not values and "{" not in source:
        return source
    said = {
        name: value if type(value) in _LITERAL or not isinstance(value, Translatable) else value.in_language(language)
        for name, value in values.items()
    }
    return source.format_map(said)
