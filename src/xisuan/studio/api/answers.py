"""Schemas of API answers. An answer holds the fields listed here and no others: what is not listed stays on the server.

Tables of results are CSV or Parquet with the columns of docs/reference/results.md; tables of a scenario hold text cells
in the columns of docs/reference/tables.md. Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import BaseModel, Field

from xisuan.errors import Problem
from xisuan.studio.server_paths import without_in


class Answer(BaseModel):
    """An answer that is made of a row of the database."""

    @classmethod
    def of(cls, row: Mapping[str, Any], **more: Any) -> Self:
        """Return the fields of this answer from a row and from `more` values."""
        return cls.model_validate({**row, **more})

    @classmethod
    def each(cls, rows: Iterable[Mapping[str, Any]]) -> list[Self]:
        """Return an answer for every row."""
        return [cls.of(row) for row in rows]


class ProblemFound(BaseModel):
    """A problem of an input: docs/reference/problems.md lists the codes. `values` fill the message of a code."""

    level: str = Field(description="error or warning")
    code: str
    table: str = Field(description="file or table; blank where the problem has no place")
    row: str
    column: str
    value: str
    values: dict[str, Any]
    message: str = Field(description="in English")
    more: int = Field(description="number of further problems of the same kind")


class Refusal(BaseModel):
    """A request that was refused: why, in the language of the request, and the problems found."""

    message: str
    problems: list[ProblemFound]


class Created(BaseModel):
    """Id of what was created."""

    id: str


class Queued(BaseModel):
    """Runs that were queued, in the order of execution; `id` is the first."""

    id: str
    ids: list[str]


class Saved(BaseModel):
    """Number of the new version, and its problems."""

    version: int
    problems: list[ProblemFound]


class Shipped(BaseModel):
    """A scenario that comes with xisuan."""

    name: str
    title: str
    title_zh: str


class Province(BaseModel):
    """A province of China."""

    code: str
    name: str
    name_zh: str


class Scenario(Answer):
    """A scenario with its latest version."""

    id: str
    name: str
    owner: str
    sharing: str = Field(description="none, view or edit")
    origin: str = Field(description="name of the scenario that it was made from, or upload")
    created: float
    version: int = Field(description="number of the latest version")
    changed: float = Field(description="time of the latest version")
    title: str
    title_zh: str
    errors: int
    warnings: int


class ScenarioDetails(Scenario):
    """A scenario with what you may do, its options, the names of its tables, and its problems."""

    mine: bool
    may_edit: bool
    can_be_planned: bool = Field(description="true with sites, links or cities")
    can_be_tracked: bool = Field(description="true with targets, or figures of indicators")
    options: dict[str, str] = Field(description="options of scenario.toml as text")
    tables: list[str]
    problems: list[ProblemFound]


class RemovedScenario(Answer):
    """A removed scenario, which can be restored."""

    id: str
    name: str
    owner: str
    sharing: str
    origin: str
    created: float


class Version(Answer):
    """A version of a scenario."""

    scenario_id: str
    number: int
    author: str
    note: str
    title: str
    title_zh: str
    errors: int
    warnings: int
    created: float


class Run(Answer):
    """A run."""

    id: str
    scenario_id: str
    scenario: str = Field(description="name of the scenario")
    origin: str
    version: int
    owner: str
    label: str
    sweep: str = Field(description="id of the what-if question; blank for other runs")
    verb: str
    options: str = Field(description="options of the verb as JSON")
    of_run: str = Field(description="id of the run whose plan it uses; blank for its own")
    status: str = Field(description="queued, running, done, failed or cancelled")
    reason: str = Field(description="why it failed or waits; blank for none")
    attempt: int = Field(description="number of restarts")
    created: float
    started: float | None
    ended: float | None


class ActiveRun(Run):
    """A queued or running run of anybody."""

    left: float | None = Field(description="seconds it should still take, by an earlier run like it; null without one")


class Stage(BaseModel):
    """A stage of a run, and the seconds after the run's start at which it began."""

    stage: str
    at: float


class Gap(BaseModel):
    """Relative gap of the solver, seconds after the run's start."""

    at: float
    gap: float


class ExpectedEnd(BaseModel):
    """Estimated time of a run's end, judged by the run `by`, which took `took` seconds."""

    at: float
    by: str
    took: float


class ExpectedStart(BaseModel):
    """Estimated time of a queued run's start, by the runs before it; `unknown` of them have no estimate and count as 0."""

    at: float
    unknown: int


class Progress(BaseModel):
    """Progress of a run: stages, the last line that the command printed with --json, gaps, estimated start or end."""

    status: str
    reason: str
    ahead: int = Field(description="runs before it in the queue")
    stages: list[Stage]
    last: dict[str, Any] | None
    gaps: list[Gap]
    starts: ExpectedStart | None = Field(description="null unless it is queued")
    expected: ExpectedEnd | None


class Usage(BaseModel):
    """Your runs, and MB of these runs and of your scenarios, also of removed ones; limits of 0: none."""

    runs: int
    mb: float
    most_runs: int
    most_mb: int


class RunDetails(Run):
    """A run with its progress, and what a failed one says."""

    ahead: int = Field(description="runs before it in the queue")
    may_change: bool
    progress: Progress
    failure: dict[str, Any] | None = Field(description="what the command prints with --json; null unless it failed")


class Recheck(BaseModel):
    """Outcome of checking a run again from its files."""

    ok: bool
    findings: list[str]


class Me(BaseModel):
    """Name and role of the user."""

    name: str
    role: str = Field(description="viewer, planner or administrator")


class Session(Answer):
    """A browser in which you are signed in; `present`: the one that asks."""

    created: float
    seen: float
    expires: float
    present: bool


class NewToken(BaseModel):
    """A program's token. It is shown only here."""

    token: str


class User(Answer):
    """An account."""

    id: str
    name: str
    role: str = Field(description="viewer, planner or administrator")
    active: bool
    password_set: bool
    failed: int = Field(description="wrong passwords in a row")
    locked_until: float
    created: float


class NewUser(BaseModel):
    """Name of a new account."""

    name: str


class AuditEntry(Answer):
    """An entry of the audit log."""

    number: int
    at: float
    user: str
    action: str
    what: str
    address: str


class Sharer(Answer):
    """A person with whom a scenario is shared by name."""

    name: str
    access: str = Field(description="view or edit")


class CommentOnRun(Answer):
    """A comment on a run."""

    id: str
    author: str
    at: float
    text: str
    may_delete: bool


class Reading(BaseModel, extra="allow"):
    """Output of `xisuan read --json` for the bulletin, and the id of the page on which its figures are reviewed."""

    id: str


def problems(found: Iterable[Problem]) -> list[ProblemFound]:
    """Return problems as answers, without folders of the server."""
    return [ProblemFound.model_validate(without_in(problem.document())) for problem in found]


def saved(found: tuple[int, Iterable[Problem]]) -> Saved:
    """Return the answer to a saved version."""
    return Saved(version=found[0], problems=problems(found[1]))
