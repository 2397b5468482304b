"""Draft of the map editor: rows of four tables for places and links, their edits, and their positions on the map.

Rows are text, as in the files; a name may have several rows, one from each year on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from xisuan.errors import Problem
from xisuan.report.maps import base_maps
from xisuan.report.maps.base_maps import Base
from xisuan.studio.editing.table_rows import Row

Kind = Literal["sites", "regions", "nodes", "links"]
KEY: Mapping[str, str] = {"sites": "site", "regions": "region", "nodes": "node", "links": "link"}
"""Tables of the map, with the column that names a row."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "sites": ("title", "title_zh", "kind", "hub", "lat", "lon", "node", "zone", "it_limit_mw", "pue", "investor"),
    "regions": ("title", "title_zh", "lat", "lon", "node", "hub", "population"),
    "nodes": ("title", "title_zh", "lat", "lon"),
    "links": ("from", "to", "length_km", "latency_ms", "capacity_gbps", "min_gbps", "limit_gbps",
              "capex_mcny_per_gbps",
              "life_years"),
}  # fmt: skip
"""Columns that the map editor edits, by table; the others are edited in the table editor."""
DIGITS = 4
"""Decimal places of degrees that a drag gives: ten metres."""
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows of the map's tables during editing."""

    tables: Mapping[str, tuple[Row, ...]]

    @classmethod
    def of(cls, tables: Tables) -> Draft:
        """Return a draft with these rows; a missing table is empty."""
        return cls({kind: tuple(dict(row) for row in tables.get(kind, ())) for kind in KEY})

    def names(self, kind: str) -> list[str]:
        """Return the names in a table, each once."""
        return list(dict.fromkeys(row[KEY[kind]] for row in self.tables[kind] if row.get(KEY[kind])))

    def rows(self, kind: str, name: str) -> list[Row]:
        """Return the rows of a name."""
        return [row for row in self.tables[kind] if row.get(KEY[kind]) == name]

    def value(self, kind: str, name: str, column: str) -> str | None:
        """Return the value that all rows of a name have in a column; None where they differ."""
        found = {row.get(column, "") or "" for row in self.rows(kind, name)}
        return found.pop() if len(found) == 1 else None

    def changed(self, kind: str, name: str, values: Mapping[str, str]) -> Draft:
        """Return the draft with these values in all rows of a name."""
        key = KEY[kind]
        rows = tuple({**row, **values} if row.get(key) == name else row for row in self.tables[kind])
        return replace(self, tables={**self.tables, kind: rows})

    def added(self, kind: str, name: str, values: Mapping[str, str]) -> Draft:
        """Return the draft with another row at the end of a table."""
        row = {KEY[kind]: name, **values}
        return replace(self, tables={**self.tables, kind: (*self.tables[kind], row)})

    def removed(self, kind: str, name: str) -> Draft:
        """Return the draft without the rows of a name."""
        rows = tuple(row for row in self.tables[kind] if row.get(KEY[kind]) != name)
        return replace(self, tables={**self.tables, kind: rows})

    def differs(self, before: Draft) -> dict[str, list[Row]]:
        """Return the tables that differ from an earlier draft, with their rows."""
        return {kind: list(rows) for kind, rows in self.tables.items() if rows != before.tables[kind]}

    def place(self, kind: str, name: str) -> tuple[float, float] | None:
        """Return longitude and latitude of a name; None if they are not valid coordinates."""
        row = next(iter(self.rows(kind, name)), {})
        try:
            lon, lat = float(row.get("lon") or "x"), float(row.get("lat") or "x")
        except ValueError:
            return None
        return (lon, lat) if abs(lon) <= 180 and abs(lat) < 90 else None

    def ends(self) -> dict[str, tuple[float, float]]:
        """Return the places that links may join: nodes, and regions by their own name or their node's."""
        out: dict[str, tuple[float, float]] = {}
        for kind in ("nodes", "regions"):
            for name in self.names(kind):
                place = self.place(kind, name)
                node = self.rows(kind, name)[0].get("node") or name
                if place is not None:
                    out.setdefault(name, place)
                    out.setdefault(node, place)
        return out


def base(draft: Draft, inset_title: str) -> Base:
    """Return the base map that contains all places."""
    found = (draft.place(kind, name) for kind in ("sites", "regions", "nodes") for name in draft.names(kind))
    return base_maps.around([place for place in found if place is not None], inset_title)


def faulty(draft: Draft, problems: Sequence[Problem]) -> dict[str, set[str]]:
    """Return the names by table whose rows have errors. Line 1 of a file is its heading."""
    out: dict[str, set[str]] = {kind: set() for kind in KEY}
    for one in problems:
        kind = one.table.removesuffix(".csv")
        line = re.match(r"row (\d+)", one.row)
        if kind in KEY and line and one.level == "error":
            rows = draft.tables[kind][int(line[1]) - 2 : int(line[1]) - 1]
            out[kind] |= {row.get(KEY[kind], "") for row in rows}
    return out


def drawing(
    draft: Draft, ground: Base, language: str, chosen: Sequence[str], problems: Sequence[Problem]
) -> dict[str, Any]:
    """Return what the browser draws: base map, points and lines in map units, the selection and the faulty items."""
    frame, bad = ground.frame, faulty(draft, problems)
    ends = draft.ends()

    def title(kind: str, name: str) -> str:
        row = draft.rows(kind, name)[0]
        return str(row.get("title_zh" if language == "zh" else "title") or row.get("title") or name)

    spots: list[dict[str, Any]] = []
    for kind in ("regions", "nodes", "sites"):
        for name in draft.names(kind):
            place = draft.place(kind, name)
            if place is not None:
                x, y = frame.place(*place)
                spots.append({"kind": kind, "name": name, "title": title(kind, name), "x": x, "y": y})
    lines: list[dict[str, Any]] = []
    for name in draft.names("links"):
        row = draft.rows("links", name)[0]
        pair = [ends.get(row.get(end, "")) for end in ("from", "to")]
        if all(pair):
            (x, y), (u, v) = (frame.place(*place) for place in pair if place is not None)
            lines.append({"kind": "links", "name": name, "title": name, "line": [x, y, u, v]})
    for item in (*spots, *lines):
        item["bad"] = item["name"] in bad[item["kind"]]
        item["chosen"] = [item["kind"], item["name"]] == list(chosen)
    inset = ground.inset
    return {
        "size": [frame.width, frame.height],
        "ground": {"land": ground.land, "shared": ground.shared, "outer": ground.outer, "dashes": ground.dashes,
                   "undetermined": ground.undetermined},
        "inset": {"x": inset.x, "y": inset.y, "width": inset.width, "height": inset.height,
                  "transform": inset.transform, "title": inset.title} if inset else None,
        "spots": spots,
        "lines": lines,
    }  # fmt: skip


def degrees(ground: Base, x: float, y: float) -> dict[str, str]:
    """Return longitude and latitude of a point of the map as cells; empty outside the map's projection."""
    lon, lat = ground.frame.where(x, y)
    return {"lat": f"{lat:.{DIGITS}f}", "lon": f"{lon:.{DIGITS}f}"} if math.isfinite(lon + lat) else {}
