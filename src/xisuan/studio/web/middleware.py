"""ASGI middleware around the whole server that checks every request first.

It authenticates the user (session cookie or token), checks that the page is the studio's own (host, origin,
anti-forgery token), limits rate and size, and sets the security headers of the response.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from xisuan.studio import request_context
from xisuan.studio.auth import Person
from xisuan.studio.configuration import Configuration
from xisuan.studio.failures import App, Message, Receive, Send, refusal_of
from xisuan.studio.storage.repository import Store
from xisuan.studio.web.request_bodies import is_upload
from xisuan.text.translation import message as _
from xisuan.text.translation import translate

LOG = logging.getLogger(__name__)
CSRF_HEADER = b"x-csrftoken"
UNUSED_HEADER = b"x-unused"
"""Header of automatic requests of an unused page (`look/studio.js`), which do not keep a session alive."""
LOGGED = (403, 413, 421, 429)
"""Status codes of refusals that are written to the server's log, with user and address."""
OPEN = ("/enter", "/login", "/choose", "/health", "/look/enter.css", "/look/seal.svg")
"""Addresses that need no sign-in: the sign-in pages, their style, and the health check."""
MOST_CLIENTS = 10_000
SAFE = ("GET", "HEAD", "OPTIONS")

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'"
)
"""Content policy of pages: no resources from elsewhere. The grid and the charts need style attributes."""
DOCUMENT_POLICY = (
    "sandbox allow-scripts allow-popups allow-downloads; default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
"""Content policy of reports: a sandboxed document that can reach neither the session nor any address."""


@dataclass(slots=True)
class Buckets:
    """Rate limit by client: token buckets that are refilled at a constant rate."""

    rate: float
    burst: float
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, client: str, now: float, cost: float = 1.0) -> bool:
        """Take tokens from a client's bucket. Return False if it has too few, so that the request is refused."""
        with self._lock:
            level, at = self._levels.pop(client, (self.burst, now))
            level = min(self.burst, level + (now - at) * self.rate)
            allowed = level >= cost
            self._levels[client] = (level - cost if allowed else level, now)
            while len(self._levels) > MOST_CLIENTS:
                self._levels.popitem(last=False)
            return allowed


