"""Options of a scenario: the keys of scenario.toml with type, default and meaning.

Options are few. A value that no two users need to differ in is a constant next to the code that uses it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from xisuan.errors import UnreadableError


@dataclass(frozen=True, slots=True)
class Hours:
    """Choice of the hours that stand for the year: `year`, or `weeks`, `days`, `hours` with a count, or `one`."""

    kind: Literal["year", "weeks", "days", "hours", "one"]
    count: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.count}" if self.count else self.kind

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Return the choice in `year`, `one`, `weeks:N`, `days:N` or `hours:N`. Raises UnreadableError."""
        kind, _, count = text.partition(":")
        most = {"weeks": 52, "days": 365, "hours": 8760}
        if kind in ("year", "one") and not count:
            return cls(kind)  # type: ignore[arg-type]
        if kind in most and count.isascii() and count.isdigit() and 1 <= int(count) <= most[kind]:
            return cls(kind, int(count))  # type: ignore[arg-type]
        raise UnreadableError("hours-invalid")


def parse_windows(text: str) -> tuple[int, int]:
    """Return horizon and step of a rolling operation in hours, from `48/24`. Raises UnreadableError."""
    given = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text, re.ASCII)
    if given is None or not 1 <= int(given[2]) <= int(given[1]):
        raise UnreadableError("windows-invalid")
    return int(given[1]), int(given[2])


def require_unknown_hours(horizon: int, longest: int) -> None:
    """Raise UnreadableError if a horizon takes in the whole of the longest block of hours, so that nothing is unknown."""
    if horizon >= longest:
        raise UnreadableError("windows-too-long", hours=longest)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """Section [plan]."""

    power_price: Literal["list", "contract"] = "list"
    shortfall_mcny_per_unit_hour: float = 1.0
    excess_mcny_per_unit: float = 1.0
    operate_days: int = 12
    gap: float | None = None
    contract_zones: tuple[str, ...] = ()
    rolling: str = ""

    @property
    def windows(self) -> tuple[int, int] | None:
        """Return horizon and step of a rolling operation in hours; None without one."""
        return parse_windows(self.rolling) if self.rolling else None

    def pays_contract(self, zone: str) -> bool:
        """Return True if the contract price of a zone is paid where it has one."""
        return self.power_price == "contract" and (not self.contract_zones or zone in self.contract_zones)


@dataclass(frozen=True, slots=True)
class RiskOptions:
    """Section [risk], of a scenario with members."""

    measure: Literal["cvar"] = "cvar"
    level: float = 0.9
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Section [report]."""

    region: str = ""
    language: Literal["en", "zh"] = "en"


@dataclass(frozen=True, slots=True)
class Settings:
    """Top-level keys of scenario.toml and its sections."""

    name: str
    title: str = ""
    title_zh: str = ""
    extends: str = ""
    base_year: int = 2026
    discount_rate: float = 0.06
    as_of: datetime.date | None = None
    periods: tuple[int, ...] = (2026,)
    last_period_years: int = 1
    hours: Hours = Hours("one")
    objective: Literal["cost", "carbon", "residents"] = "cost"
    capital: Literal["annuity", "full"] = "annuity"
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plan: PlanOptions = field(default_factory=PlanOptions)
    risk: RiskOptions = field(default_factory=RiskOptions)
    report: ReportOptions = field(default_factory=ReportOptions)

    @property
    def actual_year(self) -> int | None:
        """The last year that had ended at `as_of`; None without a date."""
        if self.as_of is None:
            return None
        return self.as_of.year if (self.as_of.month, self.as_of.day) == (12, 31) else self.as_of.year - 1


@dataclass(frozen=True, slots=True)
class Option:
    """Description of one option, for the reference page and the reader."""

    name: str
    meaning: str
    unit: str = ""


OPTIONS: tuple[Option, ...] = (
    Option("name", "short name: letters, digits, - and _"),
    Option("title", "title in English; blank: that of the base with the name in brackets"),
    Option("title_zh", "title in Chinese; blank: as for `title`"),
    Option("extends", "a shipped scenario or a folder beside this one whose tables this one adds to or replaces"),
    Option("base_year", "year to which money is discounted and in whose prices it is given", "year"),
    Option("discount_rate", "real discount rate", "fraction a year"),
    Option(
        "as_of",
        "what was known when: rows whose source is dated later are invisible, and a period whose year had ended is"
        " fixed at its actuals, never re-planned; empty: everything is known, nothing is fixed",
        "date",
    ),
    Option("periods", "investment years, ascending; each stands for the years up to the next", "years"),
    Option("last_period_years", "years that the last period stands for", "years"),
    Option(
        "hours",
        'which hours stand for a year: "year", "weeks:N", "days:N" (chosen), "hours:N" (the first N, for trials) or "one";'
        " on chosen and first hours every profile keeps its yearly mean",
    ),
    Option(
        "objective",
        "cost: least discounted cost; carbon: least location-based operational tonnes, then least cost; residents: most"
        " residents in gigabit cities over the years, then least cost for these cities",
    ),
    Option("capital", "annuity: paid in every year alive; full: paid once, in the period of the order"),
    Option("drop", "section [drop]: table = [keys] removes those rows and all that refers to them"),
    Option(
        "plan.power_price",
        "which price of energy is paid: list: the list price; contract: `contract_price_cny_per_kwh` with the hourly"
        " shape of the list price",
    ),
    Option(
        "plan.contract_zones",
        "zones in which the contract price is paid if power_price is contract; empty: every zone that has one",
    ),
    Option(
        "plan.shortfall_mcny_per_unit_hour",
        "penalty for a unit of work (or Gbps of traffic) that cannot be served for an hour when a plan is operated",
        "mCNY",
    ),
    Option(
        "plan.excess_mcny_per_unit",
        "penalty for a unit by which a yearly rule is exceeded (t, MWh, m³, unit-hour) when a plan is operated",
        "mCNY",
    ),
    Option("plan.operate_days", "days beside the plan's own on which a full run operates the plan", "days"),
    Option(
        "plan.rolling",
        "HORIZON/STEP in hours, such as 48/24: a full run operates the typical week without knowing the hours ahead,"
        " and the brief says what that costs; empty: it knows them",
        "hours",
    ),
    Option(
        "plan.gap",
        "relative gap of plan and operation, proven, unless a command states another (of operation of a month and longer no"
        " less than 1e-4); empty: 1e-6, with whole numbers and in plans of more than 5 million columns 1e-4",
        "fraction",
    ),
    Option(
        "risk.measure",
        "cvar: expected cost of the dearest members, which have 1 - `risk.level` of the probability",
    ),
    Option("risk.level", "probability of the members that are not counted among the dearest", "fraction"),
    Option(
        "risk.weight",
        "part of the measure of risk in the objective of a plan for several futures; the rest is the expected cost",
        "fraction",
    ),
    Option("report.region", "site or hub that the report is about; empty: the site with the largest build"),
    Option("report.language", "language of the report unless the command says otherwise: en or zh"),
)
