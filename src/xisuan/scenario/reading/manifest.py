"""scenario.toml: parsing text into settings, with every problem, and writing settings as text."""

from __future__ import annotations

import datetime
import itertools
import json
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xisuan import units
from xisuan.errors import UnreadableError
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.schema import tables
from xisuan.scenario.settings import (
    OPTIONS,
    Hours,
    PlanOptions,
    ReportOptions,
    RiskOptions,
    Settings,
    parse_windows,
    require_unknown_hours,
)

FILE = "scenario.toml"
NAME = re.compile(r"\w[\w-]{0,63}")
"""A scenario's name, and so its folder's: letters, digits, - and _, at most 64."""
_FOREIGN = re.compile(r"[^\w-]+|^-+")
LONGEST_SEARCHED = 5_000
"""Characters of a document up to which the start of an unclosed value is searched; else its last line is named."""
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
SECTIONS = ("plan", "risk", "report")
LATER_SECTIONS = ("simulate", "track")
"""Sections of the format that this version does not read; their presence is reported."""

Fields = dict[str, Any]
"""Settings by option name, such as `periods` or `plan.operate_days`, as stated in one file."""


def nearest_name(text: str) -> str:
    """Return a valid name close to `text`, or a default name if no character of it is valid."""
    return _FOREIGN.sub("-", text.strip()).strip("-")[:64] or "my-plan"


def read_text(value: object) -> str:
    """Return a stripped one-line text. Raises UnreadableError, as all parsers here."""
    if not isinstance(value, str):
        raise UnreadableError("text-not-quoted")
    if any(ord(sign) < 32 for sign in value):
        raise UnreadableError("text-with-control-characters")
    return value.strip()


def read_name(value: object) -> str:
    """Return a valid scenario name."""
    name = read_text(value)
    if not NAME.fullmatch(name):
        raise UnreadableError("name-invalid")
    return name


