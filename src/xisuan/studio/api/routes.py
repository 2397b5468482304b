"""The REST API under /api: the verbs of the desk, with their shapes. /api/openapi.json describes it."""

from __future__ import annotations

from typing import Any

import fastapi
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from xisuan.errors import ScenarioError
from xisuan.studio.api import accounts, results, runs, scenarios, versions, what_if
from xisuan.studio.api.schemas import problems
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Desk

MOST_FAULTS = 20

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": text}
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
    }.items()
}


def install(app: fastapi.FastAPI, desk: Desk) -> None:
    """Add the API to the server."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(ScenarioError, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    for routes in (scenarios.add, versions.add, runs.add, what_if.add, results.add, accounts.add):
        router = fastapi.APIRouter(prefix="/api", responses=REFUSALS)
        routes(router, desk)
        app.include_router(router)
    app.add_api_route(
        "/api/{rest:path}", _missing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )


def _missing(rest: str) -> None:
    """No page is shown where a program asks."""
    raise RefusedError(404, f"the API has no /{rest[:100]}")


async def _refused(_request: Request, problem: Exception) -> Response:
    """A refusal as an answer."""
    status = problem.status if isinstance(problem, RefusedError) else 422
    found = problem.problems if isinstance(problem, RefusedError | ScenarioError) else ()
    content = {"message": str(problem), "problems": problems(found)}
    return fastapi.responses.JSONResponse(content, status_code=status)


async def _misshapen(_request: Request, problem: Exception) -> Response:
    """A request of another shape than described: where and what, without giving back what was sent."""
    assert isinstance(problem, RequestValidationError)
    found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors()[:MOST_FAULTS]]
    return fastapi.responses.JSONResponse({"message": "; ".join(found), "problems": []}, status_code=422)
