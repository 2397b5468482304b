"""SDMX-CSV: read back by sdmx1, which knows the standard, and by our own reader."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest
import sdmx
from sdmx.model import v30

from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.exchange import sdmx as ours
from xisuan.results.track import Track, records
from xisuan.scenario.load import load
from xisuan.tracking.track import track


@pytest.fixture(scope="module")
def found() -> Track:
    day = datetime.date(2025, 12, 31)
    return track(load("guizhou", as_of=day), day)


@pytest.fixture(scope="module")
def path(found: Track, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sdmx") / "observed.csv"
    ours.write_sdmx_csv(found, out)
    return out


def structure(found: Track, folder: Path) -> v30.DataStructureDefinition:
    """The structure that is written beside the file, as sdmx1 reads it."""
    ours.write_structure(found, folder / "observed.xml")
    read: v30.DataStructureDefinition = sdmx.read_sdmx(io.BytesIO((folder / "observed.xml").read_bytes())).structure[
        "TRACK"
    ]
    return read


def test_sdmx1_reads_every_figure(found: Track, path: Path, tmp_path: Path) -> None:
    """By the structure that we write, with nothing of its own."""
    message = sdmx.read_sdmx(io.BytesIO(path.read_bytes()), structure=structure(found, tmp_path), format="csv")
    (data,) = message.data
    assert len(data.obs) == len(found.observed)
    keys = {tuple(str(part.value) for part in one.dimension.values.values()) for one in data.obs}
    assert len(keys) == len(found.observed)


def test_the_structure_has_the_columns_of_the_file(found: Track, path: Path, tmp_path: Path) -> None:
    dsd = structure(found, tmp_path)
    named = [part.id for kind in (dsd.dimensions, dsd.measures, dsd.attributes) for part in kind.components]
    with path.open(encoding="utf-8") as file:
        assert next(csv.reader(file))[3:] == named


def test_everything_that_an_observation_holds_is_written(path: Path) -> None:
    """A share and of what, a place among provinces, a growth over something else, grade and quality are not lost; releases
    of one key are numbered by their day, which is not the order of use."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    scenario = load("guizhou", as_of=datetime.date(2025, 12, 31))["observations"]
    places, shares = scenario["rank"].dropna(), scenario["share_pct"].dropna()
    assert len(places)
    assert {float(row["RANK"]) for row in rows if row["RANK"]} <= set(places)
    assert {float(row["SHARE_PCT"]) for row in rows if row["SHARE_PCT"]} <= set(shares)
    for name in ("RANK", "SHARE_PCT", "SHARE_OF", "TIER", "QUALITY"):
        assert any(row[name] for row in rows), name
    of_key: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for row in rows:
        key = tuple(row[name] for name in ours.DIMENSIONS if name != "VINTAGE")
        of_key.setdefault(key, []).append((int(row["VINTAGE"]), row["PUBLISHED"]))
    several = [sorted(group) for group in of_key.values() if len(group) > 1]
    assert several
    for group in several:
        assert [vintage for vintage, _ in group] == list(range(1, len(group) + 1))
        assert [day for _, day in group] == sorted(day for _, day in group)


def test_our_own_reader_gets_the_levels_back(found: Track, path: Path) -> None:
    seen = read_bulletin(path)
    levels = found.observed[found.observed["value"].notna()]
    wanted = {(row["indicator"], row["region"], row["period_end"], row["value"]) for row in levels.to_dict("records")}
    assert {
        (one.indicator, one.region, one.period_end, one.value) for one in seen.observations if one.value is not None
    } == wanted
    grown = found.observed[found.observed["growth_pct"].notna()]
    assert {
        (one.indicator, one.period_end, one.growth_to) for one in seen.observations if one.growth_pct is not None
    } == {(row["indicator"], row["period_end"], row["growth_to"]) for row in grown.to_dict("records")}


def test_a_change_in_points_is_written_and_read_back(tmp_path: Path) -> None:
    """With what it is over; the level before that comes of it is there too, as derived."""
    given = load("guizhou", as_of=datetime.date(2025, 12, 31))
    seen = given["observations"].copy()
    at = seen.index[(seen["indicator"] == "digital_economy_share") & seen["value"].notna()][-1]
    seen.loc[at, ["change_points", "change_to", "bound"]] = [3.2, "2015", ""]
    found = track(given.with_tables(observations=seen))
    ours.write_sdmx_csv(found, tmp_path / "observed.csv")
    told = [one for one in read_bulletin(tmp_path / "observed.csv").observations if one.change_points is not None]
    assert [(one.indicator, one.change_points, one.change_to) for one in told] == [
        ("digital_economy_share", 3.2, "2015")
    ]
    [before] = records(
        found.observed[
            (found.observed["indicator"] == "digital_economy_share")
            & found.observed["period_end"].str.startswith("2015")
        ]
    )
    assert (before["quality"], before["value"]) == ("derived", pytest.approx(seen.loc[at, "value"] - 3.2))
    parts = {part.id: part for part in structure(found, tmp_path).attributes.components}
    assert {"CHANGE_POINTS", "CHANGE_TO"} <= set(parts)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-01-01", "2023-12-31", "2023"),
        ("2023-01-01", "2023-04-30", "2023-01-01/P4M"),
        ("2024-10-01", "2024-10-31", "2024-10"),
        ("2024-10-31", "2024-10-31", "2024-10-31"),
        ("2025-01-01", "2025-12-17", "2025-01-01/P351D"),
    ],
)
def test_time_periods(start: str, end: str, expected: str) -> None:
    assert ours.time_period(start, end) == expected
