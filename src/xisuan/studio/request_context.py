"""Context of the current request: user, language and theme, available to all code that answers it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from xisuan.studio.auth import Person
from xisuan.text.translation import Language, Translator

Theme = Literal["light", "dark"]
LANGUAGE, THEME = "xisuan_lang", "xisuan_theme"
"""Cookies of the chosen language and theme; they hold nothing else."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Context of one request: user (None: not signed in), language, theme, and anti-forgery token."""

    person: Person | None
    language: Language = "en"
    theme: Theme = "light"
    csrf: str = ""

    @property
    def say(self) -> Translator:
        """Texts in the user's language."""
        return Translator(self.language)


NOW: ContextVar[Asking] = ContextVar("asking", default=Asking(None))  # noqa: B039 (it is frozen)
"""Context of the current request, set by the guard."""


def cookies(headers: dict[bytes, bytes]) -> dict[str, str]:
    """Return the cookies of a request; none if they cannot be read."""
    try:
        found = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in found.items()}


def language(headers: dict[bytes, bytes]) -> Language:
    """Return the chosen language, else the browser's, else English."""
    chosen = cookies(headers).get(LANGUAGE) or headers.get(b"accept-language", b"").decode("latin-1")
    return "zh" if chosen.lower().startswith("zh") else "en"


def theme(headers: dict[bytes, bytes]) -> Theme:
    """Return the chosen theme, else light."""
    return "dark" if cookies(headers).get(THEME) == "dark" else "light"
