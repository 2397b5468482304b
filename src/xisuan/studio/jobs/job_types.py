"""Types of jobs: each verb is one command of `xisuan`, with the options it takes here and the files it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_options
from xisuan.text.translation import message as _

Name = Literal["run", "operate", "alternatives", "simulate", "verify", "track", "trace"]
Options = Mapping[str, object]
"""Options chosen for a verb, as stored with the run; `job_options.OPTIONS` declares them."""

HTML, JSON = "text/html; charset=utf-8", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Verb:
    """Type of job. `sign` is the file that marks a complete result; `document` the file that the API returns.

    A verb that `follows` works on the plan of a finished run. `plan` is the option that names this plan. `defaults`
    are options that have another default here than on the command line. A verb that `answers` writes no folder: its
    result is what `--json` prints, and its only argument is the run folder of the plan. A verb that `reads` a file
    works on this upload alone: it is the option of the command that names it.
    """

    name: Name
    sign: str
    document: str
    follows: bool
    plan: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    defaults: Options = field(default_factory=dict)
    answers: bool = False
    reads: str = ""
    does: str = ""

    def arguments(self, options: Options) -> list[str]:
        """Return the arguments for options. Raises RefusedError for options that the verb does not have."""
        return job_options.arguments(self.name, {**self.defaults, **options})

    def command(self, source: Path, out: Path, options: Options, plan: Path | None) -> list[str]:
        """Return the arguments after `python -m xisuan --progress json`. Raises RefusedError for unknown options.

        `source`: the scenario folder, or the file that the verb reads.
        """
        if self.answers and plan is not None:
            return [self.name, str(plan.resolve()), *self.arguments(options), "--lang", "en", "--json"]
        told = [self.plan, str(plan.resolve())] if plan is not None else []
        given = [self.reads, str(source.resolve())] if self.reads else [str(source.resolve())]
        return [
            self.does or self.name, *given, *told, "--out", str(out.resolve()), *self.arguments(options),
            "--lang", "en", "--json",
        ]  # fmt: skip


RUN = Verb(
    "run", "plan.json", "plan.json", follows=False,
    files={"report.html": HTML, "report.zh.html": HTML, "tables.xlsx": XLSX, "plan.json": JSON},
)  # fmt: skip
OPERATE = Verb(
    "operate", "schedule.json", "schedule.json", follows=True, plan="--plan",
    files={"operate.html": HTML, "operate.zh.html": HTML, "schedule.json": JSON},
)  # fmt: skip
ALTERNATIVES = Verb("alternatives", "", "", follows=True, plan="RUN", answers=True)
SIMULATE = Verb(
    "simulate", "trace.json", "trace.json", follows=True, plan="--plan",
    files={"trace.html": HTML, "trace.json": JSON},
)  # fmt: skip
VERIFY = Verb(
    "verify", "verification.json", "verification.json", follows=True, plan="--plan",
    files={"verification.html": HTML, "verification.json": JSON}, defaults={"rounds": 0},
)  # fmt: skip
TRACK = Verb(
    "track", "observed.csv", "", follows=False, plan="--with",
    files={"track.html": HTML, "track.zh.html": HTML, "observed.csv": CSV},
)  # fmt: skip
TRACE = Verb(
    "trace", "trace.json", "trace.json", follows=False, does="simulate", reads="--trace",
    files={"trace.html": HTML, "trace.json": JSON},
)  # fmt: skip
VERBS: Mapping[str, Verb] = {verb.name: verb for verb in (RUN, OPERATE, ALTERNATIVES, SIMULATE, VERIFY, TRACK, TRACE)}
KINDS = {name: kind for verb in VERBS.values() for name, kind in verb.files.items()}
"""Media types of the files that can be downloaded unchanged; tables are added to them."""


def verb(name: object) -> Verb:
    """Return a verb by its name. Raises RefusedError."""
    if name not in VERBS:
        raise RefusedError(422, _("a run does one of {known}", known=", ".join(VERBS)))
    return VERBS[str(name)]


def chosen(asked: Mapping[str, Options]) -> list[tuple[Verb, Options]]:
    """Return the requested verbs with their options, in order of execution. Raises RefusedError if invalid."""
    found = [(verb(name), dict(options)) for name, options in asked.items()]
    if any(one.reads for one, _options in found):
        raise RefusedError(422, _("a trace is sent as a file of its own: POST /api/scenarios/ID/trace"))
    for one, options in found:
        one.arguments(options)
    if not found:
        raise RefusedError(422, _("choose at least one verb"))
    return sorted(found, key=lambda pair: list(VERBS).index(pair[0].name))