@dataclass(frozen=True, slots=True)
class Whole:
    """Parser of whole numbers from `low` to `high`."""

    low: int
    high: int

    def __call__(self, value: object) -> int:
        """Return the number. Raises UnreadableError."""
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise UnreadableError("not-whole-in-range", low=self.low, high=self.high)
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """Parser of numbers from `low` to `high`; `code` is the problem of any other value. `blank`: "" gives None."""

    low: float
    high: float
    code: str
    blank: bool = False

    def __call__(self, value: object) -> float | None:
        """Return the number, None for an empty text if allowed. Raises UnreadableError."""
        if self.blank and value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise UnreadableError(self.code)
        return float(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """Parser of one of `values`."""

    values: tuple[str, ...]

    def __call__(self, value: object) -> str:
        """Return the choice. Raises UnreadableError."""
        if value not in self.values:
            raise UnreadableError("not-a-choice", choices=", ".join(f'"{choice}"' for choice in self.values))
        return str(value)


def read_date(value: object) -> datetime.date | None:
    """Return a date, None for an empty text."""
    if value == "":
        return None
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise UnreadableError("date-invalid") from None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise UnreadableError("date-with-time")


def read_years(value: object) -> tuple[int, ...]:
    """Return ascending years. A longer list than there are years is not read."""
    first, last = 1900, 2200
    year = Whole(first, last)
    if not isinstance(value, list | tuple) or not value:
        raise UnreadableError("periods-not-years")
    years = tuple(year(entry) for entry in value[: last - first + 2])
    if any(later <= earlier for earlier, later in itertools.pairwise(years)):
        raise UnreadableError("periods-not-ascending")
    return years


def read_names(value: object) -> tuple[str, ...]:
    """Return a list of names."""
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise UnreadableError("keys-not-a-list")
    return tuple(value)


def read_windows(value: object) -> str:
    """Return horizon and step of a rolling operation as text, blank for none."""
    text = read_text(value)
    if not text:
        return ""
    horizon, step = parse_windows(text)
    require_unknown_hours(horizon, units.HOURS_PER_WEEK)
    return f"{horizon}/{step}"


def read_hours(value: object) -> Hours:
    """Return the choice of modelled hours."""
    return value if isinstance(value, Hours) else Hours.parse(read_text(value))


PARSERS: dict[str, Callable[[object], Any]] = {
    "name": read_name,
    "title": read_text,
    "title_zh": read_text,
    "extends": read_text,
    "base_year": Whole(1900, 2200),
    "discount_rate": Number(0.0, 1.0, "rate-not-a-fraction"),
    "as_of": read_date,
    "periods": read_years,
    "last_period_years": Whole(1, 100),
    "hours": read_hours,
    "objective": Choice(("cost", "carbon", "residents")),
    "capital": Choice(("annuity", "full")),
    "plan.power_price": Choice(("list", "contract")),
    "plan.contract_zones": read_names,
    "plan.shortfall_mcny_per_unit_hour": Number(0.0, 1e9, "penalty-invalid"),
    "plan.excess_mcny_per_unit": Number(0.0, 1e9, "penalty-invalid"),
    "plan.operate_days": Whole(1, 365),
    "plan.rolling": read_windows,
    "plan.gap": Number(math.ulp(0.0), 1.0, "gap-not-a-fraction", blank=True),
    "risk.measure": Choice(("cvar",)),
    "risk.level": Number(0.0, 0.999, "risk-level-invalid"),
    "risk.weight": Number(0.0, 0.999, "risk-weight-invalid"),
    "report.region": read_text,
    "report.language": Choice(("en", "zh")),
}
"""Parser of each option; a test keeps this list, OPTIONS and the fields of Settings consistent."""


def load(text: str, file: str, findings: Findings) -> dict[str, Any] | None:
    """Return the parsed TOML, or None with the problem recorded."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        # ValueError: invalid TOML, impossible dates, too long integers. RecursionError: nested too deeply.
        reason = "nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        place = _PLACE.search(reason)
        opened = place is not None and (place[1] is None or reason.startswith("Unclosed"))
        line = _broken(text) if opened else int(place[1]) if place else 0
        what = reason[: place.start()] if place else reason
        findings.error(file, line or "", "", "", "not-toml", fault=what)
        return None


def _broken(text: str) -> int:
    """Return the line at which an unclosed value begins: the first one after the longest valid prefix."""
    lines = text.splitlines()
    last = max((at for at, line in enumerate(lines, 1) if line.strip()), default=0)
    for count in range(last - 1, -1, -1) if len(text) <= LONGEST_SEARCHED else ():
        try:
            tomllib.loads("\n".join(lines[:count]))
        except ValueError:
            continue
        return next(at for at, line in enumerate(lines[count:], count + 1) if line.strip())
    return last


def fields(raw: Mapping[str, Any], file: str, findings: Findings) -> Fields:
    """Return the options that `raw` states, each parsed; `drop` as table -> keys. Problems are recorded."""
    flat = {key: value for key, value in raw.items() if key not in (*SECTIONS, *LATER_SECTIONS, "drop")}
    for section in SECTIONS:
        inner = raw.get(section, {})
        if isinstance(inner, Mapping):
            flat |= {f"{section}.{key}": value for key, value in inner.items()}
        else:
            findings.error(file, "", section, inner, "not-a-section", section=section)
    for section in LATER_SECTIONS:
        if section in raw:
            findings.warn(file, "", section, "", "section-not-read")
    out: Fields = {}
    for key, value in flat.items():
        if key not in PARSERS:
            findings.error(file, "", key, "", "option-unknown", hint=findings.suggest(key, PARSERS))
            continue
        try:
            out[key] = PARSERS[key](value)
        except UnreadableError as problem:
            findings.fault(file, "", key, value, problem.problem)
    if "drop" in raw:
        out["drop"] = _drop(raw["drop"], file, findings)
    return out


def _drop(raw: object, file: str, findings: Findings) -> dict[str, tuple[str, ...]]:
    """Return section [drop]: table -> keys to remove."""
    if not isinstance(raw, Mapping):
        findings.error(file, "", "drop", raw, "drop-not-a-section")
        return {}
    out: dict[str, tuple[str, ...]] = {}
    for table, keys in raw.items():
        if table not in tables.BY_NAME:
            findings.error(file, "[drop]", table, "", "table-unknown", hint=findings.suggest(table, tables.BY_NAME))
        elif not isinstance(keys, list | tuple) or not all(isinstance(key, str) for key in keys):
            findings.error(file, "[drop]", table, keys, "keys-not-a-list")
        else:
            out[table] = tuple(keys)
    return out


_TITLES = {"title": "{} ({})", "title_zh": "{}（{}）"}


def with_title(options: Fields, own: Fields) -> Fields:
    """Return merged options in which an inherited title has the name of the last layer in brackets.

    own: the options that the last layer states.
    """
    inherited = [key for key in _TITLES if "name" in own and key not in own and options.get(key)]
    return options | {key: _TITLES[key].format(options[key], own["name"]) for key in inherited}


def settings(stated: Fields) -> Settings:
    """Return settings with the stated options and defaults for the others; `extends` and `drop` are already applied."""
    top = {key: value for key, value in stated.items() if "." not in key and key not in ("drop", "extends")}
    plan, risk, report = (
        {key.partition(".")[2]: value for key, value in stated.items() if key.startswith(f"{section}.")}
        for section in SECTIONS
    )
    return Settings(**top, plan=PlanOptions(**plan), risk=RiskOptions(**risk), report=ReportOptions(**report))


def stated(chosen: Settings) -> Fields:
    """Return every option with its value, and `drop` if not empty: the inverse of `settings`."""
    out: Fields = {}
    for option in OPTIONS:
        section, _, key = option.name.rpartition(".")
        out[option.name] = getattr(getattr(chosen, section) if section else chosen, key)
    if not out["drop"]:
        del out["drop"]
    return out


def _toml(value: object) -> str:
    """Return a value as TOML. JSON strings are TOML strings if non-ASCII characters are not escaped."""
    if value is None:
        return '""'
    if isinstance(value, str | Hours):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple | list):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else '""'
    return str(value)


def text(chosen: Settings) -> str:
    """Return the text of scenario.toml: every top-level key on a line, then the sections. Deterministic."""
    lines: list[str] = []
    values = stated(chosen)
    lines += [f"{key} = {_toml(value)}" for key, value in values.items() if "." not in key and key != "drop"]
    for section in SECTIONS:
        inner = {key.partition(".")[2]: value for key, value in values.items() if key.startswith(f"{section}.")}
        lines += ["", f"[{section}]", *(f"{key} = {_toml(value)}" for key, value in inner.items())]
    if chosen.drop:
        lines += ["", "[drop]", *(f"{table} = {_toml(keys)}" for table, keys in chosen.drop.items())]
    return "\n".join(lines) + "\n"
