"""Links that jobs ask for most, beside the capacity that work may use."""

from __future__ import annotations

from xisuan.report.document.blocks import Cell, Column, Row, Section, Table
from xisuan.report.simulation import trace_names
from xisuan.results.trace import Trace
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

UNFOLDED = 12
"""Rows up to which the table is open."""


def section(trace: Trace, say: Translator) -> list[Section]:
    """Return the section on links, one row per direction that jobs use, the fullest first; empty if there are none."""
    if "links" not in trace.tables:
        return []
    table = trace.links[trace.links["most_gbps"] > 0.0]
    if not len(table):
        return []
    table = table.assign(load=table["most_gbps"] / table["gbps"].clip(lower=1e-9))
    titles, show = trace_names.titles(trace, say), Figures(say.language)
    heads = (
        (_("Link"), ""),
        (_("Work may use"), "Gbps"),
        (_("Asked for, mean"), "Gbps"),
        (_("Busiest hour"), "Gbps"),
        (_("Load then"), ""),
    )
    columns = tuple(Column(say(head), unit, number=at > 0) for at, (head, unit) in enumerate(heads))
    rows = []
    for row in table.sort_values("load", ascending=False, kind="stable").to_dict("records"):
        ends = [titles.get(("region", str(row[end])), str(row[end])) for end in ("from", "to")]
        cells = (" → ".join(ends), *(plain(row[part]) for part in ("gbps", "asked_gbps", "most_gbps")),
                 show.share(row["load"]))  # fmt: skip
        rows.append(Row(tuple(map(Cell, cells)), kind="marked" if row["load"] > 1.0 else "plain"))
    shown = Table("", columns, tuple(rows), folded=len(rows) > UNFOLDED)
    return [
        Section(
            "links",
            say(_("What jobs ask of the links")),
            say(
                _(
                    "A job moves its data over the shortest way that is open. Where the jobs of an hour ask for more "
                    "than work may use of a link, their data waits."
                )
            ),
            (shown,),
        )
    ]
