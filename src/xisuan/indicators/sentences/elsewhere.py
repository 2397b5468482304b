"""Places that the vocabulary does not have: a county, district or county-level city by its kind, a town by where it lies.

Their figures are left over. Read as those of the city or province that they lie in, they would be silently wrong: 昆山市
is not Jiangsu, *Yiwu in east China's Zhejiang Province* is not Zhejiang.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xisuan.indicators.language.tokens import Where
from xisuan.indicators.language.vocabulary import Vocabulary, fold

Stretched = tuple[int, int]
"""Where something begins and ends."""
KIND = "elsewhere"
"""What `Where.local` says of such a place."""
_ZH = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,3}?(?:[\u4e00-\u9fff]{1,3}族)*)(?:自治县|自治旗|市|县|区|旗)"
    r"(?![场值民政级属内域委州县直区块间里长外舰下产办局]|领导|试点|示范)"
)
_NO_NAME = re.compile(
    r"[全我本该各等这其此的个座占家两省几某]|[年月日末]|[大中小型]城|[\u4e00-\u9fff]{2}城$|^[底初从按为在由对向与和及或至到]"
    r"|高于|低于|根据|拉动|支撑|目前|自治|产业|高新|经开|工业|中心|百强|贫困|数字|农村|沿海|内陆|生活|办公|服务|创新|发展"
    r"|改革|经济|科技|文化|商务|核心|示范|试验|先行|先导|功能|集聚|聚集|开发|保税|合作|市辖|[地园社设上超股楼活城都市县片校厂]$|[东西南北中]部$"
)
"""What stands before 市, 县 or 区 and is no name of a place: 全市, 千兆城市, 核心区."""
_WITHIN = re.compile(
    r"(?<![省市区])新区|(?<![省市区州])县(?![域级区城市属乡])"
    r"|市?(?:(?![建推支在等有是的全各和与及以将为拥])[\u4e00-\u9fff]){0,4}?"
    r"(?:高新(?:技术产业开发)?区|(?:经(?:济技术)?)?开(?:发)?区|综(?:合)?保(?:税)?区|保税(?:港)?区|自(?:由)?贸(?:易)?(?:试验)?区"
    r"|航空港(?:经济综合实验)?区|新片区|科学城|科创城|软件园|工业园区?|产业园区?)(?!域|别|的?(?:企业|内))"
)
"""Right behind a known place, a zone or county of its own: 西安高新区, 苏州工业园区, 长沙县."""
_EDGE = re.compile(
    r"(?<![\u4e00-\u9fff])(?=[\u4e00-\u9fff])|(?:(?<=[年月日在仅])|(?<=其中)|(?<=包括)|(?<=位于)|(?<=来自))(?=[\u4e00-\u9fff])"
)
"""Where a Chinese name may begin, beside the end of the larger place that it lies in."""

_SYLLABLE = (
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:i?[ao]ng|ua?ng|[ei]ng|[iu]?an|i?ao|u?ai|[ei]n|[iu]n|uen|[ei]i|i[aeu]|ou|u[aeio]|[aeiou]))"
)
_SPELT = re.compile(rf"{_SYLLABLE}(?:['’]?{_SYLLABLE}){{1,3}}", re.IGNORECASE)
"""A name of two to four Chinese syllables in Latin letters."""
_TOWN = re.compile(r"(?<![\w'’-])(?!(?:June|China)\b)(?P<name>[A-Z][a-z]+(?:['’][a-z]+)?)(?=,?\s)")
_LIES = re.compile(
    r"(?:\s+(?:[Cc]ity|[Aa]rea|[Tt]own|[Cc]ounty|[Dd]istrict))?"
    r"(?:,?\s+(?:located\s+)?(?:in|of)|,(?:\s+(?:an?|the)\s+(?:[\w-]+\s+){1,3}(?:in|of))?)\s+(?:[a-z-]+\s+)?(?:China['’]s\s+)?"
)
"""Between a town and the province or city that it lies in."""
_BEFORE = re.compile(r"(?<!\w)(?!(?:The|In|At|And|But|By|For|From)\s)[A-Z][a-z]+\s$")
"""The family name before the given name of a person."""
_A_FIRM = re.compile(
    r"\b(?:[Gg]iants?|[Ff]irms?|[Cc]ompan(?:y|ies)|[Mm]akers?|[Oo]perators?|[Gg]roups?|[Dd]evelopers?|[Cc]armakers?|[Ss]tart-?ups?|[Pp]roviders?|[Rr]etailers?|(?:[Hh]ome|[Hh]ost)\s+to(?:\s+[\w'-]+){0,3})\s$"
)
"""Before a firm, or whom a place is home to, so that what stands behind a comma is no place that it lies in."""
_KIND = re.compile(
    r"\b(?P<name>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)\s(?:County|District|Township|New\s+Area|New\s+District)\b"
)
_ZONE = re.compile(
    r"(?<!\w)(?:(?!(?:The|In|At|By|As|And|For|Pilot|Demonstration|Experimental|Test)\s)[A-Z][\w'’-]+\s){1,6}Zone\b"
)
"""A zone of a city by its name, which is no region: Hangzhou High-tech Zone."""


def elsewhere(raw: str, words: Vocabulary) -> list[Where]:
    """The places of a sentence as written that the vocabulary does not have, with the one that each is said to lie in."""
    if words.nation not in ("", "china"):
        return []
    text = fold(raw)
    known = [found.span() for found in words.places_pattern.finditer(text) if words.place(found[0]) != words.nation]
    spans = (*_chinese(text, known), *_english(raw, known))
    return [Where(low, high, "", KIND) for low, high in sorted(spans)]


def _chinese(text: str, known: Sequence[Stretched]) -> Iterator[Stretched]:
    """Names that end in 市, 县, 区 or 旗, and zones, counties and new areas that a known place is said with: 兰州新区."""
    for start, end in known:
        if (within := _WITHIN.match(text, end)) is not None:
            yield start, within.end()
    edges = {found.end() for found in _EDGE.finditer(text)}
    for at in sorted(edges.union(end for _, end in known)):
        found = _ZH.match(text, at)
        if found is None or _NO_NAME.search(found["name"]) is not None:
            continue
        if all(found.end() <= start or found.start() >= end for start, end in known):
            yield found.span()


def _english(raw: str, known: Sequence[Stretched]) -> Iterator[Stretched]:
    """Counties and districts, and towns spelt in Latin letters right before the place that they lie in."""
    yield from (found.span() for found in _ZONE.finditer(raw))
    named = [found.span() for found in _KIND.finditer(raw) if _SPELT.fullmatch(found["name"].replace(" ", ""))]
    for start, end in named:
        if all(end <= low or start >= high for low, high in known):
            yield start, _larger(raw, end, known) or end
    for found in _TOWN.finditer(raw):
        end = _larger(raw, found.end("name"), known)
        before = raw[: found.start()]
        person = _BEFORE.search(before) is not None or _A_FIRM.search(before) is not None
        listed = any(low <= found.start() < high for low, high in (*named, *known))
        if end and not person and not listed and _SPELT.fullmatch(found["name"]):
            yield found.start(), end


def _larger(raw: str, at: int, known: Sequence[Stretched]) -> int:
    """Where the known place ends that one ending at `at` is said to lie in; 0 where none is."""
    lies = _LIES.match(raw, at)
    return next((end for start, end in known if lies is not None and start == lies.end()), 0)


def beyond(raw: str, at: int, words: Vocabulary) -> int:
    """Where the known place ends that something ending at `at` is said to lie in; `at` where none is."""
    return _larger(raw, at, [found.span() for found in words.places_pattern.finditer(fold(raw))]) or at


def away(text: str, words: Vocabulary) -> bool:
    """Whether the first place of a text is one that the vocabulary does not have, maybe behind those it lies in."""
    first = next(iter(elsewhere(text, words)), None)
    known = [found.span() for found in words.places_pattern.finditer(fold(text))]
    if first is None or not known or first.start <= known[0][0]:
        return first is not None
    end = known[0][1]
    for start, behind in known:
        end = behind if start == end else end  # 江西省赣州市章贡区
    return first.start == end
