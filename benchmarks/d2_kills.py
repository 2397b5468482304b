"""D2: a studio killed at random moments."""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.tables import table

KILLS = 100
VICTIMS = ("server", "run", "worker", "server and run")
"""Targets of signal 9: the server, the process of a run, the process that checks versions, or server and run together."""
MOST_A_RUN = 3
"""Largest number of kills during one run."""
PATIENCE = 1200.0
"""Seconds to wait for an answer; the machine may be busy."""
OPTIONS = {"hours": "one", "periods": "[2026]", "plan.operate_days": "1"}


@dataclass
class House:
    """Studio in a process of its own, with a client of its API that survives restarts."""

    folder: Path
    port: int
    token: str = ""
    process: subprocess.Popen[str] | None = None
    saved: list[tuple[int, str]] = field(default_factory=list)
    """Versions that the server reported as saved, with their titles."""

    def start(self) -> None:
        """Start the server and sign in at the first start."""
        command = [sys.executable, "-m", "xisuan", "studio", "--port", str(self.port), "--data", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        entry = self.process.stdout.readline().split()[-1]
        self.process.stdout.close()
        if not self.token:
            with httpx2.Client(base_url=self.home, timeout=PATIENCE) as client:
                self.patient(lambda: client.get(entry))
                client.headers["X-CSRFToken"] = next(
                    value for name, value in client.cookies.items() if name.startswith("xisuan_csrf")
                )
                self.token = client.post("/api/tokens", json={"label": "D2"}).json()["token"]

    @property
    def home(self) -> str:
        """Return the address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def patient(self, ask: Any) -> Any:
        """Repeat a request until a server answers, and return the answer."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except httpx2.TransportError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def ask(self, method: str, path: str, patient: bool = True, **more: Any) -> httpx2.Response:
        """Return the answer of the API; with `patient`, wait for a server that is down."""

        def once() -> httpx2.Response:
            headers = {"authorization": f"Bearer {self.token}"}
            return httpx2.request(method, f"{self.home}/api{path}", headers=headers, timeout=PATIENCE, **more)

        found: httpx2.Response = self.patient(once) if patient else once()
        return found

    def save(self, scenario: str, title: str) -> None:
        """Save a version and record it if the server reports that it is saved."""
        with contextlib.suppress(httpx2.TransportError):
            base = self.ask("GET", f"/scenarios/{scenario}", patient=False).json()["version"]
            document = {"base": base, "options": {"title": title}}
            answer = self.ask("PUT", f"/scenarios/{scenario}/options", patient=False, json=document)
            if answer.status_code == 200:
                self.saved.append((answer.json()["version"], title))

    def waited(self, run_id: str) -> dict[str, Any]:
        """Return the run after its end; start it again whenever it was killed."""
        end = time.monotonic() + PATIENCE
        while True:
            found: dict[str, Any] = self.ask("GET", f"/runs/{run_id}").json()
            if found["status"] == "done":
                return found
            if found["status"] == "failed":
                if "signal 9" not in found["reason"] and "attempts" not in found["reason"]:
                    raise AssertionError(found["reason"])
                self.ask("POST", f"/runs/{run_id}/again")
            if time.monotonic() > end:
                raise AssertionError(f"run {run_id} is {found['status']} after {PATIENCE:.0f} s")
            time.sleep(0.1)

    def answer(self, run_id: str) -> tuple[float, str]:
        """Return the objective and the builds of a run in full precision."""
        plan = self.ask("GET", f"/runs/{run_id}/files/plan.json").json()
        return plan["objective"], self.ask("GET", f"/runs/{run_id}/tables/builds").text

    def kill(self, victim: str) -> bool:
        """Kill the target. Return True if it was running."""
        numbers = []
        if "run" in victim:
            numbers += self._runs()
        if victim == "worker":
            numbers += self._workers()
        if "server" in victim:
            assert self.process is not None
            numbers.append(self.process.pid)
        for number in numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        if "server" in victim and self.process is not None:
            self.process.wait()
            self.start()
        return bool(numbers)

    def _runs(self) -> list[int]:
        with contextlib.closing(sqlite3.connect(self.folder / "studio.db", timeout=30.0)) as store:
            rows = store.execute("select process from runs where status = 'running'").fetchall()
        return [int(process.split()[0]) for (process,) in rows if process]

    def _workers(self) -> list[int]:
        assert self.process is not None
        asked = ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
        return [int(line.split()[0]) for line in lines if "spawn_main" in line]


@contextlib.contextmanager
def opened() -> Iterator[House]:
    """Yield a studio on a new folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data", port)
        house.start()
        try:
            yield house
        finally:
            assert house.process is not None
            house.process.terminate()
            house.process.wait()


def trial(kills: int, seed: int) -> Counter[str]:
    """Kill processes at random moments; return the number of kills by target.

    Raises AssertionError if a version or a run is lost, or a run has another answer.
    """
    draw, hit = random.Random(seed), Counter[str]()
    with opened() as house:
        made = house.ask("POST", "/scenarios", json={"name": "victim", "base": "starter"}).json()["id"]
        house.ask("PUT", f"/scenarios/{made}/options", json={"base": 1, "options": OPTIONS})
        submit = {"quick": True}
        run = house.ask("POST", f"/scenarios/{made}/runs", json=submit).json()["id"]
        done = house.waited(run)
        reference, lasts = house.answer(run), done["ended"] - done["started"]
        runs = []
        while sum(hit.values()) < kills:
            runs.append(house.ask("POST", f"/scenarios/{made}/runs", json=submit).json()["id"])
            for turn in range(draw.randint(1, MOST_A_RUN)):
                saver = threading.Thread(target=house.save, args=(made, f"title {len(runs)}.{turn}"))
                saver.start()
                time.sleep(draw.uniform(0, lasts))
                victim = draw.choice(VICTIMS)
                hit[victim] += house.kill(victim)
                saver.join()
            house.waited(runs[-1])
        for one in runs:
            if house.answer(one) != reference:
                raise AssertionError(f"run {one} has another answer")
        _all_saved(house, made)
    return hit


def _all_saved(house: House, scenario: str) -> None:
    """Check that exactly the versions reported as saved exist, with their numbers and titles."""
    kept = {row["number"]: row for row in house.ask("GET", f"/scenarios/{scenario}/versions").json()}
    for number, title in house.saved:
        if number not in kept or kept[number]["title"] != title:
            raise AssertionError(f"version {number} ({title}) is lost")
    if sorted(kept) != list(range(1, len(kept) + 1)):
        raise AssertionError(f"versions are numbered {sorted(kept)}")


def run(quick: bool = False) -> Iterator[str]:
    """Kill processes of a studio with signal 9 while a run is at work and versions are being saved.

    Moments are drawn evenly over a run. After one to three kills the run is waited for, and started again if it reports that
    it was killed. At the end every run must have the objective and the builds of an undisturbed run, and every version that
    the server reported as saved must be there.
    """
    yield from _measured(10 if quick else KILLS, seed=1)


def _measured(kills: int, seed: int) -> Iterator[str]:
    began = time.monotonic()
    hit = trial(kills, seed)
    yield table(["killed", "times"], [[victim, str(hit[victim])] for victim in VICTIMS])
    yield f"{sum(hit.values())} kills in {time.monotonic() - began:.0f} s: nothing lost, every answer the same."


def main() -> None:
    """Run with another number of kills or seed, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for text in _measured(asked.kills, asked.seed):
        print(text, flush=True)


if __name__ == "__main__":
    main()
