"""C1: response times of a studio that fifty people use while a plan is being made.

`python -m benchmarks.c1_studio [--people N] [--seconds S]` starts a studio with a scenario that is being planned. Each
person asks for what the pages ask (lists, a scenario, a table, versions, the progress of a run), about once a second.
Nothing is cached between requests.
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
from collections.abc import Iterator
from pathlib import Path

import httpx2

from benchmarks.tables import table

PEOPLE, SECONDS = 50, 30.0
PAUSE = 1.0
"""Mean seconds between two requests of a person."""
HEAD = ("scenario", "people", "requests", "errors", "run", "median ms", "95th percentile ms", "longest ms")


def started(folder: str, port: int, *more: str) -> tuple[subprocess.Popen[str], str]:
    """Start a studio with `more` options; return its process and the address with the entry token, if it has one."""
    command = [sys.executable, "-m", "xisuan", "studio", "--port", str(port), "--data", folder, *more]
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
    """Return headers with a token, the id of a scenario, and the id of its run, which has started."""
    with httpx2.Client(base_url=home, timeout=60.0) as client:
        client.get(entry)
        client.headers["X-CSRFToken"] = next(
            value for name, value in client.cookies.items() if name.startswith("xisuan_csrf")
        )
        token = client.post("/api/tokens", json={"label": "benchmark"}).json()["token"]
        made = client.post("/api/scenarios", json={"name": "bench", "base": scenario}).json()["id"]
        run = client.post(f"/api/scenarios/{made}/runs", json={}).json()["id"]
        while client.get(f"/api/runs/{run}").json()["status"] == "queued":
            time.sleep(0.1)
    return {"authorization": f"Bearer {token}"}, made, run


async def person(
    client: httpx2.AsyncClient, paths: list[str], until: float, waits: list[float], errors: list[str]
) -> None:
    """Send requests about once a second until the given time; collect waits (ms) and errors."""
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
    """Return the waits of all requests, in milliseconds, and the errors."""
    waits: list[float] = []
    errors: list[str] = []
    limits = httpx2.Limits(max_connections=people)
    async with httpx2.AsyncClient(base_url=home, headers=headers, timeout=30.0, limits=limits) as client:
        until = time.monotonic() + seconds
        await asyncio.gather(*(person(client, paths, until, waits, errors) for _ in range(people)))
    return waits, errors


def free_port() -> int:
    """Return a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(quick: bool) -> Iterator[str]:
    """Let people click about once a second while `guizhou-days` is being planned.

    Each click asks for what a page asks: lists, a scenario, a table, versions, the progress of a run. Requirement: a 95th
    percentile of at most 500 ms, and no error.
    """
    yield table(HEAD, [_row(10, 10.0, "guizhou-days") if quick else _row(PEOPLE, SECONDS, "guizhou-days")])


def _row(people: int, seconds: float, scenario: str) -> tuple[str, ...]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server, entry = started(str(Path(folder) / "data"), port)
        try:
            home = f"http://127.0.0.1:{port}"
            headers, made, run = prepared(home, entry, scenario)
            here = f"/api/scenarios/{made}"
            tables = [f"{here}/tables/{name}" for name in ("power", "demand")]
            paths = ["/api/scenarios", here, *tables, f"{here}/versions", "/api/runs", f"/api/runs/{run}"]
            waits, errors = asyncio.run(clicked(home, headers, paths, people, seconds))
            with httpx2.Client(base_url=home, headers=headers) as client:
                status = client.get(f"/api/runs/{run}").json()["status"]
        finally:
            server.terminate()
            server.wait()
    p95 = statistics.quantiles(waits, n=20)[-1]
    sizes = (scenario, str(people), str(len(waits)), str(len(errors)), status)
    return (*sizes, *(f"{ms:.0f}" for ms in (statistics.median(waits), p95, max(waits))))


def main() -> None:
    """Measure with another number of people, duration or scenario, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--scenario", default="guizhou-days")
    asked = parser.parse_args()
    print(table(HEAD, [_row(asked.people, asked.seconds, asked.scenario)]))


if __name__ == "__main__":
    main()
