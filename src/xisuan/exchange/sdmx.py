"""Figures of a track as SDMX-CSV 2.0 with their structure: one row per figure, including every release."""

from __future__ import annotations

import csv
import datetime
import math
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from xisuan.results.track import TABLES, Track, records

AGENCY, NAME, VERSION = "XISUAN", "TRACK", "1.0.0"
STRUCTURE = f"{AGENCY}:{NAME}({VERSION})"
DIMENSIONS = {
    "INDICATOR": "the indicator",
    "REF_AREA": "the region",
    "STATUS": TABLES["observed"]["status"],
    "SCOPE": TABLES["observed"]["scope"],
    "PRICE_BASE": TABLES["observed"]["price_base"],
    "VINTAGE": "order in which the figures of the same key were published, 1 the first",
    "TIME_PERIOD": "a year, a month, a day or start/length",
}
MEASURE = "OBS_VALUE"
ATTRIBUTES = {
    "UNIT_MEASURE": "unit",
    "BASIS": "basis",
    "GROWTH_PCT": "growth_pct",
    "GROWTH_TO": "growth_to",
    "CHANGE_POINTS": "change_points",
    "CHANGE_TO": "change_to",
    "SHARE_PCT": "share_pct",
    "SHARE_OF": "share_of",
    "RANK": "place",
    "RANK_OF": "place_of",
    "BOUND": "bound",
    "PRECISION": "precision",
    "PUBLISHED": "published",
    "PREFERENCE": "rank",
    "TIER": "tier",
    "QUALITY": "quality",
    "INHERITED": "inherited",
    "SOURCE": "source",
}
"""Attribute → its column of table `observed`. RANK is the published rank, as in `observations`."""
NUMBERS = ("OBS_VALUE", "GROWTH_PCT", "CHANGE_POINTS", "SHARE_PCT")
COUNTS = ("VINTAGE", "RANK", "PREFERENCE")
NOT_APPLICABLE = "_Z"
"""SDMX code of a dimension that does not apply to a figure."""
_SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"


