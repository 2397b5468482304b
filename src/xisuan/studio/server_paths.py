"""Removal of server paths from messages: users see the name of a file, not its place on the server."""

from __future__ import annotations

import re
import sys
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

_FOLDERS: set[str] = set()


def hide(folder: Path) -> None:
    """Hide a folder of the server in messages from now on."""
    _FOLDERS.update({str(folder.absolute()), str(folder.resolve())})
    _pattern.cache_clear()


@cache
def _pattern() -> re.Pattern[str]:
    own = {str(resources.files("xisuan")), sys.prefix, sys.base_prefix, tempfile.gettempdir(), str(Path.home())}
    roots = sorted((_FOLDERS | own) - {"/"}, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, roots))})(?:/[^\s/:,;'\"()]*)*")


def without(text: str) -> str:
    """Return a text in which each path into a hidden folder is reduced to its last part."""
    return _pattern().sub(lambda found: found[0].rstrip("/").rpartition("/")[2], text)


def without_in(value: Any) -> Any:
    """Return a document with hidden folders removed from every text."""
    if isinstance(value, str):
        return without(value)
    if isinstance(value, dict):
        return {key: without_in(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_in(inner) for inner in value]
    return value
