"""Options of the verbs in the studio: one declaration for the forms of pages, the checks of requests and the command."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xisuan.errors import UnreadableError
from xisuan.results.verification import MOST_ROUNDS
from xisuan.scenario.settings import Hours
from xisuan.simulation.policies.bin_packing import PACKINGS
from xisuan.simulation.policies.placement import PLACEMENTS
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

Kind = Literal["flag", "choice", "whole", "number", "day", "hours", "text", "names", "texts", "rows"]
"""Kind of a value. `text` has a pattern; `names` are texts that the scenario knows, `texts` any of the pattern.

`rows` are the text of a CSV file, which the command reads from the folder of the run.
"""
NAME = r"[^:\x00-\x1f\x7f]{1,100}"
NUMBER = r"\d{1,9}(\.\d{1,3})?"
MOST_DOWN = 5
LONGEST_ROWS = 200_000
"""Characters of rows that stand for a file."""
SENT = "sent"
"""Folder of the files of `rows` in the folder of a run, in which its command works."""
FORMATS = ("swf", "azure", "gaia", "openb", "csv", "parquet")
QUEUES = ("fcfs", "easy", "edf", "priority", "fair", "shared")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a verb: its name in requests, the option of the command, its kind, bounds and label.

    `low` and `high` are inclusive bounds of numbers; `choices` are the values of a choice. A text, and each of at most
    `most` texts of a list, has a `pattern`, which `wants` describes; `example` has the form of one.
    """

    name: str
    flag: str
    kind: Kind
    label: Message
    low: float = 0
    high: float = math.inf
    choices: tuple[str, ...] = ()
    pattern: str = ""
    wants: Message | str = ""
    example: str = ""
    most: int = MOST_DOWN

    @property
    def file(self) -> str:
        """Return the name of the file that holds the rows of this option."""
        return f"{self.name}.csv"

    def arguments(self, value: object) -> list[str]:
        """Return the arguments of the command for a value. Raises RefusedError for a value that is not allowed."""
        if self.kind == "flag":
            self._require(isinstance(value, bool), _("true or false"))
            return [self.flag] if value else []
        if self.kind in ("names", "texts"):
            return self._list(value)
        return [self.flag, self._text(value)]

    def _text(self, value: object) -> str:
        if self.kind == "choice":
            self._require(value in self.choices, _("one of {known}", known=", ".join(self.choices)))
        elif self.kind == "whole":
            fits = isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high
            self._require(fits, _("a whole number from {low:g} to {high:g}", low=self.low, high=self.high))
        elif self.kind == "number":
            fits = isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high
            self._require(fits, _("a number from {low:g} to {high:g}", low=self.low, high=self.high))
        elif self.kind == "day":
            self._require(_is_day(value), _("a day as YYYY-MM-DD"))
        elif self.kind == "rows":
            fits = isinstance(value, str) and "\n" in value.strip() and len(value) <= LONGEST_ROWS
            self._require(fits, _("a heading and rows of a CSV file, at most {most:,} characters", most=LONGEST_ROWS))
            return f"{SENT}/{self.file}"
        elif self.kind == "hours":
            self._require(_is_hours(value), _("hours such as year, weeks:4, days:4 or hours:24"))
        else:
            self._require(self._matches(value), self.wants)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _list(self, value: object) -> list[str]:
        self._require(isinstance(value, list) and len(value) <= self.most, _("at most {most} of them", most=self.most))
        assert isinstance(value, list)
        for one in value:
            self._require(self._matches(one), self.wants)
        return [word for one in value for word in (self.flag, one)]

    def _matches(self, value: object) -> bool:
        return isinstance(value, str) and re.fullmatch(self.pattern, value) is not None

    def _require(self, holds: bool, what: Message | str) -> None:
        if not holds:
            raise RefusedError(422, _("{name}: give {what}", name=self.name, what=what))


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_hours(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 40:
        return False
    try:
        Hours.parse(value)
    except UnreadableError:
        return False
    return True


def _failing(name: str, label: Message) -> Option:
    return Option(
        name, f"--{name}", "names", label, pattern=rf"(site|link):{NAME}",
        wants=_("sites and links as site:NAME or link:NAME"), example="site:NAME, link:NAME",
    )  # fmt: skip


def _mean_times(name: str, label: Message) -> Option:
    return Option(
        name, f"--{name.replace('_', '-')}", "text", label, pattern=f"{NUMBER}:{NUMBER}",
        wants=_("mean hours between failures and of a repair, such as 8760:24"), example="8760:24",
    )  # fmt: skip


def _failures(columns: str) -> Option:
    return Option(
        "failures", "--failures", "rows", _("Failures as rows of a table, the first with the names of columns"),
        example=columns,
    )  # fmt: skip


SEED = Option("seed", "--seed", "whole", _("Seed of the random numbers"), high=2**31 - 1)
_JOBS = (
    Option("place", "--place", "choice", _("Placement of jobs"), choices=tuple(PLACEMENTS)),
    Option("period", "--period", "whole", _("Year of the plan"), low=1900, high=2200),
    Option("hours", "--hours", "whole", _("Hours to simulate"), low=1, high=8784),
    Option("replications", "--replications", "whole", _("Replications with other random jobs"), low=1, high=20),
    SEED,
    Option("jobs_per_hour", "--jobs-per-hour", "number", _("Jobs per hour of a region and workload"), 0.001, 10_000),
    Option("job_hours", "--job-hours", "number", _("Mean duration of a job, hours"), 0.001, 1_000),
)
_QUEUE = Option("queue", "--queue", "choice", _("Queue discipline"), choices=QUEUES)
_FAILURES = (
    _mean_times("mtbf", _("Random failures: mean hours between failures, and of a repair")),
    _mean_times("machine_mtbf", _("Random failures of machines: mean hours between failures, and of a repair")),
    Option(
        "checkpoint", "--checkpoint", "text", _("Jobs save their state: every, cost and restart, seconds"),
        pattern=f"{NUMBER}:{NUMBER}:{NUMBER}", wants=_("three numbers of seconds, such as 3600:30:120"),
        example="3600:30:120",
    ),
)  # fmt: skip
OPTIONS: Mapping[str, Sequence[Option]] = {
    "run": (
        Option("quick", "--quick", "flag", _("Plan only, without further analyses")),
        Option(
            "reach", "--reach", "texts", _("Published targets that the plan must reach"),
            pattern=r"\w[\w-]{0,63}(=\d{1,15}(\.\d{1,6})?)?(@\d{4})?",
            wants=_("indicators such as racks, racks@2027 or racks=800000@2027"), example="racks=800000@2027",
        ),
    ),
    "operate": (
        Option("spec", "--hours", "hours", _("Hours to operate")),
        Option(
            "rolling", "--rolling", "text", _("Rolling horizon: hours ahead / hours decided at a time"),
            pattern=r"[1-9]\d{0,3}/[1-9]\d{0,3}", wants=_("hours ahead and hours at a time, such as 48/24"), example="48/24",
        ),
        Option("forecast_error", "--forecast-error", "number", _("Error of forecasts at the end of the horizon"), high=1),
        Option("seed", "--seed", "whole", _("Seed of the forecasts"), high=2**31 - 1),
    ),
    "alternatives": (
        Option("within", "--within", "number", _("Share by which the cost may exceed the optimum"), low=1e-4, high=1),
        Option(
            "of", "--of", "names", _("Capacities to examine (the five largest builds, if blank)"),
            pattern=rf"(hall|compute|link|solar|wind):{NAME}(:{NAME})?",
            wants=_("capacities as hall:SITE, compute:SITE:TECHNOLOGY, link:LINK, solar:SITE or wind:SITE"),
            example="hall:SITE, compute:SITE:TECHNOLOGY, link:LINK, solar:SITE, wind:SITE", most=10,
        ),
    ),
    "simulate": (
        _QUEUE,
        _failing("down", _("Sites and links that are down for a day")),
        _failures("what,name,start_hour,hours"),
        *_FAILURES,
        *_JOBS,
    ),
    "verify": (
        _failing("case", _("Sites and links that fail (all, if blank)")),
        Option("rounds", "--rounds", "whole", _("Rounds of planning again"), high=MOST_ROUNDS),
        Option("limit", "--limit", "number", _("Tolerated share of late jobs"), high=0.999),
        *_JOBS,
    ),
    "track": (
        Option("as_of", "--as-of", "day", _("As of (published by this day)")),
        Option("then", "--then", "day", _("Score the forecast with figures until")),
    ),
    "trace": (
        Option("servers", "--servers", "whole", _("Identical servers"), low=1, high=1_000_000),
        Option(
            "machines", "--machines", "text", _("Or machines of several servers"),
            pattern=r"\d{1,6}x\d{1,6}(,\d{1,6}x\d{1,6}){0,20}", wants=_("machines such as 16x8 or 16x8,4x2"), example="16x8",
        ),
        Option("packing", "--packing", "choice", _("Packing of jobs on machines"), choices=tuple(PACKINGS)),
        _QUEUE,
        Option("format", "--format", "choice", _("Format of the file"), choices=FORMATS),
        Option("on_error", "--on-error", "choice", _("Lines that cannot be read"), choices=("fatal", "skip")),
        Option("slack", "--slack", "number", _("Slack of deadlines, share of the estimated duration"), high=1e9),
        Option(
            "tokens_per_s", "--tokens-per-s", "text", _("Tokens per second that a server reads and writes"),
            pattern=f"{NUMBER}:{NUMBER}", wants=_("tokens read and written a second, such as 5000:40"), example="5000:40",
        ),
        _failures("start_s,repair_s,servers"),
        *_FAILURES,
        SEED,
    ),
}  # fmt: skip
"""Verb → its options. An option that is not given has the command's default."""


def arguments(verb: str, given: Mapping[str, object]) -> list[str]:
    """Return the arguments of a verb's command. Raises RefusedError for options that it does not have."""
    known = {one.name: one for one in OPTIONS[verb]}
    for name in given:
        if name not in known:
            raise RefusedError(422, _("{verb} has no option {name}", verb=verb, name=name[:40]))
    return [word for one in OPTIONS[verb] if one.name in given for word in one.arguments(given[one.name])]


def write(folder: Path, verb: str, given: Mapping[str, object]) -> None:
    """Write the files that the command of a verb reads besides its arguments into the folder `SENT` of a run.

    Cells that were copied from a spreadsheet are separated by tabs.
    """
    for one in OPTIONS[verb]:
        if one.kind == "rows" and one.name in given:
            folder.mkdir(exist_ok=True)
            (folder / one.file).write_text(str(given[one.name]).replace("\t", ","), encoding="utf-8")
