"""Tables in the studio as in a spreadsheet: blocks by the real clipboard, keys, undo, filters, names, search."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from tests.stories.test_studio import Studio, barriers, edit, made, picture, until
from xisuan.scenario.schema import tables

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
WEB = "<table><tr><th>region</th><th>number of units (units)</th></tr><tr><td>hills</td><td>55</td></tr></table>"
NUMBERS = [one.name for one in tables.BY_NAME["power"].columns if one.kind in ("number", "count", "series")]


def column(page, name: str) -> list[str]:  # type: ignore[no-untyped-def]
    """Cells of a column as displayed, from the first row on."""
    found = page.locator(f'#grid .ag-row [col-id="{name}"]').evaluate_all(
        "all => all.map(one => [Number(one.closest('.ag-row').getAttribute('row-index')), one.innerText.trim()])"
    )
    return [text for _at, text in sorted(found)]


def cell(page, row: int, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f'#grid .ag-row[row-index="{row}"] [col-id="{name}"]')


def shows(page, name: str, wanted: list[str]) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + 60
    while (found := column(page, name)) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.1)


def checked(page) -> None:  # type: ignore[no-untyped-def]
    page.wait_for_selector("#grid-said .unsaved")


@pytest.fixture
def demand(studio: Studio, state: dict[str, object], request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    """The table of demand of a new scenario."""
    page = studio.page(storage_state=state, **CLIPBOARD)
    here = made(page, studio, f"sheet-{abs(hash(request.node.name)) % 10**6}", short=True)
    page.goto(f"{here}/tables/demand")
    page.wait_for_selector("#grid .ag-cell[col-id=units]")
    yield page
    page.context.close()
    assert studio.errors == []


UNITS = ["130", "160", "20", "25", "60", "90", "10", "24"]


def test_a_block_is_copied_multiplied_filled_and_undone(demand) -> None:  # type: ignore[no-untyped-def]
    shows(demand, "units", UNITS)
    cell(demand, 0, "period").click()
    for key in ("Shift+ArrowRight", "Shift+ArrowDown"):
        demand.keyboard.press(key)
    demand.keyboard.press("Control+c")
    assert demand.evaluate("navigator.clipboard.readText()") == "2026\t130\n2028\t160"
    cell(demand, 0, "units").click()
    cell(demand, 2, "units").click(modifiers=["Shift"])
    demand.fill("#grid-factor", "1.1")
    demand.click("#grid-multiply")
    shows(demand, "units", ["143", "176", "22", *UNITS[3:]])  # no 143.00000000000003
    cell(demand, 4, "units").click()
    cell(demand, 6, "units").click(modifiers=["Shift"])
    demand.keyboard.press("Control+d")
    shows(demand, "units", ["143", "176", "22", "25", "60", "60", "60", "24"])
    demand.keyboard.press("Control+z")
    demand.keyboard.press("Control+z")
    shows(demand, "units", UNITS)
    demand.keyboard.press("Control+y")
    shows(demand, "units", ["143", "176", "22", *UNITS[3:]])
    edit(demand, 7, "units", "25")
    shows(demand, "units", ["143", "176", "22", "25", "60", "90", "10", "25"])
    cell(demand, 7, "units").click()
    demand.keyboard.press("Control+z")
    demand.keyboard.press("Control+z")
    shows(demand, "units", UNITS)


def test_blocks_of_excel_and_of_web_pages_are_pasted(demand) -> None:  # type: ignore[no-untyped-def]
    shows(demand, "units", UNITS)
    demand.evaluate("navigator.clipboard.writeText('1,234.5\\r\\n7\\r\\n')")
    cell(demand, 6, "units").click()
    demand.keyboard.press("Control+v")
    shows(demand, "units", [*UNITS[:6], "1234.5", "7"])
    write = (
        "async html => navigator.clipboard.write([new ClipboardItem({"
        "'text/html': new Blob([html], {type: 'text/html'}), 'text/plain': new Blob(['hills 55'], {type: 'text/plain'})})])"
    )
    demand.evaluate(write, WEB)  # its headings choose the columns
    cell(demand, 0, "profile").click()
    demand.keyboard.press("Control+v")
    shows(demand, "units", ["55", *UNITS[1:6], "1234.5", "7"])
    assert column(demand, "region")[0].startswith("hills")
    demand.evaluate("navigator.clipboard.writeText('9\\n9\\n9\\n9')")  # longer than the table: rows are added
    cell(demand, 6, "units").click()
    demand.keyboard.press("Control+v")
    shows(demand, "units", ["55", *UNITS[1:6], "9", "9", "9", "9"])
    demand.locator("#grid-said", has_text="region").wait_for()  # the added rows lack their keys
    demand.keyboard.press("Control+z")
    shows(demand, "units", ["55", *UNITS[1:6], "1234.5", "7"])


def test_deleted_and_added_rows_come_back_and_the_result_is_saved(demand) -> None:  # type: ignore[no-untyped-def]
    shows(demand, "units", UNITS)
    for row in (1, 3):
        demand.locator(f'#grid .ag-pinned-left-cols-container .ag-row[row-index="{row}"] input').check()
    demand.click("#grid-delete")
    shows(demand, "units", [UNITS[at] for at in (0, 2, 4, 5, 6, 7)])
    demand.click("#grid-undo")
    shows(demand, "units", UNITS)
    demand.click("#grid-redo")
    demand.click("#grid-add")
    shows(demand, "units", [*(UNITS[at] for at in (0, 2, 4, 5, 6, 7)), ""])
    demand.click("#grid-undo")
    demand.click("#grid-undo")
    shows(demand, "units", UNITS)
    edit(demand, 0, "units", "131")
    shows(demand, "units", ["131", *UNITS[1:]])
    checked(demand)
    demand.click("#grid-save")
    demand.wait_for_url("**saved=3")
    demand.wait_for_selector("text=Saved as version 3")
    shows(demand, "units", ["131", *UNITS[1:]])


def test_numbers_sort_as_numbers_and_names_stand_beside_codes(demand) -> None:  # type: ignore[no-untyped-def]
    shows(demand, "units", UNITS)
    demand.locator('.ag-header-cell[col-id="units"] .ag-header-cell-text').click()
    shows(demand, "units", sorted(UNITS, key=float))
    assert "city · City" in column(demand, "region")
    assert demand.locator('.ag-header-cell[col-id="units"]').count() == 1


@pytest.mark.parametrize(("language", "word"), [("en", "Less than"), ("zh", "小于")])
def test_filters_and_search_speak_the_language_of_the_page(language: str, word: str, demand) -> None:  # type: ignore[no-untyped-def]
    demand.goto(
        demand.url.partition("/scenarios")[0] + f"/choose?lang={language}&to=" + demand.url.partition("8050")[2]
    )
    demand.go_back()
    demand.reload()
    shows(demand, "units", UNITS)
    demand.locator('.ag-header-cell[col-id="units"] .ag-header-cell-filter-button').click()
    demand.locator(".ag-filter-body-wrapper .ag-picker-field-wrapper").first.click()
    demand.get_by_role("option", name=word, exact=True).click()
    demand.locator(".ag-filter-body-wrapper input[type=number], .ag-filter-body-wrapper input").first.fill("21")
    shows(demand, "units", ["20", "10"])
    demand.keyboard.press("Escape")
    demand.fill("#table-search", "需求" if language == "zh" else "deman")
    visible: Callable[[], int] = lambda: demand.locator(".list li:visible").count()  # noqa: E731
    until(lambda: visible() == 1)
    demand.fill("#table-search", "")
    until(lambda: visible() > 5)


def test_a_fault_in_another_table_leads_to_its_cell(demand) -> None:  # type: ignore[no-untyped-def]
    demand.goto(demand.url.replace("/demand", "/regions"))
    demand.wait_for_selector("#grid .ag-row")
    demand.locator('#grid .ag-pinned-left-cols-container .ag-row[row-index="1"] input').check()
    demand.click("#grid-delete")
    demand.wait_for_selector("#grid-said .problems")
    demand.click("#grid-save")
    demand.wait_for_selector("text=Saved as version 3")
    overview = demand.url.partition("/tables")[0]
    demand.goto(overview)
    demand.locator(".problems a[href*='/tables/demand?row=']").first.click()
    demand.wait_for_selector("#grid .ag-cell-focus.bad")


FORECAST = "hills,web,2028,31\ncity,training,2030,40\n"


@pytest.mark.parametrize(
    ("language", "data", "counts"),
    [
        ("en", f"region,workload,period,units\n{FORECAST}".encode(), "1 row added · 1 cell changed · 0 rows removed"),
        ("zh", f"地区,业务,年份,units\n{FORECAST}".encode("gb18030"), "新增1行 · 修改 1 个单元格 · 删除 0 行"),
    ],
    ids=["en", "zh"],
)
def test_a_file_is_imported_once_its_changes_were_seen(  # type: ignore[no-untyped-def]
    language: str, data: bytes, counts: str, demand, tmp_path
) -> None:
    demand.goto(f"{demand.url.partition('/scenarios')[0]}/choose?lang={language}&theme=light&to=/")
    demand.go_back()
    demand.reload()
    shows(demand, "units", UNITS)
    demand.click("details.import summary")
    large = tmp_path / "large.csv"
    large.write_bytes(b"\n" * (10 * 2**20 + 1))
    demand.set_input_files("#import-upload input", large)
    demand.wait_for_selector("#import-upload-refused:has-text('10 MB')")
    demand.set_input_files("#import-upload input", {"name": "forecast.csv", "mimeType": "text/csv", "buffer": data})
    demand.wait_for_selector("#import-said ins")
    assert demand.locator("#import-upload-refused").is_hidden()
    assert demand.inner_text("#import-said .counts").endswith(counts)
    assert demand.locator("#import-said tbody tr").all_inner_texts()[0].split("\t")[-2:] == ["25", "31"]
    for width, theme in ((1280, "light"), (390, "dark")):
        demand.set_viewport_size({"width": width, "height": 900})
        demand.evaluate("theme => document.documentElement.dataset.mantineColorScheme = theme", theme)
        demand.locator("details.import").scroll_into_view_if_needed()
        picture(demand, f"import-{language}-{width}", tmp_path)
        assert demand.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(demand) == []
    demand.set_viewport_size({"width": 1280, "height": 900})
    demand.check("#import-remove")  # seven rows are not in the file
    until(lambda: demand.locator("#import-said tbody tr").count() == 9)
    demand.uncheck("#import-remove")
    until(lambda: demand.locator("#import-said tbody tr").count() == 2)
    demand.click("#import-take")
    shows(demand, "units", [*UNITS[:3], "31", *UNITS[4:], "40"])
    demand.wait_for_selector("#import-said ins", state="detached")
    demand.click("#grid-undo")
    shows(demand, "units", UNITS)
    demand.click("#grid-redo")
    checked(demand)
    demand.click("#grid-save")
    demand.wait_for_url("**saved=3")
    shows(demand, "units", [*UNITS[:3], "31", *UNITS[4:], "40"])
    demand.goto(f"{demand.url.partition('/scenarios')[0]}/choose?lang=en&to=/")


@pytest.mark.parametrize(("language", "start"), [("en", "from the start"), ("zh", "自始")])
def test_a_table_is_edited_by_year(language: str, start: str, demand, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """What is typed there is in the rows of the table, can be undone there, and is saved with them."""
    demand.goto(f"{demand.url.partition('/scenarios')[0]}/choose?lang={language}&theme=light&to=/")
    demand.go_back()
    demand.reload()
    shows(demand, "units", UNITS)
    demand.click("details.by-year summary")

    def by_year(field: str) -> list[str]:
        return demand.locator(f'#pivot .ag-center-cols-container .ag-row [col-id="{field}"]').all_inner_texts()

    def types(row: int, field: str, value: str) -> None:
        demand.locator(f'#pivot .ag-row[row-index="{row}"] [col-id="{field}"]').dblclick()
        demand.keyboard.press("Control+A")
        demand.keyboard.type(value)
        demand.keyboard.press("Enter")

    until(lambda: by_year("y2026") == ["130", "20", "60", "10"])
    assert by_year("y2028") == ["160", "25", "90", "24"]
    types(1, "y2028", "1,031")
    shows(demand, "units", [*UNITS[:3], "1031", *UNITS[4:]])
    for width in (1280, 390):
        demand.set_viewport_size({"width": width, "height": 900})
        demand.locator("details.by-year").scroll_into_view_if_needed()
        picture(demand, f"by-year-{language}-{width}", tmp_path)
        assert demand.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(demand) == []
    demand.set_viewport_size({"width": 1280, "height": 900})
    demand.click("#grid-undo")
    shows(demand, "units", UNITS)
    until(lambda: by_year("y2028") == ["160", "25", "90", "24"])
    demand.evaluate("navigator.clipboard.writeText('1\\t2\\t3\\n4\\t5,000\\n6\\t7\\n8\\t9\\n10\\t11')")
    demand.locator('#pivot .ag-row[row-index="1"] [col-id="y2026"]').click()
    demand.keyboard.press("Control+v")  # as far as there are lines and years
    until(lambda: by_year("y2026") == ["130", "1", "4", "6"])
    assert by_year("y2028") == ["160", "2", "5000", "7"]
    demand.click("#grid-undo")  # at once
    shows(demand, "units", UNITS)
    demand.locator("#grid-redo").click()
    until(lambda: by_year("y2028") == ["160", "2", "5000", "7"])
    demand.click("#grid-undo")
    types(1, "y2028", "1,031")
    checked(demand)
    demand.click("#grid-save")
    demand.wait_for_url("**saved=3")
    demand.goto(demand.url.partition("?")[0].replace("/demand", "/power"))
    demand.wait_for_selector("#grid .ag-row")
    demand.click("details.by-year summary")
    demand.click("#pivot-column")
    demand.get_by_role("option").nth(NUMBERS.index("co2_kg_per_kwh")).click()
    until(lambda: by_year("y") == ["0.58", "0.5"])
    assert start in demand.inner_text("#pivot .ag-header")
    types(0, "y2028", "0.4")  # a year of its own: the row before it goes on with this value
    shows(demand, "co2_kg_per_kwh", ["0.58", "0.4", "0.5"])
    shows(demand, "price", ["tariff-coast", "tariff-coast", "tariff-inland"])
    checked(demand)
    assert demand.locator("#grid-said .level.error").count() == 0
    demand.click("#grid-save")
    demand.wait_for_url("**saved=4")
    home, _scenarios, scenario = demand.url.partition("?")[0].removesuffix("/tables/power").rpartition("/scenarios/")
    saved = demand.request.get(f"{home}/api/scenarios/{scenario}/tables/power").json()["rows"]
    assert [(row["zone"], row.get("period", "")) for row in saved] == [("coast", ""), ("coast", "2028"), ("inland", "")]
    demand.goto(f"{demand.url.partition('/scenarios')[0]}/choose?lang=en&to=/")


def test_a_range_without_its_value_is_widened(demand, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Saved with the table that is edited, and from the overview for a version that was saved before."""
    demand.goto(demand.url.replace("/demand", "/estimates"))
    demand.click("details.import summary")
    rows = b"table,key,column,low,high\ndemand,hills/web/2028,units,20,30\ndemand,city/web/2026,units,100,140\n"
    demand.set_input_files("#import-upload input", {"name": "ranges.csv", "mimeType": "text/csv", "buffer": rows})
    demand.click("#import-take")
    checked(demand)
    demand.click("#grid-save")
    demand.wait_for_url("**saved=3")
    demand.goto(demand.url.replace("/estimates", "/demand"))
    shows(demand, "units", UNITS)
    edit(demand, 3, "units", "35")
    demand.wait_for_selector("#grid-said >> text=Widen the range to 35")
    picture(demand, "range-1280", tmp_path)
    demand.set_viewport_size({"width": 390, "height": 900})
    demand.locator("#grid-said").scroll_into_view_if_needed()
    picture(demand, "range-390", tmp_path)
    assert demand.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(demand) == []
    demand.set_viewport_size({"width": 1280, "height": 900})
    assert "/tables/estimates?row=2&column=high" in demand.locator("#grid-said .problems a").get_attribute("href")
    demand.click("text=Widen the range to 35")
    demand.wait_for_selector("#grid-said >> text=high is now 35")
    demand.click("#grid-undo")  # the range first, the value next
    demand.wait_for_selector("#grid-said >> text=Widen the range to 35")
    shows(demand, "units", [*UNITS[:3], "35", *UNITS[4:]])
    demand.click("#grid-redo")
    demand.wait_for_selector("#grid-said >> text=high is now 35")
    demand.wait_for_selector("#grid-said >> text=No problems found")
    demand.click("#grid-save")
    demand.wait_for_url("**saved=4")
    demand.wait_for_selector("text=Saved as version 4.")
    edit(demand, 0, "units", "99.5")
    demand.wait_for_selector("#grid-said >> text=Widen the range to 99.5")
    demand.click("#grid-save")
    demand.wait_for_selector("text=Saved as version 5. It has 1 error")
    demand.goto(demand.url.partition("/tables")[0])
    demand.click("text=Widen the range to 99.5")
    demand.wait_for_url("**saved=6")
    demand.wait_for_selector("text=Saved as version 6.")
    demand.goto(f"{demand.url.partition('?')[0]}/tables/estimates")
    shows(demand, "high", ["35", "140"])
    shows(demand, "low", ["20", "99.5"])


@pytest.mark.parametrize(("language", "label"), [("en", "Investment years"), ("zh", "投资年份")])
def test_years_are_typed_as_years(language: str, label: str, demand) -> None:  # type: ignore[no-untyped-def]
    overview = demand.url.partition("/tables")[0]
    demand.goto(f"{demand.url.partition('/scenarios')[0]}/choose?lang={language}&to=/")
    demand.goto(overview)
    assert demand.get_by_label(label).input_value() == "2026, 2028"
    demand.get_by_label(label).fill("2026")
    others = {"days": ("Other days to test", "另行检验的天数"), "gap": ("Optimality gap", "最优性间隙")}
    days, gap = (demand.get_by_label(re.compile(names[language == "zh"])) for names in others.values())
    days.fill("7")
    gap.press_sequentially("1e-6")  # key by key: a field for numbers would drop the e
    demand.click("#options-save")
    demand.wait_for_url("**saved=3")
    assert demand.get_by_label(label).input_value() == "2026"
    assert days.input_value() == "7"  # its label says that these are days
    assert float(gap.input_value()) == 1e-6
    demand.goto(f"{demand.url.partition('/scenarios')[0]}/choose?lang=en&to=/")
