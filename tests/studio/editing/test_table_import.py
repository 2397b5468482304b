"""A file for one table: how it is read, and what it changes."""

from __future__ import annotations

import io
import random

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.configuration import Limits
from xisuan.studio.editing import table_import
from xisuan.studio.editing.table_import import Imported
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.pages.tables import import_form
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import table_files

LIMITS = Limits()
DEMAND = ("region", "workload", "period", "units")
CSV = 'region,workload,period,units\ncity,ai,2026,130\ncity,ai,2028,"1,234.5"\n'
ROWS = [
    {"region": "city", "workload": "ai", "period": "2026", "units": "130"},
    {"region": "city", "workload": "ai", "period": "2028", "units": "1234.5"},
]


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.replace("\n", "\r\n").encode("utf-16"),
        CSV.replace('"1,234.5"', "1234.5").replace(",", "\t").encode("utf-16"),
        CSV.replace('"1,234.5"', "1234.5").replace(",", ";").encode(),
        ("各地区需求预测\n\n" + CSV.replace("region,workload,period,units", "地区,业务,年份,units")).encode("gb18030"),
        workbook(("Sheet1", [["Forecast"], ["region", "workload", "period", "units"],
                             ["city", "ai", 2026, 130], ["city", "ai", 2028, 1234.5]])),
        workbook(("notes", [["of last year"]]),
                 ("demand", [list(DEMAND), ["city", "ai", 2026, 130.0], ["city", "ai", 2028, "1,234.5"]])),
    ],
)  # fmt: skip
def test_a_file_is_read_as_planners_write_it(data: bytes) -> None:
    """CSV of any program and language, and Excel with a title above; thousands are read as numbers."""
    assert table_files.read("demand", data, DEMAND, LIMITS) == Imported([*DEMAND], ROWS)


def test_a_comma_between_semicolons_is_not_taken_for_thousands() -> None:
    """ "1,234" may be 1.234 there: it stays, for the check to find."""
    found = table_files.read("demand", b"region;workload;period;units\ncity;ai;2026;1,234\n", DEMAND, LIMITS)
    assert found.rows[0]["units"] == "1,234"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"region,workload,period,amount\ncity,ai,2026,1\n", "amount is no column of the table demand"),
        (b"region,workload,period,units,units\ncity,ai,2026,1,2\n", "column units twice"),
        (b"region,units\ncity,1\n", "no column workload"),
        (b"", "the file is empty"),
        (b"region,workload,period,units\ncity,ai,2026,=cmd()\n", "run this as a formula"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "old Excel"),
        (b"\x00\x01\x02\xff\xff", "neither CSV"),
        (b"PK\x03\x04" + bytes(40), "the workbook cannot be read"),
        (b"region,workload,period,units\n" + b"city,ai,2026,1\n" * 7, "more than 5 rows"),
    ],
)
def test_a_file_that_is_not_the_table_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        table_files.read("demand", data, DEMAND, Limits(table_rows=5))
    assert words in str(refused.value.message)


def test_changes_are_told_cell_by_cell() -> None:
    mine = [{**row, "note": "kept"} for row in ROWS] + [
        {"region": "hills", "workload": "ai", "period": "2026", "units": "7"}
    ]
    rows = [{**ROWS[0], "units": "130.0"}, {**ROWS[1], "units": "9"}, {**ROWS[0], "period": "2030", "units": "1"}]
    found = table_import.compare("demand", mine, Imported([*DEMAND], rows), remove=False)
    assert [(one.kind, one.row, one.column, one.before, one.after) for one in found.changes] == [
        ("changed", "city · ai · 2028", "units", "1234.5", "9"),
        ("added", "city · ai · 2030", "", "", "1"),
    ]
    assert [at for at, _row in found.rows] == [0, 1, 2, None]
    assert found.rows[0][1] == {**ROWS[0], "note": "kept"}  # 130 and 130.0 are one number
    assert found.absent == 1
    with_removal = table_import.compare("demand", mine, Imported([*DEMAND], rows), remove=True)
    assert [at for at, _row in with_removal.rows] == [0, 1, None]
    assert [one.row for one in with_removal.changes if one.kind == "removed"] == ["hills · ai · 2026"]


def test_a_file_without_years_is_refused_where_rows_differ_by_year() -> None:
    file = Imported(["region", "workload", "units"], [{"region": "city", "workload": "ai", "units": "1"}])
    with pytest.raises(RefusedError) as refused:
        table_import.compare("demand", ROWS, file, remove=False)
    assert "period" in str(refused.value.message)


@pytest.mark.parametrize(
    ("cell", "read"),
    [("0,355", "0,355"), ("1,500", "1,500"), ("1,234,567", "1234567"), ("-1,234.5", "-1234.5"), ("5 000", "5000"),
     ("0.5 100", "0.5 100"), ("12,34", "12,34"), ("1 234,5", "1 234,5"), ("1e3", "1e3")],
)  # fmt: skip
def test_a_comma_that_may_be_decimal_is_left_for_the_check(cell: str, read: str) -> None:
    for text in (
        f'region,workload,period,units\ncity,ai,2026,"{cell}"\n',
        f"region\tworkload\tperiod\tunits\ncity\tai\t2026\t{cell}\n",
    ):
        assert table_files.read("demand", text.encode(), DEMAND, LIMITS).rows[0]["units"] == read


