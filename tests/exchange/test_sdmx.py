"""SDMX-CSV: read back by sdmx1, which knows the standard, and by our own reader."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
import sdmx
from sdmx.model import v30

from xisuan.exchange import sdmx as ours
from xisuan.indicators.reading.bulletins import read_bulletin
from xisuan.indicators.tracking.track import track
from xisuan.results.track import Track
from xisuan.scenario.read import load


@pytest.fixture(scope="module")
def found() -> Track:
    day = datetime.date(2025, 12, 31)
    return track(load("guizhou", as_of=day), day)


@pytest.fixture(scope="module")
def path(found: Track, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sdmx") / "observed.csv"
    ours.write_sdmx_csv(found, out)
    return out


def structure() -> v30.DataStructureDefinition:
    """The structure that the file follows."""
    agency = sdmx.model.common.Agency(id="XISUAN")
    out = v30.DataStructureDefinition(id="TRACK", maintainer=agency, version="1.0.0")
    for name in ours.DIMENSIONS:
        out.dimensions.getdefault(id=name)
    out.measures.getdefault(id="OBS_VALUE")
    for name in ours.ATTRIBUTES:
        out.attributes.getdefault(id=name)
    return out


def test_sdmx1_reads_every_figure(found: Track, path: Path) -> None:
    message = sdmx.read_sdmx(io.BytesIO(path.read_bytes()), structure=structure(), format="csv")
    (data,) = message.data
    assert len(data.obs) == len(found.observed)
    keys = {tuple(str(part.value) for part in one.dimension.values.values()) for one in data.obs}
    assert len(keys) == len(found.observed)


def test_our_own_reader_gets_the_levels_back(found: Track, path: Path) -> None:
    seen = read_bulletin(path)
    levels = found.observed[found.observed["value"].notna()]
    wanted = {(row["indicator"], row["region"], row["period_end"], row["value"]) for row in levels.to_dict("records")}
    assert {
        (one.indicator, one.region, one.period_end, one.value) for one in seen.observations if one.value is not None
    } == wanted


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
