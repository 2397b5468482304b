"""Hostile uploads and requests through the network: each is answered, and no process takes much memory.

The benchmark D1 measures how much work they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from tests.studio import served
from tests.studio.storage import test_upload_process as archives

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
MOST_MB = 500.0
"""Memory of each process of the server."""
MIB = 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Server]:
    """A server of its own; at its end, none of its processes has taken more memory than allowed."""
    found = served.started(tmp_path_factory.mktemp("server"))
    yield found
    found.client.close()
    assert found.end() < MOST_MB


UPLOADS: dict[str, tuple[Callable[[], bytes], int, int, str]] = {
    "an archive of 119 kB": (lambda: archives.csv_of(122_000_000, b"0"), 120_000, 413, "larger than 64 MB"),
    "Parquet of ten million rows": (lambda: archives.parquet_of(10_000_000), 5_000, 413, "more than 200,000 rows"),
    "a workbook with a far cell": (lambda: archives.sheet_of(archives.far), 15_000, 413, "more than 200,000 rows"),
    "a manifest of 60 MB": (lambda: archives.manifest_of("periods = [" + "2026," * 12_000_000 + "]"), 125_000, 413,
                            "scenario.toml is larger than 16,384 bytes"),
    "a million unreadable cells": (archives.unreadable_rows, 1_000_000, 201, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(UPLOADS))
def test_a_hostile_archive_is_answered(server: served.Server, case: str) -> None:
    make, most_bytes, status, words = UPLOADS[case]
    data = make()
    assert len(data) < most_bytes
    answer = server.client.post(
        "/api/scenarios/upload?name=hostile", content=data, headers={"content-type": "application/octet-stream"}
    )
    assert answer.status_code == status, answer.text
    assert words in answer.text


def of_rows(row: str, size: int) -> bytes:
    return ('{"base": 1, "rows": [' + ",".join([row] * (size // (len(row) + 1))) + "]}").encode()


REQUESTS: dict[str, tuple[str, str, Callable[[], bytes], int]] = {
    "empty rows": ("PUT", "/api/scenarios/SCENARIO/tables/power", lambda: of_rows("{}", 15 * MIB), 413),
    "short rows": ("PUT", "/api/scenarios/SCENARIO/tables/power", lambda: of_rows('{"a":1.5}', 15 * MIB), 413),
    "rows within the limit": ("PUT", "/api/scenarios/SCENARIO/tables/power", lambda: of_rows('{"zone":"abcd"}', 6 * MIB),
                              413),
    "a long option": ("PUT", "/api/scenarios/SCENARIO/options",
                      lambda: b'{"base": 1, "options": {"periods": "[' + b"2026 ," * (2 * MIB) + b'2027]"}}', 413),
    "a callback": ("POST", "/_dash-update-component", lambda: b"[" * (15 * MIB), 413),
    "a form": ("POST", "/login", lambda: b"a=1&" * (3 * MIB), 413),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(REQUESTS))
def test_a_hostile_request_is_answered(server: served.Server, case: str) -> None:
    method, path, make, status = REQUESTS[case]
    scenario = served.made(server.client, name=case.replace(" ", "-"))
    body, kind = make(), "application/x-www-form-urlencoded" if path == "/login" else "application/json"
    answer = server.client.request(
        method, path.replace("SCENARIO", scenario), content=body, headers={"content-type": kind}
    )
    assert answer.status_code == status, answer.text[:500]
    assert answer.json()["message"]
