"""A server of the user's own proposes figures; those that the text does not prove word by word are never taken."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from xisuan.cli.main import invoke

TEXT = (
    "贵州省通信业运行情况\n2024年3月28日\n"
    "2023年,全省这类终端的家底已有13.9万个。\n"
    "到2025年,贵州力争这类终端达到20万个。\n"
)
RIGHT = {
    "passage": 2, "number": "13.9", "unit": "万个", "place": "全省", "date": "2023年", "indicator": "g5_base_stations",
    "status": "actual", "kind": "level",
}  # fmt: skip
Answer = Callable[[dict[str, Any]], str]


@contextmanager
def server(answer: Answer, models: tuple[str, ...] = ("small",), status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    """Serve an OpenAI-compatible API; yield its address and the questions that it got."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/v1/models"
            self.give({"data": [{"id": one} for one in models]})

        def do_POST(self) -> None:
            assert self.path == "/v1/chat/completions"
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(question | {"authorization": self.headers["Authorization"]})
            self.give({"choices": [{"message": {"content": answer(question)}}]})

        def give(self, document: object) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/v1/models")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{found.server_port}/v1", asked
        finally:
            found.shutdown()
            thread.join()


def figures(*some: dict[str, Any]) -> Answer:
    return lambda _question: json.dumps({"figures": some})


def read(folder: Path, capsys: pytest.CaptureFixture[str], answer: Answer, text: str = TEXT) -> tuple[Any, str]:
    path = folder / "bulletin.txt"
    path.write_text(text, encoding="utf-8")
    with server(answer) as (address, _asked):
        assert invoke(["read", str(path), "--region", "guizhou", "--reader", address, "--json"]) == 0
    told = capsys.readouterr()
    return json.loads(told.out), told.err


