"""Logs as they are published, and odd ones: read, run, and every start that of the second implementation."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from tests.cases.folders import case
from tests.simulation import straightforward
from tests.simulation.straightforward import Job
from xisuan.cli.main import invoke
from xisuan.simulation.arrivals.trace_files import open_trace
from xisuan.simulation.arrivals.trace_formats import TraceOptions
from xisuan.simulation.serve import serve

HEADER = """; Version: 2.2
; Computer: made by hand
; MaxNodes: 8
; MaxProcs: 16
; UnixStartTime: 844300800
; TimeZoneString: Europe/Paris
;
"""


def swf(seed: int, count: int, procs: int) -> str:
    """A log in the Standard Workload Format: whole seconds with ties, cancelled jobs, unknown times and sizes."""
    rng = np.random.default_rng(seed)
    submit, lines = 0, [HEADER]
    for number in range(1, count + 1):
        submit += int(rng.integers(0, 40)) * int(rng.integers(0, 2))
        run, used = int(rng.integers(0, 300)), int(rng.integers(1, procs + 1))
        asked = used if rng.random() < 0.7 else -1
        estimate = run + int(rng.integers(0, 400)) if rng.random() < 0.8 else -1
        status = 1
        if rng.random() < 0.05:  # cancelled before it started
            run, used, asked, status = -1, -1, used, 5
        elif rng.random() < 0.03:  # cancelled, said otherwise
            run, status = 0, 5
        elif rng.random() < 0.03:  # a part of a job that has a line of its own
            status = 3
        elif rng.random() < 0.05:  # failed at once
            run, status = 0, 0
        lines.append(
            f"{number:6d} {submit:8d} {-1:6d} {run:6d} {used:4d} -1 -1 {asked:4d} {estimate:6d} -1 {status} "
            f"{int(rng.integers(1, 9))} {int(rng.integers(1, 4))} -1 1 -1 -1 -1\n"
        )
    return "".join(lines)


def second(text: str, servers: int, queue: str) -> dict[str, float]:
    """The log read and run by the straightforward implementation, by the rules of the how-to page."""
    rows = [line.split() for line in text.splitlines() if line and not line.lstrip().startswith(";")]
    jobs, wide = [], 0
    for row in rows:
        submit, run, used, asked, estimate, status = (int(row[at]) for at in (1, 3, 4, 7, 8, 10))
        size = asked if asked > 0 else used
        if run == -1 or size <= 0 or status == 3 or (status == 5 and run == 0):
            continue
        if size > servers:
            wide += 1
            continue
        guess = max(run, estimate) if estimate > 0 else run
        key = submit + guess if queue == "edf" else 0.0
        jobs.append(Job(len(jobs), submit, run, size, guess, key))
    straightforward.simulate(jobs, servers, straightforward.easy if queue == "easy" else straightforward.in_order)
    waits = [job.start - job.arrival for job in jobs]
    return {"jobs": len(jobs) + wide, "finished": len(jobs), "dropped": wide, "mean_wait_s": float(np.mean(waits)),
            "max_wait_s": max(waits)}  # fmt: skip


@pytest.mark.parametrize("queue", ["fcfs", "easy", "edf"])
@pytest.mark.parametrize("servers", [16, 10])
def test_a_log_in_the_published_format(
    queue: str, servers: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the command says is what the second implementation says; on ten servers some jobs are too wide."""
    text = swf(servers, 900, 16)
    path = tmp_path / "log.swf"
    path.write_text(text)
    words = ["simulate", "--trace", str(path), "--servers", str(servers), "--queue", queue, "--slack", "0"]
    assert invoke([*words, "--out", str(tmp_path / "run"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    for name, value in second(text, servers, queue).items():
        assert answer[name] == pytest.approx(value, rel=1e-12), name
    assert answer["jobs"] == answer["finished"] + answer["running"] + answer["waiting"] + answer["dropped"]
    assert answer["left_out"] == text.count(" -1 5 ") + text.count(" -1 3 ") > 20


@pytest.mark.parametrize(
    ("name", "servers", "queue", "estimates"),
    [
        ("gaia_azure-100k", 175, "fcfs", "exact"),
        ("gaia_pai-100k", 150, "fcfs", "exact"),
        ("gaia_azure-100k", 175, "easy", "guessed"),
        ("gaia_pai-100k", 150, "easy", "exact"),
    ],
)
def test_gaia_event_by_event(name: str, servers: int, queue: str, estimates: str) -> None:
    """The whole of the published traces, read a second time by hand: every start is the same, also where jobs run for
    a half, a third or a quarter of what their owners say. Jobs that are too wide are dropped.
    """
    path = case("traces") / f"{name}.csv.gz"
    with gzip.open(path, "rt") as text:
        rows = list(csv.DictReader(text))
    guess = 1.0 + np.arange(len(rows)) % 4 if estimates == "guessed" else np.ones(len(rows))
    jobs = []
    for number, row in enumerate(rows):
        run = float(row["length"]) * 3600.0
        arrival, wide = float(row["arrival_time"]) * 3600.0, int(float(row["cpus"]))
        jobs.append(Job(number, arrival, run, wide, run * guess[number]))
    fit = [job for job in jobs if job.servers <= servers]
    {"fcfs": straightforward.first_come_log, "easy": straightforward.easy_log}[queue](fit, servers)
    expected = np.array([job.start for job in jobs])
    assert np.mean([job.start > job.arrival for job in fit]) > 0.2
    found = np.full(len(rows), -1.0)

    def sink(done: np.ndarray) -> None:
        kept = done[done["dropped"] == 0]
        found[kept["id"]] = kept["start"]

    before = 0
    pieces = []
    for piece in open_trace(path):
        mine = piece.run * guess[before : before + len(piece)]
        pieces.append(dataclasses.replace(piece, estimate=mine))
        before += len(piece)
    figures = serve(pieces, servers, queue, sink=sink).figures
    assert figures["jobs"] == len(rows) == figures["finished"] + figures["dropped"]
    assert figures["dropped"] == len(rows) - len(fit)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["gaia_azure-100k", "gaia_pai-100k"])
def test_gaia_whole(name: str) -> None:
    """A hundred thousand jobs: all arrive and finish, work is what the file says, EASY does not lengthen the mean wait."""
    path = case("traces") / f"{name}.csv.gz"
    with gzip.open(path, "rt") as text:
        rows = [(float(row["length"]), float(row["cpus"])) for row in csv.DictReader(text)]
    work = sum(length * cpus for length, cpus in rows)
    widest = int(max(cpus for _, cpus in rows))
    first, easy = (serve(open_trace(path), max(widest, 2500), queue) for queue in ("fcfs", "easy"))
    for found in (first, easy):
        assert found.figures["jobs"] == found.figures["finished"] == len(rows)
        assert found.counts["server_hours"][0] == pytest.approx(work, rel=1e-9)
    assert easy.figures["mean_wait_s"] <= first.figures["mean_wait_s"] + 1e-9


@pytest.mark.parametrize("kind", ["code", "conv"])
def test_llm_requests(kind: str) -> None:
    """Azure's requests on plenty of servers: nobody waits, and the mean response is the mean of context / R + answer / W."""
    path = case("traces") / f"AzureLLMInferenceTrace_{kind}_2023.csv.gz"
    with gzip.open(path, "rt") as text:
        rows = [(int(row["ContextTokens"]), int(row["GeneratedTokens"])) for row in csv.DictReader(text)]
    found = serve(open_trace(path, TraceOptions(tokens_per_s=(5000.0, 40.0))), 5000)
    assert found.figures["jobs"] == found.figures["finished"] == len(rows)
    assert found.figures["mean_wait_s"] == 0
    expected = np.mean([context / 5000 + answer / 40 for context, answer in rows])
    assert found.figures["mean_response_s"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("kind", ["code", "conv"])
@pytest.mark.parametrize("queue", ["fcfs", "easy"])
def test_llm_requests_in_line_event_by_event(kind: str, queue: str) -> None:
    """All of Azure's requests on fewer servers than they ask for, read a second time by hand: every start is the same.

    Every third is asked of two servers, so that in EASY some pass others.
    """
    path, servers = case("traces") / f"AzureLLMInferenceTrace_{kind}_2023.csv.gz", {"code": 4, "conv": 50}[kind]
    with gzip.open(path, "rt") as text:
        rows = list(csv.DictReader(text))
    midnight = datetime.fromisoformat(rows[0]["TIMESTAMP"][:10])
    jobs = []
    for number, row in enumerate(rows):
        stamp, _, fraction = row["TIMESTAMP"].partition(".")
        arrival = (datetime.fromisoformat(stamp) - midnight).total_seconds() + float(f"0.{fraction}")
        run = int(row["ContextTokens"]) / 5000 + int(row["GeneratedTokens"]) / 40
        jobs.append(Job(number, arrival, run, 1 + (number % 3 == 0), run))
    first = jobs[0].arrival
    for job in jobs:
        job.arrival -= first
    {"fcfs": straightforward.first_come_log, "easy": straightforward.easy_log}[queue](jobs, servers)
    found = np.full(len(rows), np.nan)

    def sink(done: np.ndarray) -> None:
        found[done["id"]] = done["start"]

    (piece,) = open_trace(path, TraceOptions(tokens_per_s=(5000.0, 40.0)))
    every_third = dataclasses.replace(piece, servers=1 + (np.arange(len(rows)) % 3 == 0))
    serve([every_third], servers, queue, sink=sink)
    starts = np.array([job.start for job in jobs])
    assert np.mean([job.start > job.arrival for job in jobs]) > 0.2
    np.testing.assert_allclose(found, starts, rtol=0, atol=1e-6)


def test_alibaba_pods_run() -> None:
    """openb on its own 6,212 GPUs: every pod with a GPU that ran is there, and none asks for more than there is."""
    file = open_trace(case("traces") / "alibaba_openb_pod_list_default.csv.gz")
    found = serve(file, 6_212_000)
    assert found.figures["jobs"] == found.figures["finished"] > 5000
    assert found.figures["dropped"] == 0


@pytest.mark.parametrize("queue", ["fcfs", "easy", "edf"])
def test_odd_logs(queue: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By hand, two servers: a zero run time passes through at its turn, equal times keep the order of the file, a job of
    three servers is dropped and counted, and a missing estimate is the run time.
    """
    path = tmp_path / "odd.csv"
    path.write_text("arrival_s,run_s,servers,estimate_s\n0,4,2,\n0,0,1,\n0,1,3,\n0,2,2,\n9,0,2,\n9,1,1,\n")
    words = [
        "simulate",
        "--trace",
        str(path),
        "--servers",
        "2",
        "--queue",
        queue,
        "--slack",
        "0",
        "--out",
        str(tmp_path / "run"),
        "--json",
    ]
    assert invoke(words) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["jobs"], answer["finished"], answer["dropped"]) == (6, 5, 1)
    # edf: deadlines 4, 0, 2, 9, 10. The zero job first, then the 2, then the 4; otherwise 4, 0, 2 in order.
    waits = {"fcfs": (0 + 4 + 4 + 0 + 0) / 5, "easy": (0 + 4 + 4 + 0 + 0) / 5, "edf": (2 + 0 + 0 + 0 + 0) / 5}
    assert answer["mean_wait_s"] == pytest.approx(waits[queue])


@pytest.mark.parametrize("queue", ["easy", "edf"])
def test_nobody_misses_a_deadline_that_nobody_set(
    queue: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand, one server: the second job waits, and is late only once --slack says when it should have been done."""
    path = tmp_path / "log.csv"
    path.write_text("arrival_s,run_s\n0,4\n0,1\n9,0\n")
    words = ["simulate", "--trace", str(path), "--servers", "1", "--queue", queue, "--out", str(tmp_path / "run")]
    assert invoke(words) == 0
    said = capsys.readouterr().out
    assert "missed" not in said
    assert ("order of arrival" in said) == (queue == "edf")
    assert invoke([*words, "--slack", "0"]) == 0
    said = capsys.readouterr().out
    assert "1 of 3 missed" in said
    assert "order of arrival" not in said


def test_an_unsorted_log_is_named_or_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log.csv"
    path.write_text("arrival_s,run_s\n5,1\n3,1\n6,1\n")
    words = ["simulate", "--trace", str(path), "--servers", "1", "--out", str(tmp_path / "run")]
    assert invoke(words) == 2
    assert "row 3" in capsys.readouterr().err
    assert invoke([*words, "--on-error", "skip", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["jobs"], answer["skipped"]) == (2, 1)
