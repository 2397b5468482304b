"""Damaged scenario folders sent to a server: each is accepted with its problems or refused in words; nothing fails."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.stories import hostile
from tests.studio import served
from tests.studio.test_pages import shown

SEED = 20261201


def packed(folder: Path) -> bytes:
    """The files of a folder as an archive; what is not a file is left out, as programs that pack do."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.is_symlink():
                archive.writestr(f"x/{path.name}", path.read_bytes())
    return out.getvalue()


@pytest.mark.parametrize("count", [8, pytest.param(216, marks=pytest.mark.long)])
def test_damaged_folders_fail_nowhere(count: int, tmp_path: Path) -> None:
    """Nor do the pages and downloads of those that were accepted."""
    server = served.started(tmp_path / "studio")
    found: Counter[int] = Counter()
    try:
        for number in range(count):
            folder = tmp_path / f"folder-{number}"
            folder.mkdir()
            hostile.hurt(np.random.default_rng([SEED, number]), folder)
            found[upload(server, packed(folder), number)] += 1
    finally:
        server.client.close()
        server.end()
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "internal error" not in log
    assert set(found) <= {201, 413, 422}
    assert found[201] > 0.2 * count
    assert found[422] > 0


def upload(server: served.Server, data: bytes, number: int) -> int:
    """The status of an upload, once what came of it has been looked at."""
    client = server.client
    answer = client.post(
        f"/api/scenarios/upload?name=damaged-{number}",
        content=data,
        headers={"content-type": "application/octet-stream"},
    )
    if answer.status_code != 201:
        assert answer.json()["message"]
        return int(answer.status_code)
    here = f"/scenarios/{answer.json()['id']}"
    read = client.get(f"/api{here}")
    assert read.status_code == 200
    assert all(problem["message"] for problem in read.json()["problems"])
    places = (here, f"{here}/versions", f"{here}/map", *(f"{here}/tables/{name}" for name in read.json()["tables"]))
    for at, place in enumerate(places, number):  # half of the folders in each language, whichever page
        shown(client, place, ("en", "zh")[at % 2])
    for kind in ("zip", "xlsx"):
        assert client.get(f"/api{here}/download", params={"kind": kind}).status_code < 500
    return 201
