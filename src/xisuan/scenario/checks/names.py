"""Checks of names: where a column accepts several kinds of items, no name may denote two of them.

A scope is all, a hub or a site; an end of a link is a node or a region; a class may be a technology. An ambiguous name
would be resolved by the order of the lookup.
"""

from __future__ import annotations

from collections.abc import Iterable

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.reading.cell_parsers import looks_like_number
from xisuan.scenario.schema.access_tables import ALL
from xisuan.scenario.schema.policy_tables import BUDGET_SCOPES, INVESTOR, PAYER_SCOPES
from xisuan.scenario.schema.tables import TABLES, key_part
from xisuan.text.translation import message as _


def scopes(at: Inspection) -> None:
    """Check that names of hubs, sites, links and cities are not ambiguous as scopes.

    A site may have the name of its hub where it is the hub's only site: both mean the same then.
    """
    hubs: dict[str, set[str]] = {}
    for row in at.rows("sites"):
        hubs.setdefault(row["hub"], set()).add(row["site"])
    for row in _first(at, "sites", "site"):
        name = row["site"]
        if hubs.get(name, {name}) != {name} or (name in hubs and row["hub"] != name):
            at.error("sites", row, "site", "site-named-as-hub")
        elif name in PAYER_SCOPES:
            at.error("sites", row, "site", "name-reserved", name=name, tables=_("policies and payers"))
    for row in _first(at, "sites", "hub"):
        if row["hub"] in BUDGET_SCOPES or row["hub"].startswith(INVESTOR):
            at.error("sites", row, "hub", "name-reserved", name=row["hub"], tables=_("policies, budgets and payers"))
    for table, key, where in (("links", "link", "policies"), ("cities", "city", _("measures and city_targets"))):
        for row in _first(at, table, key):
            if row[key] == ALL:
                at.error(table, row, key, "name-reserved", name=ALL, tables=where)


def reported(at: Inspection) -> None:
    """Check that the place that the report is about is a site or a hub, if the scenario has sites."""
    asked, sites = at.scenario.settings.report.region, at.rows("sites")
    if not asked or not sites or any(asked in (row["site"], row["hub"]) for row in sites):
        return
    named = _sites_called(at, asked.lower())
    known = [name for row in sites for name in (row["site"], row["hub"]) if name]
    meant = _('did you mean "{name}"?', name=named[0]) if named else at.findings.suggest(asked, known)
    hint = meant or _("known: {names}", names=", ".join(dict.fromkeys(known)))
    at.findings.error("scenario.toml", "", "report.region", asked, "reported-place-unknown", hint=hint)


def hubs(at: Inspection) -> None:
    """Warn of a site without a hub at the node of sites with one: what holds for the hub does not hold for it."""
    sites = [*_first(at, "sites", "site")]
    for row in sites:
        beside = [one for one in sites if one["hub"] and row["node"] and one["node"] == row["node"]]
        if beside and not row["hub"]:
            at.warn("sites", row, "hub", "site-beside-hub", site=beside[0]["site"], hub=beside[0]["hub"])


def _sites_called(at: Inspection, word: str) -> list[str]:
    """Return the sites that `word`, in lower case, may mean: by title, by its start, or by a region at their node."""

    def names(row: Row) -> list[str]:
        return [row["title"].lower(), row["title_zh"].lower()]

    sites = at.rows("sites")
    nodes = {row["node"] for row in at.rows("regions") if word in (row["region"].lower(), *names(row))}
    return [
        *(row["site"] for row in sites if word in names(row)),
        *(row["site"] for row in sites if any(name.startswith(word) for name in names(row))),
        *(row["site"] for row in sites if row["node"] in nodes),
    ]


def places(at: Inspection) -> None:
    """Check that a region at a node of another name does not have the name of a node: ends of links may be either."""
    node = {row["region"]: row["node"] for row in at.rows("regions")}
    taken = {row["node"] for row in at.rows("nodes")} | set(node.values())
    for row in _first(at, "regions", "region"):
        if row["region"] in taken and row["node"] != row["region"]:
            at.error("regions", row, "region", "region-named-as-node", node=row["node"])


def classes(at: Inspection) -> None:
    """Check that a technology has the name of a class only where it is the class's only one: workloads name either."""
    kinds = {row["technology"]: row["class"] for row in at.rows("technologies")}
    for row in _first(at, "technologies", "technology"):
        others = [name for name, kind in kinds.items() if kind == row["technology"] and name != row["technology"]]
        if others:
            at.error("technologies", row, "technology", "technology-named-as-class", other=others[0])


def profiles(at: Inspection) -> None:
    """Check that no profile name looks like a number: a cell with it would be read as the number."""
    told: set[str] = set()
    for row in at.rows("profile_rules"):
        name = row["profile"]
        if name not in told and looks_like_number(name):
            told.add(name)
            at.findings.error("profile_rules", "", "profile", name, "profile-named-as-number")


def keys(at: Inspection) -> None:
    """Check that no two rows of a table have the same key once its parts are joined by /."""
    for table in TABLES:
        columns = [key for key in table.keys if key != "period"]
        if len(columns) < 2 or not at.scenario.has(table.name):
            continue
        frame = at.scenario[table.name]
        parts = dict.fromkeys(
            zip(*([key_part(cell) for cell in frame[name].tolist()] for name in columns), strict=True)
        )
        seen: dict[str, tuple[str, ...]] = {}
        for key in parts:
            joined = "/".join(key)
            if seen.setdefault(joined, key) != key:
                one, other = (" + ".join(parts) for parts in (seen[joined], key))
                at.findings.error(table.name, joined, columns[0], key[0], "keys-joined-alike", one=one, other=other)


def titles(at: Inspection) -> None:
    """Warn of places without a Chinese title in a table where others have one: Chinese pages would show the English."""
    for table, key in (("regions", "region"), ("sites", "site"), ("nodes", "node")):
        rows = list(_first(at, table, key))
        lacking = [row for row in rows if not row["title_zh"]]
        if lacking and len(lacking) < len(rows):
            for row in lacking:
                at.warn(table, row, "title_zh", "title-zh-missing", title=row["title"] or row[key])


def _first(at: Inspection, table: str, key: str) -> Iterable[Row]:
    """Return the first row of each name."""
    return {row[key]: row for row in reversed(at.rows(table))}.values()


CHECKS = (scopes, hubs, reported, places, classes, profiles, keys, titles)
