"""C1: fifty people click at once on two cores while a plan runs: how long do they wait for a page's data?

`python -m benchmarks.c1_studio [--people N] [--seconds S]` starts a studio with a scenario that is being planned, lets each
person ask for what the pages ask (lists, a scenario, a table, versions, a run's progress), about one thing a second, and
prints the median, the 95th percentile and the errors. Nothing is cached between requests.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

PAUSE = 1.0
"""Seconds a person looks before the next click, mean."""
BAR_MS = 500.0


def started(folder: str, port: int) -> tuple[subprocess.Popen[str], str]:
    """A studio, and the address that lets in."""
    command = [sys.executable, "-m", "xisuan", "studio", "--port", str(port), "--data", folder]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    entry = server.stdout.readline().split()[-1]
    while True:
        try:
            httpx2.get(f"http://127.0.0.1:{port}/health")
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return server, entry


def prepared(home: str, entry: str, scenario: str) -> tuple[dict[str, str], str, str]:
    """A token, a scenario, and a run of it that is at work."""
    with httpx2.Client(base_url=home, timeout=60.0) as client:
        client.get(entry)
        client.headers["X-CSRFToken"] = client.cookies["_csrf_token"]
        token = client.post("/api/tokens", json={"label": "benchmark"}).json()["token"]
        made = client.post("/api/scenarios", json={"name": "bench", "base": scenario}).json()["id"]
        run = client.post(f"/api/scenarios/{made}/runs", json={}).json()["id"]
        while client.get(f"/api/runs/{run}").json()["status"] == "queued":
            time.sleep(0.1)
    return {"authorization": f"Bearer {token}"}, made, run


async def person(
    client: httpx2.AsyncClient, paths: list[str], until: float, waits: list[float], errors: list[str]
) -> None:
    """Someone who clicks, looks, and clicks again."""
    await asyncio.sleep(random.random() * PAUSE)
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            answer = await client.get(random.choice(paths))
            if answer.status_code != 200:
                errors.append(f"{answer.status_code}")
        except httpx2.HTTPError as problem:
            errors.append(type(problem).__name__)
        waits.append(1000 * (time.monotonic() - began))
        await asyncio.sleep(random.expovariate(1 / PAUSE))


async def clicked(
    home: str, headers: dict[str, str], paths: list[str], people: int, seconds: float
) -> tuple[list[float], list[str]]:
    """The waits of all, in milliseconds, and what failed."""
    waits: list[float] = []
    errors: list[str] = []
    limits = httpx2.Limits(max_connections=people)
    async with httpx2.AsyncClient(base_url=home, headers=headers, timeout=30.0, limits=limits) as client:
        until = time.monotonic() + seconds
        await asyncio.gather(*(person(client, paths, until, waits, errors) for _ in range(people)))
    return waits, errors


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--scenario", default="guizhou-days")
    asked = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        server, entry = started(str(Path(folder) / "data"), port)
        try:
            home = f"http://127.0.0.1:{port}"
            headers, made, run = prepared(home, entry, asked.scenario)
            here = f"/api/scenarios/{made}"
            paths = [
                "/api/scenarios",
                here,
                f"{here}/tables/power",
                f"{here}/tables/demand",
                f"{here}/versions",
                "/api/runs",
                f"/api/runs/{run}",
            ]
            waits, errors = asyncio.run(clicked(home, headers, paths, asked.people, asked.seconds))
            with httpx2.Client(base_url=home, headers=headers) as client:
                status = client.get(f"/api/runs/{run}").json()["status"]
        finally:
            server.terminate()
            server.wait()
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(f"people {asked.people}, requests {len(waits)}, errors {len(errors)} {sorted(set(errors))}, run {status}")
    print(
        f"median {statistics.median(waits):.0f} ms, p95 {p95:.0f} ms (bar {BAR_MS:.0f} ms), longest {max(waits):.0f} ms"
    )


if __name__ == "__main__":
    main()
