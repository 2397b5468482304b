"""The page on security goes through every point of the standard up to level 2, and names tests that are there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.storage.test_uploads import GOOD, packed
from xisuan.scenario.reading.problems import MOST_PER_TABLE
from xisuan.scenario.reading.typed_columns import MOST_FAULTS
from xisuan.studio import auth
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import upload_process
from xisuan.studio.web import request_bodies

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "explanation"
PAGE = "\n".join(
    path.read_text(encoding="utf-8") for path in (PAGES / "security.md", *sorted((PAGES / "security").glob("*.md")))
)
POINTS = {
    1: (2, 9, 11, 3, 2), 2: (3, 3, 4, 1), 3: (0, 2, 4, 6, 5, 0, 2), 4: (3, 1, 2, 4), 5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2), 8: (2, 3, 1, 1), 9: (3, 4), 10: (2, 2, 4, 11, 5, 2, 3), 11: (2, 3, 3, 4, 1, 1), 12: (3, 2, 4),
    13: (1, 5, 2, 5), 14: (2, 4, 3), 15: (3, 3, 7), 16: (1, 5, 4, 3, 3), 17: (1, 4, 2),
}  # fmt: skip
"""Chapter of ASVS 5.0.0 → in each of its sections, how many points level 2 has; they come first, in order."""


def rows() -> list[tuple[list[str], str]]:
    """Points and what is said of them, of each row."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \| (.+) \|$", PAGE, flags=re.MULTILINE)
    return [(points.split(", "), said) for points, said in found]


def test_every_point_of_level_two_is_gone_through_once() -> None:
    wanted = [
        f"{chapter}.{section}.{point}"
        for chapter, sections in POINTS.items()
        for section, count in enumerate(sections, 1)
        for point in range(1, count + 1)
    ]
    assert len(wanted) == 253
    assert Counter(point for points, _ in rows() for point in points) == Counter(wanted)


def test_every_test_that_it_names_is_there() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 60
    assert {name for name in named if f"def {name}(" not in source} == set()


def test_what_is_not_met_is_said_at_the_beginning() -> None:
    unmet = {points[0] for points, said in rows() if said.startswith("**Not met")}
    beginning = PAGE.partition("## What is protected")[0]
    assert set(re.findall(r"\((\d+\.\d+\.\d+)\)", beginning)) == unmet


def test_its_numbers_are_those_of_the_program(studio: tuple[Services, TestClient]) -> None:
    limits = studio[0].limits
    for words in (
        f"{limits.table_rows:,} rows", f"{limits.table_cells:,} cells", f"{limits.reading_mb} MB of memory",
        f"{limits.reading_seconds:.0f} s of processor time", f"{limits.unpacked_bytes // 2**20} MB as sent and unpacked",
        f"{limits.files} files", f"`scenario.toml` {limits.manifest_bytes:,} bytes",
        f"a workbook {limits.workbook_cells:,} cells",
        f"{limits.form_bytes // 2**10} kB without sign-in", f"{request_bodies.MOST_VALUES:,} JSON values",
        f"wait {upload_process.PATIENCE:.0f} s for their turn",
        f"{MOST_PER_TABLE:,} listed", f"more than {MOST_FAULTS:,} unreadable cells",
        f"{limits.token_days} days at most", f"{limits.session_seconds / 3600:.0f} hours", f"{limits.run_mb:,} MB",
        f"{limits.requests_per_second:.0f} a second", f"{limits.body_bytes // 2**20} MB each", f"{limits.burst} at once",
        f"{auth.SHORTEST_PASSWORD} to {auth.LONGEST_PASSWORD:,} characters",
    ):  # fmt: skip
        assert words in PAGE, words


def test_what_the_page_of_security_promises_of_uploads(studio: tuple[Services, TestClient]) -> None:
    """What was uploaded is at no address by its name, and comes out as a download only."""
    services, client = studio
    answer = client.post(
        "/api/scenarios/upload?name=promised",
        content=packed(GOOD),
        headers={"content-type": "application/octet-stream"},
    )
    assert answer.status_code == 201, answer.text
    row = services.scenario(services.local_person(), answer.json()["id"])
    for place in (f"versions/{row['folder']}/scenario/regions.csv", "studio.db", "../studio.db", "lock"):
        for before in ("/", "/look/", "/api/", "/_dash-component-suites/"):
            found = client.get(f"{before}{place}")
            assert "region,lat,lon" not in found.text
            assert not found.content.startswith(b"SQLite")
    download = client.get(f"/api/scenarios/{answer.json()['id']}/download")
    assert download.headers["content-disposition"].startswith("attachment")
    stranger = TestClient(client.app, base_url=served.HOME)
    assert stranger.get(f"/api/scenarios/{answer.json()['id']}/download").status_code == 401


def test_the_memory_of_uploads_is_as_stated(studio: tuple[Services, TestClient]) -> None:
    assert upload_process.AT_ONCE == 3
    assert 1_200 < upload_process.AT_ONCE * (studio[0].limits.reading_mb + 130) < 1_300
    assert "Three uploads are read at a time, in 1,300 MB at most" in PAGE
