"""Responses to failures other than refusals: a full disk, an unreachable database, a defect."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import sqlalchemy as sa
from dash.exceptions import PreventUpdate

from xisuan.errors import XisuanError
from xisuan.studio import request_context
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

LOG = logging.getLogger(__name__)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
SQLITE_FULL, SQLITE_IOERR = 13, 10
"""Result codes of SQLite for a full disk: found by SQLite, or by the system while it writes the log."""
POSTGRESQL_FULL = "53100"


def is_full(problem: BaseException) -> bool:
    """Return True if an error means that the disk of the database or of the files is full."""
    if isinstance(problem, OSError):
        return problem.errno in NO_ROOM
    origin = problem.orig if isinstance(problem, sa.exc.DBAPIError) else None
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    return code in (SQLITE_FULL, SQLITE_IOERR) or getattr(origin, "sqlstate", "") == POSTGRESQL_FULL


def refusal_of(problem: Exception) -> RefusedError | None:
    """Return the refusal that reports a failure; None for a defect."""
    if is_full(problem):
        return RefusedError(
            507,
            _(
                "the disk of the studio is full or cannot be written, and nothing was saved; ask the operator of the"
                " server to free space"
            ),
        )
    if isinstance(problem, sa.exc.OperationalError | sa.exc.TimeoutError):
        return RefusedError(503, _("the database of the studio does not answer; try again in a minute"))
    return None


class Failures:
    """Middleware that turns every exception of the application into a response with a message.

    A defect is written in full to the server's log and not to the response. A malformed request of a kind that only the
    studio's own pages send is answered by 400.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except (XisuanError, PreventUpdate):
            raise  # the first has its own handler, the second means no update of a page
        except Exception as problem:
            if scope["type"] != "http" or begun:
                raise
            status, reason = _answer(scope, problem)
            message = request_context.NOW.get().say(reason)
            body = json.dumps({"message": message, "problems": []}, ensure_ascii=False).encode()
            length = str(len(body)).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", length)]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _answer(scope: Message, problem: Exception) -> tuple[int, str]:
    refused = refusal_of(problem)
    if refused is not None:
        LOG.error("%s %r: %s: %s", scope["method"], scope["path"], refused, problem)
        return refused.status, refused.message
    LOG.error("%s %r failed", scope["method"], scope["path"], exc_info=problem)
    if scope["path"].startswith("/_dash-"):
        return 400, _("this is not a request of the studio's pages; load the page again")
    return 500, _("an internal error occurred; the server log has the details")
