"""List of a scenario's tables, grouped by subject, with a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, html

from xisuan.scenario.schema import tables
from xisuan.scenario.schema.access_tables import ACCESS
from xisuan.scenario.schema.column_types import Table
from xisuan.scenario.schema.compute_tables import COMPUTE
from xisuan.scenario.schema.energy_tables import ENERGY
from xisuan.scenario.schema.hour_tables import HOURS
from xisuan.scenario.schema.network_tables import NETWORK
from xisuan.scenario.schema.own_rule_tables import OWN_RULES
from xisuan.scenario.schema.place_tables import PLACES
from xisuan.scenario.schema.policy_tables import RULES
from xisuan.scenario.schema.workload_tables import WORK
from xisuan.studio.pages import page_components
from xisuan.studio.pages.scenario_overview import table_name
from xisuan.text.translation import Message, Translator
from xisuan.text.translation import message as _

_SUBJECTS: Sequence[tuple[Message, Sequence[Table]]] = (
    (_("Places and sites"), PLACES),
    (_("Equipment"), COMPUTE),
    (_("Demand"), WORK),
    (_("Network"), NETWORK),
    (_("Power"), ENERGY),
    (_("Hours"), HOURS),
    (_("Budgets and policies"), (*RULES, *OWN_RULES)),
    (_("Gigabit access"), ACCESS),
)
SUBJECTS: Mapping[Message, Sequence[str]] = {
    **{title: [one.name for one in some] for title, some in _SUBJECTS},
    _("Indicators and sources"): [
        name for name in tables.BY_NAME if not any(name == one.name for _t, some in _SUBJECTS for one in some)
    ],
}
"""Subject → its tables; every table of a scenario is in one of them."""


def table_list(say: Translator, scenario_id: str, have: Sequence[str], at: str) -> Any:
    """Return the list of tables by subject: those of the scenario first, the others folded."""
    words = say(_("Search tables"))
    groups = [_group(say, title, scenario_id, have, names, at) for title, names in SUBJECTS.items()]
    search = dmc.TextInput(id="table-search", placeholder=words, size="xs", **{"aria-label": words})
    return html.Nav([search, *groups], className="list", **{"aria-label": say(_("Tables"))})


def _group(
    say: Translator, title: Message, scenario_id: str, have: Sequence[str], names: Sequence[str], at: str
) -> Any:
    """Return one subject; tables that the scenario does not have are marked."""

    def item(name: str) -> Any:
        kind = " ".join(part for part in ("at" if name == at else "", "" if name in have else "lacking") if part)
        found = page_components.link(table_name(say, name), f"/scenarios/{scenario_id}/tables/{name}", className=kind)
        return html.Li([found, html.Span(name, className="code-name")])

    ordered = sorted(names, key=lambda name: name not in have)
    held = any(name in have or name == at for name in names)
    return html.Details(
        [html.Summary(say(title)), html.Ul([item(name) for name in ordered])], open=held, className="group"
    )


def wire(pages: dash.Dash) -> None:
    """Register the search, which runs in the browser."""
    pages.clientside_callback(ClientsideFunction("spreadsheet", "search"), Input("table-search", "value"))