class Guard:
    """Middleware that checks every request. `hashes` are those of the pages' inline scripts."""

    def __init__(self, app: App, configuration: Configuration, store: Store, hashes: tuple[str, ...] = ()) -> None:
        self._app, self._configuration, self._store = app, configuration, store
        limits = configuration.limits
        self._requests = Buckets(limits.requests_per_second, limits.burst)
        self._entries = Buckets(0.2, 20.0)
        self._policy = POLICY.format(hashes="".join(f" {entry}" for entry in hashes))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = dict(scope["headers"])
        answer = self._dressed(send, scope)
        refused = self._understood(scope, headers)
        if refused is not None:
            await _answer(answer, scope, *refused)
            return
        limit = self._limit(scope)
        counted = _Counted(receive, answer, limit)
        if _length(headers) <= limit:
            with contextlib.suppress(_TooMuchError):  # answered below, also where it looked like a broken request
                await self._app(scope, counted.receive, counted.send)
        if _length(headers) > limit or counted.over:
            await _answer(answer, scope, 413, _("a request may have at most {most:.3g} MB", most=limit / 2**20))

    def _understood(self, scope: Message, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        """Return the refusal of a request, with a message even if the database fails."""
        try:
            return self._refused(scope, headers)
        except Exception as problem:
            refused = refusal_of(problem)
            if refused is None:
                raise
            LOG.error("a request could not be judged: %s", problem)
            return refused.status, refused.message

    def _refused(self, scope: Message, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        """Return status and reason of a refused request; otherwise store the user in the scope."""
        client = scope["client"][0] if scope.get("client") else "?"
        host = urlsplit(f"//{headers.get(b'host', b'').decode('latin-1')}").hostname or ""
        if host not in self._configuration.hosts and f"[{host}]" not in self._configuration.hosts:
            return 421, _("this host name is not one of the studio; start it with --name to allow it")
        entering = scope["path"] in ("/enter", "/login")
        if entering and scope["method"] == "POST" and not self._entries.take(client, time.monotonic()):
            return 429, _("too many attempts to sign in; wait a minute")
        person, csrf, token = self._who(headers)
        if not self._requests.take(token if person else client, time.monotonic()):
            return 429, _("too many requests; wait a moment")
        request_context.NOW.set(
            request_context.Asking(
                person, request_context.language(headers), request_context.theme(headers), csrf or ""
            )
        )
        scope.setdefault("state", {})
        scope["state"] |= {"person": person, "token": token, "address": client}
        if person is None and scope["path"] not in OPEN:
            return 401, _("sign in first, or send a token: Authorization: Bearer …")
        if scope["method"] not in SAFE and csrf is not None and headers.get(CSRF_HEADER, b"").decode("latin-1") != csrf:
            return 403, _("the request does not come from a page of the studio; load the page again")
        if scope["method"] not in SAFE and not self._ours(headers):
            return 403, _("the request comes from a page of another site")
        if scope["method"] not in SAFE and person is not None and person.access.scope == "read":
            return 403, _("this token has the scope read; create one with the scope plan")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return 422, _("the address holds the character NUL; remove it")
        return None

    def _who(self, headers: dict[bytes, bytes]) -> tuple[Person | None, str | None, str]:
        """Return user, anti-forgery token that a page must send back (None for a program), and secret."""
        bearer = headers.get(b"authorization", b"").decode("latin-1")
        if bearer:
            token = bearer.removeprefix("Bearer ").strip()
            found = self._store.session(token, "api", used=True) if token else None
            return (found[0] if found else None), None, token
        token = request_context.cookies(headers).get(self._configuration.session_cookie, "")
        used, idle = UNUSED_HEADER not in headers, self._configuration.session_idle_limit
        found = self._store.session(token, "browser", idle, used=used) if token else None
        return (found[0], found[1], token) if found else (None, None, "")

    @staticmethod
    def _ours(headers: dict[bytes, bytes]) -> bool:
        """Return True if the browser's headers name the studio's own pages as the origin, or name no origin."""
        if headers.get(b"sec-fetch-site", b"none") not in (b"same-origin", b"none"):
            return False
        origin = headers.get(b"origin", b"").decode("latin-1")
        return not origin or urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1")

    def _limit(self, scope: Message) -> int:
        limits = self._configuration.limits
        if scope["path"] in OPEN:
            return limits.form_bytes
        return limits.upload_bytes if is_upload(scope["path"]) else limits.body_bytes

    def _dressed(self, send: Send, scope: Message) -> Send:
        """Return a sender that adds the security headers to every response."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                more = HEADERS | {"content-security-policy": self._policy, "cache-control": "no-store"}
                if self._configuration.https:
                    more["strict-transport-security"] = "max-age=31536000; includeSubDomains"
                if message["status"] in LOGGED:
                    _log(scope, message["status"])
                extra = [(name.encode(), value.encode()) for name, value in more.items() if name.encode() not in have]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        return dressed


class _TooMuchError(Exception):
    """The body is larger than allowed."""


class _Counted:
    """Body that is counted while it arrives: the length in its header may be missing or false."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self._left = receive, send, limit
        self.over = False

    async def receive(self) -> Message:
        """Return the next part. Raises _TooMuchError above the limit."""
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.over = True
            raise _TooMuchError
        return message

    async def send(self, message: Message) -> None:
        """Pass a response on, unless the request was too long."""
        if not self.over:
            await self._send(message)


def _length(headers: dict[bytes, bytes]) -> int:
    text = headers.get(b"content-length", b"0")
    return int(text) if text.isdigit() else 0


def _log(scope: Message, status: int) -> None:
    """Write a refusal to the server's log, with control characters of the client's texts escaped."""
    state = scope.get("state", {})
    who = state["person"].name if state.get("person") else "nobody"
    LOG.warning(
        "refused %d: %s %r for %s from %s", status, scope["method"], scope["path"], who, state.get("address", "?")
    )


async def _answer(send: Send, scope: Message, status: int, reason: str) -> None:
    """Send the response of a refusal: JSON for programs, a redirect to sign-in for users who are not signed in."""
    page = scope["method"] == "GET" and not scope["path"].startswith(("/api", "/_dash", "/assets"))
    if status == 401 and page:
        to = f"/login?to={quote(scope['path'])}".encode()
        await send({"type": "http.response.start", "status": 303, "headers": [(b"location", to)]})
        await send({"type": "http.response.body", "body": b""})
        return
    language = request_context.language(dict(scope["headers"]))
    body = json.dumps({"message": translate(reason, language)}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"www-authenticate", b"Bearer")] if status == 401 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
