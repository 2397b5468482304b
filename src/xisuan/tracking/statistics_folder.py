"""Scenario folders of statistics: a new one for a region, and the figures of bulletins added to one."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.catalogue import Catalogue, Place, catalogue
from xisuan.results.bulletin_reading import Bulletin, Reading, Unplaced
from xisuan.scenario import write
from xisuan.scenario.load import load
from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.tracking.observation_rows import (
    KEY,
    OBSERVATIONS,
    Row,
    csv_text,
    indicator_rows,
    observation_rows,
    source_rows,
)

TARGETS = ("indicator", "region", "deadline", "value", "unit", "growth_pct", "bound", "published", "tier", "source")
"""Columns of the empty table of targets in a new folder."""
_SETTINGS = """\
# Targets and published figures of a region, for `xisuan track`. Nothing is planned here.
name = "{name}"
title = "{title}: targets and published figures"
title_zh = "{title_zh}目标与公布数据"
# Use only what was published by a day (default: by the last publication in the tables):
# as_of = 2026-02-28
"""


@dataclass(frozen=True)
class Added:
    """Result of adding readings to a folder: new and replaced rows, new indicators, and figures that were refused."""

    path: Path
    added: int
    replaced: int
    indicators: tuple[str, ...]
    refused: tuple[Unplaced, ...]


def new(name: str, into: str | Path) -> Path:
    """Make the folder `into`/`name` with the tables that tracking needs, and return it.

    `name` is a region of the catalogue, by key or by name, and may go on with - and more: gansu, 甘肃, gansu-2026. All
    indicators of the catalogue are in `indicators`; `targets` and `observations` are empty. Raises ScenarioError for
    an unknown region, an invalid name and an existing folder.
    """
    if not manifest.NAME.fullmatch(name):
        near = manifest.nearest_name(name)
        raise ScenarioError([Problem("scenario-name-invalid", column="name", value=shown(name), name=near)])
    words = catalogue()
    place = _region(name, words)
    folder = Path(into) / name
    indicators = indicator_rows(words.terms, (), words)
    files = {
        manifest.FILE: _SETTINGS.format(name=name, title=place.title, title_zh=place.title_zh),
        "regions.csv": csv_text(
            [{"region": place.region, "title": place.title, "title_zh": place.title_zh}],
            ("region", "title", "title_zh"),
        ),
        "indicators.csv": csv_text(indicators, tuple(indicators[0])),
        "targets.csv": csv_text([], TARGETS),
        "observations.csv": csv_text([], OBSERVATIONS),
        "sources.csv": csv_text([], ("source", "title", "date", "address")),
    }
    write.put(files, folder)
    return folder


def _region(name: str, words: Catalogue) -> Place:
    """Return the region that a scenario's name begins with. Raises ScenarioError if there is none."""
    said = name.split("-")
    for count in range(len(said), 0, -1):
        start = "-".join(said[:count])
        if (key := start.replace("-", "_")) in words.places:
            return words.places[key]
        named = [place for place in words.places.values() if start.lower() in (*place.words_zh, *place.words_en)]
        if named:
            return named[0]
    words.check_region(said[0])
    raise AssertionError(name)  # every region is found above


def home_of(scenario: Scenario) -> str:
    """Return the region of a scenario of one region of the catalogue; blank for others."""
    regions = scenario["regions"]["region"].tolist()
    return str(regions[0]) if len(regions) == 1 and regions[0] in catalogue().places else ""


def add(folder: Path, found: Reading, words: Catalogue) -> Added:
    """Add observations to a scenario folder, with the indicators and sources that they name, and return the counts.

    Rows of the same key are replaced, so that a bulletin may be read again. Nothing is changed if the scenario, before
    or after, cannot be loaded: ScenarioError.
    """
    scenario = load(folder)
    rows, refused = observation_rows(found, words)
    lacking = indicator_rows((row["indicator"] for row in rows), scenario["indicators"]["indicator"], words)
    # A table of confirmed figures names sources without their titles.
    named = {row["source"]: row["published"] for row in rows if ";" not in row["source"]}
    known = {*scenario["sources"]["source"], *(one.source for one in found.bulletins)}
    untitled = [Bulletin(source, "", source, published) for source, published in named.items() if source not in known]
    sources = source_rows([*(one for one in found.bulletins if one.source in named), *untitled])
    held, replaced = _merged(folder / "observations.csv", rows, KEY, OBSERVATIONS)
    texts = {"observations.csv": held}
    for table, more in (("indicators", lacking), ("sources", sources)):
        if more:
            key = BY_NAME[table].keys
            texts[f"{table}.csv"], _count = _merged(folder / f"{table}.csv", more, key, tuple(more[0]))
    _put(folder, texts)
    return Added(
        folder / "observations.csv",
        len(rows) - replaced,
        replaced,
        tuple(row["indicator"] for row in lacking),
        tuple(refused),
    )


def _merged(path: Path, rows: Sequence[Row], key: Sequence[str], columns: Sequence[str]) -> tuple[str, int]:
    """Return a table with rows added, as text, and the number of its rows that were replaced."""
    held: list[dict[str, str]] = []
    head: list[str] = []
    if path.is_file():
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        held, head = list(reader), list(reader.fieldnames or ())
    blank = {column.name: str(column.default or "") for column in BY_NAME[path.stem].columns}
    new_keys = {tuple(row[name] for name in key) for row in rows}
    kept = [row for row in held if tuple((row.get(name) or "").strip() or blank[name] for name in key) not in new_keys]
    columns = [*head, *(name for name in columns if name not in head)]
    return csv_text([*kept, *rows], columns), len(held) - len(kept)


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files of a scenario; restore them and raise ScenarioError if it cannot be loaded with them."""
    before = {name: (folder / name).read_bytes() if (folder / name).is_file() else None for name in texts}
    try:
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode("utf-8"))
        load(folder)
    except BaseException:
        for name, data in before.items():
            if data is None:
                (folder / name).unlink(missing_ok=True)
            else:
                (folder / name).write_bytes(data)
        raise
