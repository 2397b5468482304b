"""Sentences and clauses of a text, and the mentions in them: indicators, regions, times, quantities and ranks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xisuan.bulletins.language.lexicon import Lexicon, fold
from xisuan.bulletins.language.name_matcher import Firm, Name, Stretch, Where
from xisuan.bulletins.language.quantities import Quantity, money, quantities
from xisuan.bulletins.language.time_phrases import When, phrases
from xisuan.text.translation import message as _

_WRAP = re.compile(
    r"(?<=[a-z,])\r?\n(?=[a-z])|(?<=[\u4e00-\u9fff，、\w]{25})\r?\n(?=[\u4e00-\u9fff])(?![一二三四五六七八九十]{1,3}、)"
)
"""A line break inside a sentence."""
_END = re.compile(
    r"[。！？!?；]|;(?=\s)|\n+|\.(?=[\s\"'”’)]+[A-Z0-9\"“(]|\s*$)|(?<=[\u4e00-\u9fff%])\.(?=[\u4e00-\u9fff])|(?<=%)\.(?=[A-Z])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|No|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Co|Ltd|Inc|Mr|Ms|Dr|vs|est|i\.e|e\.g|incl|excl|cf)"
    r"|(?<!\d\s)\b[A-Z]|(?:^|\n)\s*\d{1,2})\.$"
)
_CLAUSE = re.compile(
    r"[，；;。！？!?]|：(?!\s*\d)|:(?=[\u4e00-\u9fff])|(?<!\d),|,(?!\d{3}(?!\d))|:\s(?!\s*[\d¥$])(?!\s*(?:rmb|cny)\b)|\.(?=\s|$)|\s--?\s|\s(?:while|whereas|bringing|with|although)\s"
)


def sentences(text: str) -> list[tuple[int, str, str]]:
    """Return start, text and final punctuation of each sentence; a semicolon ends one."""
    out: list[tuple[int, str, str]] = []
    start = 0
    for match in _END.finditer(text):
        if match[0] == "." and _ABBREVIATION.search(text[max(0, match.start() - 12) : match.end()]):
            continue
        out.append((start, text[start : match.end()], match[0]))
        start = match.end()
    out.append((start, text[start:], ""))
    return [one for one in out if one[1].strip()]


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the span of each clause of a folded sentence."""
    out: list[tuple[int, int]] = []
    start = 0
    for match in _CLAUSE.finditer(text):
        if match.start() > start:
            out.append((start, match.start()))
        start = match.end()
    if start < len(text):
        out.append((start, len(text)))
    return out or [(0, len(text))]


def unwrapped(text: str) -> str:
    """Return the text with line breaks inside sentences replaced by blanks; character positions stay."""
    return _WRAP.sub(lambda found: re.sub(r"[\r\n]", " ", found[0]), text)


