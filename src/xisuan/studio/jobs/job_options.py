"""Options of the verbs in the studio: one declaration for the forms of pages, the checks of requests and the command."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xisuan.errors import UnreadableError
from xisuan.scenario.settings import Hours
from xisuan.simulation.policies.placement import PLACEMENTS
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

Kind = Literal["flag", "choice", "whole", "number", "day", "failures", "hours", "mean_times"]
DOWN = re.compile(r"(site|link):[^:\x00-\x1f\x7f]{1,100}")
MOST_DOWN = 5
MOST_ROUNDS = 5
QUEUES = ("fcfs", "easy", "edf", "priority", "fair", "shared")
_MEAN_TIMES = re.compile(r"\d{1,7}(\.\d{1,3})?:\d{1,7}(\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a verb: its name in requests, the option of the command, its kind, bounds and label.

    `low` and `high` are inclusive bounds of numbers; `choices` are the values of a choice.
    """

    name: str
    flag: str
    kind: Kind
    label: Message
    low: float = 0
    high: float = math.inf
    choices: tuple[str, ...] = ()

    def arguments(self, value: object) -> list[str]:
        """Return the arguments of the command for a value. Raises RefusedError for a value that is not allowed."""
        if self.kind == "flag":
            self._require(isinstance(value, bool), _("true or false"))
            return [self.flag] if value else []
        if self.kind == "failures":
            return self._failures(value)
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
        elif self.kind == "hours":
            self._require(_is_hours(value), _("hours such as year, weeks:4, days:4 or hours:24"))
        else:
            fits = isinstance(value, str) and _MEAN_TIMES.fullmatch(value) is not None
            self._require(fits, _("mean hours between failures and of a repair, such as 8760:24"))
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _failures(self, value: object) -> list[str]:
        fits = isinstance(value, list) and len(value) <= MOST_DOWN
        self._require(fits, _("at most {most} sites or links", most=MOST_DOWN))
        assert isinstance(value, list)
        for one in value:
            fits = isinstance(one, str) and DOWN.fullmatch(one) is not None
            self._require(fits, _("sites and links as site:NAME or link:NAME"))
        return [word for one in value for word in (self.flag, one)]

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


_JOBS = (
    Option("place", "--place", "choice", _("Placement of jobs"), choices=tuple(PLACEMENTS)),
    Option("period", "--period", "whole", _("Year of the plan"), low=1900, high=2200),
    Option("hours", "--hours", "whole", _("Hours to simulate"), low=1, high=8784),
    Option("replications", "--replications", "whole", _("Replications with other random jobs"), low=1, high=20),
    Option("seed", "--seed", "whole", _("Seed of the random numbers"), high=2**31 - 1),
    Option("jobs_per_hour", "--jobs-per-hour", "number", _("Jobs per hour of a region and workload"), 0.001, 10_000),
    Option("job_hours", "--job-hours", "number", _("Mean duration of a job, hours"), 0.001, 1_000),
)
OPTIONS: Mapping[str, Sequence[Option]] = {
    "run": (Option("quick", "--quick", "flag", _("Plan only, without further analyses")),),
    "operate": (Option("spec", "--hours", "hours", _("Hours to operate")),),
    "alternatives": (
        Option("within", "--within", "number", _("Share by which the cost may exceed the optimum"), low=1e-4, high=1),
    ),
    "simulate": (
        Option("queue", "--queue", "choice", _("Queue discipline"), choices=QUEUES),
        Option("down", "--down", "failures", _("Sites and links that are down for a day")),
        Option("mtbf", "--mtbf", "mean_times", _("Random failures: mean hours between failures, and of a repair")),
        *_JOBS,
    ),
    "verify": (
        Option("case", "--case", "failures", _("Sites and links that fail (all, if blank)")),
        Option("rounds", "--rounds", "whole", _("Rounds of planning again"), high=MOST_ROUNDS),
        Option("limit", "--limit", "number", _("Tolerated share of late jobs"), high=0.999),
        *_JOBS,
    ),
    "track": (
        Option("as_of", "--as-of", "day", _("As of (published by this day)")),
        Option("then", "--then", "day", _("Score the forecast with figures until")),
    ),
}
"""Verb → its options. An option that is not given has the command's default."""


def arguments(verb: str, given: Mapping[str, object]) -> list[str]:
    """Return the arguments of a verb's command. Raises RefusedError for options that it does not have."""
    known = {one.name: one for one in OPTIONS[verb]}
    for name in given:
        if name not in known:
            raise RefusedError(422, _("{verb} has no option {name}", verb=verb, name=name[:40]))
    return [word for one in OPTIONS[verb] if one.name in given for word in one.arguments(given[one.name])]
