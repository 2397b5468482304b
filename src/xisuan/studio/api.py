"""The REST API under /api: the verbs of the desk, with their shapes. /api/openapi.json describes it."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Literal

import fastapi
from fastapi import Body, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from xisuan.errors import Problem, ScenarioError
from xisuan.studio import desk as desks
from xisuan.studio import levers, shelf
from xisuan.studio.desk import Desk
from xisuan.studio.guard import DOCUMENT_POLICY
from xisuan.studio.people import Person
from xisuan.studio.refusal import RefusedError
from xisuan.studio.store import Row

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="id, as lists give it")]
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
TableName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="name of a table")]
Version = Annotated[int | None, Query(ge=1, le=10**6, description="version; the latest unless given")]
Language = Literal["en", "zh"]
Theme = Literal["auto", "light", "dark"]
MOST_FAULTS = 20
DARK = "@media (prefers-color-scheme: dark)"
Cell = str | float | int | bool | None
ZIP, XLSX = "application/zip", desks.FILES["tables.xlsx"]


class New(BaseModel):
    """A scenario to make: from a shipped one, or as a copy of one here."""

    name: Name
    base: str = Field(default="", max_length=64, description="name of a shipped scenario")
    copy_of: str = Field(default="", max_length=16, description="id of a scenario here")
    title: str = Field(default="", max_length=200)


class Rows(BaseModel):
    """Rows of a table. Cells are text as in the CSV file, or numbers."""

    rows: list[dict[str, Cell]]


class Edit(Rows):
    """Rows that replace a table, and the version that they began from."""

    base: int = Field(ge=1, le=10**6)
    note: str = Field(default="", max_length=200)


class Options(BaseModel):
    """Options of scenario.toml to change, as text, and the version that they began from."""

    base: int = Field(ge=1, le=10**6)
    options: dict[str, str]
    note: str = Field(default="", max_length=200)


class Restore(BaseModel):
    """An earlier version to go back to."""

    base: int = Field(ge=1, le=10**6)
    version: int = Field(ge=1, le=10**6)


class Share(BaseModel):
    """Who else sees a scenario."""

    sharing: Literal["none", "view", "edit"]


class Submit(BaseModel):
    """A run to queue."""

    version: int | None = Field(default=None, ge=1, le=10**6)
    label: str = Field(default="", max_length=120)


class Sweep(BaseModel):
    """A run for each value of a lever, in percent of change."""

    lever: str = Field(max_length=40)
    values: list[float] = Field(min_length=1, max_length=levers.MOST)


class Account(BaseModel):
    """A new account."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(max_length=1024)
    role: Literal["viewer", "planner", "administrator"]


class Token(BaseModel):
    """A program that is to act for you."""

    label: str = Field(min_length=1, max_length=80)


class Change(BaseModel):
    """What changes of an account."""

    password: str | None = Field(default=None, max_length=1024)
    role: Literal["viewer", "planner", "administrator"] | None = None
    active: bool | None = None


def problems(found: list[Problem] | tuple[Problem, ...]) -> list[dict[str, str]]:
    """Problems as documents."""
    return [dataclasses.asdict(problem) for problem in found]


def _public(row: Row) -> Row:
    """A row without what only the server needs."""
    hidden = ("folder", "owner_id", "author_id", "process", "removed", "password", "digest")
    return {key: value for key, value in row.items() if key not in hidden}


def person(request: Request) -> Person:
    """Who asks; the guard has seen to it that it is somebody."""
    found: Person = request.state.person
    return found


Who = Annotated[Person, Depends(person)]


def administrator(who: Who) -> Person:
    """Who asks, an administrator."""
    if not who.administers:
        raise RefusedError(403, "only an administrator may do this")
    return who


Chief = Annotated[Person, Depends(administrator)]

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
    for routes in (_scenarios, _versions, _runs, _accounts):
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


