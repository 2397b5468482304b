"""A text that names no region is placed by `--region` alone; traditional signs are read like simplified ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bulletins.corpus import bulletins, key
from xisuan.bulletins.language.word_forms import simplified
from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.errors import ScenarioError

NOWHERE = "2024年3月28日\n1至2月,全省软件业务收入162亿元,同比增长8.4%。我省5G基站13.9万个。"


def test_a_text_without_a_region_is_of_none() -> None:
    read = read_text(NOWHERE)
    assert not read.observations
    reasons = {left.words: left.why for left in read.unplaced}
    assert reasons["162亿元"] == reasons["13.9万个"]
    assert reasons["162亿元"] == "its region is not said; where the text names none, give it with --region"
    english = read_text("Published: 2024-03-28\nIn 2023, the province had 139,000 5G base stations.")
    assert not english.observations


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("The country's mobile voice revenue fell 4 percent in 2023.", None),
        ("Mobile voice revenue fell 4 percent in 2023, the National Bureau of Statistics said.", None),
        ("Nigeria's mobile voice revenue fell 4 percent in 2023, the National Bureau of Statistics said.", "nigeria"),
        ("The country's mobile voice revenue fell 4 percent in 2023, the MIIT said.", "china"),
        ("China's mobile voice revenue fell 4 percent in 2023.", "china"),
    ],
)
def test_an_english_text_that_names_no_nation_is_of_none(said: str, region: str | None) -> None:
    seen = read_text(f"Published: 2024-03-28\n{said}").observations
    assert [one.region for one in seen] == ([region] if region else [])


@pytest.mark.parametrize("region", ["guizhou", "hunan", "zunyi"])
def test_it_is_of_the_one_that_is_given(region: str) -> None:
    seen = read_text(NOWHERE, region=region).observations
    assert {one.region for one in seen} == {
        "guizhou" if region == "zunyi" else region
    }  # 全省 of a city is its province
    assert len(seen) == 2


def test_what_the_text_names_comes_before_what_is_given() -> None:
    seen = read_text(f"湖南省统计局\n{NOWHERE}", region="guizhou").observations
    assert {one.region for one in seen} == {"hunan"}


def test_a_region_that_is_given_keeps_a_text_with_other_nations_at_home() -> None:
    text = "2024年1月20日\n2023年,全省对美国出口12亿元,软件业务收入80亿元。"
    assert {one.region for one in read_text(text, region="guizhou").observations} == {"guizhou"}


def test_a_region_that_does_not_exist_is_refused_with_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text(NOWHERE, encoding="utf-8")
    with pytest.raises(ScenarioError, match='did you mean "guizhou"'):
        read_bulletin(path, region="guizou")
    assert {one.region for one in read_bulletin(path, region="guizhou").observations} == {"guizhou"}


def test_traditional_signs_are_read_and_quoted_as_they_are() -> None:
    case = next(case for case in bulletins("twentysixth") if case.name == "o6")
    read = read_text(case.text)
    assert {key(one) for one in read.observations} == {known for known, _ in case.expected}
    assert all(one.text in case.text for one in read.observations)
    plain = read_text(simplified(case.text))
    assert [key(one) for one in plain.observations] == [key(one) for one in read.observations]


def test_no_sign_that_simplified_texts_have_is_changed() -> None:
    """The signs of GB 2312 stay, but for three that stand in it beside their simplified forms."""
    signs = "".join(
        bytes((high, low)).decode("gb2312", errors="ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )
    changed = {old for old, new in zip(signs, simplified(signs), strict=True) if old != new}
    assert changed <= set("後於徵")
    told = "軟件業務收入54560億元,流動電話用戶4.75億戶,基站196.8萬個"
    assert simplified(told) == "软件业务收入54560亿元,移动电话用户4.75亿户,基站196.8万个"
