"""Forms of the verbs' options, from the declarations in `xisuan.studio.jobs.job_options`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from xisuan.report.run_inputs import INPUTS
from xisuan.studio.jobs.job_options import OPTIONS, Option
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _


def form(say: Translator, verb: str, places: Sequence[str]) -> Any:
    """Return the fields of a verb's options; `places` are the sites and links that may fail, as site:NAME."""
    fields = [_field(say, verb, one, places) for one in OPTIONS[verb]]
    return html.Div(fields, className="form wide")


def _field(say: Translator, verb: str, one: Option, places: Sequence[str]) -> Any:
    name = {"option-of": verb, "name": one.name}
    common = {"id": name, "label": say(one.label), "placeholder": say(_("default"))}
    if one.kind == "choice":
        data = [{"value": value, "label": say(INPUTS[value])} for value in one.choices]
        return dmc.Select(data=data, clearable=True, **common)
    if one.kind == "failures":
        return dmc.MultiSelect(data=list(places), searchable=True, clearable=True, maxValues=5, **common)
    if one.kind in ("whole", "number"):
        return dmc.NumberInput(allowDecimal=one.kind == "number", **common)
    if one.kind == "flag":
        return dmc.Switch(id=name, label=say(one.label))
    examples = {"day": "2024-12-31", "hours": "weeks:4", "mean_times": "8760:24"}
    return dmc.TextInput(**{**common, "placeholder": examples[one.kind]})


def given(verb: str, ids: Sequence[Mapping[str, str]], values: Sequence[Any]) -> dict[str, Any]:
    """Return the options of a verb that a user has filled in."""
    kinds = {one.name: one.kind for one in OPTIONS[verb]}
    found = {one["name"]: value for one, value in zip(ids, values, strict=True) if one["option-of"] == verb}
    return {
        name: value.strip() if isinstance(value, str) and kinds[name] != "choice" else value
        for name, value in found.items()
        if value not in (None, "", [], False)
    }