def _scenarios(routes: fastapi.APIRouter, desk: Desk) -> None:
    @routes.get("/shipped")
    def list_shipped() -> list[dict[str, str]]:
        """Scenarios that come with xisuan."""
        return [{"name": name, "title": en, "title_zh": zh} for name, (en, zh) in shelf.shipped().items()]

    @routes.get("/scenarios")
    def list_scenarios(who: Who) -> list[dict[str, Any]]:
        """Scenarios that are yours or shared with you."""
        return [_public(row) for row in desk.scenarios(who)]

    @routes.post("/scenarios", status_code=201)
    def new_scenario(who: Who, asked: New) -> dict[str, str]:
        """Make a scenario from a shipped one, or copy one."""
        if bool(asked.base) == bool(asked.copy_of):
            raise RefusedError(422, "give either base or copy_of")
        if asked.copy_of:
            return {"id": desk.copy(who, asked.copy_of, asked.name)}
        return {"id": desk.new(who, asked.name, asked.base, asked.title)}

    @routes.post("/scenarios/upload", status_code=201)
    def upload_scenario(
        who: Who,
        name: Annotated[str, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
        data: Annotated[bytes, Body(media_type="application/octet-stream")],
    ) -> dict[str, str]:
        """Make a scenario from a zip of its folder or an Excel workbook, sent as the body."""
        return {"id": desk.upload(who, name, data)}

    @routes.get("/scenarios/{scenario_id}")
    def show_scenario(who: Who, scenario_id: Id) -> dict[str, Any]:
        """A scenario with its options, tables and problems."""
        row = _public(desk.scenario(who, scenario_id))
        more = {"options": desk.options(who, scenario_id), "tables": desk.tables(who, scenario_id)}
        return {**row, **more, "problems": problems(desk.problems(who, scenario_id))}

    @routes.delete("/scenarios/{scenario_id}", status_code=204)
    def remove_scenario(who: Who, scenario_id: Id) -> None:
        """Take a scenario and its runs off the lists."""
        desk.remove(who, scenario_id)

    @routes.put("/scenarios/{scenario_id}/sharing", status_code=204)
    def share_scenario(who: Who, scenario_id: Id, asked: Share) -> None:
        """Let others see or change a scenario."""
        desk.share(who, scenario_id, asked.sharing)

    @routes.get("/scenarios/{scenario_id}/download", response_class=Response)
    def download_scenario(
        who: Who, scenario_id: Id, kind: Literal["zip", "xlsx"] = "zip", version: Version = None
    ) -> Response:
        """A version as a zip of its folder or an Excel workbook."""
        data = desk.download(who, scenario_id, kind, version)
        name = f"{desk.scenario(who, scenario_id)['name']}.{kind}"
        return _attachment(data, name, ZIP if kind == "zip" else XLSX)


def _versions(routes: fastapi.APIRouter, desk: Desk) -> None:
    @routes.get("/scenarios/{scenario_id}/versions")
    def list_versions(who: Who, scenario_id: Id) -> list[dict[str, Any]]:
        """Versions, latest first."""
        return [_public(row) for row in desk.versions(who, scenario_id)]

    @routes.get("/scenarios/{scenario_id}/diff")
    def compare_versions(
        who: Who,
        scenario_id: Id,
        before: Annotated[int, Query(ge=1, le=10**6)],
        after: Annotated[int, Query(ge=1, le=10**6)],
    ) -> list[dict[str, str]]:
        """What one version says otherwise than another."""
        return [dataclasses.asdict(change) for change in desk.diff(who, scenario_id, before, after)]

    @routes.post("/scenarios/{scenario_id}/restore", status_code=201)
    def restore_version(who: Who, scenario_id: Id, asked: Restore) -> dict[str, Any]:
        """A new version that is as an earlier one was."""
        return _saved(desk.restore(who, scenario_id, asked.version, asked.base))

    @routes.get("/scenarios/{scenario_id}/tables/{table}")
    def show_table(who: Who, scenario_id: Id, table: TableName, version: Version = None) -> dict[str, Any]:
        """A table: its columns and rows, cells as text."""
        return dataclasses.asdict(desk.table(who, scenario_id, table, version))

    @routes.put("/scenarios/{scenario_id}/tables/{table}")
    def save_table(who: Who, scenario_id: Id, table: TableName, asked: Edit) -> dict[str, Any]:
        """Replace the rows of a table: a new version. 409 where somebody saved one since `base`."""
        return _saved(desk.save_table(who, scenario_id, table, asked.rows, asked.base, asked.note))

    @routes.post("/scenarios/{scenario_id}/tables/{table}/check")
    def check_table(who: Who, scenario_id: Id, table: TableName, asked: Rows) -> list[dict[str, str]]:
        """What `check` would say with these rows; nothing is saved."""
        return problems(desk.try_table(who, scenario_id, table, asked.rows))

    @routes.put("/scenarios/{scenario_id}/options")
    def save_options(who: Who, scenario_id: Id, asked: Options) -> dict[str, Any]:
        """Change options: a new version. 409 where somebody saved one since `base`."""
        return _saved(desk.save_options(who, scenario_id, asked.options, asked.base, asked.note))


def _saved(found: tuple[int, list[Problem]]) -> dict[str, Any]:
    return {"version": found[0], "problems": problems(found[1])}


def _runs(routes: fastapi.APIRouter, desk: Desk) -> None:
    @routes.get("/runs")
    def list_runs(
        who: Who,
        scenario: Annotated[str, Query(max_length=16)] = "",
        sweep: Annotated[str, Query(max_length=16)] = "",
    ) -> list[dict[str, Any]]:
        """Runs, latest first; of one scenario or one sweep where that is given."""
        return [_public(row) for row in desk.runs(who, scenario, sweep)]

    @routes.post("/scenarios/{scenario_id}/runs", status_code=202)
    def submit_run(who: Who, scenario_id: Id, asked: Submit) -> dict[str, str]:
        """Queue a run: plan, certificate, operation, report."""
        return {"id": desk.submit(who, scenario_id, asked.version, asked.label)}

    @routes.post("/scenarios/{scenario_id}/sweeps", status_code=202)
    def submit_sweep(who: Who, scenario_id: Id, asked: Sweep) -> dict[str, str]:
        """Queue a run for each value of a lever."""
        return {"id": desk.sweep(who, scenario_id, asked.lever, asked.values)}

    @routes.get("/scenarios/{scenario_id}/levers")
    def list_levers(who: Who, scenario_id: Id) -> list[str]:
        """Levers that move something in the latest version."""
        return desk.levers(who, scenario_id)

    @routes.get("/runs/{run_id}")
    def show_run(who: Who, run_id: Id) -> dict[str, Any]:
        """A run, with where it is: stages, last line, the solver's gap over time; or why it failed."""
        more = {"progress": desk.progress(who, run_id), "failure": desk.failure(who, run_id)}
        return {**_public(desk.run(who, run_id)), **more}

    @routes.get("/runs/{run_id}/result", response_class=Response)
    def download_result(who: Who, run_id: Id) -> Response:
        """The whole run folder of a finished run, as a zip."""
        return _attachment(desk.result(who, run_id), "result.zip", ZIP)

    @routes.post("/runs/{run_id}/cancel", status_code=204)
    def cancel_run(who: Who, run_id: Id) -> None:
        """End a run that waits or works."""
        desk.cancel(who, run_id)

    @routes.post("/runs/{run_id}/again", status_code=204)
    def repeat_run(who: Who, run_id: Id) -> None:
        """Start a run that failed or was cancelled again."""
        desk.again(who, run_id)

    @routes.get("/runs/{run_id}/tables")
    def list_run_tables(who: Who, run_id: Id) -> list[str]:
        """Tables of a finished run."""
        return desk.run_tables(who, run_id)

    @routes.get("/runs/{run_id}/tables/{table}", response_class=Response)
    def show_run_table(
        who: Who, run_id: Id, table: TableName, form: Annotated[Literal["csv", "parquet"], Query()] = "csv"
    ) -> Response:
        """A table of a finished run, as CSV or Parquet."""
        path = desk.file(who, run_id, f"{table}.parquet")
        if form == "parquet":
            return _attachment(path.read_bytes(), path.name, "application/vnd.apache.parquet")
        frame = shelf.parquet(path.parent, table)
        return _attachment(frame.to_csv(index=False).encode(), f"{table}.csv", "text/csv; charset=utf-8")

    @routes.get("/runs/{run_id}/report", response_class=Response)
    def show_report(who: Who, run_id: Id, lang: Language = "en", theme: Theme = "auto") -> Response:
        """The report as one HTML page."""
        name = "report.html" if lang == "en" else "report.zh.html"
        return document(desk.file(who, run_id, name).read_text(encoding="utf-8"), theme)

    @routes.get("/runs/{run_id}/verdict")
    def show_verdict(who: Who, run_id: Id, lang: Language = "en") -> dict[str, Any]:
        """The headline of a finished run: big numbers and sentences."""
        return dataclasses.asdict(desk.verdict(who, run_id, lang))

    @routes.get("/runs/{run_id}/beside/{other_id}", response_class=Response)
    def show_comparison(who: Who, run_id: Id, other_id: Id, lang: Language = "en", theme: Theme = "auto") -> Response:
        """The page on what the run does otherwise than `other_id`."""
        return document(desk.compare(who, other_id, run_id, lang), theme)

    @routes.get("/runs/{run_id}/files/{file}", response_class=FileResponse)
    def download_file(
        who: Who, run_id: Id, file: Literal["report.html", "report.zh.html", "tables.xlsx", "plan.json"]
    ) -> FileResponse:
        """A file of a finished run, to take along."""
        path = desk.file(who, run_id, file)
        return FileResponse(path, media_type=desks.FILES[file], filename=file)


def document(html: str, theme: Theme) -> Response:
    """A page that stands for itself: it may run its own script and nothing else, and reach nothing.

    Such a page follows the system's theme; one that is chosen stands in its place.
    """
    if theme != "auto":
        html = html.replace(DARK, "@media all" if theme == "dark" else "@media not all")
        html = html.replace("color-scheme: light dark", f"color-scheme: {theme}")
    return Response(html, media_type="text/html; charset=utf-8", headers={"content-security-policy": DOCUMENT_POLICY})


def _attachment(data: bytes, name: str, kind: str) -> Response:
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def _accounts(routes: fastapi.APIRouter, desk: Desk) -> None:
    @routes.get("/me")
    def show_me(who: Who) -> dict[str, str]:
        """Who you are."""
        return {"name": who.name, "role": who.role}

    @routes.post("/tokens", status_code=201)
    def add_token(who: Who, asked: Token) -> dict[str, str]:
        """A token for a program that acts for you; it is shown this once."""
        return {"token": desk.add_token(who, asked.label)}

    @routes.get("/users")
    def list_users(who: Chief) -> list[dict[str, Any]]:
        """Accounts."""
        return [_public(row) for row in desk.store.users()]

    @routes.post("/users", status_code=201)
    def add_user(who: Chief, asked: Account) -> dict[str, str]:
        """A new account."""
        desk.add_account(who, asked.name, asked.password, asked.role)
        return {"name": asked.name}

    @routes.patch("/users/{name}", status_code=204)
    def change_user(who: Chief, name: Annotated[str, Path(max_length=64)], asked: Change) -> None:
        """Change an account; its sessions end."""
        desk.change_account(who, name, asked.password, asked.role, asked.active)

    @routes.get("/audit")
    def show_audit(who: Chief) -> list[dict[str, Any]]:
        """The latest lines of the audit log."""
        return desk.store.audit()
