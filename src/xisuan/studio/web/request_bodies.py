"""Checks of JSON bodies before they are parsed elsewhere: characters that no text may hold, and malformed callbacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from starlette.responses import JSONResponse

from xisuan.studio import request_context
from xisuan.studio.failures import App, Message, Receive, Send
from xisuan.text.translation import message as _

SUSPECT = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)
"""JSON escapes of NUL and of surrogates."""
CALLBACK = "/_dash-update-component"
_FILE = "/api/scenarios/upload"
"""Address whose body is a file."""
_TRACE = re.compile(r"/api/scenarios/[0-9a-f]{16}/trace")
"""Address whose body is JSON that holds a file."""
MOST_VALUES = 1_000_000
"""Values of a JSON body, counted by its commas and brackets: each takes up to 400 bytes of memory once parsed."""
READ = ("POST", "PUT", "PATCH", "DELETE")
CHARACTERS = _("the request holds a character that no text may hold (NUL or half of a surrogate pair); remove it")
FORM = _("this is not a request of the studio's pages; load the page again")


class Bodies:
    """Middleware that refuses malformed JSON bodies."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http" or scope["method"] not in READ or not _is_json(scope["path"]):
            await self._app(scope, receive, send)
            return
        parts, more = [], True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return  # the client has disconnected
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        body = b"".join(parts)
        refused = refused_body(scope["path"], body)
        if refused is not None:
            status, reason = refused
            content = {"message": request_context.NOW.get().say(reason), "problems": []}
            await JSONResponse(content, status)(scope, receive, send)
            return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


def is_upload(path: str) -> bool:
    """Return True for a request that sends a file of jobs or a scenario, which may be larger than others."""
    return path == _FILE or _TRACE.fullmatch(path) is not None


def _is_json(path: str) -> bool:
    return path.startswith("/_dash-") or (path.startswith("/api/") and path != _FILE)


def refused_body(path: str, body: bytes) -> tuple[int, str] | None:
    """Return status and message for a refused body."""
    callback = path == CALLBACK
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        return 413, _("the request holds more than {most:,} values; send fewer rows at once", most=MOST_VALUES)
    if not callback and not SUSPECT.search(body):
        return None
    try:
        found = json.loads(body)
        texts = list(_texts(found)) if SUSPECT.search(body) else []
    except (ValueError, RecursionError):
        return (400, FORM) if callback else None  # the API reports unreadable JSON itself
    if any("\0" in text or not _is_whole(text) for text in texts):
        return 422, CHARACTERS
    return (400, FORM) if callback and not is_callback(found) else None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _is_whole(text: str) -> bool:
    """Return True if a text can be encoded in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_callback(found: Any) -> bool:
    """Return True if a document has the form of a callback request of the page framework."""
    if not isinstance(found, dict) or not isinstance(found.get("output"), str):
        return False
    changed = found.get("changedPropIds", [])
    outputs = found.get("outputs", [])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    places = [*_list(found.get("inputs", [])), *_list(found.get("state", [])), *outputs]
    return (
        isinstance(changed, list)
        and all(isinstance(one, str) for one in changed)
        and all(_is_place(one) for group in places for one in (group if isinstance(group, list) else [group]))
    )


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _is_place(found: Any) -> bool:
    """Return True if a value names a property of a page component."""
    named = isinstance(found, dict) and isinstance(found.get("id"), str | dict)
    return named and isinstance(found.get("property"), str)
