"""Callbacks of pages: each calls a verb of the services in a thread as the user, and shows refusals as messages."""

from __future__ import annotations

import base64
import binascii
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import dash
from dash import Output, no_update, set_props
from dash.exceptions import PreventUpdate
from fastapi.concurrency import run_in_threadpool

from xisuan.errors import ScenarioError, lines
from xisuan.studio import request_context
from xisuan.studio.auth import Person
from xisuan.studio.failures import refusal_of
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.request_context import Asking
from xisuan.studio.server_paths import without
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

LOG = logging.getLogger(__name__)
NOTHING = no_update


async def act(make: Callable[[Asking, Person], Any]) -> tuple[Any, str]:
    """Return the result of `make` and "", or None and the message of the refusal."""
    now = request_context.NOW.get()
    if now.person is None:
        return None, now.say(_("You are no longer signed in. Load the page again to sign in."))
    person = now.person
    try:
        return await run_in_threadpool(lambda: make(now, person)), ""
    except (RefusedError, ScenarioError) as problem:
        return None, refusal(now.say, problem)
    except Exception as problem:  # a defect must not look like an ignored click
        refused = refusal_of(problem)
        if refused is not None:
            LOG.error("a click had no effect: %s", problem)
            return None, refusal(now.say, refused)
        LOG.exception("a click had no effect")
        return None, now.say(_("An internal error occurred. The server log has the details."))


def refusal(say: Translator, problem: RefusedError | ScenarioError) -> str:
    """Return the message of a refusal in the user's language."""
    if isinstance(problem, RefusedError):
        return without(say(problem.message))
    first, *rest = lines(problem, say.language)
    return without("\n".join([first, *(f"  {line}" for line in rest)]))


def navigating(pages: dash.Dash, *dependencies: Any, **settings: Any) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """Register a callback that opens an address: its first result is the address or NOTHING, the others its outputs.

    The address is not an output. The framework calls a callback with an output outside the page whenever its buttons
    appear, and drops the answer to an earlier call then: a click whose answer arrives after the page changed was lost.
    """
    alone = not any(isinstance(one, Output) for one in dependencies)

    def register(make: Callable[..., Awaitable[Any]]) -> Any:
        @functools.wraps(make)
        async def call(*given: Any) -> Any:
            result = await make(*given)
            address, *others = (result,) if alone else result
            if address is not NOTHING:
                set_props("at", {"href": address})
            return None if alone else others[0] if len(others) == 1 else tuple(others)

        return pages.callback(*dependencies, **settings)(call)

    return register


def one_at_a_time(pulse: str) -> list[tuple[Any, bool, bool]]:
    """Return the setting `running` of a callback that the interval `pulse` calls: it waits while an answer is open.

    The framework drops an answer when the same callback is called again: with answers slower than the interval no
    answer would ever be shown.
    """
    return [(Output(pulse, "disabled"), True, False)]


def uploaded(contents: str) -> bytes:
    """Return the bytes of a file as the browser sends it. Raises RefusedError."""
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        raise RefusedError(422, _("the file arrived incomplete; send it again")) from None


def require_click(*clicks: int | None) -> None:
    """Stop a callback without a click: the framework also calls it when a button appears."""
    if not any(clicks):
        raise PreventUpdate
