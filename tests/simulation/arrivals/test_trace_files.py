"""Traces of every format: what is read, what is refused and by which line, what is left out and counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cases.folders import case
from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.results.storage import trace_store
from xisuan.simulation.arrivals.trace_files import TraceFile, open_trace
from xisuan.simulation.arrivals.trace_formats import TraceOptions
from xisuan.simulation.jobs import Jobs
from xisuan.simulation.serve import serve

LOG = """; UnixStartTime: 0
; MaxProcs: 4

 1   0  -1  10  2 -1 -1  2  20 -1 1 1 1 -1 1 -1 -1 -1
 2   1  -1  -1 -1 -1 -1  2  20 -1 5 1 1 -1 1 -1 -1 -1
 3   2  -1  10 -1 -1 -1  4  10 -1 1 2 1 -1 1 -1 -1 -1
 4   3  -1   5  1 -1 -1 -1  -1 -1 1 3 1 -1 1 -1 -1 -1
"""


def whole(file: TraceFile) -> Jobs:
    pieces = list(file)
    return Jobs(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in Jobs.__dataclass_fields__))


def test_standard_workload_format(tmp_path: Path) -> None:
    path = tmp_path / "log.swf"
    path.write_text(LOG)
    file = open_trace(path)
    found = whole(file)
    assert found.arrival.tolist() == [0, 2, 3]
    assert found.run.tolist() == [10, 10, 5]
    assert found.servers.tolist() == [2, 4, 1]
    assert found.estimate.tolist() == [20, 10, 5]
    assert (file.left_out, file.skipped) == (1, 0)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("5 4 -1 x 1 -1 -1 1 10 -1 1 1 1 -1 1 -1 -1 -1", "could not convert"),
        ("5 4 -1 10 1", "5 fields"),
        ("5 4 -1 -7 1 -1 -1 1 10 -1 1 1 1 -1 1 -1 -1 -1", "run time -7"),
        ("5 4 -1 nan 1 -1 -1 1 10 -1 1 1 1 -1 1 -1 -1 -1", "run time nan"),
        ("5 4 -1 1e300 1 -1 -1 1 10 -1 1 1 1 -1 1 -1 -1 -1", "must end"),
        ("5 4 -1 10 1 -1 -1 1.5 10 -1 1 1 1 -1 1 -1 -1 -1", "whole number"),
        ("5 1 -1 10 1 -1 -1 1 10 -1 1 1 1 -1 1 -1 -1 -1", "sort the jobs"),
        ("5 -4 -1 10 1 -1 -1 1 10 -1 1 1 1 -1 1 -1 -1 -1", "arrival -4"),
    ],
)
def test_a_malformed_line_is_named_or_skipped(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "log.swf"
    path.write_text(LOG + line + "\n")
    with pytest.raises(ScenarioError, match=f"row 8.*{what}"):
        whole(open_trace(path))
    file = open_trace(path, TraceOptions("skip"))
    assert len(whole(file)) == 3
    assert file.skipped == 1
    assert what in str(file.remembered[0])


@pytest.mark.parametrize("text", ["", "hello\n", "a,b,c\n1,2,3\n", "\x00\x01", "arrival_s,run_s,colour\n0,1,2\n"])
def test_what_is_no_trace(tmp_path: Path, text: str) -> None:
    path = tmp_path / "thing.csv"
    path.write_text(text)
    with pytest.raises(ScenarioError):
        whole(open_trace(path))


def test_a_cell_that_is_no_number_names_its_column(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("arrival_s,run_s\n0,1\n1,soon\n")
    with pytest.raises(ScenarioError, match=r"row 3.*run_s is soon, not a number"):
        whole(open_trace(path))
    path.write_text("")
    with pytest.raises(ScenarioError, match="is empty"):
        open_trace(path)


def test_damaged_files(tmp_path: Path) -> None:
    for name, content in (
        ("a.swf.gz", gzip.compress(LOG.encode())[:-12]),
        ("b.swf.gz", b"no gzip"),
        ("c.swf", b"\xff\xfe\xff"),
        ("d.parquet", b"no parquet"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ScenarioError, match=name):
            whole(open_trace(path, TraceOptions("skip")))
    with pytest.raises(ScenarioError, match="no such file"):
        open_trace(tmp_path / "nothing.swf")


def test_our_own_csv_and_parquet_are_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame({"arrival_s": [0.0, 1.0], "run_s": [2.0, 3.5], "servers": [1, 2], "deadline_s": [5.0, 9.0]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    one, two = whole(open_trace(tmp_path / "a.csv")), whole(open_trace(tmp_path / "a.parquet"))
    for name in Jobs.__dataclass_fields__:
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert one.deadline.tolist() == [5.0, 9.0]


def test_published_traces() -> None:
    """Every job of the files is taken or counted."""
    azure = open_trace(
        case("traces") / "AzureLLMInferenceTrace_conv_2023.csv.gz", TraceOptions(tokens_per_s=(5000.0, 40.0))
    )
    found = whole(azure)
    assert len(found) == len(pd.read_csv(azure.path))
    assert found.run[0] == 374 / 5000 + 44 / 40
    path = case("traces") / "gaia_pai-100k.csv.gz"
    gaia = whole(open_trace(path))
    assert len(gaia) == len(pd.read_csv(path))
    assert gaia.arrival[1] == pytest.approx(0.5769444444444503 * 3600)
    openb = open_trace(case("traces") / "alibaba_openb_pod_list_default.csv.gz")
    assert len(whole(openb)) + openb.left_out == len(pd.read_csv(openb.path))
    with pytest.raises(ScenarioError, match="tokens-per-s"):
        whole(open_trace(case("traces") / "AzureLLMInferenceTrace_code_2023.csv.gz"))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By hand: 4 servers; job 1 from 0 to 10, job 3 (all four) from 10, job 4 passes under EASY at 3: waits 0, 8, 0."""
    path = tmp_path / "log.swf"
    path.write_text(LOG)
    words = ["simulate", "--trace", str(path), "--servers", "4", "--queue", "easy", "--out", str(tmp_path / "run")]
    assert invoke([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["jobs"], answer["finished"], answer["left_out"]) == (3, 3, 1)
    assert answer["mean_wait_s"] == pytest.approx(8 / 3)
    assert trace_store.load_trace(tmp_path / "run").figures["mean_wait_s"] == answer["mean_wait_s"]
    assert invoke([*words, "--lang", "zh"]) == 0
    assert "作业" in capsys.readouterr().out
    words[words.index("4")] = "0"
    assert invoke(words) == 2
    assert "servers" in capsys.readouterr().err


def test_a_published_log_under_two_queues() -> None:
    """GAIA's 100,000 jobs: EASY shortens waiting, and work is conserved."""
    path = case("traces") / "gaia_azure-100k.csv.gz"
    first, easy = (serve(open_trace(path), 2500, queue) for queue in ("fcfs", "easy"))
    assert first.figures["finished"] == easy.figures["finished"]
    assert easy.figures["mean_wait_s"] <= first.figures["mean_wait_s"]
    assert first.counts["server_hours"][0] == pytest.approx(easy.counts["server_hours"][0])
