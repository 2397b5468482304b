"""Types of jobs: each verb is one command of `xisuan`, with the options it takes here and the files it writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xisuan.simulation.policies.placement import PLACEMENTS
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

Name = Literal["run", "simulate", "verify", "track"]
Options = Mapping[str, object]
"""Options chosen for a verb, as stored with the run: `quick`, `place`, `down`, `rounds`."""

DOWN = re.compile(r"(site|link):[^:\x00-\x1f\x7f]{1,100}")
MOST_DOWN = 5
MOST_ROUNDS = 5
HTML, JSON = "text/html; charset=utf-8", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


Arguments = Callable[[Options], list[str]]
"""Function from a verb's options to the arguments of its command."""


def _run(options: Options) -> list[str]:
    return ["--quick"] if options.get("quick") else []


def _simulate(options: Options) -> list[str]:
    place, down = options.get("place", "plan"), options.get("down", [])
    if place not in PLACEMENTS:
        raise RefusedError(422, _("jobs are placed by one of {known}", known=", ".join(PLACEMENTS)))
    if not isinstance(down, list) or len(down) > MOST_DOWN:
        raise RefusedError(422, _("at most {most} sites or links can be down", most=MOST_DOWN))
    for one in down:
        if not isinstance(one, str) or not DOWN.fullmatch(one):
            raise RefusedError(422, _("give failed sites and links as site:NAME or link:NAME"))
    return ["--place", str(place), *(word for one in down for word in ("--down", one))]


def _verify(options: Options) -> list[str]:
    rounds = options.get("rounds", 0)
    if not isinstance(rounds, int) or isinstance(rounds, bool) or not 0 <= rounds <= MOST_ROUNDS:
        raise RefusedError(422, _("a plan is amended in 0 to {most} rounds", most=MOST_ROUNDS))
    return ["--rounds", str(rounds)]


def _nothing(_options: Options) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Verb:
    """Type of job. `sign` is the file that marks a complete result; `document` the file that the API returns.

    A verb that `follows` works on the plan of a finished run. `plan` is the option that names this plan.
    """

    name: Name
    sign: str
    document: str
    arguments: Arguments
    follows: bool
    plan: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def command(self, scenario: Path, out: Path, options: Options, plan: Path | None) -> list[str]:
        """Return the arguments after `python -m xisuan --progress json`. Raises RefusedError for unknown options."""
        told = [self.plan, str(plan.resolve())] if plan is not None else []
        return [
            self.name, str(scenario.resolve()), *told, "--out", str(out.resolve()), *self.arguments(options),
            "--lang", "en", "--json",
        ]  # fmt: skip


RUN = Verb(
    "run", "plan.json", "plan.json", _run, follows=False,
    files={"report.html": HTML, "report.zh.html": HTML, "tables.xlsx": XLSX, "plan.json": JSON},
)  # fmt: skip
SIMULATE = Verb(
    "simulate", "trace.json", "trace.json", _simulate, follows=True, plan="--plan",
    files={"trace.html": HTML, "trace.json": JSON},
)  # fmt: skip
VERIFY = Verb(
    "verify", "verification.json", "verification.json", _verify, follows=True, plan="--plan",
    files={"verification.html": HTML, "verification.json": JSON},
)  # fmt: skip
TRACK = Verb(
    "track", "observed.csv", "", _nothing, follows=False, plan="--with",
    files={"track.html": HTML, "track.zh.html": HTML, "observed.csv": CSV},
)  # fmt: skip
VERBS: Mapping[str, Verb] = {verb.name: verb for verb in (RUN, SIMULATE, VERIFY, TRACK)}
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
    for one, options in found:
        one.arguments(options)
    if not found:
        raise RefusedError(422, _("choose at least one verb"))
    return sorted(found, key=lambda pair: list(VERBS).index(pair[0].name))
