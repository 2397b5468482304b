"""Chinese names that stand for what is measured of them: 风电2400万千瓦 is its capacity, 天然气300亿立方米 what was made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from xisuan.indicators.language.tokens import Mention, Topic, beside
from xisuan.indicators.language.vocabulary import Vocabulary

_SOURCES = {
    "风电": "wind",
    "风力": "wind",
    "太阳能": "solar",
    "光伏": "solar",
    "水电": "hydro",
    "火电": "thermal",
    "核电": "nuclear",
    "新型储能": "energy_storage",
    "新能源": "renewable",
    "清洁能源": "clean",
    "可再生能源": "renewable",
}
_RESIDENTS = re.compile(
    r"(?P<where>城镇|农村)(?:(?:常住)?居民)?(?=(?:人均|达到?|为|则为|则是|是|约|增长|的)*\s?[\d.]+(?:万?元|%))"
)
"""Residents right before a figure, where incomes are told."""


def residents(text: str, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Residents of town and country as their incomes, behind those of all: 其中城镇居民3.7万元,农村居民1.2万元."""
    before = topic.term.endswith("disposable_income")
    out: list[Mention] = []
    for match in _RESIDENTS.finditer(text):
        told = before or any(one.indicator.endswith("disposable_income") and one.end <= match.start() for one in known)
        if told and beside(known, *match.span()):
            out.append(Mention(*match.span(), f"{'urban' if match['where'] == '城镇' else 'rural'}_disposable_income"))
    return out


_PRICES = re.compile(
    r"(?P<where>城市|农村)(?:居民消费价格|价格)?(?=(?:同比|环比|则|也)?(?:上涨|下降|下跌|上升|涨|降)[^，。,;；\d]{0,3}[\d.]+%)"
)
"""Town or country right before a change, where consumer prices are told."""


def prices(text: str, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Town and country as the consumer prices there, behind those of all: 其中,城市上涨0.2%,农村下降0.1%."""
    out: list[Mention] = []
    for match in _PRICES.finditer(text):
        told = topic.term.endswith("cpi") or any(one.indicator == "cpi" and one.end <= match.start() for one in known)
        if told and beside(known, *match.span()):
            out.append(Mention(*match.span(), "urban_cpi" if match["where"] == "城市" else "rural_cpi"))
    return out


_SOURCE = re.compile(
    rf"(?P<what>{'|'.join(_SOURCES)})(?:发电)?(?=[^，,。；;、\d]{{0,14}}?[\d.]+\s?(?:[万亿]*(?P<unit>千瓦时|度|千瓦)|%))"
    r"(?!(?:发电)?(?:装机|量|站|场|项目|产业|设备|基地|企业|投资|消纳|利用|组件))"
)
"""A source of power right before a figure of it."""
_MEASURE = {"power_capacity": "capacity", "power_generation": "generation"}


def powers(text: str, words: Vocabulary, known: Sequence[Mention], topic: Topic) -> list[Mention]:
    """Sources of power as their capacity or generation, by the unit of the figure, else by what they are a part of."""
    out: list[Mention] = []
    for match in _SOURCE.finditer(text):
        told = [_MEASURE[one.indicator] for one in known if one.end <= match.start() and one.indicator in _MEASURE]
        measure = {"千瓦": "capacity", "千瓦时": "generation", "度": "generation"}.get(match["unit"] or "", "")
        measure = measure or (told[-1] if told else _MEASURE.get(topic.term, ""))
        name = f"{_SOURCES[match['what']]}_{measure}".replace("clean_capacity", "renewable_capacity")
        if name in words.terms and beside(known, *match.span()):
            out.append(Mention(*match.span(), name))
    return out


_AMOUNT = re.compile(r"\d[万亿千]*(?:余|多)?(?:台|辆|套|块|部|吨|立方米|公斤|斤|颗|只|条|架|片)")
"""An amount of what is made."""


def renewable(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions of an English sentence with the green share of the power that data centers use: 80 percent of the
    electricity that data centers used came from renewable sources.
    """
    out = list(known)
    for found in _FROM_RENEWABLES.finditer(text) if "green_power_share" in words.terms else ():
        start, end = found.span("share")
        low = found.start()
        out = [one for one in out if one.start >= end or one.end <= low or (not one.deed and one.end <= start)]
        out.append(Mention(start, end, "green_power_share"))
    return out


_GREEN = (
    r"(?:renewables?|clean|green|wind|solar|hydro\w*)\b(?:\s+and\s+(?:solar|wind|hydro\w*))?"
    r"(?:\s+(?:sources|energy|power|electricity))*"
)
_FROM_RENEWABLES = re.compile(
    r"\b(?:electricity|power|energy)\s+(?:that\s+)?[^.;,\d]{0,40}\bdata\s+cent(?:er|re)s\b[^.;,]{0,40}?"
    rf"\b(?:used?|consumed?|need(?:ed)?|drew|draw)\b[^.;,]{{0,20}}?\s(?P<share>(?:came|comes|was|is)\s+from\s+{_GREEN})"
)
"""Power that data centers use, and that it comes from renewable sources."""


@lru_cache(maxsize=8)
def _products(names: tuple[str, ...]) -> re.Pattern[str]:
    """What makes a product, right before a figure: 生产…6000万台, …下线105万辆, and …, right before a figure with a unit."""
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    amount = r"[\d.]+[万亿千]*(?:余|多)?(?:台|辆|套|块|部|吨|立方米|公斤|斤|颗|只|条|架|片)"
    small = r"(?:达到?|约|近|超过?|突破|为|共|了)*\s?"
    return re.compile(
        rf"(?:生产|产出|制造|出产)了?(?P<a>{either})(?={small}{amount})"
        rf"|(?P<b>{either})(?=(?:一年|全年|去年|今年|累计|共|年)*(?:下线|产出|生产|出产|制造|产){small}{amount})"
        rf"|(?:(?<=[，,、；;与和及])|(?<=其中))(?P<d>{either})(?=(?:[、与和及](?:{either}))*[^，,。；;\d]{{0,8}}[，,]?分别)"
        rf"|(?:(?<=[，,、；;])|(?<=其中))(?P<c>{either})(?={small}{amount}|(?:则|也|却)?(?:同比)?(?:分别)?(?:增长|下降|增|降){small}[\d.]+(?:%|倍))"
    )


def products(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Products as their output, where they are said to be made, or go on in a list of what is: 原煤产量…,天然气….."""
    names = words.products
    out: list[Mention] = []
    for match in _products(tuple(names)).finditer(text) if _AMOUNT.search(text) or "产量" in text else ():
        group = match.lastgroup or "a"
        made = any(words.terms[one.indicator].measure == "output" for one in known if one.indicator in words.terms)
        made = made or "产量" in text[: match.start()]
        if (group in "cd" and not made) or not beside(known, *match.span(group)):
            continue
        out.append(Mention(*match.span(group), names[match[group]]))
    return out