def write_sdmx_csv(track: Track, path: Path) -> None:
    """Write all figures; PREFERENCE 1 marks the one used for its period. `write_structure` describes the columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, MEASURE, *ATTRIBUTES])
        rows = records(track.observed)
        for row, vintage in zip(rows, _vintages(rows), strict=True):
            value = _text(row["value"])
            writer.writerow(["dataflow", STRUCTURE, "I", *_key(row, vintage), value, *_about(row)])


def _vintages(rows: list[dict[str, Any]]) -> list[int]:
    """Return the position of each figure among those of its key by day of publication, undated ones first."""
    of_key: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        of_key[_key(row, 0)].append(at)
    out = [0] * len(rows)
    for group in of_key.values():
        for vintage, at in enumerate(sorted(group, key=lambda at: (rows[at]["published"], -rows[at]["rank"])), start=1):
            out[at] = vintage
    return out


def _key(row: dict[str, Any], vintage: int) -> tuple[str, ...]:
    return (
        row["indicator"],
        row["region"],
        row["status"],
        row["scope"].replace(" ", "_") or NOT_APPLICABLE,
        row["price_base"] or NOT_APPLICABLE,
        str(vintage),
        time_period(row["period_start"], row["period_end"]),
    )


def _about(row: dict[str, Any]) -> list[str]:
    return [_text(row[column]) for column in ATTRIBUTES.values()]


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}" if math.isfinite(value) else ""
    return str(value)


def write_structure(track: Track, path: Path) -> None:
    """Write the structure of the figures as SDMX-ML 3.0: concepts, dimensions, measure, attributes, and the dataflow.

    The date of preparation is the day of the track, so that the same track gives the same bytes.
    """
    for short in ("message", "structure", "common"):
        ElementTree.register_namespace(short[:3], _SPACE + short)
    root = ElementTree.Element(_name("message", "Structure"))
    header = ElementTree.SubElement(root, _name("message", "Header"))
    for name, text in {"ID": NAME, "Test": "false", "Prepared": f"{track.as_of}T00:00:00"}.items():
        ElementTree.SubElement(header, _name("message", name)).text = text
    ElementTree.SubElement(header, _name("message", "Sender"), id=AGENCY)
    parts = ElementTree.SubElement(root, _name("message", "Structures"))
    flow = _artefact(ElementTree.SubElement(parts, _name("structure", "Dataflows")), "Dataflow", "Figures of a track")
    scheme = _artefact(ElementTree.SubElement(parts, _name("structure", "ConceptSchemes")), "ConceptScheme", "Columns")
    structures = ElementTree.SubElement(parts, _name("structure", "DataStructures"))
    definition = _artefact(structures, "DataStructure", "Figures of a track")
    meanings = {name: TABLES["observed"][column] for name, column in ATTRIBUTES.items()}
    for name, meaning in {**DIMENSIONS, MEASURE: TABLES["observed"]["value"], **meanings}.items():
        concept = ElementTree.SubElement(scheme, _name("structure", "Concept"), id=name)
        ElementTree.SubElement(concept, _name("common", "Name"), {_LANG: "en"}).text = meaning
    ElementTree.SubElement(flow, _name("structure", "Structure")).text = _urn("datastructure.DataStructure")
    _components(ElementTree.SubElement(definition, _name("structure", "DataStructureComponents")))
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _components(parts: ElementTree.Element) -> None:
    dimensions = ElementTree.SubElement(parts, _name("structure", "DimensionList"), id="DimensionDescriptor")
    for at, name in enumerate(DIMENSIONS, start=1):
        of_time = name == "TIME_PERIOD"
        where = {} if of_time else {"position": str(at)}
        _component(dimensions, "TimeDimension" if of_time else "Dimension", name, **where)
    attributes = ElementTree.SubElement(parts, _name("structure", "AttributeList"), id="AttributeDescriptor")
    for name in ATTRIBUTES:
        relation = ElementTree.SubElement(
            _component(attributes, "Attribute", name), _name("structure", "AttributeRelationship")
        )
        ElementTree.SubElement(relation, _name("structure", "Observation"))
    measures = ElementTree.SubElement(parts, _name("structure", "MeasureList"), id="MeasureDescriptor")
    _component(measures, "Measure", MEASURE)


def _component(parent: ElementTree.Element, kind: str, name: str, **more: str) -> ElementTree.Element:
    out = ElementTree.SubElement(parent, _name("structure", kind), {"id": name, **more})
    identity = ElementTree.SubElement(out, _name("structure", "ConceptIdentity"))
    identity.text = f"{_urn('conceptscheme.Concept')}.{name}"
    form = ElementTree.SubElement(out, _name("structure", "LocalRepresentation"))
    kinds = {"TIME_PERIOD": "ObservationalTimePeriod"}
    kinds |= dict.fromkeys(NUMBERS, "Double") | dict.fromkeys(COUNTS, "Integer")
    ElementTree.SubElement(form, _name("structure", "TextFormat"), textType=kinds.get(name, "String"))
    return out


def _artefact(parent: ElementTree.Element, kind: str, title: str) -> ElementTree.Element:
    out = ElementTree.SubElement(parent, _name("structure", kind), id=NAME, agencyID=AGENCY, version=VERSION)
    ElementTree.SubElement(out, _name("common", "Name"), {_LANG: "en"}).text = title
    return out


def _name(space: str, name: str) -> str:
    return f"{{{_SPACE}{space}}}{name}"


def _urn(kind: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={STRUCTURE}"


def time_period(start: str, end: str) -> str:
    """Return an SDMX time period: 2023, 2023-04, 2023-10-31 or 2023-01-01/P4M; in days if months are not whole."""
    if start == end:
        return end
    first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    whole = first.day == 1 and (last + datetime.timedelta(days=1)).day == 1
    if not whole:
        return f"{start}/P{(last - first).days + 1}D"
    if months == 12 and first.month == 1:
        return str(first.year)
    return f"{first.year}-{first.month:02d}" if months == 1 else f"{start}/P{months}M"
