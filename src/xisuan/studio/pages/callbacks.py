"""Callbacks of pages: each calls a verb of the services in a thread as the user, and shows refusals as messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import no_update
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


def require_click(*clicks: int | None) -> None:
    """Stop a callback without a click: the framework also calls it when a button appears."""
    if not any(clicks):
        raise PreventUpdate
