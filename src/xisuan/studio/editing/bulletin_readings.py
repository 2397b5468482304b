"""Bulletins in the studio: read an uploaded file, and add confirmed figures to the tables of a scenario."""

from __future__ import annotations

import datetime
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.catalogue import catalogue
from xisuan.report.reading import review_page
from xisuan.scenario.load import load
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import LANGUAGES, Language, Series
from xisuan.text.translation import message as _
from xisuan.tracking import statistics_folder

LONGEST_NAME = 80
CONFIRMED = "observations.csv"


@dataclass(frozen=True, slots=True)
class Read:
    """An uploaded bulletin that was read: the document of `read --json`, and its page for review by language."""

    document: dict[str, Any]
    pages: dict[Language, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """Tables that change when figures are added, as files by name, and the counts of rows."""

    files: dict[str, str | bytes | None]
    added: int
    replaced: int


def read(data: bytes, name: str, published: str, region: str, folder: str) -> Read:
    """Return the figures of an uploaded bulletin; `folder` is the scenario whose region a text without one is of.

    `published` is an ISO day or blank. Raises RefusedError, ScenarioError.
    """
    try:
        day = datetime.date.fromisoformat(published) if published else None
    except ValueError:
        raise RefusedError(422, _("the day of publication is YYYY-MM-DD, such as 2024-11-25")) from None
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / _plain(name)
        path.write_bytes(data)
        found = read_bulletin(path, day, region=region or _home(folder))
    pages = {each: review_page.html(found, catalogue(), each, in_studio=True) for each in LANGUAGES}
    return Read(found.document(), pages)


def _plain(name: str) -> str:
    """Return the last part of a file's name, with signs that are safe in a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return re.sub(r"[^\w.-]+", "-", last).strip("-.")[-LONGEST_NAME:] or "bulletin.txt"


def _home(folder: str) -> str:
    """Return the region of a scenario, or blank if it has none that the catalogue knows."""
    try:
        return statistics_folder.home_of(load(folder))
    except ScenarioError:
        return ""


def added(rows: str, folder: str) -> Changed:
    """Return the tables of the scenario in `folder` with the rows of a table of observations, given as CSV.

    Rows of the same key are replaced. The folder itself is not changed. Raises ScenarioError, and RefusedError if a
    row cannot be saved: no accepted figure is left out in silence.
    """
    with tempfile.TemporaryDirectory() as place:
        given = Path(place) / CONFIRMED
        given.write_text(rows, encoding="utf-8", newline="")
        copy = Path(place) / "scenario"
        shutil.copytree(folder, copy)
        found = read_bulletin(given, region=_home(folder))
        if not found.observations and not found.unplaced:
            raise ScenarioError([Problem("bulletin-empty", table=CONFIRMED)])
        done = statistics_folder.add(copy, found, catalogue())
        if left := (*found.unplaced, *done.refused):
            told = Series(tuple(_("{words}: {why}", words=one.words, why=one.why) for one in left))
            raise RefusedError(422, _("These figures cannot be saved: {figures}. Change or reject them.", figures=told))
        before = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        files = {path.name: path.read_bytes() for path in copy.iterdir()}
    changed: dict[str, str | bytes | None] = {name: data for name, data in files.items() if before.get(name) != data}
    return Changed(changed, done.added, done.replaced)
