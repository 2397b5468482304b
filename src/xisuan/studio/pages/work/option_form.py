"""Forms of the verbs' options, from the declarations in `xisuan.studio.jobs.job_options`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from xisuan.report.run_inputs import INPUTS
from xisuan.studio.jobs.job_options import OPTIONS, Option
from xisuan.studio.pages import page_components
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

CHOICES = {"fatal": _("end the simulation"), "skip": _("are skipped, counted and named")}
"""Values of choices that are no inputs of a page."""


Known = Mapping[str, Sequence[str]]
"""Option → the values that the scenario offers for it."""


def form(say: Translator, verb: str, known: Known) -> Any:
    """Return the fields of a verb's options."""
    fields = [_field(say, verb, one, known.get(one.name, ())) for one in OPTIONS[verb]]
    return html.Div(fields, className="form wide")


def _field(say: Translator, verb: str, one: Option, known: Sequence[str]) -> Any:
    name = {"option-of": verb, "name": one.name}
    common = {"id": name, "label": say(one.label), "placeholder": say(_("default"))}
    if one.kind == "choice":
        data = [{"value": value, "label": say(CHOICES.get(value) or INPUTS[value])} for value in one.choices]
        return dmc.Select(data=data, clearable=True, **common)
    if one.kind == "names":
        return dmc.MultiSelect(
            data=list(known), searchable=True, clearable=True, maxValues=one.most, limit=200, **common
        )
    if one.kind == "texts":
        return dmc.TagsInput(data=list(known), maxTags=one.most, **{**common, "placeholder": one.example})
    if one.kind in ("whole", "number"):
        return dmc.NumberInput(allowDecimal=one.kind == "number", **common)
    if one.kind == "flag":
        return dmc.Switch(id=name, label=say(one.label), checked=False)
    if one.kind == "day":
        return page_components.day_field(name, say(one.label))
    if one.kind == "rows":
        return dmc.Textarea(autosize=True, minRows=2, maxRows=10, **{**common, "placeholder": one.example})
    return dmc.TextInput(**{**common, "placeholder": one.example or "weeks:4"})


def given(verb: str, ids: Sequence[Mapping[str, str]], values: Sequence[Any]) -> dict[str, Any]:
    """Return the options of a verb that a user has filled in."""
    kinds = {one.name: one.kind for one in OPTIONS[verb]}
    found = {one["name"]: value for one, value in zip(ids, values, strict=True) if one["option-of"] == verb}
    return {
        name: value.strip() if isinstance(value, str) and kinds[name] != "choice" else value
        for name, value in found.items()
        if value not in (None, "", [], False)
    }
