"""Two plans side by side as one page: what differs in words, then table by table, largest change first."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from xisuan.report import sheet
from xisuan.report.figures import MISSING, Figures, Language, plain
from xisuan.report.specs import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.words import Words
from xisuan.workflow.compare import Comparison

MOST_ROWS = 40
"""Rows shown of one table; the rest is counted."""

TABLES: dict[str, tuple[str, ...]] = {
    "builds": ("period", "asset", "where", "technology", "unit"),
    "costs": ("term",),
    "service": ("period", "workload", "site"),
    "emissions": ("period", "measure"),
}
"""Tables of a comparison that are shown, with the columns that name a row."""


def html(found: Comparison, language: Language) -> str:
    """The page on what plan `b` does otherwise than plan `a`."""
    say = Words(language)
    a, b = found.names
    return sheet.rendered(
        language=language,
        say=say,
        title=say("comparison.title", a=a, b=b),
        subtitle=say("comparison.subtitle", tolerance=Figures(language).share(found.tolerance)),
        badges=[],
        sections=sections(found, language),
        footer=say("page.footer"),
        style=Markup(sheet.text("report.css")),
        script=Markup(sheet.text("report.js")),
    )


def sections(found: Comparison, language: Language) -> tuple[Section, ...]:
    """Sentences and main figures; then a section for each table in which something differs."""
    say = Words(language)
    first: tuple[Block, ...] = (Text(items=tuple(sentences(found, language)), tone="lead"), _figures(found, say))
    out = [Section("differences", say("comparison.differences"), blocks=first)]
    for name, keys in TABLES.items():
        frame: pd.DataFrame = getattr(found, name)
        if len(frame):
            out.append(Section(name, say(f"comparison.{name}"), blocks=_table(found, frame, keys, say)))
    return tuple(out)


def sentences(found: Comparison, language: Language) -> list[str]:
    """The main differences in words."""
    say, show = Words(language), Figures(language)
    a, b = found.names
    if found.same:
        return [say("comparison.same", a=a, b=b)]
    rows = {str(row["figure"]): row for row in found.figures.to_dict("records")}
    cost = rows["cost"]
    share = show.share(abs(cost["change"]) / cost["a"]) if cost["a"] else MISSING
    out = [say(f"comparison.costs_{_way(found, cost)}", a=a, b=b, amount=show.money(abs(cost["change"])), share=share)]
    for name, unit in (("halls", "MW"), ("compute", "MW"), ("links", "Gbps")):
        if (way := _way(found, rows[name])) != "same":
            amount = f"{plain(abs(rows[name]['change']))} {unit}"
            out.append(say(f"comparison.builds_{way}", b=b, amount=amount, what=say(f"comparison.{name}")))
    if (way := _way(found, rows["carbon"])) != "same":
        out.append(say(f"comparison.emits_{way}", b=b, amount=show.carbon(abs(rows["carbon"]["change"]))))
    for row in found.service.head(1).to_dict("records"):
        way = "more" if row["change"] > 0 else "less"
        where = row["site"] or say("comparison.nowhere")
        points = plain(100 * abs(row["change"]))
        parts = {"period": row["period"], "workload": row["workload"], "site": where, "points": points}
        out.append(say(f"comparison.runs_{way}", **parts))
    return out


def _way(found: Comparison, row: dict[Any, Any]) -> str:
    if abs(row["change"]) <= found.tolerance * row["size"]:
        return "same"
    return "more" if row["change"] > 0 else "less"


def _values(found: Comparison, say: Words) -> tuple[Column, ...]:
    names = (*found.names, say("comparison.change"))
    return tuple(Column(name, number=True) for name in names)


def _cells(row: dict[Any, Any], size: float = 0.0) -> tuple[Cell, ...]:
    change = float(row["change"])
    text = "0" if abs(change) <= 1e-9 * size else plain(change)
    return (Cell(plain(row["a"])), Cell(plain(row["b"])), Cell(f"+{text}" if change > 1e-9 * size else text))


def _figures(found: Comparison, say: Words) -> Table:
    columns = (Column(say("comparison.figure")), Column(say("comparison.unit")), *_values(found, say))
    rows = tuple(
        Row(
            (
                Cell(say(f"comparison.{row['figure']}")),
                Cell(say.known("comparison", row["unit"])),
                *_cells(row, row["size"]),
            )
        )
        for row in found.figures.to_dict("records")
    )
    return Table(say("comparison.figures"), columns, rows)


def _table(found: Comparison, frame: pd.DataFrame, keys: tuple[str, ...], say: Words) -> tuple[Block, ...]:
    columns = (*(Column(say(f"comparison.{key}")) for key in keys), *_values(found, say))
    shown = frame.head(MOST_ROWS).to_dict("records")
    rows = tuple(Row((*(Cell(_named(key, row[key], say)) for key in keys), *_cells(row))) for row in shown)
    left = len(frame) - len(shown)
    return (Table("", columns, rows, note=say("comparison.more", count=left) if left else ""),)


def _named(key: str, value: object, say: Words) -> str:
    """A name as people know it."""
    if key == "site" and value == "":
        return say("comparison.nowhere")
    section = {"asset": "asset", "term": "term", "measure": "comparison"}.get(key)
    return say.known(section, str(value)) if section else str(value)
