"""What is one name mistyped, and what is another name. Cases by hand: real places that are alike among them."""

from __future__ import annotations

import pytest

from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.reading.spelling import slip


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("wset", "west"),
        ("West", "west"),
        ("gui an", "Gui-an"),
        ("Guiyng", "Guiyang"),
        ("Guiyyang", "Guiyang"),
        ("Guizjou", "Guizhou"),
        ("CN-ZG", "CN-GZ"),
        ("贵州", "贵州省"),
    ],
)
def test_a_slip(word: str, name: str) -> None:
    assert slip(word, name)
    assert slip(name, word)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("West", "East"),
        ("north", "south"),
        ("Northwest", "Northeast"),
        ("Hunan", "Henan"),
        ("Hubei", "Hebei"),
        ("Hainan", "Henan"),
        ("Jiangxi", "Guangxi"),
        ("CN-GS", "CN-GX"),
        ("site-1", "site-2"),
        ("site-1", "site-11"),
        ("zone-a", "zone-b"),
        ("eastern", "western"),
        ("黔东南州", "黔西南州"),
        ("黔南", "黔东南"),
        ("浙江省", "江西省"),
        ("河南", "湖南"),
        ("", "a"),
    ],
)
def test_another_name(word: str, name: str) -> None:
    assert not slip(word, name)
    assert not slip(name, word)


def test_two_that_are_as_near_are_not_chosen_between() -> None:
    said = Findings().suggest_row("Guiyng", ["Guiyang", "Guiyung"], "regions.csv")
    assert said == "add it to regions.csv; known: Guiyang, Guiyung"


def test_many_known_names_are_not_listed() -> None:
    said = Findings().suggest_row("West", [f"East{letter}" for letter in "abcdefghijklm"], "regions.csv")
    assert said == "add it to regions.csv"
