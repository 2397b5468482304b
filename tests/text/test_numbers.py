"""Figures carry the unit that fits, thousands separators, and never round whole digits away."""

from __future__ import annotations

import math

import pytest

from xisuan.text.numbers import (
    Figures,
    Scale,
    apart,
    column_decimals,
    decimals,
    exact,
    money_scale,
    places,
    plain,
    rate_scale,
)

EN, ZH = Figures("en"), Figures("zh")
GAP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12345.6, "12,346"), (1.5, "1.5"), (0.012345, "0.0123"), (-3.2, "−3.2"), (math.nan, "—"), (2.0, "2"),
     (999.6, "1,000"), (1e-7, "1.0e-7"), (100.0, "100")],
)  # fmt: skip
def test_plain_numbers(value: float, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [(124.02, 124.3, ("124", "124.3")), (124.3, 124.4, ("124.3", "124.4")), (1.0, 2.0, ("1", "2")),
     (5.0, 5.0 + 1e-12, ("5", "5")), (0.0, 1e-7, ("0", "1.0e-7"))],
)  # fmt: skip
def test_two_numbers_with_the_digits_that_tell_them_apart(a: float, b: float, said: tuple[str, str]) -> None:
    assert apart(a, b) == said


def test_exact_decimals() -> None:
    assert exact(1234.5, 1) == "1,234.5"
    assert exact(-0.0004, 0) == "0"
    assert exact(math.inf, 2) == "—"


def test_money_in_both_languages() -> None:
    """1,000 mCNY are a billion CNY; 100 mCNY are an 亿元; 0.01 mCNY are a 万元."""
    assert (EN.money(31_234), ZH.money(31_234)) == (f"31.2{GAP}bn CNY", f"312{GAP}亿元")
    assert (EN.money(230), ZH.money(230)) == (f"230{GAP}million CNY", f"2.3{GAP}亿元")
    assert (EN.money(0.5), ZH.money(0.5)) == (f"0.5{GAP}million CNY", f"50{GAP}万元")
    assert (EN.money(-7.7e-5), ZH.money(0.0099)) == (f"−77{GAP}CNY", f"9,900{GAP}元")
    assert ZH.money(1_230_000) == f"1.23{GAP}万亿元"


def test_racks_are_of_2500_watts() -> None:
    assert EN.racks(300) == f"120,000{GAP}racks"
    assert ZH.racks(300) == f"12{GAP}万架"
    assert EN.racks(1) == f"400{GAP}racks"


def test_energy_and_carbon() -> None:
    assert (EN.energy(19.8e6), ZH.energy(19.8e6)) == (f"19.8{GAP}TWh", f"198{GAP}亿千瓦时")
    assert (EN.carbon(8.26e6), ZH.carbon(8.26e6)) == (f"8.26{GAP}Mt CO₂", f"826{GAP}万吨 CO₂")


def test_shares_that_round_to_nothing_or_all_say_so() -> None:
    assert EN.share(0.0) == f"0.0{GAP}%"
    assert EN.share(0.0001) == f"<0.1{GAP}%"
    assert EN.share(0.99999) == f">99.9{GAP}%"
    assert EN.share(1.0) == f"100{GAP}%"
    assert EN.share(0.684) == f"68.4{GAP}%"


def test_tiny_shares_keep_two_digits() -> None:
    assert EN.tiny(2e-6) == f"0.00020{GAP}%"
    assert EN.tiny(0.0) == f"<0.0000001{GAP}%"
    assert EN.most(0.0) == f"0.0000001{GAP}%", "behind *within*"
    assert EN.most(3.6e-7) == EN.tiny(3.6e-7)


def test_a_share_that_was_set_has_the_digits_that_it_was_set_with() -> None:
    """*90.0 % of the members or more* would be a threshold that somebody had measured."""
    assert [EN.given(share).replace(GAP, " ") for share in (0.9, 0.125, 0.01, 1.0)] == [
        "90 %",
        "12.5 %",
        "1 %",
        "100 %",
    ]
    assert ZH.given(0.95) == "95%"


def test_lists_of_both_languages() -> None:
    assert EN.listed(["a", "b", "c"]) == "a, b and c"
    assert ZH.listed(["甲", "乙", "丙"]) == "甲、乙和丙"
    assert EN.listed([]) == ""


@pytest.mark.parametrize(
    ("values", "least", "digits"),
    [
        ([49.0, 17.0], 0, 0),
        ([7.0, 49.0], 0, 1),
        ([0.066, 0.027], 1, 3),
        ([0.2, 0.7], 1, 2),
        ([12_000.0, 1.0], 0, 0),  # what is less than a hundredth of the largest is a crumb beside it
        ([300.0, 40.0], 1, 1),
        ([0.0, math.nan], 1, 1),
    ],
)
def test_a_column_shows_two_digits_of_all_but_its_crumbs(values: list[float], least: int, digits: int) -> None:
    assert decimals(values, least) == digits


@pytest.mark.parametrize(
    ("largest", "decimals"), [(1356.0, 0), (100.0, 0), (99.4, 1), (3.21, 2), (0.0321, 4), (0.0, 0), (float("nan"), 0)]
)
def test_a_column_has_three_digits_of_its_largest(largest: float, decimals: int) -> None:
    assert places(largest) == decimals


def test_transfer_is_in_the_unit_of_its_size() -> None:
    assert (rate_scale(999.0), rate_scale(1000.0)) == (Scale(1.0, "Gbps"), Scale(1000.0, "Tbps"))


def test_nothing_has_no_sign() -> None:
    """A slack of −1e-9 is none, whatever the decimals."""
    assert [exact(-1e-9, decimals) for decimals in (0, 1, 2)] == ["0", "0.0", "0.00"]
    assert exact(-0.06, 1) == "−0.1"


def test_chinese_money_is_in_whole_ten_thousands_and_from_a_thousand_million_on_in_hundred_millions() -> None:
    """11.57 亿元, not 115,734.49 万元; 41,700 万元, not 41,700.00."""
    assert [money_scale("zh", mcny).unit for mcny in (999.0, 1157.0)] == ["万元", "亿元"]
    assert [column_decimals(unit) for unit in ("万元", "亿元", "万千瓦时", "million CNY")] == [0, 2, 0, 2]
