"""Text for a terminal of 100 columns, Chinese counted as it is drawn."""

from __future__ import annotations

import itertools

from xisuan.cli.terminal import text_layout


def test_chinese_signs_take_two_columns() -> None:
    """And combining marks none."""
    assert text_layout.drawn("贵安 hall") == 9
    assert text_layout.drawn("é") == 1


def test_columns_stand_below_one_another() -> None:
    """Text to the left, numbers to the right, whatever the script."""
    lines = text_layout.table(["where", "MW"], [["贵安", "1,200"], ["shaoguan", "3"]], text=1)
    assert lines == ["  where        MW", "  贵安      1,200", "  shaoguan      3"]


def test_a_table_never_leaves_the_screen() -> None:
    """The widest text is cut with an ellipsis, numbers never."""
    rows = [["x" * 300, "集群" * 80, "1,234,567"]]
    lines = text_layout.table(["a", "b", "c"], rows, text=2)
    assert all(text_layout.drawn(line) <= text_layout.WIDTH for line in lines)
    assert "…" in lines[1]
    assert lines[1].endswith("1,234,567")


def test_long_values_are_wrapped_below_themselves() -> None:
    """In words, and Chinese between any two signs."""
    for value in ("many words " * 30, "没有空格的长句" * 30):
        lines = text_layout.pairs([("label", value.strip()), ("x", "y")])
        assert len(lines) > 3
        assert all(text_layout.drawn(line) <= text_layout.WIDTH for line in lines)
        assert all(line.startswith(" " * 9) for line in lines[1:-1])


def test_a_chinese_name_in_a_long_sentence_does_not_make_its_lines_shorter() -> None:
    """Each word stands on the first line that has room for it, counted as drawn."""
    text = "report.region: 甘肃 · neither a site nor a hub of this scenario; " + "known names, " * 20
    lines = text_layout.paragraph(text.strip())
    assert " ".join(line.strip() for line in lines) == text.strip()
    for line, following in itertools.pairwise(lines):
        assert text_layout.drawn(line) <= text_layout.WIDTH
        assert text_layout.drawn(f"{line} {following.split()[0]}") >= text_layout.WIDTH


def test_no_rows_no_lines() -> None:
    """Nothing is drawn of nothing."""
    assert text_layout.pairs([]) == []
