"""Small words that say what a figure does: it grows, is a share, a rank, an aim, a part, a change.

The words are data, `vocabulary/cues.toml`, to which a folder of the user's own adds; here they become patterns.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from xisuan.errors import Problem, ScenarioError

_LISTS = ("zh", "en", "patterns", "with")


@dataclass(frozen=True, slots=True)
class Cues:
    """One pattern a cue; `means` in the data file says what each does to a figure."""

    falls: re.Pattern[str]
    grows: re.Pattern[str]
    shares: re.Pattern[str]
    whole_after: re.Pattern[str]
    progress: re.Pattern[str]
    progress_after: re.Pattern[str]
    previous: re.Pattern[str]
    yearly: re.Pattern[str]
    change: re.Pattern[str]
    new: re.Pattern[str]
    from_: re.Pattern[str]
    times_of: re.Pattern[str]
    aims: re.Pattern[str]
    met: re.Pattern[str]
    expects: re.Pattern[str]
    first_figures: re.Pattern[str]
    part: re.Pattern[str]
    rank: re.Pattern[str]
    multiplied: re.Pattern[str]
    price_base: re.Pattern[str]
    scope: re.Pattern[str]
    filler: re.Pattern[str]
    together: re.Pattern[str]
    above_region: re.Pattern[str]
    after_region: re.Pattern[str]
    local: re.Pattern[str]
    filler_en: re.Pattern[str]
    done: re.Pattern[str]
    done_clause: re.Pattern[str]
    added: re.Pattern[str]
    after_count: re.Pattern[str]
    plan_after: re.Pattern[str]
    the_rest: re.Pattern[str]
    earns: re.Pattern[str]
    makes: re.Pattern[str]
    excluded: re.Pattern[str]
    bystanders: re.Pattern[str]
    shared_head: re.Pattern[str]
    after_count_zh: re.Pattern[str]
    subset: re.Pattern[str]
    of_gdp: re.Pattern[str]
    averages: re.Pattern[str]
    several_years: re.Pattern[str]
    of_the_world: re.Pattern[str]
    said_on: re.Pattern[str]
    the_industry: re.Pattern[str]
    by_region: re.Pattern[str]
    compass: re.Pattern[str]
    unknown_industry: re.Pattern[str]
    definition: re.Pattern[str]
    these: re.Pattern[str]
    each: re.Pattern[str]
    several_places: re.Pattern[str]
    in_all: re.Pattern[str]
    measured: re.Pattern[str]
    firm_names: re.Pattern[str]
    compared_with: re.Pattern[str]
    heading_aims: re.Pattern[str]
    heading_done: re.Pattern[str]
    the_aim: re.Pattern[str]
    the_figure: re.Pattern[str]
    national: re.Pattern[str]
    national_signs: re.Pattern[str]
    past: re.Pattern[str]
    to_level: re.Pattern[str]
    from_before: re.Pattern[str]
    built: re.Pattern[str]
    in_the_period: re.Pattern[str]
    total_behind: re.Pattern[str]
    more_of_it: re.Pattern[str]
    plan_before: re.Pattern[str]
    level_before: re.Pattern[str]
    firm_subject: re.Pattern[str]
    other_thing: re.Pattern[str]
    hub_of: re.Pattern[str]
    a_year: re.Pattern[str]
    for_firms: re.Pattern[str]


def cues(more: Path | None = None) -> Cues:
    """The shipped cues, with the words that `more`, a cues.toml, adds. Raises ScenarioError with all its problems."""
    shipped = tomllib.loads(
        resources.files(__package__).joinpath("vocabulary", "cues.toml").read_text(encoding="utf-8")
    )
    if more is not None and more.is_file():
        shipped = _added(shipped, own(more), more)
    names = [field.name for field in fields(Cues)]
    return Cues(**{name: _pattern(shipped, name) for name in names})


def own(path: Path) -> dict[str, Any]:
    """A TOML file of the user's. Raises ScenarioError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ScenarioError([Problem(str(path), "", "", "", f"not readable as TOML: {problem}")]) from None


def _added(shipped: Mapping[str, Any], more: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The shipped words and those of a file, after a look at every word of it."""
    out = {name: dict(table) for name, table in shipped.items()}
    problems: list[Problem] = []
    for name, table in more.items():
        if name not in out:
            near = difflib.get_close_matches(name, list(out), 1)
            what = f"no such cue{f'; did you mean {near[0]}?' if near else ''}"
            problems.append(Problem(str(path), f"[{name}]", "", name, what))
            continue
        if not isinstance(table, dict):
            problems.append(Problem(str(path), name, "", str(table), 'write a table: [aims] and below it en = ["…"]'))
            continue
        for key, words in table.items():
            if key == "means":
                continue
            wrong = _problem(key, words)
            if wrong:
                problems.append(Problem(str(path), f"[{name}]", key, str(words)[:60], wrong))
            else:
                out[name][key] = [*out[name].get(key, ()), *words]
    if problems:
        raise ScenarioError(problems)
    return out


def _problem(key: str, words: object) -> str:
    """What is wrong with a list of words; blank where nothing is."""
    if key not in ("zh", "en", "patterns"):
        return "give zh, en or patterns"
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        return "give a list of words, none of them blank"
    if key != "patterns":
        return ""
    for word in words:
        try:
            pattern = re.compile(word)
        except re.error as problem:
            return f"no regular expression: {problem}"
        if pattern.search("") is not None:
            return f"{word} would be found everywhere"
        if pattern.groupindex:
            return "a pattern of your own may not name groups; write (?:…)"
    return ""


def _pattern(tables: Mapping[str, Mapping[str, list[str]]], name: str) -> re.Pattern[str]:
    """One pattern of all words of a cue, the longest first, and of those it takes over from others."""
    return re.compile("|".join(_parts(tables, name)))


def _parts(tables: Mapping[str, Mapping[str, list[str]]], name: str) -> list[str]:
    table = tables[name]
    chinese = sorted(map(re.escape, table.get("zh", ())), key=len, reverse=True)
    english = sorted(map(_english, table.get("en", ())), key=len, reverse=True)
    parts = [*chinese, *([rf"\b(?:{'|'.join(english)})\b"] if english else []), *table.get("patterns", ())]
    return [*parts, *(part for other in table.get("with", ()) for part in _parts(tables, other))]


def _english(word: str) -> str:
    """A word as a pattern: * any ending, a blank any white space."""
    return re.escape(word.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"\s+")