_CONVERTED = re.compile(r"\([^()]*?(?:\$|美元|dollars?|usd|欧元|euros?|€|£|人民币|rmb,)[^()]*\)")
_WHOLE_BEFORE = re.compile(
    r"(?:占(?:到|了)?(?:我国|全国|全省|全市|本地区|同期|全部|整个|地区)?的?|拉动|带动|推动|(?:高于|低于|快于|慢于|超过|已超|比)(?:同期)?(?:全国|全省)?|对)$"
    r"|(?:percent|%|account\w*\s+for|share|proportion|part|third|half|quarter)\s+of\s+(?:the\s+|all\s+|total\s+|its\s+|china's\s+|the\s+region's\s+|the\s+province's\s+|the\s+regional\s+|regional\s+)*$"
)
_WHOLE_AFTER = re.compile(
    r"(?:总量|总数|总额|用户总数|总收入|收入)?(?:中|里)(?:的)?(?:占比|占|比重)|的(?:比重|比例|占比|份额|[\d.]+%)|比重|增长的?贡献"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9'./+&-]*")
_ORDINALS = {word: at for at, word in enumerate(
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1)}  # fmt: skip
_HAN = {sign: at for at, sign in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True)
class Sentence:
    """Annotated sentence. `wholes` are names that only state the whole of a share, and so are no candidates."""

    raw: str
    text: str
    place: str
    end_sign: str
    lexicon: Lexicon
    names: tuple[Name, ...]
    wholes: tuple[Name, ...]
    regions: tuple[Where, ...]
    firms: tuple[Firm, ...]
    times: tuple[When, ...]
    numbers: tuple[Quantity, ...]
    ranks: tuple[tuple[int, int, int], ...]
    price_base: str = ""
    asides: tuple[tuple[int, int], ...] = field(default=())

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """Return the span of each clause."""
        return clauses(self.text)

    @cached_property
    def english(self) -> bool:
        """Return True for a sentence without Chinese characters."""
        return _CHINESE.search(self.text) is None

    @cached_property
    def without_names(self) -> str:
        """Return the text with each character of a name replaced by □."""
        signs = list(self.text)
        for one in (*self.names, *self.wholes):
            signs[one.start : one.end] = "□" * (one.end - one.start)
        return "".join(signs)

    def clause(self, at: int) -> int:
        """Return the index of the clause at a position."""
        return next((i for i, (_, end) in enumerate(self.clauses) if at < end), len(self.clauses) - 1)

    @cached_property
    def _plain(self) -> str:
        """Return the text with all mentions blanked."""
        marks: list[Stretch] = [*self.names, *self.wholes, *self.regions, *self.times, *self.numbers]
        return blanked(
            self.text,
            marks,
            [*self.asides, *((a, b) for a, b, _ in self.ranks)],
        )

    def unexplained(self, start: int, end: int) -> list[str]:
        """Return the unexplained tokens of a span: English words and runs of Chinese characters."""
        if end <= start:
            return []
        part, cues = self._plain[start:end], self.lexicon.cues
        words = [word for word in _TOKEN.findall(part) if word not in cues.explained_en and not word.isdigit()]
        if self.english:
            return words
        left = cues.explained_zh.sub(" ", part)
        return re.findall(r"[\u4e00-\u9fff]+", left) + words


def blanked(text: str, marks: Iterable[Stretch], spans: Iterable[tuple[int, int]] = ()) -> str:
    """Return the text with the spans of `marks` and `spans` blanked."""
    signs = list(text)
    for start, end in [*((mark.start, mark.end) for mark in marks), *spans]:
        signs[start:end] = " " * (end - start)
    return "".join(signs)


def annotate(
    raw: str,
    place: str,
    end_sign: str,
    words: Lexicon,
    families: Sequence[str] = (),
    told: Mapping[str, str] | None = None,
) -> Sentence:
    """Return the annotated sentence.

    `families` are the industries in scope, `told` maps the names of earlier sentences to their indicators.
    """
    text = _without_conversions(fold(raw))
    price = words.cues.price_base.search(text)
    text = words.cues.price_base.sub(lambda found: " " * len(found[0]), text)
    # Order of precedence: names, then times, then ranks, then quantities in the remaining text.
    found = [Name(one.start(), one.end(), one.name) for one in words.names.finditer(text)]
    found = _full_names(text, _with_shared_heads(text, found, words), told or {}, words)
    found = sorted([*found, *_of_the_industry(text, found, words, families)], key=lambda one: one.start)
    compared = [one.span() for one in words.times.compared.finditer(text) if one.end() > one.start()]
    compared = [span for span in compared if all(span[1] <= one.start or span[0] >= one.end for one in found)]
    times = phrases(text, [*((one.start, one.end) for one in found), *compared], words.times)
    reported = [one.span() for one in words.cues.status["reported"].finditer(text)]
    times = [one for one in times if all(one.end <= low or one.start >= high for low, high in reported)]
    ranks = tuple((one.start(), one.end(), _rank(one)) for one in words.cues.rank.finditer(text))
    known: list[Stretch] = [*found, *times]
    taken = [*((one.start, one.end) for one in known), *((a, b) for a, b, _ in ranks), *compared]
    taken += [one.span() for one in words.cues.bystanders.finditer(text)]
    numbers = quantities(text, taken, words.units)
    wholes = [
        one for one in found if _is_whole(text, one) or _is_example(text, one) or _is_complement(text, one, found)
    ]
    # A firm inside a name is a part of it (listed companies); but a name may hold a region and its branch.
    names = [one for one in found if not words.places_pattern.search(text, one.start, one.end)]
    firms = tuple(
        one for one in words.firms(text, raw) if all(one.start < name.start or one.end > name.end for name in names)
    )
    regions, asides = _regions(text, words, firms)
    return Sentence(
        raw=raw,
        text=text,
        place=place,
        end_sign=end_sign,
        lexicon=words,
        names=tuple(one for one in found if one not in wholes),
        wholes=tuple(wholes),
        regions=tuple(regions),
        firms=firms,
        times=tuple(times),
        numbers=tuple(numbers),
        ranks=ranks,
        price_base=_year_of(price),
        asides=(*asides, *compared),
    )


def _full_names(text: str, found: Sequence[Name], told: Mapping[str, str], words: Lexicon) -> list[Name]:
    """Return the names with elliptical ones resolved to a longer antecedent: base stations, after 5G base stations.

    `told` has the names of earlier sentences. A name keeps its own meaning if it was used in it before, or if the longer
    name is a part of it: computing capacity, after intelligent computing capacity.
    """
    known = dict(told)
    out: list[Name] = []
    for one in found:
        said = text[one.start : one.end]
        longer = [name for name in known if name.endswith(said) and name != said and len(said) > _SHORT]
        if longer and one.indicator in (known.get(said), words.terms[known[longer[-1]]].part_of):
            longer = []
        meant = known[longer[-1]] if longer else one.indicator
        known[said] = known.get(said, meant) if longer else one.indicator
        out.append(Name(one.start, one.end, meant))
    return out


_PRODUCTS = re.compile(r"(?P<list>(?:[^，。；,;、\d]{2,10}、)+[^，。；,;、\d]{2,10}?)(?:等)?(?:产品)?产量")


def _with_shared_heads(text: str, found: Sequence[Name], words: Lexicon) -> list[Name]:
    """Return the names with those of coordinations that share one head: primary, secondary and tertiary industries."""
    more: list[Name] = []
    spans: list[tuple[int, int]] = []
    for pattern in words.cues.shared:
        for one in pattern.finditer(text):
            spans.append(one.span())
            more += [Name(*one.span(group), group) for group in one.groupdict()]
    for one in _PRODUCTS.finditer(text):
        parts = [(part.start(), part.end(), part[0]) for part in re.finditer(r"[^、和与及]+", one["list"])]
        known = [(a + one.start(), b + one.start(), words.products.get(said, "")) for a, b, said in parts]
        if all(name for *_, name in known):
            spans.append(one.span())
            more += [Name(*part) for part in known]
    kept = [one for one in found if all(one.end <= low or one.start >= high for low, high in spans)]
    return sorted([*kept, *more], key=lambda one: one.start)


_SHORT = 8
"""Characters above which an English name may be elliptical; a Chinese name is not."""


def _of_the_industry(text: str, found: Sequence[Name], words: Lexicon, families: Sequence[str]) -> list[Name]:
    """Return the names whose industry is an ellipsis: the sector's revenue, 实现利润总额.

    Its antecedent is the nearest industry before them, named or of a name, else the first of `families`.
    """
    out: list[Name] = []
    named = [(name.end, words.terms[name.indicator].family) for name in found]
    named += [(one.end(), topic) for topic, pattern in words.topics.items() for one in pattern.finditer(text)]
    for one in words.cues.the_industry.finditer(text):
        measure, start = next(
            ((g.partition("_")[0], one.start(g)) for g, value in one.groupdict().items() if value), ("", 0)
        )
        before = [family for end, family in sorted(named) if end <= one.start()]
        told = [family for family in (*reversed(before), *families) if family]
        indicator = next(
            (
                words.catalogue.by_measure[family, measure]
                for family in told
                if (family, measure) in words.catalogue.by_measure
            ),
            "",
        )
        if indicator and all(one.end() <= name.start or start >= name.end for name in found):
            out.append(Name(start if not text.isascii() else one.start(), one.end(), indicator))
    return out


def _year_of(price: re.Match[str] | None) -> str:
    groups = price.groupdict() if price else {}
    return next((groups[name] for name in ("y", "y2", "y3") if groups.get(name)), "")


def _without_conversions(text: str) -> str:
    """Return the text with conversions to other currencies in brackets blanked."""
    return _CONVERTED.sub(lambda found: " " * len(found[0]), text)


def _is_whole(text: str, name: Name) -> bool:
    """Return True if a name is the whole of a share or part, or the base of a comparison."""
    before = text[max(0, name.start - 40) : name.start]
    if _WHOLE_BEFORE.search(before):
        return True
    at = re.search(r"在$", before)
    return at is not None and _WHOLE_AFTER.match(text, name.end) is not None


_OF = re.compile(
    r"\s+(?:in\s+use\s+)?(?:at|in|of|by|from|among|for)\s+(?:the\s+|its\s+|[a-z]+'s\s+)?(?:[a-z]+\s+){0,2}"
)


def _is_complement(text: str, name: Name, found: Sequence[Name]) -> bool:
    """Return True if a name is a complement of the name before it: racks in use at data centers."""
    return any(one.end < name.start and _OF.fullmatch(text, one.end, name.start) for one in found)


_LISTED = re.compile(r"(?:[^，。；;,]{0,16}、)*[^，。；;,、\d]{0,12}等(?![级于])")
_SUCH_AS = re.compile(
    r"\b(?:such\s+as|like|including)\s+(?:[a-z0-9' /-]+,\s*)*(?:[a-z0-9' /-]+\s+)?(?:and\s+)?(?:[a-z0-9' /-]+\s+)?$"
)


def _is_example(text: str, name: Name) -> bool:
    """Return True if a name is one of several examples: 云计算、大数据等新兴业务, services such as cloud computing."""
    if _LISTED.match(text, name.end) and (
        text[name.end] in "、等" or "、" in text[max(0, name.start - 1) : name.start]
    ):
        return True
    found = _SUCH_AS.search(text, max(0, name.start - 120), name.start)
    return found is not None and not re.search(r"\d", found[0])


def _rank(found: re.Match[str]) -> int:
    said = next((value for value in found.groupdict().values() if value), "1")
    digits = re.sub(r"\D", "", said)
    return (
        int(digits)
        if digits
        else _ORDINALS.get(said, 0) or _HAN.get(said[-1], 1) + (10 if said[0] == "十" and len(said) > 1 else 0)
    )


def _regions(text: str, words: Lexicon, firms: Sequence[Firm]) -> tuple[list[Where], list[tuple[int, int]]]:
    """Return the regions that figures may be of, and the spans of firms and of regions that are only compared with."""
    asides = [one.span() for one in words.cues.places["aside"].finditer(text)]
    asides += [(one.start, one.end) for one in firms if one.kind in ("firm", "operator")]
    hidden = blanked(text, (), asides)
    out: list[Where] = []
    for one in words.places_pattern.finditer(hidden):
        out.append(Where(one.start(), one.end(), _of_a_city(text, one, words)))
    for one in words.cues.places["local"].finditer(hidden):
        free = all(one.end() <= known.start or one.start() >= known.end for known in out)
        if free and not any(
            _NAMED.fullmatch(text, one.end(), known.start) for known in out if known.start >= one.end()
        ):
            out.append(Where(one.start(), one.end(), "", one[0]))
    out.sort(key=lambda one: one.start)
    return _without_outer(text, out, words), asides


UNNAMED = _("of a city that is not named")
_NAMED = re.compile(r"\s+of\s+")
"""Between a kind of region and its name: the southwestern province of Guizhou."""
_ITS_CAPITAL = re.compile(r"(?:'s)?\s+(?:provincial\s+)?capital\b")
_CAPITAL_OF = re.compile(r"\bcapital\s+(?:city\s+)?of\s+(?:[a-z]+\s+china's\s+)?$")
_ITS_CITY = re.compile(r"(?:'s)?\s+(?:[\w-]+\s+){0,2}(?:city|town)\b(?!')")


def _of_a_city(text: str, one: re.Match[str], words: Lexicon) -> str:
    """Return the region of a place name.

    "The Shaanxi capital" names that city; "Hubei's second city" is a city without a name (`UNNAMED`).
    """
    region = words.place(one[0])
    place = words.places.get(region)
    if place is None or place.kind != "province" or not text.isascii():
        return region
    if place.capital and (_ITS_CAPITAL.match(text, one.end()) or _CAPITAL_OF.search(text, 0, one.start())):
        return place.capital
    return UNNAMED if place.capital and _ITS_CITY.match(text, one.end()) else region


def _without_outer(text: str, found: Sequence[Where], words: Lexicon) -> list[Where]:
    """Return the regions without those that only locate another one in the clause: 贵州省贵阳市."""
    spans = clauses(text)
    at = [next((i for i, (_, end) in enumerate(spans) if one.start < end), 0) for one in found]

    def is_outer(i: int) -> bool:
        one = found[i]
        near = [
            j
            for j in range(len(found))
            if j != i
            and (
                at[j] == at[i]
                or (abs(j - i) == 1 and _NEXT.fullmatch(text, found[min(i, j)].end, found[max(i, j)].start))
            )
        ]
        return bool(one.region) and any(one.region in words.catalogue.within(found[j].region)[1:] for j in near)

    return [one for i, one in enumerate(found) if not is_outer(i)]


_NEXT = re.compile(
    r",?\s*(?:an?\s+(?:[a-z-]+\s+){0,2}(?:city|prefecture|town)\s+in\s+|in\s+|the\s+capital\s+(?:city\s+)?of\s+|capital\s+of\s+)?(?:[a-z]+\s+china's\s+|[a-z]+\s+)?"
)
"""Between a place and the region around it: Wuxi, a city in East China's Jiangsu."""


def is_money(one: Quantity) -> bool:
    """Return True if a quantity is an amount of money."""
    return money(one.unit)
