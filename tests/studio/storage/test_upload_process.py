"""Small files that would unfold to much: each ends, in little memory, with a message that says what to do.

The benchmark D1 measures how much work they are.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.storage import limited_work
from xisuan.parallel.process import EndedError, elsewhere
from xisuan.studio.configuration import Limits
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import upload_process
from xisuan.studio.storage import uploads as archive

MOST_MB = 500.0
"""What a hostile upload may take, with the process that reads it."""
TOML = 'name = "x"\n'
HEAD = "region,lat,lon\n"


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return out.getvalue()


def csv_of(size: int, line: bytes = b"0,0,0\n") -> bytes:
    return zipped({"x/scenario.toml": TOML, "x/regions.csv": HEAD.encode() + line * (size // len(line))})


def manifest_of(text: str) -> bytes:
    return zipped({"x/scenario.toml": TOML + text, "x/regions.csv": HEAD})


def many_tables() -> bytes:
    """Each within its limit of rows, together too many cells."""
    lines = b"0,0,0\n" * 190_000
    tables = ("regions", "sites", "nodes", "links")
    return zipped({"x/scenario.toml": TOML, **{f"x/{name}.csv": HEAD.encode() + lines for name in tables}})


def unreadable_rows() -> bytes:
    """As many rows and cells as are allowed, none of which is what its column asks for."""
    head = "region,title,title_zh,lat,lon,population,gdp_mcny,node,hub"
    lines = "".join(f"r{at % 1000},,,x,x,x,x,,\n" for at in range(199_000))
    return zipped({"x/scenario.toml": TOML, "x/regions.csv": f"{head}\n{lines}"})


def parquet_of(rows: int, columns: int = 1) -> bytes:
    """A table of one value, which takes a few bytes whatever its length."""
    out = io.BytesIO()
    values = pa.array(np.zeros(rows)).dictionary_encode()
    with pq.ParquetWriter(out, pa.schema([(f"c{at}", values.type) for at in range(columns)])) as writer:
        writer.write_table(pa.table({f"c{at}": values for at in range(columns)}), row_group_size=rows)
    return zipped({"x/scenario.toml": TOML, "x/regions.parquet": out.getvalue()})


def long_texts(rows: int, length: int) -> bytes:
    """A table whose footer states few rows and few bytes: each row is the same long text, stored once."""
    out = io.BytesIO()
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype=np.int32)), pa.array(["x" * length]))
    pq.write_table(pa.table({"region": texts}), out)
    return zipped({"x/scenario.toml": TOML, "x/regions.parquet": out.getvalue()})


def sheet_of(change: Callable[[str], str], extra: dict[str, str] | None = None) -> bytes:
    """A workbook as openpyxl writes it, with the XML of its table changed."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "scenario"
    book.worksheets[0].append(["name", "x"])
    table = book.create_sheet("regions")
    for row in (["region", "lat", "lon"], ["a", 1, 2]):
        table.append(row)
    given, out = io.BytesIO(), io.BytesIO()
    book.save(given)
    with zipfile.ZipFile(given) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry).decode()
            text = change(text) if entry.filename.endswith("sheet2.xml") else text
            if entry.filename not in (extra or {}):
                new.writestr(entry.filename, text)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def dimension(text: str) -> str:
    return text.replace('<dimension ref="A1:C2" />', '<dimension ref="A1:XFD1048576" />').replace(
        '<dimension ref="A1:C2"/>', '<dimension ref="A1:XFD1048576"/>'
    )


def far(text: str) -> str:
    """A cell in the last row and column that a sheet can have."""
    cell = '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    return dimension(text).replace("</sheetData>", cell)


def wide(text: str) -> str:
    """Five thousand rows, each with a cell in the last column."""
    rows = "".join(f'<row r="{at}"><c r="XFD{at}" t="n"><v>1</v></c></row>' for at in range(3, 5003))
    return text.replace("</sheetData>", f"{rows}</sheetData>")


STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    + "<si><t>a</t></si>" * 3_000_000
    + "</sst>"
)

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an archive of 119 kB": (lambda: csv_of(122_000_000), "unpacked, the archive would be larger than 64 MB; send fewer"),
    "an archive within its size": (lambda: csv_of(60_000_000), "has more than 200,000 rows; send a shorter"),
    "one line": (lambda: csv_of(60_000_000, b","), "have more than 2,000,000 cells in all; send smaller"),
    "many tables": (many_tables, "have more than 2,000,000 cells in all; send smaller"),
    "twelve million years": (lambda: manifest_of(f"periods = [{'2026,' * 12_000_000}]"), "scenario.toml is larger than"),
    "a long key": (lambda: manifest_of("a" + ".a" * 8_000 + " = 1"), "accepted"),
    "deep lists": (lambda: manifest_of("periods = " + "[" * 8_000 + "]" * 8_000), "is not TOML"),
    "unreadable cells": (unreadable_rows, "accepted"),
    "lines of old systems": (lambda: csv_of(60_000_000, b"\r"), "has more than 200,000 rows; send a shorter"),
    "Parquet of ten million rows": (lambda: parquet_of(10_000_000), "has more than 200,000 rows; send a shorter"),
    "Parquet of many columns": (lambda: parquet_of(150_000, 20), "have more than 2,000,000 cells in all; send smaller"),
    "Parquet of long texts": (lambda: long_texts(150_000, 20_000), "MB of memory or|unpacks to more"),
    "a workbook with a far cell": (lambda: sheet_of(far), "has more than 200,000 rows; delete the empty ones"),
    "a workbook with wide rows": (lambda: sheet_of(wide), "has more than 500,000 cells; delete what is beside"),
    "a workbook of many texts": (
        lambda: sheet_of(str, {"xl/sharedStrings.xml": STRINGS}), "has more than 500,000 cells; delete what is beside"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[limited_work.Found, float]:
    uploaded = {case: make() for case, (make, _) in HOSTILE.items()}
    assert max(map(len, uploaded.values())) < 700_000
    with elsewhere(limited_work.measured, uploaded, str(tmp_path_factory.mktemp("hostile"))) as task:
        return task.result(300.0)


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_a_hostile_upload_ends_in_little_memory_and_says_what_to_do(
    case: str, told: tuple[limited_work.Found, float]
) -> None:
    said, _ = told[0][case]
    assert re.search(HOSTILE[case][1], said), said
    assert said.startswith(("413 ", "422 ")) or said == "accepted"
    assert told[1] < MOST_MB


def test_a_dimension_that_a_sheet_states_is_not_believed(tmp_path: Path) -> None:
    """Two rows that are said to be a million of sixteen thousand cells are two rows."""
    files = archive.read_upload(sheet_of(dimension), Limits())
    assert files["regions.csv"] == b"region,lat,lon\na,1,2\n"


def test_the_process_that_reads_cannot_take_more_memory_than_it_may() -> None:
    """Whatever a parser does: the system refuses it."""
    with elsewhere(limited_work.take, 50, environment=upload_process.ENVIRONMENT) as task:
        assert task.result() == 50 * 2**20
    with elsewhere(limited_work.take, 150, environment=upload_process.ENVIRONMENT) as task, pytest.raises(MemoryError):
        task.result()


def test_the_process_that_reads_cannot_work_longer_than_it_may() -> None:
    with elsewhere(limited_work.work_on) as task, pytest.raises(EndedError):
        task.result(100.0)


@pytest.mark.parametrize("limit", ["memory", "clock", "killed"])
def test_what_is_within_the_stated_sizes_is_ended_by_the_limits_of_its_process(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(reading_mb=20) if limit == "memory" else Limits()
    if limit == "clock":
        monkeypatch.setattr(upload_process, "LONGEST", 0.3)
    if limit == "killed":
        monkeypatch.setattr(
            upload_process, "elsewhere", lambda _work, *_, **more: elsewhere(limited_work.work_on, **more)
        )
    lines = "".join(f"r{at},1,2\n" for at in range(199_000))
    with pytest.raises(RefusedError, match="seconds; send fewer or shorter tables"):
        upload_process.receive(zipped({"x/scenario.toml": TOML, "x/regions.csv": HEAD + lines}), tmp_path, limits)


def test_a_process_that_fails_by_itself_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that cannot be imported there, as while a new version is installed; here, an answer that cannot be sent."""
    monkeypatch.setattr(upload_process, "elsewhere", lambda _work, *_, **more: elsewhere(threading.Lock, **more))
    with pytest.raises(RuntimeError, match=r"uploads cannot be read.*cannot pickle"):
        upload_process.receive(manifest_of(""), tmp_path, Limits())


def test_a_table_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    data = zipped({"x/scenario.toml": TOML, "x/regions.parquet": b"PAR1" + b"\xff" * 100 + b"PAR1"})
    with pytest.raises(RefusedError, match=r"regions\.parquet is no Parquet file"):
        upload_process.receive(data, tmp_path, Limits())


def test_uploads_of_the_api_and_of_the_page_are_read_there(
    studio: tuple[Services, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One way for all: what the services is given is read by `uploads` and by nothing else in the server."""
    seen: list[int] = []
    received = upload_process.receive

    def counted(data: bytes, draft: Path, limits: Limits) -> object:
        seen.append(len(data))
        return received(data, draft, limits)

    monkeypatch.setattr(upload_process, "receive", counted)
    monkeypatch.setattr(archive, "read_upload", lambda *_: pytest.fail("an upload was opened in the server"))
    services, client = studio
    scenario = served.made(client, name="given")
    data = client.get(f"/api/scenarios/{scenario}/download").content
    answer = client.post(
        "/api/scenarios/upload?name=taken", content=data, headers={"content-type": "application/octet-stream"}
    )
    assert answer.status_code == 201, answer.text
    services.upload(services.local_person(), "taken-again", data)
    assert seen == [len(data)] * 2
    answer = client.post(
        "/api/scenarios/upload?name=bomb",
        content=csv_of(122_000_000),
        headers={"content-type": "application/octet-stream"},
    )
    assert answer.status_code == 413
    assert "send fewer or shorter tables" in answer.json()["message"]


def test_some_uploads_are_read_at_once_and_further_ones_wait_for_their_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of all of them is bounded, and none of them waits without end."""
    monkeypatch.setattr(upload_process, "PATIENCE", 0.1)
    data = manifest_of("")
    for _ in range(upload_process.AT_ONCE):
        assert upload_process._TURNS.acquire(blocking=False)
    try:
        with pytest.raises(RefusedError, match="in a minute"):
            upload_process.receive(data, tmp_path, Limits())
    finally:
        for _ in range(upload_process.AT_ONCE):
            upload_process._TURNS.release()
    assert upload_process.receive(data, tmp_path, Limits()).problems
