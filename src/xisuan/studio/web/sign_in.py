"""Sign-in: by a token in the address on this machine, by name and password elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from typing import Annotated, Literal
from urllib.parse import parse_qs, quote

import fastapi
import jinja2
from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from xisuan.studio import request_context
from xisuan.studio.configuration import Configuration
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

LOG = logging.getLogger(__name__)
YEAR = 365 * 86_400


def entry_address(services: Services) -> str:
    """Return an address that signs in once, on this machine, within some minutes."""
    here = services.configuration
    token, _ = services.store.add_session(services.local_person().id, "entry", here.limits.entry_seconds)
    host = f"[{here.host}]" if ":" in here.host else here.host
    return f"http://{host}:{here.port}/enter?token={token}"


def _own_path(to: str) -> str:
    """Return an address within the studio; the first page for any other."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else "/"


def install(app: fastapi.FastAPI, services: Services) -> None:
    """Add sign-in, sign-out, and the choice of language and theme."""
    terminal = _Terminal(services)
    _add_token(app, services, terminal)
    _add_password(app, services, terminal)
    _add_choices(app, services)

    @app.get("/health", include_in_schema=False)
    def health() -> PlainTextResponse:
        return PlainTextResponse("ok")


class _Terminal:
    """Prints entry addresses of a local studio in its terminal: one at a time, and a new one when it is used, or when
    it has expired and a browser asks to sign in.
    """

    def __init__(self, services: Services) -> None:
        self._desk, self._until, self._lock = services, 0.0, threading.Lock()

    def show(self, *, used: bool = False) -> None:
        """Print an address, unless one that was not used is still valid."""
        with self._lock:
            if used or time.time() >= self._until:
                self._until = time.time() + self._desk.limits.entry_seconds
                minutes = self._desk.limits.entry_seconds / 60
                LOG.warning("for a browser, once, within %.0f minutes: %s", minutes, entry_address(self._desk))


def _add_token(app: fastapi.FastAPI, services: Services, terminal: _Terminal) -> None:
    configuration = services.configuration

    @app.get("/enter", include_in_schema=False)
    def enter(request: Request, token: Annotated[str, Query(max_length=100)] = "") -> Response:
        if request.state.person is not None:
            return RedirectResponse("/", 303)
        found = services.store.session(token, "entry") if configuration.local and token else None
        if found is None or not services.store.end_session(token):
            return RedirectResponse("/login", 303)
        secret, csrf = services.store.add_session(found[0].id, "browser", configuration.limits.session_seconds)
        services.store.note(found[0].name, "entered", "", request.state.address)
        terminal.show(used=True)
        return _let_in(configuration, "/", secret, csrf)


def _add_password(app: fastapi.FastAPI, services: Services, terminal: _Terminal) -> None:
    configuration = services.configuration

    @app.get("/login", include_in_schema=False)
    def show(request: Request, to: Annotated[str, Query(max_length=500)] = "/") -> Response:
        if request.state.person is not None:
            return RedirectResponse(_own_path(to), 303)
        if configuration.local:
            terminal.show()
        return _form(request_context.NOW.get().say, configuration.local, _own_path(to), "")

    @app.post("/login", include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        name, password, to = (fields.get(key, [""])[0] for key in ("name", "password", "to"))
        try:
            address = request.state.address
            secret, csrf = await fastapi.concurrency.run_in_threadpool(services.sign_in, name, password, address)
        except RefusedError as problem:
            if problem.status != 401:
                raise
            say = request_context.NOW.get().say
            return _form(
                say,
                configuration.local,
                _own_path(to),
                say(_("The name or password is wrong, or the account is temporarily locked.")),
                401,
            )
        return _let_in(configuration, _own_path(to), secret, csrf)

    @app.post("/logout", include_in_schema=False)
    def leave(request: Request) -> Response:
        services.store.end_session(request.state.token)
        if request.state.person is not None:
            services.store.note(request.state.person.name, "sign-out", "", request.state.address)
        response = Response(status_code=204, headers={"clear-site-data": '"cache", "storage"'})
        secure = configuration.https
        response.delete_cookie(configuration.session_cookie, httponly=True, samesite="lax", secure=secure)
        response.delete_cookie(configuration.csrf_cookie, samesite="strict", secure=secure)
        return response


def _let_in(configuration: Configuration, to: str, secret: str, csrf: str) -> Response:
    """Return a redirect to a page, with a session cookie."""
    response = RedirectResponse(to, 303)
    common = {"max_age": int(configuration.limits.session_seconds), "secure": configuration.https}
    response.set_cookie(configuration.session_cookie, secret, httponly=True, samesite="lax", **common)  # type: ignore[arg-type]
    response.set_cookie(configuration.csrf_cookie, csrf, samesite="strict", **common)  # type: ignore[arg-type]
    return response


def _add_choices(app: fastapi.FastAPI, services: Services) -> None:
    @app.get("/choose", include_in_schema=False)
    def choose(
        lang: Literal["en", "zh"] | None = None,
        theme: Literal["light", "dark"] | None = None,
        to: Annotated[str, Query(max_length=500)] = "/",
    ) -> Response:
        """Store language and theme in cookies that hold nothing else."""
        response = RedirectResponse(_own_path(to), 303)
        for cookie, value in ((request_context.LANGUAGE, lang), (request_context.THEME, theme)):
            if value:
                response.set_cookie(cookie, value, max_age=YEAR, samesite="lax", secure=services.configuration.https)
        return response


def _form(say: Translator, local: bool, to: str, wrong: str, status: int = 200) -> Response:
    """Return the page to sign in, with a message if the last attempt failed."""
    texts = {
        "title": say(_("xisuan studio")),
        "lead": say(
            _(
                "Open the latest address shown in the terminal. Each address works for one browser, "
                "once, within ten minutes."
            )
        ),
        "name": say(_("User name")),
        "password": say(_("Password")),
        "go": say(_("Sign in")),
    }
    here = quote(f"/login?to={quote(to)}")
    page = _FORM.render(texts=texts, language=say.language, local=local, to=to, wrong=wrong, again=here)
    return HTMLResponse(page, status)


_FORM = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
    """<!doctype html>
<html lang="{{ 'zh-CN' if language == 'zh' else 'en' }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{{ texts.title }}</title>
<link rel="stylesheet" href="/look/enter.css"><link rel="icon" href="/look/seal.svg"></head>
<body><main>
<div class="seal" aria-hidden="true">西<br>算</div>
<h1>{{ texts.title }}</h1>
{% if local %}<p>{{ texts.lead }}</p>
{% else %}<form method="post" action="/login">
{% if wrong %}<p role="alert" class="wrong">{{ wrong }}</p>{% endif %}
<input type="hidden" name="to" value="{{ to }}">
<label>{{ texts.name }}<input name="name" autocomplete="username" required autofocus></label>
<label>{{ texts.password }}<input name="password" type="password" autocomplete="current-password" required></label>
<button>{{ texts.go }}</button></form>{% endif %}
<p class="other"><a href="/choose?lang={{ 'en' if language == 'zh' else 'zh' }}&amp;to={{ again }}">
{{- 'English' if language == 'zh' else '中文' }}</a></p>
</main></body></html>
"""
)
