"""Files that are broken, huge or not what they say: a reading or an error that says why, never a traceback, and no
figure lost in silence.
"""

from __future__ import annotations

import cProfile
import io
import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.bulletins import corpus
from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.errors import ScenarioError
from xisuan.results.bulletin_reading import Reading

SENTENCE = "2023年，贵州软件业务收入863亿元，同比增长20.6%。"


def found(path: Path) -> list[tuple[str, float | None, float | None]]:
    return [(one.indicator, one.value, one.growth_pct) for one in read_bulletin(path).observations]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><nav>首页 | 新闻<p>{SENTENCE}",
        f"<html><table><tr><td>导航</td><td><p>贵州省大数据发展管理局发布全省软件和信息技术服务业年度运行情况如下，请各有关单位结合实际认真研究。{SENTENCE}</td>",
        f"<!doctype html><div><p>{SENTENCE}</b></i></td></table></div></span>",
        f"<html><meta charset=gb2312><body><p>{SENTENCE}</p><script>var a = '<p>",
        f"<html><p>{SENTENCE}<table><tr><td rowspan=9999999999 colspan=-3>x</td></tr><tr><td>",
    ],
)
def test_broken_pages_are_read_all_the_same(page: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    assert found(path) == [("software_revenue", 86300.0, 20.6)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(SENTENCE.encode(encoding))
    assert found(path) == [("software_revenue", 86300.0, 20.6)]


def test_a_declared_encoding_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    words = "<html><meta charset='big5'><p>2023年，貴州的電信業務很好。"
    path.write_bytes(words.encode("big5"))
    found = read_bulletin(path)
    assert (found.observations, found.unplaced) == ((), ())
    assert found.passages[0].text == "2023年，貴州的電信業務很好。"


@pytest.mark.parametrize(("name", "text"), [
    ("a.txt", ""), ("a.txt", " \n\n"), ("a.html", ""), ("a.html", "<html><body></body></html>"), ("a.csv", ""),
    ("a.csv", ",,\n,,\n"),
])  # fmt: skip
def test_an_empty_file_is_no_bulletin(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ScenarioError, match=f"{name} · is empty; give a bulletin"):
        read_bulletin(tmp_path / name)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.html", "a.xlsx", "a.pdf"])
def test_binary_is_refused_in_words(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes(random.Random(1).randrange(256) for _ in range(5000)) + b"\x00")
    with pytest.raises(ScenarioError, match=r"give|not an Excel|install|not a PDF"):
        read_bulletin(tmp_path / name)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\x20" * 101_000_000)
    with pytest.raises(ScenarioError, match="unpacks to more than"):
        read_bulletin(path)


def test_a_sheet_with_one_far_cell_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(ScenarioError, match="give at most"):
        read_bulletin(tmp_path / "far.xlsx")


def test_merged_headings_hold_for_all_their_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["贵州省通信业主要指标", "", "", "", ""],
        ["指标", "2024年1-10月", "", "2023年1-10月", ""],
        ["", "绝对数(亿元)", "同比(%)", "绝对数(亿元)", "同比(%)"],
        ["电信业务收入", 325.8, 2.1, 319.1, 3.3],
        ["电信业务总量", "N/A", "nan", 337.2, 17.0],
    ):
        sheet.append(row)
    for cells in ("A1:E1", "B2:C2", "D2:E2", "A2:A3"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    seen = {
        (one.indicator, one.period_end): (one.value, one.growth_pct)
        for one in read_bulletin(tmp_path / "a.xlsx").observations
    }
    assert seen == {
        ("telecom_revenue", "2024-10-31"): (32580.0, 2.1),
        ("telecom_revenue", "2023-10-31"): (31910.0, 3.3),
        ("telecom_business_volume", "2023-10-31"): (33720.0, 17.0),
    }


def test_a_table_of_a_page_with_headings_over_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body><h1>贵州省2024年10月通信业主要指标</h1><table>"
        "<tr><th rowspan=2>指标名称</th><th rowspan=2>单位</th><th colspan=2>2024年1-10月</th></tr>"
        "<tr><th>累计</th><th>同比增长(%)</th></tr>"
        "<tr><td>电信业务收入</td><td>亿元</td><td>325.8</td><td>2.1</td></tr></table>",
        encoding="utf-8",
    )
    assert found(path) == [("telecom_revenue", 32580.0, 2.1)]


def test_separators_and_monstrous_cells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("指标;2023年(亿元)\n软件业务收入;863\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text('indicator,value\n"' + "x" * 200_000 + '",3\n', encoding="utf-8")
    seen = read_bulletin(tmp_path / "a.csv")
    assert seen.observations or seen.unplaced
    with pytest.raises(ScenarioError, match="is not CSV"):
        read_bulletin(tmp_path / "b.csv")


@pytest.mark.parametrize(("text", "row"), [
    ('指标,2023年（亿元）\n"软件业务收入,863\n电信业务收入,390\n', 2),  # up to the end
    ('指标,2023年（亿元）\n软件业务收入,"863', 2),  # in the last line
    ('指标,2023年（亿元）\n电信业务收入,390\n"软件业务收入,863\n"电子信息,制造业",70\n增加值,3\n', 3),  # up to another
])  # fmt: skip
def test_an_open_quote_is_named_with_its_row(text: str, row: int, tmp_path: Path) -> None:
    """What it swallows is neither read nor left over, so nothing may be read of it in silence."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=rf"a\.csv, row {row} · a quotation mark .* is not closed .*; close it"):
        read_bulletin(tmp_path / "a.csv")


def test_quotes_that_close_are_read(tmp_path: Path) -> None:
    """Around line breaks, doubled, as inches in the midst of a cell, or before words that go on behind them."""
    rows = '"指标\n名称",2023年（亿元）\n软件业务收入,"863"\n5" 屏,1\n"5"" 屏",1\n"电信"业务收入,390\n'
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    seen = read_bulletin(tmp_path / "a.csv", region="guizhou")
    assert [one.indicator for one in seen.observations] == ["software_revenue", "telecom_revenue"]


def test_numbers_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "indicator,region,period_start,period_end,value,unit\n"
        "gdp,guizhou,2023-01-01,2023-12-31,nan,亿元\ngdp,guizhou,2023-01-01,2023-12-31,inf,亿元\n"
        "gdp,guizhou,2023-13-01,2023-12-99,1,亿元\ngdp,guizhou,2023-01-01,2023-12-31," + "9" * 400 + ",亿元\n"
    )
    seen = read_bulletin(tmp_path / "a.csv")
    assert not seen.observations
    assert len(seen.unplaced) == 4


def test_every_figure_of_a_text_is_read_or_left_over() -> None:
    """Amounts with a unit of money never vanish."""
    text = "2023年，某地水利投资35亿元，铁路投资28亿元，贵州软件业务收入863亿元，旅游综合花费亏损12亿元。"
    seen = read_text(text)
    assert len(seen.observations) + len(seen.unplaced) == 4


@pytest.mark.parametrize("count", [120, pytest.param(2_000, marks=pytest.mark.long)])
def test_texts_cut_and_shuffled_at_random_never_fail(count: int) -> None:
    """Mutilated bulletins; whatever comes out is a reading."""
    source = random.Random(20251231)
    texts = [case.text for file in ("zh", "en", "sixth") for case in corpus.bulletins(file)]
    signs = "0123456789.,%亿元年月、，。()（）\n\t \u3000\u200b\ufeff-—至比占从由其中millionbillion"
    for _ in range(count):
        text = list(source.choice(texts)[: source.randrange(20, 400)])
        for _ in range(source.randrange(1, 30)):
            at = source.randrange(len(text))
            text[at : at + source.randrange(3)] = source.choice(signs)
        assert isinstance(read_text("".join(text)), Reading)


@pytest.mark.parametrize("count", [40, pytest.param(400, marks=pytest.mark.long)])
def test_clauses_of_two_bulletins_mixed_never_fail(count: int) -> None:
    """Lists that lose their figures, figures that lose their lists: whatever comes out is a reading."""
    source = random.Random(20261126)
    texts = [case.text for file in corpus.FILES for case in corpus.bulletins(file)]
    for _ in range(count):
        clauses = [one for text in source.sample(texts, 2) for one in re.split(r"(?<=[,，。、 ])", text)]
        source.shuffle(clauses)
        assert isinstance(read_text("".join(clauses[: source.randrange(5, 60)])), Reading)


def test_work_grows_as_the_text_does() -> None:
    """Four times the text takes four times the calls, and no sentence looks at all of it again."""
    text = "\n".join(case.text for file in corpus_files() for case in corpus.bulletins(file))
    assert len(text) >= 20_000
    for at in range(20_000, min(len(text), 50_000), 400):
        read_text(text[at : at + 400])  # what is looked up once, in either language
    once, four = _calls(text[:5_000]), _calls(text[:20_000])
    assert once < 500 * 5_000
    assert four < 5.5 * once


def _calls(text: str) -> int:
    """Calls of functions that it takes to read a text."""
    profile = cProfile.Profile()
    profile.runcall(read_text, text)
    return sum(entry.callcount for entry in profile.getstats())


def corpus_files() -> tuple[str, ...]:
    return ("zh", "en", "later", "third", "sixth", "seventh")


def test_unfinished_archives(tmp_path: Path) -> None:
    whole = io.BytesIO()
    openpyxl.Workbook().save(whole)
    for size in (10, 500, len(whole.getvalue()) // 2):
        (tmp_path / "a.xlsx").write_bytes(whole.getvalue()[:size])
        with pytest.raises(ScenarioError):
            read_bulletin(tmp_path / "a.xlsx")
