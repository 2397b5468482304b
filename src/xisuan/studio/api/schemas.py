"""Schemas of API requests, and dependencies that several route modules share."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from xisuan.results.sweep import Range
from xisuan.results.verification import MOST_ROUNDS
from xisuan.scenario.reading import manifest
from xisuan.scenario.schema.provenance_tables import LEAST, MOST
from xisuan.studio.auth import Person
from xisuan.studio.editing.what_if_runs import MOST as MOST_RUNS
from xisuan.studio.editing.what_if_runs import MOST_LEVERS, alone, listed
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_options
from xisuan.studio.jobs import job_types as known
from xisuan.text.translation import message as _
from xisuan.workflow.sweep import Design

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="id, as lists give it")]
NAME = rf"^{manifest.NAME.pattern}$"
"""Letters of any language, digits, - and _."""
Name = Annotated[str, Field(pattern=NAME)]
TableName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="name of a table")]
Version = Annotated[int | None, Query(ge=1, le=10**6, description="version; the latest unless given")]
Language = Literal["en", "zh"]
Theme = Literal["auto", "light", "dark"]
Cell = str | float | int | bool | None
ZIP = "application/zip"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"


class New(BaseModel):
    """Request for a new scenario: from a shipped one, of a province of China, or a copy of one in the studio."""

    name: Name
    base: str = Field(default="", max_length=64, description="name of a shipped scenario")
    province: str = Field(default="", max_length=8, description="code of a province, such as CN-GS")
    periods: list[int] = Field(default=[], max_length=10, description="of a province: first years of the periods")
    copy_of: str = Field(default="", max_length=16, description="id of a scenario here")
    title: str = Field(default="", max_length=200)


class Rows(BaseModel):
    """Rows of a table. Cells are text as in the CSV file, or numbers."""

    rows: list[dict[str, Cell]]


class Edit(Rows):
    """Rows that replace a table, and the version that they are based on."""

    base: int = Field(ge=1, le=10**6)
    note: str = Field(default="", max_length=200)


class Edits(BaseModel):
    """Rows that replace several tables at once, and the version that they are based on."""

    base: int = Field(ge=1, le=10**6)
    tables: dict[str, list[dict[str, Cell]]] = Field(min_length=1, max_length=40)
    note: str = Field(default="", max_length=200)


class Options(BaseModel):
    """Options of scenario.toml to change, as text, and the version that they are based on."""

    base: int = Field(ge=1, le=10**6)
    options: dict[str, str]
    note: str = Field(default="", max_length=200)


class Restore(BaseModel):
    """Request to restore an earlier version."""

    base: int = Field(ge=1, le=10**6)
    version: int = Field(ge=1, le=10**6)


class Share(BaseModel):
    """Request to change who else sees a scenario."""

    sharing: Literal["none", "view", "edit"]


class ShareWith(BaseModel):
    """Request to change one person's access to a scenario."""

    name: str = Field(min_length=1, max_length=64, description="name of an account")
    access: Literal["none", "view", "edit"]


class Comment(BaseModel):
    """A comment on a run."""

    text: str = Field(min_length=1, max_length=2_000)


OptionValues = dict[str, bool | int | float | str | list[str]]
"""Options of a verb by name."""


class TraceJob(BaseModel):
    """Request to simulate the jobs of a file. `options` are those of `trace` in docs/reference/verbs.md."""

    name: str = Field(max_length=100, description="name of the file; its ending may tell the format")
    data: str = Field(description="content of the file in base64")
    options: OptionValues

    def content(self) -> bytes:
        """Return the content of the file. Raises RefusedError."""
        try:
            return base64.b64decode(self.data, validate=True)
        except ValueError:
            raise RefusedError(422, _("data: give the content of the file in base64")) from None


