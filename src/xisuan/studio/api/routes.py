"""REST API under /api: the verbs of the services with their schemas. /api/openapi.json describes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import fastapi
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from xisuan.errors import Problem, ScenarioError
from xisuan.studio import request_context, scenario_texts
from xisuan.studio.api import accounts, answers, readings, results, runs, scenarios, upkeep, versions, what_if
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.server_paths import without
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import message as _

MOST_FAULTS = 20
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REST = "/api/{rest:path}"

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "model": answers.Refusal}
    for status, text in {
        400: "the request is not HTTP as it should be",
        401: "neither session nor token",
        403: "not allowed",
        404: "not there, or not shared",
        409: "it has changed in the meantime, or is not in a state for this",
        413: "too large",
        422: "unusable, with the problems found",
        429: "too many",
        503: "it could not be done now",
        507: "the studio's disk is full",
    }.items()
}


def install(app: fastapi.FastAPI, services: Services) -> None:
    """Add the API to the server."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(ScenarioError, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(HTTPException, _of_framework)
    for routes in (
        scenarios.add,
        versions.add,
        readings.add,
        runs.add,
        what_if.add,
        results.add,
        accounts.add,
        upkeep.add,
    ):
        router = fastapi.APIRouter(prefix="/api", responses=REFUSALS)
        routes(router, services)
        app.include_router(router)
    app.add_api_route(REST, _missing, methods=list(METHODS), include_in_schema=False)


def _missing(request: Request, rest: str) -> None:
    """Refuse an unknown address by 404 as JSON instead of a page, or by 405 if it exists with other methods."""
    if _allowed(request):
        raise HTTPException(405)
    raise RefusedError(404, _("the API has no /{rest}", rest=rest[:100]))


def _allowed(request: Request) -> list[str]:
    """Return the methods of an address."""
    found: set[str] = set()
    of_api = request.url.path.startswith("/api/")
    for route in request.app.routes:
        if getattr(route, "path", "") == REST or (of_api and isinstance(route, Route) and not _of_api(route)):
            continue  # these match every address: the 404 route and the pages
        for method in METHODS:
            if route.matches({**request.scope, "method": method})[0] is Match.FULL:
                found.add(method)
    return sorted(found)


def _of_api(route: Route) -> bool:
    return route.path.startswith("/api/")


async def _of_framework(request: Request, problem: Exception) -> Response:
    """Return a refusal of the web framework in the API's form; for a wrong method, with the allowed ones."""
    assert isinstance(problem, HTTPException)
    headers = dict(problem.headers or {})
    words = problem.detail
    if problem.status_code == 405:
        headers["allow"] = ", ".join(_allowed(request)) or headers.get("allow", headers.get("Allow", "GET"))
        headers.pop("Allow", None)
        words = request_context.NOW.get().say(_("this address accepts {methods} only", methods=headers["allow"]))
    return _answer(problem.status_code, words, headers=headers)


async def _refused(_request: Request, problem: Exception) -> Response:
    """Return a refusal as a response."""
    status = problem.status if isinstance(problem, RefusedError) else 422
    found = problem.problems if isinstance(problem, RefusedError | ScenarioError) else ()
    say = request_context.NOW.get().say
    text = scenario_texts.words(say, problem) if isinstance(problem, ScenarioError) else say(_message(problem))
    return _answer(status, without(text), found)


def _answer(
    status: int, message: str, found: Iterable[Problem] = (), headers: Mapping[str, str] | None = None
) -> Response:
    content = answers.Refusal(message=message, problems=answers.problems(found)).model_dump()
    return fastapi.responses.JSONResponse(content, status_code=status, headers=headers)


def _message(problem: Exception) -> str:
    return problem.message if isinstance(problem, RefusedError) else str(problem)


async def _misshapen(_request: Request, problem: Exception) -> Response:
    """Return the response to a request that violates its schema: place and fault, without the content sent."""
    assert isinstance(problem, RequestValidationError)
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors()[:MOST_FAULTS]]
    words = "; ".join(found).encode("utf-8", "replace").decode()
    return _answer(422, words)