@pytest.mark.parametrize("line", ["city,ai,2026,0,355", "city,ai,2026,1,,x"])
def test_a_cell_under_no_heading_is_refused(line: str) -> None:
    with pytest.raises(RefusedError) as refused:
        table_files.read("demand", f"region,workload,period,units\n{line}\n".encode(), DEMAND, LIMITS)
    assert "under no heading" in str(refused.value.message)
    blank = b"region,workload,period,units,\ncity,ai,2026,1,9\n"
    with pytest.raises(RefusedError):
        table_files.read("demand", blank, DEMAND, LIMITS)


def test_which_sheet_is_meant_is_not_guessed() -> None:
    lines: list[list[object]] = [list(DEMAND), ["city", "ai", 2026, 130.0]]
    with pytest.raises(RefusedError) as refused:
        table_files.read("demand", workbook(("last year", lines), ("this year", lines)), DEMAND, LIMITS)
    assert "last year, this year" in str(refused.value.message)


def test_a_quote_that_is_not_closed_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        table_files.read("demand", b'region,workload,period,units\n"city,ai,2026,1\ncity,ai,2027,2\n', DEMAND, LIMITS)
    assert "CSV" in str(refused.value.message)
    whole = b'"region","workload","period","units"\n"city","ai","2026","1"\n'
    assert table_files.read("demand", whole, DEMAND, LIMITS).rows[0]["units"] == "1"


def test_names_that_look_like_numbers_are_texts() -> None:
    mine = [{"region": "r", "title": "7"}]
    found = table_import.compare(
        "regions", mine, Imported(["region", "title"], [{"region": "r", "title": "007"}]), False
    )
    assert [one.after for one in found.changes] == ["007"]


def test_a_value_that_moves_to_another_column_is_a_change() -> None:
    mine = [{"profile": "sun", "months": "6-8", "value": "1"}]
    file = Imported(["profile", "hours", "value"], [{"profile": "sun", "hours": "6-8", "value": "1"}])
    assert table_import.compare("profile_rules", mine, file, remove=False).changes


def test_rows_that_were_edited_after_the_preview_keep_their_edits() -> None:
    """The grid is told what changes, not the rows as they were."""
    rows = [{"_row": "4", **ROWS[0]}, {"_row": "7", **ROWS[1]}]
    given = [{**ROWS[0], "units": "99"}, {**ROWS[0], "period": "2040"}]
    found = table_import.compare("demand", ROWS[:2], Imported(list(ROWS[0]), given), remove=True)
    steps = import_form._steps(rows, found)
    assert steps == {"changed": {"4": {"units": "99"}}, "removed": ["7"], "added": [given[1]]}


def test_a_table_without_keys_is_replaced_in_the_order_of_the_file() -> None:
    mine = [{"profile": "sun", "hours": "0-6", "value": "0"}, {"profile": "sun", "hours": "7-18", "value": "1"}]
    file = Imported(["profile", "hours", "value"], [mine[1], mine[0]])
    found = table_import.compare("profile_rules", mine, file, remove=False)
    assert [row for _at, row in found.rows] == file.rows
    assert {one.kind for one in found.changes} == {"changed"}  # a later row overrides an earlier one: order counts
    assert table_import.compare("profile_rules", mine, Imported(file.columns, mine), remove=False).changes == []


@pytest.mark.parametrize("seed", range(20))
def test_changes_make_the_table_of_the_file(seed: int) -> None:
    """Applied to the table, the listed changes give the rows of the preview."""
    draw = random.Random(seed)

    def table() -> list[dict[str, str]]:
        keys = draw.sample(
            [(region, year) for region in "abcd" for year in ("2026", "2028", "2030")], draw.randint(1, 9)
        )
        return [
            {"region": region, "workload": "ai", "period": year, "units": str(draw.randint(1, 3))}
            for region, year in keys
        ]

    mine, rows = table(), table()
    found = table_import.compare("demand", mine, Imported([*DEMAND], rows), remove=True)
    applied = {tuple(row.values())[:3]: row["units"] for row in mine}
    for one in found.changes:
        region, workload, year = one.row.split(" · ")
        if one.kind == "removed":
            del applied[region, workload, year]
        else:
            applied[region, workload, year] = one.after
    assert applied == {tuple(row.values())[:3]: row["units"] for row in rows}
    assert sorted(tuple(row.values()) for _at, row in found.rows) == sorted(tuple(row.values()) for row in rows)


def test_a_file_is_read_in_a_process_of_its_own_by_those_who_may_edit(studio: tuple[Services, TestClient]) -> None:
    services, client = studio
    scenario = served.made(client, name="import")
    person = services.local_person()
    power = services.table(person, scenario, "power")
    data = workbook(("power", [["zone", "price"], ["inland", 0.28]]))
    assert services.read_table(person, scenario, "power", data).rows == [{"zone": "inland", "price": "0.28"}]
    assert power.version == services.table(person, scenario, "power").version


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_downloaded_table_is_read_back(studio: tuple[Services, TestClient], form: str) -> None:
    """Its cells as the table has them, Chinese titles included, under a name in Chinese."""
    _, client = studio
    scenario = served.made(client, name="贵州方案")
    here = f"/api/scenarios/{scenario}/tables/regions"
    answer = client.get(f"{here}/file", params={"form": form})
    assert answer.headers["content-disposition"].endswith(f"-regions.{form}")
    shown = client.get(here).json()
    found = table_files.read("regions", answer.content, shown["columns"], LIMITS)
    assert [{name: cell for name, cell in row.items() if cell} for row in found.rows] == [
        {name: cell for name, cell in row.items() if cell} for row in shown["rows"]
    ]
    assert client.get(f"/api/scenarios/{scenario}/tables/secrets/file").status_code in (404, 422)
