"""What people send is opened without trusting it, and what goes out comes back as it was."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from xisuan.exchange.scenario_workbook import write_workbook
from xisuan.scenario import load, write
from xisuan.scenario.reading import scenario_folders
from xisuan.studio.configuration import Limits
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import downloads, uploads

LIMITS = Limits(upload_bytes=2_000_000, unpacked_bytes=3_000_000, files=40, table_rows=1000)
TOML = 'name = "x"\n'
REGIONS = "region,lat,lon\na,1,2\n"


def packed(files: dict[str, str | bytes], change: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
        if change:
            change(book)
    return out.getvalue()


def link(book: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("x/regions.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    book.writestr(entry, "/etc/passwd")


def twice(book: zipfile.ZipFile) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        book.writestr("x/scenario.toml", TOML)


GOOD: dict[str, str | bytes] = {"x/scenario.toml": TOML, "x/regions.csv": REGIONS}

REFUSED = {
    "no archive": (b"not a zip", "neither a zip"),
    "cut off": (packed(GOOD)[:-30], "neither a zip"),
    "without a scenario": (packed({"x/regions.csv": REGIONS}), "it has 0"),
    "two scenarios": (packed({**GOOD, "y/scenario.toml": TOML}), "it has 2"),
    "too deep": (packed({"a/b/scenario.toml": TOML}), "one folder"),
    "a path upwards": (packed({**GOOD, "../evil.csv": "x"}), "leads out"),
    "a path inside upwards": (packed({**GOOD, "x/../../evil.csv": "x"}), "leads out"),
    "an absolute path": (packed({**GOOD, "/etc/cron.d/evil": "x"}), "leads out"),
    "a path of Windows": (packed({**GOOD, "x\\..\\evil.csv": "x"}), "leads out"),
    "a drive": (packed({**GOOD, "C:evil.csv": "x"}), "leads out"),
    "a link": (packed({"x/scenario.toml": TOML}, link), "is a link"),
    "a file twice": (packed(GOOD, twice), "twice"),
    "an unknown table": (packed({**GOOD, "x/regoins.csv": REGIONS}), "is no table"),
    "a program": (packed({**GOOD, "x/run.py": "print()"}), "is no table"),
    "a table beside": (packed({**GOOD, "halls.csv": REGIONS}), "outside"),
    "many files": (packed({**GOOD, **{f"x/{n}.csv": "" for n in range(50)}}), "50|52"),
    "a bomb": (packed({**GOOD, "x/halls.csv": b"0" * 5_000_000}), "larger than"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_hostile_archive_is_refused_in_words(case: str) -> None:
    data, words = REFUSED[case]
    with pytest.raises(RefusedError, match=words) as refused:
        uploads.read_upload(data, LIMITS)
    assert refused.value.status in (413, 422)


def test_a_size_that_lies_is_found_out() -> None:
    """The header says ten bytes, the content is a hundred thousand times that."""
    data = bytearray(packed({**GOOD, "x/halls.csv": b"0" * 5_000_000}))
    honest = (5_000_000).to_bytes(4, "little")
    assert data.count(honest) == 2
    data = data.replace(honest, (10).to_bytes(4, "little"))
    with pytest.raises(RefusedError):
        uploads.read_upload(bytes(data), LIMITS)


def test_an_archive_that_is_too_large_is_not_opened() -> None:
    with pytest.raises(RefusedError, match="larger than 1 MB"):
        uploads.read_upload(b"x" * 2_000_001, LIMITS)


def test_what_systems_put_beside_is_left_out() -> None:
    files = uploads.read_upload(
        packed({**GOOD, "x/.DS_Store": b"\0", "__MACOSX/x/._a": b"\0", "x/README.md": "hi"}), LIMITS
    )
    assert set(files) == {"scenario.toml", "regions.csv"}


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


OPTIONS: list[list[object]] = [["name", "x"], ["periods", "[2026]"], ["plan.operate_days", 3]]


def test_a_workbook_is_a_scenario() -> None:
    rows: list[list[object]] = [["region", "lat", "lon"], ["a", 1.5, 2], [None, None, None], ["b", 3, 4.0]]
    files = uploads.read_upload(workbook({"scenario": OPTIONS, "regions": rows}), LIMITS)
    assert files["regions.csv"].decode() == "region,lat,lon\na,1.5,2\nb,3,4\n"
    assert files["scenario.toml"].decode() == 'name = "x"\nperiods = [2026]\n\n[plan]\noperate_days = 3\n'


@pytest.mark.parametrize(("sheets", "words"), [
    ({"regions": [["region"], ["a"]]}, "no sheet named scenario"),
    ({"scenario": OPTIONS, "Tabelle1": [["x"]]}, "is no table"),
    ({"scenario": [["name] \n evil", "x"]]}, "is no option"),
    ({"scenario": OPTIONS, "regions": [["region"], *([str(n)] for n in range(1100))]}, "more than 1,000 rows"),
    ({"scenario": OPTIONS, "regions": [["region"], ["@SUM(A1)"]]}, "would run this"),
    ({"scenario": OPTIONS, "regions": [["region"], ["+cmd|' /C calc'!A0"]]}, "would run this"),
])  # fmt: skip
def test_a_workbook_that_is_none_is_refused_in_words(sheets: dict[str, list[list[object]]], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        uploads.read_upload(workbook(sheets), LIMITS)


@pytest.mark.parametrize("text", [
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>',
    '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><sst/>'.encode("utf-16"),
])  # fmt: skip
def test_entities_in_a_workbook_are_refused(text: bytes) -> None:
    """Some bytes that would unfold to billions, plain and hidden in another encoding."""
    source = io.BytesIO(workbook({"scenario": OPTIONS}))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
        new.writestr("xl/extra.xml", text)
    with pytest.raises(RefusedError, match="not what a spreadsheet program writes"):
        uploads.read_upload(out.getvalue(), LIMITS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("starter", "zip"),
        ("starter", "xlsx"),
        ("guizhou-days", "zip"),
        pytest.param("guizhou-days", "xlsx", marks=pytest.mark.long),
    ],
)
def test_what_goes_out_comes_back_the_same(name: str, kind: str, tmp_path: Path) -> None:
    """Bit by bit, by both ways."""
    given = load.load(name)
    write.write(given, tmp_path / "out")
    data = downloads.scenario_zip(tmp_path / "out", name) if kind == "zip" else downloads.workbook(tmp_path / "out")
    (tmp_path / "back").mkdir()
    for file, content in uploads.read_upload(data, Limits()).items():
        (tmp_path / "back" / file).write_bytes(content)
    assert write.same(load.load(tmp_path / "back"), load.load(tmp_path / "out"))


def test_no_shipped_table_is_taken_for_a_formula() -> None:
    """The refusal of formulas meets no honest text."""
    for path in scenario_folders.library().glob("*/*.csv"):
        table_rows.csv_text(table_rows.cells(path.read_text(encoding="utf-8")))


def test_a_workbook_holds_no_formula(tmp_path: Path) -> None:
    """Text that begins like one is written as text."""
    write.write(load.load("starter"), tmp_path / "s")
    (tmp_path / "s" / "sources.csv").write_text('source,title\n=1+1,=HYPERLINK("x")\n', encoding="utf-8")
    settings = table_rows.manifest_text(tmp_path / "s", {"title": "=1+1"})
    (tmp_path / "s" / "scenario.toml").write_text(settings, encoding="utf-8")
    book = openpyxl.load_workbook(io.BytesIO(downloads.workbook(tmp_path / "s")))
    assert {cell.data_type for row in book["sources"] for cell in row} == {"s"}
    assert ("title", "=1+1") in list(book["scenario"].values)
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_headings_of_a_download_say_what_those_of_an_export_say(tmp_path: Path) -> None:
    """Unit and meaning of each column that has values, as comments."""
    scenario = load.load("starter")
    write.write(scenario, tmp_path / "s")
    write_workbook(scenario, tmp_path / "s.xlsx")
    mine = openpyxl.load_workbook(io.BytesIO(downloads.workbook(tmp_path / "s")))
    theirs = openpyxl.load_workbook(tmp_path / "s.xlsx")
    said = [
        {(sheet.title, cell.value): cell.comment.text for sheet in book for cell in sheet[1] if cell.comment}
        for book in (mine, theirs)
    ]
    assert said[0].items() <= said[1].items()
    bare = {(sheet.title, cell.value) for sheet in mine for cell in sheet[1]} - set(said[0])
    assert {table for table, _ in bare} == {"scenario"}, "the settings have no headings"
    assert said[0]["power", "demand_charge_cny_per_kw_month"].endswith("[CNY per kW and month]")


def test_a_cell_that_no_workbook_can_hold_is_named(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(TOML)
    (tmp_path / "regions.csv").write_text("region,title\na,b\x07c\n")
    with pytest.raises(RefusedError, match=r"regions: b\\x07c holds a control character"):
        downloads.workbook(tmp_path)


def test_a_folder_is_compressed_unless_it_is_already(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "sites.csv").write_text("site,mw\n" + "a,1\n" * 1000)
    (tmp_path / "sites.parquet").write_bytes(b"PAR1" * 1000)
    with zipfile.ZipFile(io.BytesIO(downloads.folder_zip(tmp_path))) as archive:
        sizes = {one.filename: (one.compress_size, one.file_size) for one in archive.infolist()}
        assert archive.read("tables/sites.csv") == (tmp_path / "tables" / "sites.csv").read_bytes()
    assert sizes["tables/sites.csv"][0] < sizes["tables/sites.csv"][1] / 10
    assert sizes["sites.parquet"] == (4000, 4000)
