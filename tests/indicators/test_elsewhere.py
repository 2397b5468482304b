"""Places that the vocabulary does not have, single sites and zones: their figures are nobody else's."""

from __future__ import annotations

import pytest

from xisuan.indicators.language.vocabulary import vocabulary
from xisuan.indicators.reading.bulletins import read_text
from xisuan.indicators.sentences.elsewhere import elsewhere

STRANGE = "of a place that the vocabulary does not have; add it to regions.csv"


def regions(text: str, region: str = "") -> list[tuple[str, str]]:
    """Indicator and region of every figure that was read."""
    seen = read_text(f"Published: 2024-03-01\n{text}", region=region).observations
    return [(one.indicator, one.region) for one in seen]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("2023年,昆山市建成基站", "昆山市"),
        ("江西省赣州市章贡区的企业", "章贡区"),
        ("滨海新区成为重点", "滨海新区"),
        ("玉屏侗族自治县已有基站", "玉屏侗族自治县"),
        ("Yiwu in east China's Zhejiang Province built stations", "Yiwu in east China's Zhejiang"),
        ("Stations of Pudong New Area, Shanghai, are new", "Pudong New Area, Shanghai"),
        ("The Lingang area of Shanghai grew", "Lingang area of Shanghai"),
        ("Suzhou Industrial Zone grew", "Suzhou Industrial Zone"),
    ],
)
def test_a_place_is_known_by_its_kind_or_by_where_it_lies(said: str, place: str) -> None:
    assert [said[one.start : one.end] for one in elsewhere(said, vocabulary())] == [place]


@pytest.mark.parametrize(
    "said",
    [
        "全市软件业务收入增长",
        "千兆城市建设加快",
        "建设数字经济核心区",
        "贵州上市公司增加",
        "占全市地区生产总值的比重",
        "花溪区和云岩区",
        "贵州省市场监管部门",
        "Investment in Zhejiang rose",
        "Women in China work",
        "Guiyang in Guizhou grew",
        "Li Bingjun in Guiyang said",
        "The National Big Data Comprehensive Pilot Zone grew",
    ],
)
def test_words_like_names_of_places_are_none(said: str) -> None:
    assert not elsewhere(said, vocabulary())


@pytest.mark.parametrize(
    "said",
    [
        "江苏省昆山市2023年软件业务收入110亿元。",
        "2023年,北京市海淀区软件业务收入900亿元,同比增长12%。",
        "Yiwu in east China's Zhejiang Province had 5,000 5G base stations at the end of 2023.",
        "At the end of 2023, Pudong New Area in Shanghai had 5,000 5G base stations.",
    ],
)
def test_its_figures_are_left_over_with_the_reason(said: str) -> None:
    read = read_text(f"Published: 2024-03-01\n{said}")
    assert not read.observations
    assert STRANGE in {left.why for left in read.unplaced}


def test_a_text_about_one_is_not_about_the_province_it_names_later() -> None:
    text = "昆山市数字经济发展情况\n江苏省给予支持。2023年,全市软件业务收入110亿元。江苏省软件业务收入1.4万亿元。"
    assert regions(text) == [("software_revenue", "jiangsu")]
    assert regions(text, region="suzhou")[0] == ("software_revenue", "suzhou")


def test_a_place_in_passing_does_not_take_what_follows() -> None:
    text = "贵阳市数字经济\n花果园区引进一批企业。仁怀市企业前来考察。2023年,全市软件业务收入600亿元。"
    assert regions(text) == [("software_revenue", "guiyang")]


@pytest.mark.parametrize(
    "said",
    [
        "华为云贵安数据中心已投用服务器20万台,算力规模达5EFLOPS。",
        "贵州数字经济加快。中国电信云计算贵州信息园已建成机架1.5万架。",
        "贵安新区发展算力。该智算中心算力规模达80PFLOPS。",
        "西安未来人工智能计算中心提供300P算力。",
        "Guizhou grows. The Gui'an Huawei Cloud Data Centre has 1 million servers.",
        "Guizhou grows. China Mobile's data center in Qingyang boasts a computing capacity of 9 EFLOPS.",
        "Guizhou grows. The Gui'an Supercomputing Center has a computing capacity of 10 PFLOPS.",
    ],
)
def test_figures_of_one_site_are_of_no_region(said: str) -> None:
    assert regions(said) == []


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("贵州智算中心算力规模达5EFLOPS。", "guizhou"),
        ("华为、腾讯等数据中心落户,贵州已建成数据中心20个。", "guizhou"),
        ("By the end of 2023, Guizhou had 39 data centers.", "guizhou"),
    ],
)
def test_centres_of_a_region_are_its_own(said: str, region: str) -> None:
    assert {one for _, one in regions(said)} == {region}
