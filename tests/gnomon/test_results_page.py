"""The page of results shows the tables that the benchmarks wrote."""

from __future__ import annotations

from benchmarks import results_page


def test_the_page_is_what_the_result_files_give() -> None:
    assert results_page.PAGE.read_text(encoding="utf-8") == results_page.page()
    assert results_page.page().count("\n## ") >= 4