def test_a_proven_figure_is_taken_with_the_value_that_the_text_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, _ = read(tmp_path, capsys, figures())
    assert not alone["observations"]
    found, said = read(tmp_path, capsys, figures(RIGHT | {"value": 7, "unused": True}))
    (one,) = found["observations"]
    assert (one["indicator"], one["region"], one["value"], one["unit"]) == ("g5_base_stations", "guizhou", 139_000, "1")
    assert (one["period_start"], one["period_end"], one["status"]) == ("2023-12-31", "2023-12-31", "actual")
    assert "1 figures that the text proves" in said


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "14.9"},
        {"number": "3.9"},
        {"number": "13"},
        {"number": ""},
        {"unit": "万户"},
        {"unit": ""},
        {"unit": "亿元"},
        {"place": "云南省"},
        {"place": ""},
        {"place": "通信"},
        {"date": "2022年"},
        {"date": ""},
        {"date": "终端"},
        {"indicator": "software_revenue"},
        {"indicator": "no_such"},
        {"status": "target"},
        {"status": "sure"},
        {"kind": "growth"},
        {"kind": "share"},
        {"passage": 3},
        {"passage": -1},
        {"passage": 99},
        {"passage": "2"},
        {"passage": None},
        {"date": "到2025年"},
        {"number": 13.9},
    ],
)
def test_a_figure_that_the_text_does_not_prove_is_refused(
    wrong: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, said = read(tmp_path, capsys, figures(RIGHT | wrong))
    assert not found["observations"]
    assert "and 1 that it does not" in said


def test_a_target_is_one_by_the_words_of_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    aim = RIGHT | {"passage": 3, "number": "20", "place": "贵州", "date": "到2025年", "status": "target"}
    found, _ = read(tmp_path, capsys, figures(aim))
    assert [(one["value"], one["period_end"], one["status"]) for one in found["observations"]] == [
        (200_000, "2025-12-31", "target")
    ]
    found, _ = read(tmp_path, capsys, figures(aim | {"status": "actual"}))
    assert not found["observations"]


KNOWN = "2024年3月28日\n2023年,贵州省软件业务收入863亿元,增长8.4%。\n"


def test_what_grammar_and_model_read_differently_is_left_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = {
        "passage": 1, "number": "863", "unit": "亿元", "place": "贵州省", "date": "2023年",
        "indicator": "software_revenue", "status": "actual", "kind": "level",
    }  # fmt: skip
    found, _ = read(tmp_path, capsys, figures(same), KNOWN)
    assert [(one["value"], one["growth_pct"]) for one in found["observations"]] == [(86_300, 8.4)]
    found, _ = read(tmp_path, capsys, figures(same | {"indicator": "telecom_revenue"}), KNOWN)
    assert not found["observations"]
    assert any(one["why"] == "grammar and reader read it differently" for one in found["unplaced"])


def test_the_checks_for_contradictions_hold_for_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEXT + "2023年,全省这类终端的底子已有15万个。\n"
    found, _ = read(tmp_path, capsys, figures(RIGHT, RIGHT | {"passage": 4, "number": "15"}), text)
    assert not found["observations"]
    assert {one["why"] for one in found["unplaced"]} >= {"the text has two levels of the same figure"}


@pytest.mark.parametrize(
    ("said", "number", "why"),
    [
        ("2023年,某通信公司5G基站13.9万个。", "13.9", "firm"),
        ("2023年,全省5G基站15万个,比上年增加1.5万个。", "1.5", "a change"),
        ("到2023年,全省5G基站13.9万个。", "13.9", "aim or a result"),
        ("2023年,全省5G基站13.9万个。\n2023年,全省5G基站15万个。", "13.9", "two levels"),
        ("2023年,全省平均每个县有5G基站13.9万个。", "13.9", "of each of several"),
    ],
)
def test_what_the_grammar_has_settled_is_not_taken(
    said: str, number: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The grammar knows that the number is no certain figure of the province; the model cannot overrule it."""
    text = f"贵州省通信业运行情况\n2024年3月28日\n{said}\n"
    place = "全省" if "全省" in said else "贵州省"
    proposed = RIGHT | {"number": number, "place": place}
    alone, _ = read(tmp_path, capsys, figures(), text)
    found, _ = read(tmp_path, capsys, figures(proposed), text)
    assert found["observations"] == alone["observations"]
    assert any(why in one["why"] and number in one["text"] for one in found["unplaced"])


@pytest.mark.parametrize("answer", ["", "no JSON", "[]", '{"figures": 3}', '{"figures": [3, null]}', "{}"])
def test_a_useless_answer_changes_nothing_or_is_refused(
    answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text(TEXT, encoding="utf-8")
    with server(lambda _question: answer) as (address, _asked):
        code = invoke(["read", str(path), "--region", "guizhou", "--reader", address, "--json"])
    told = capsys.readouterr()
    assert (code, "response_format json_schema" in told.out + told.err) == (
        (2, True) if answer in ("", "no JSON") else (0, False)
    )


def test_model_key_and_schema_are_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XISUAN_READER_KEY", "mine")
    path = tmp_path / "bulletin.txt"
    path.write_text(TEXT, encoding="utf-8")
    with server(figures(), ("small", "large")) as (address, asked):
        assert invoke(["read", str(path), "--reader", address, "--reader-model", "large"]) == 0
        assert invoke(["read", str(path), "--reader", address]) == 2  # two models, none named
    (question,) = asked
    assert (question["model"], question["authorization"]) == ("large", "Bearer mine")
    assert question["response_format"]["json_schema"]["strict"] is True
    assert "13.9万个" in question["messages"][1]["content"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_refusals_and_redirects_of_the_server_are_errors(
    status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text(TEXT, encoding="utf-8")
    with server(figures(), status=status) as (address, _asked):
        assert invoke(["read", str(path), "--reader", address]) == 2
    assert str(status) in capsys.readouterr().err


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "ftp://127.0.0.1/v1", "http://127.0.0.1:9/v1"])
def test_an_address_without_a_server_is_refused(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert invoke(["read", str(path), "--reader", address]) == 2
    assert "--reader" in capsys.readouterr().err
