"""A finished plan in the studio: exported to every format, checked again, operated on other hours, with alternatives."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import xarray as xr

from tests.studio import served
from tests.studio.test_pages import shown


def test_a_plan_is_exported_checked_again_and_compared_with_others_near_it(tmp_path: Path) -> None:
    with served.opened(tmp_path) as (services, client):
        served.enter(services, client)
        scenario = served.small(client)
        run = client.post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"]
        served.waited(client, run, "done")
        asked = {
            "verbs": ["alternatives", "operate"],
            "options": {"alternatives": {"within": 0.05}, "operate": {"spec": "hours:24"}},
        }
        more = client.post(f"/api/runs/{run}/then", json=asked).json()["ids"]
        found = client.get(f"/api/runs/{run}/export?to=netcdf")
        path = tmp_path / "plan.nc"
        path.write_bytes(found.content)
        with xr.open_dataset(path) as data:
            assert "grid" in data
        tables = zipfile.ZipFile(io.BytesIO(client.get(f"/api/runs/{run}/export?to=csv").content))
        assert "builds.csv" in tables.namelist()
        assert client.get(f"/api/runs/{run}/export?to=excel").content[:2] == b"PK"
        assert client.get(f"/api/runs/{run}/export?to=word").status_code == 422
        assert client.post(f"/api/runs/{run}/certify").json() == {"ok": True, "findings": []}
        for run_id in more:
            served.waited(client, run_id, "done")
        operated, alternatives = more if client.get(f"/api/runs/{more[0]}").json()["verb"] == "operate" else more[::-1]
        document = client.get(f"/api/runs/{alternatives}/document").json()
        assert document["within"] == 0.05
        assert all(one["least"] <= one["planned"] + 1e-6 for one in document["alternatives"])
        assert client.get(f"/api/runs/{operated}/document").json()["status"] in ("optimal", "short")
        for language, site in (("en", "Hills cluster"), ("zh", "山区集群")):
            assert site in shown(client, f"/runs/{alternatives}", language)  # titles, not codes
            assert "<html" in client.get(f"/api/runs/{operated}/report?lang={language}").text
        plan = services.queue.folder(run) / "result" / "builds.parquet"
        plan.write_bytes(plan.read_bytes()[:-1])
        assert client.post(f"/api/runs/{run}/certify").json()["ok"] is False