class Work(BaseModel):
    """Request to run verbs, each with its options; `run` alone by default.

    `options` holds options by verb and name, as docs/reference/verbs.md lists them. `quick` is one of `run`, `place`
    and `down` are of `simulate`, `rounds` of `verify`.
    """

    verbs: list[known.Name] = Field(default=["run"], min_length=1, max_length=len(known.VERBS))
    options: dict[known.Name, OptionValues] = Field(default={}, max_length=8)
    quick: bool = False
    place: str = Field(default="plan", max_length=40)
    down: list[str] = Field(default=[], max_length=job_options.MOST_DOWN)
    rounds: int = Field(default=0, ge=0, le=MOST_ROUNDS)

    def asked(self) -> dict[str, known.Options]:
        """Return the requested verbs, each with its own options."""
        own: dict[str, known.Options] = {
            "run": {"quick": True} if self.quick else {},
            "simulate": {"place": self.place, "down": self.down},
            "verify": {"rounds": self.rounds},
        }
        return {verb: {**own.get(verb, {}), **self.options.get(verb, {})} for verb in self.verbs}


class Submit(Work):
    """Request to queue runs."""

    version: int | None = Field(default=None, ge=1, le=10**6)
    label: str = Field(default="", max_length=120)


class Reach(BaseModel):
    """A lever and its range, in percent."""

    lever: str = Field(max_length=40)
    low: float = Field(ge=LEAST, le=MOST)
    high: float = Field(ge=LEAST, le=MOST)


class Question(BaseModel):
    """Request for a what-if question: a run for each setting of some levers, and one of the scenario as given.

    `design`: `grid` (all combinations of `count` steps of each lever), `alone` (one lever at a time in `count` steps),
    `latin` (`count` random settings, the same for the same `seed`), or `list` (`moves`: percent by lever).
    """

    design: Literal["grid", "alone", "latin", "list"] = "grid"
    levers: list[Reach] = Field(default=[], max_length=MOST_LEVERS)
    count: int = Field(default=3, ge=2, le=MOST_RUNS)
    seed: int = Field(default=0, ge=0, le=2**31)
    moves: list[dict[str, Annotated[float, Field(ge=LEAST, le=MOST)]]] = Field(default=[], max_length=MOST_RUNS)

    def asked(self) -> Design:
        """Return the design of a sweep. Raises RefusedError."""
        if (self.design == "list") != bool(self.moves) or bool(self.levers) == bool(self.moves):
            raise RefusedError(422, _("give levers with their ranges, or, for a list, moves"))
        ranges = tuple(Range(one.lever, one.low, one.high) for one in self.levers)
        if self.design == "alone":
            return alone(ranges, self.count)
        if self.design != "list":
            return Design(self.design, ranges, self.count, self.seed)
        return listed(self.moves)


class Account(BaseModel):
    """Request for a new account."""

    name: str = Field(min_length=1, max_length=64)
    password: str = Field(max_length=1024)
    role: Literal["viewer", "planner", "administrator"]


class Token(BaseModel):
    """Request for a program's token: its scope (`read`, or `plan`: also change and run), and its life in days."""

    label: str = Field(min_length=1, max_length=80)
    scope: Literal["read", "plan"] = "plan"
    days: int | None = Field(default=None, ge=1, le=365)


class Present(BaseModel):
    """Your current password."""

    present: str = Field(max_length=1024)


class Password(BaseModel):
    """Your current password and the new one."""

    present: str = Field(max_length=1024)
    password: str = Field(max_length=1024)


class AccountChange(BaseModel):
    """Request to change an account."""

    password: str | None = Field(default=None, max_length=1024)
    role: Literal["viewer", "planner", "administrator"] | None = None
    active: bool | None = None


def person(request: Request) -> Person:
    """Return the user of the request; the guard has authenticated it."""
    found: Person = request.state.person
    return found


Who = Annotated[Person, Depends(person)]


def administrator(who: Who) -> Person:
    """Return the user of the request if it is an administrator. Raises RefusedError."""
    if not who.administers:
        raise RefusedError(403, _("only an administrator can do this"))
    return who


Chief = Annotated[Person, Depends(administrator)]


def files(kinds: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """Return the description of an answer that is a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(set(kinds))}
    return {200: {"description": "the file", "content": content}}


PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "a self-contained page", "content": {"text/html": {"schema": {"type": "string"}}}}
}
"""Description of an answer that is a page."""


def attachment(data: bytes, name: str, kind: str) -> Response:
    """Return a file as a download response; its name may have characters of any language (RFC 6266)."""
    plain = "".join(sign if sign.isascii() else "_" for sign in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=kind, headers={"content-disposition": disposition})
