"""Fields of the options of a scenario: each of the kind that the reader of scenario.toml checks it by."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from xisuan.scenario.reading import manifest
from xisuan.scenario.settings import OPTIONS, Hours, Option
from xisuan.studio import labels, scenario_texts
from xisuan.studio.column_headings import HEADINGS
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

SET_ELSEWHERE = ("name", "extends", "drop")
"""Options without a field: a scenario of the studio is named when it is made, extends none and has dropped its rows."""
SHOWN = tuple(option for option in OPTIONS if option.name not in SET_ELSEWHERE)
WITHOUT_PLAN = ("title", "title_zh", "as_of", "report.language")
"""Options that matter for a scenario in which nothing is planned."""
Known = Mapping[str, Mapping[str, str]]
"""Option → the values that the tables of the scenario allow, each with its title."""


def fields(say: Translator, options: Mapping[str, str], known: Known, may_edit: bool, *, planned: bool = True) -> Any:
    """Return a field for each option, or for those that matter without a plan; `options` are their values as text."""
    parts = []
    for option in (one for one in SHOWN if planned or one.name in WITHOUT_PLAN):
        common = {
            "id": {"option": option.name, "part": ""},
            "label": say(labels.OPTIONS[option.name]),
            "description": _meaning(say, option),
            "disabled": not may_edit,
        }
        parts += _field(say, option, options.get(option.name, ""), known.get(option.name, {}), common)
    return html.Div(parts, className="form wide")


def _field(
    say: Translator, option: Option, value: str, known: Mapping[str, str], common: Mapping[str, Any]
) -> list[Any]:
    parse, unit = manifest.PARSERS[option.name], scenario_texts.said(say, option.unit)
    if isinstance(parse, manifest.Choice):
        data = [{"value": each, "label": say(labels.CHOICES[each])} for each in parse.values]
        return [dmc.Select(data=data, allowDeselect=False, value=value, **common)]
    if isinstance(parse, manifest.Whole):
        number: dict[str, Any] = {"value": int(value), "min": parse.low, "max": parse.high, "clampBehavior": "none"}
        return [dmc.NumberInput(allowDecimal=False, **number, **common)]
    if isinstance(parse, manifest.Number):  # as text: a field for numbers drops the e of 1e-6 while it is typed
        label = common["label"] + say(_(" ({unit})", unit=unit))
        return [dmc.TextInput(value=value, **{**common, "label": label})]
    if parse is manifest.read_date:
        return [dmc.TextInput(value=value, placeholder="2025-12-31", **common)]
    if parse is manifest.read_hours:
        return _hours(say, Hours.parse(value), common)
    if parse is manifest.read_names:
        names = json.loads(value)
        return [dmc.MultiSelect(data=_data(known, names), value=names, searchable=True, **common)]
    if known:
        return [dmc.Select(data=_data(known, [value]), value=value or None, searchable=True, clearable=True, **common)]
    return [dmc.TextInput(value=_as_years(value) if parse is manifest.read_years else value, **common)]


def _data(known: Mapping[str, str], chosen: Sequence[str]) -> list[dict[str, str]]:
    """Return the items of a choice: known values, and those chosen that are not known."""
    items = {each: each for each in chosen if each} | dict(known)
    return [{"value": each, "label": title} for each, title in items.items()]


def _hours(say: Translator, value: Hours, common: Mapping[str, Any]) -> list[Any]:
    """Return the choice of the kind of hours, and the field of their number."""
    data = [{"value": kind, "label": say(label)} for kind, label in labels.HOURS.items()]
    count = {
        "id": {"option": "hours", "part": "count"},
        "label": say(_("Number of weeks, days or hours")),
        "disabled": common["disabled"],
    }
    return [
        dmc.Select(data=data, allowDeselect=False, value=value.kind, **common),
        dmc.NumberInput(allowDecimal=False, value=value.count or "", min=1, max=8760, clampBehavior="none", **count),
    ]


def texts(ids: Sequence[Mapping[str, str]], values: Sequence[Any]) -> dict[str, str]:
    """Return the options as text from the ids and values of their fields."""
    found = {(one["option"], one["part"]): value for one, value in zip(ids, values, strict=True)}
    return {name: _text(name, value, found.get((name, "count"))) for (name, part), value in found.items() if part == ""}


def _text(name: str, value: Any, count: Any) -> str:
    parse = manifest.PARSERS[name]
    if parse is manifest.read_names:
        return json.dumps(value or [], ensure_ascii=False)
    text = "" if value is None else str(value).strip()
    if parse is manifest.read_years:
        return _from_years(text)
    if parse is manifest.read_hours and text not in labels.SINGLE_HOURS:
        return f"{text}:{'' if count is None else count}"
    return text


def _as_years(value: str) -> str:
    """Return the value of an option of several years as people write them: `2026, 2028`."""
    return value.removeprefix("[").removesuffix("]")


def _from_years(text: str) -> str:
    """Return the value of an option of several years, given apart by commas or spaces, as in scenario.toml."""
    years = re.split(r"[\s,，、;；]+", _as_years(text.strip()).strip())
    return f"[{', '.join(years)}]" if all(year.isdecimal() and year.isascii() for year in years) else text


def _meaning(say: Translator, option: Option) -> str | None:
    """Return the description of an option in words of the pages, unless its label or choices say the same."""
    parse = manifest.PARSERS[option.name]
    if parse is manifest.read_hours:
        return say(_("On chosen and first hours every profile keeps its yearly mean."))
    said = scenario_texts.said(say, option.meaning).replace("`", "")
    for value in parse.values if isinstance(parse, manifest.Choice) else ():  # by the label of the choice
        said = re.sub(rf"\b{value}(?=[:：])", say(labels.CHOICES[value]), said)
    said = re.sub(r"[a-z]+(?:_[a-z]+)+", lambda name: say(_named(name[0])), said)
    return None if said.lower() == say(labels.OPTIONS[option.name]).lower() else said


def _named(name: str) -> Any:
    """Return the heading of a column or the label of an option of section [plan]; the name itself for another."""
    return HEADINGS.get(name) or labels.OPTIONS.get(f"plan.{name}", name)
