"""Small words that say what a figure does, and the words that join it to its indicator or keep the two apart.

The words are data, `vocabulary/cues.toml` and `vocabulary/attachment.toml`, to which a folder of the user's own adds; here
they become patterns.
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

FILES = ("cues.toml", "attachment.toml")
"""The shipped files, in the order of the fields of `Cues`. A file of the user's may add to the tables of either."""


@dataclass(frozen=True, slots=True)
class Cues:
    """One pattern a cue; `means` in the data files says what each does to a figure."""

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
    of_size: re.Pattern[str]
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
    joined: re.Pattern[str]
    list_to_figures: re.Pattern[str]
    has_so_much: re.Pattern[str]
    who_tells: re.Pattern[str]
    runs_so_many: re.Pattern[str]
    between_figures: re.Pattern[str]
    between_growths: re.Pattern[str]
    figure_into: re.Pattern[str]
    figure_went: re.Pattern[str]
    of_what: re.Pattern[str]
    of_nothing_else: re.Pattern[str]
    measure_alone_zh: re.Pattern[str]
    counted_before: re.Pattern[str]
    other_measure: re.Pattern[str]
    in_its_measure: re.Pattern[str]
    increase_of: re.Pattern[str]
    more_of: re.Pattern[str]
    growth_in: re.Pattern[str]
    own_subject: re.Pattern[str]
    growth_before: re.Pattern[str]
    a_fall: re.Pattern[str]
    since_year_en: re.Pattern[str]
    since_year_zh: re.Pattern[str]
    changes_to: re.Pattern[str]
    level_reached: re.Pattern[str]
    built_ahead: re.Pattern[str]
    taking_the_total: re.Pattern[str]
    brings_to: re.Pattern[str]
    owns_so_much: re.Pattern[str]
    uses_so_much: re.Pattern[str]
    being_built: re.Pattern[str]
    in_a_row: re.Pattern[str]
    were_built: re.Pattern[str]
    were_added: re.Pattern[str]
    than_before: re.Pattern[str]
    new_ahead_zh: re.Pattern[str]
    new_ahead_en: re.Pattern[str]
    stands_built: re.Pattern[str]
    finite_verb: re.Pattern[str]
    lies_in: re.Pattern[str]
    of_them: re.Pattern[str]
    its_firms: re.Pattern[str]
    among_firms: re.Pattern[str]
    made_of: re.Pattern[str]
    invested_in: re.Pattern[str]
    free_before: re.Pattern[str]
    list_of_one_measure: re.Pattern[str]
    other_head: re.Pattern[str]
    that_of: re.Pattern[str]
    firms_in: re.Pattern[str]
    counted_firms: re.Pattern[str]
    such_as: re.Pattern[str]
    of_it: re.Pattern[str]
    of_the_firms: re.Pattern[str]
    this_one: re.Pattern[str]
    the_last: re.Pattern[str]
    from_what: re.Pattern[str]
    year_said: re.Pattern[str]
    or_percent: re.Pattern[str]
    of_owners: re.Pattern[str]
    being: re.Pattern[str]
    whole_of_some: re.Pattern[str]
    of_some: re.Pattern[str]
    reaches: re.Pattern[str]
    from_a_share: re.Pattern[str]
    contributes: re.Pattern[str]
    to_growth: re.Pattern[str]
    compared_level: re.Pattern[str]
    percent_for: re.Pattern[str]
    listed_behind: re.Pattern[str]
    followed_by: re.Pattern[str]
    signed_bracket: re.Pattern[str]
    of_a_whole: re.Pattern[str]
    of_money: re.Pattern[str]
    standing_stops: re.Pattern[str]
    goal_behind: re.Pattern[str]
    stands_ahead: re.Pattern[str]
    counted_as: re.Pattern[str]
    contribution: re.Pattern[str]
    or_so_much: re.Pattern[str]
    of_a_place: re.Pattern[str]
    stood_at: re.Pattern[str]
    bare_now: re.Pattern[str]
    some_quarter: re.Pattern[str]
    exports_of: re.Pattern[str]
    of_all_industry: re.Pattern[str]
    opens_industry: re.Pattern[str]
    opens_industry_en: re.Pattern[str]
    only_compares: re.Pattern[str]
    opens_measure: re.Pattern[str]
    of_some_area: re.Pattern[str]
    bare_rate: re.Pattern[str]
    speaks_of_us: re.Pattern[str]
    but_how_much: re.Pattern[str]
    of_a_growth: re.Pattern[str]
    sited: re.Pattern[str]
    new_aspect: re.Pattern[str]
    counted_things: re.Pattern[str]
    to_turnover: re.Pattern[str]
    takes_of: re.Pattern[str]
    among_these: re.Pattern[str]
    being_zh: re.Pattern[str]
    own_dollar: re.Pattern[str]
    intended: re.Pattern[str]
    defined: re.Pattern[str]
    gdp_share_zh: re.Pattern[str]
    under_way: re.Pattern[str]
    other_subject: re.Pattern[str]
    growth_fell_to: re.Pattern[str]
    in_hours: re.Pattern[str]
    represents: re.Pattern[str]
    came: re.Pattern[str]
    means_of: re.Pattern[str]
    for_every: re.Pattern[str]
    own_share: re.Pattern[str]
    once_built: re.Pattern[str]
    event_in: re.Pattern[str]
    event_zh: re.Pattern[str]
    defines: re.Pattern[str]
    said_by_the_nation: re.Pattern[str]
    apposed: re.Pattern[str]
    longer_measure: re.Pattern[str]
    since_it_began: re.Pattern[str]
    could_hold: re.Pattern[str]
    condition: re.Pattern[str]
    small_place: re.Pattern[str]
    at_one_site: re.Pattern[str]
    definite: re.Pattern[str]
    some_of_them: re.Pattern[str]
    in_days: re.Pattern[str]
    asked: re.Pattern[str]
    times_ahead: re.Pattern[str]
    not_yet: re.Pattern[str]
    every_year: re.Pattern[str]
    respectively_behind: re.Pattern[str]
    in_areas: re.Pattern[str]
    areas_before: re.Pattern[str]
    exceeds: re.Pattern[str]
    make_up: re.Pattern[str]
    requires: re.Pattern[str]
    of_what_grew: re.Pattern[str]
    covers: re.Pattern[str]
    that_have: re.Pattern[str]
    held_in: re.Pattern[str]
    beside_region: re.Pattern[str]
    from_there: re.Pattern[str]
    as_low_as: re.Pattern[str]
    initiative: re.Pattern[str]
    facility: re.Pattern[str]
    by_its_help: re.Pattern[str]
    grows_behind_zh: re.Pattern[str]
    some_subject: re.Pattern[str]
    in_which_it_was: re.Pattern[str]
    plan_title: re.Pattern[str]
    traded: re.Pattern[str]
    used_by: re.Pattern[str]
    several_sessions: re.Pattern[str]
    of_its_part: re.Pattern[str]
    recent_years: re.Pattern[str]
    a_goal_behind: re.Pattern[str]
    in_gdp: re.Pattern[str]
    worked_on: re.Pattern[str]
    built_of_them: re.Pattern[str]
    number_of: re.Pattern[str]
    used_in: re.Pattern[str]
    share_in: re.Pattern[str]
    per_so_many: re.Pattern[str]
    left_out: re.Pattern[str]
    by_whom: re.Pattern[str]
    opens_with: re.Pattern[str]
    subject_now: re.Pattern[str]
    percent_of: re.Pattern[str]
    are_these: re.Pattern[str]
    own_clause: re.Pattern[str]
    in_its_time: re.Pattern[str]
    the_operators: re.Pattern[str]
    light: re.Pattern[str]
    the_growth: re.Pattern[str]
    there_are: re.Pattern[str]
    since_year_first: re.Pattern[str]
    had_been_expected: re.Pattern[str]
    own_before: re.Pattern[str]
    own_after: re.Pattern[str]
    no_name: re.Pattern[str]
    firm_report: re.Pattern[str]
    light_name: re.Pattern[str]
    goal_list: re.Pattern[str]
    the_figures: re.Pattern[str]
    every_10k: re.Pattern[str]
    own_before_en: re.Pattern[str]
    own_verb: re.Pattern[str]
    no_name_en: re.Pattern[str]
    there_were: re.Pattern[str]
    miit: re.Pattern[str]
    of_a_grade: re.Pattern[str]
    grown_ahead: re.Pattern[str]
    among_whom: re.Pattern[str]
    ends_in_firms: re.Pattern[str]
    with_whom: re.Pattern[str]
    owner_ahead: re.Pattern[str]
    owner_with: re.Pattern[str]
    seller_ahead: re.Pattern[str]
    by_the_unit: re.Pattern[str]
    of_5g: re.Pattern[str]
    what_they_did: re.Pattern[str]
    more_behind: re.Pattern[str]
    in_service: re.Pattern[str]
    begins_another: re.Pattern[str]
    average_pace: re.Pattern[str]
    speaks_of_growth: re.Pattern[str]
    newly_added: re.Pattern[str]
    new_behind: re.Pattern[str]
    of_the_whole: re.Pattern[str]
    its_place: re.Pattern[str]
    lies_apart: re.Pattern[str]
    lies_within: re.Pattern[str]
    first_of_two: re.Pattern[str]
    firm_project: re.Pattern[str]
    one_site: re.Pattern[str]
    reached_zh: re.Pattern[str]
    used_by_many: re.Pattern[str]
    has_users: re.Pattern[str]
    used_again: re.Pattern[str]
    others_do: re.Pattern[str]
    share_aside: re.Pattern[str]
    money_spent: re.Pattern[str]
    people_who: re.Pattern[str]
    their_area: re.Pattern[str]
    opens_bracket: re.Pattern[str]
    closes_bracket: re.Pattern[str]
    goes_on: re.Pattern[str]
    by_so_much: re.Pattern[str]
    takes_an_object: re.Pattern[str]
    points_contributed: re.Pattern[str]
    points_contributed_behind: re.Pattern[str]
    points_of_growth: re.Pattern[str]
    points_apart: re.Pattern[str]
    points_beside: re.Pattern[str]
    points_way: re.Pattern[str]
    points_then: re.Pattern[str]
    a_ratio_again: re.Pattern[str]


def cues(more: Path | None = None) -> Cues:
    """The shipped cues, with the words that `more`, a cues.toml, adds. Raises ScenarioError with all its problems."""
    shipped = {name: table for file in FILES for name, table in _shipped(file).items()}
    if more is not None and more.is_file():
        shipped = _added(shipped, own(more), more)
    names = [field.name for field in fields(Cues)]
    return Cues(**{name: _pattern(shipped, name) for name in names})


def _shipped(file: str) -> dict[str, dict[str, Any]]:
    """The tables of a shipped file."""
    return tomllib.loads(resources.files("xisuan.indicators").joinpath("vocabulary", file).read_text(encoding="utf-8"))


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
            wrong = _problem(key, words, bool(out[name].get("closed")))
            if wrong:
                problems.append(Problem(str(path), f"[{name}]", key, str(words)[:60], wrong))
            else:
                out[name][key] = [*out[name].get(key, ()), *words]
    if problems:
        raise ScenarioError(problems)
    return out


def _problem(key: str, words: object, closed: bool) -> str:
    """What is wrong with a list of words; blank where nothing is."""
    if closed:
        return "the grammar reads parts of what this table finds; it takes no words of your own"
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
