"""One sentence taken apart: indicators, places, times, amounts and ranks, each with its position.

Works on folded text, in which every sign keeps its place, so that the words of the original can be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xisuan.indicators import cues
from xisuan.indicators.periods import COMPARISON, When, phrases
from xisuan.indicators.quantities import Quantity, quantities, zh_number
from xisuan.indicators.vocabulary import MEASURES, Vocabulary, english, fold, found, key

_FOREIGN = re.compile(r"\([^()]*?(?:\$|美元|dollars?|usd|欧元|euros?|€|£)[^()]*\)")
_BESIDE = re.compile(
    r"\s?[,，]?\s*(?:or|about|around|equivalent\s+to|约合|折合|合)\s*(?:about|around|approximately|roughly|nearly|约)?\s*"
)
_MEASURE = re.compile(
    r"业务总量|业务收入|营业收入|主营业务收入|利润总额|增加值|总产值|出口交货值|完成投资|"
    r"\b(?:operating\s+revenue|industry\s+value(?!\s+added)|business\s+volume|business\s+revenue|value\s+added|added\s+value|total\s+profits?|profits?|revenue|investment\s+(?:target|goal))\b"
)
DATELINE = re.compile(
    r"^\s*[A-Z][A-Z' /-]+,\s+[A-Z][a-z]+\.?\s+\d{1,2}(?:,\s*\d{4})?\s*(?:\([A-Za-z ]+\))?\s*(?:--|-|—|–)+"
    r"|^\s*(?:[\u4e00-\u9fff]{2,10}(?:电|讯))?\s*[（(]?(?:记者|新华社|本报|中新网|中新社)[^，。]{0,10}?(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:电|讯|消息)?[^，。]{0,10}?[)）电讯]"
    r"|^\s*[\u4e00-\u9fff]{2,10}?(?:20\d\d年)?\d{1,2}月\d{1,2}日(?:电|讯)(?=[^讯]|$)\s*(?:[（(][^（）()]{0,16}[)）])?(?:\d{1,2}日)?[,，|]?"
)
_INVESTED = re.compile(
    r"\binvest(?:ed|s|ing|ment)?\b(?:[^.;]|\.(?=\d)){0,60}?\b(?:in|into|on|for)\s+(?:the\s+|its\s+)?(?:building\s+|developing\s+|construction\s+of\s+)?"
)
_GENERIC = frozenset(
    [
        "exports",
        "imports",
        "foreign_trade",
        "fixed_asset_investment",
        "infrastructure_investment",
        "industrial_investment",
        "projects",
        "mobile_base_stations",
        "fiscal_revenue",
        "tax_revenue",
        "storage_capacity",
        "retail_sales",
        "industry_value_added",
        "industry_output",
        "industry_profits",
        "electricity_use",
        "contracted_investment",
        "project_investment",
    ]
)
_FREE_BEFORE = re.compile(
    r"(?:[^\u4e00-\u9fff]|省|市|区|县|州|国|年|月|日|季度|半年|底|末|其中|实现|完成|累计|共|的|和|与|及|中|约|该|是|为|内|上|我|本|到|在|以|有|建|成|货物|外贸|度|期|间|计|个|签约|架|达|算力|对外|心|网|络|全部|各类|主要|电信|通信)$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An indicator in the text.

    `whole`: no figure is of it, as of what a share is a share of and of examples; `into`: what money goes into; `foreign`: it is that of a firm, not of a
    region.
    """

    start: int
    end: int
    indicator: str
    whole: bool = False
    into: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """A region in the text, or `local` (province, city, …): the one spoken of."""

    start: int
    end: int
    region: str
    local: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank in the text."""

    start: int
    end: int
    rank: int


@dataclass(frozen=True)
class Sentence:
    """A sentence and what is in it, each list in the order of the text."""

    raw: str
    text: str
    place: str
    mentions: Sequence[Mention]
    regions: Sequence[Where]
    times: Sequence[When]
    amounts: Sequence[Quantity]
    ranks: Sequence[Rank]
    english: bool
    price_base: str
    scope: str
    breaks: Sequence[tuple[int, int]] = ()
    dropped: Sequence[str] = ()

    def clause(self, at: int) -> tuple[int, int]:
        """Start and end of the clause around `at`: between commas, semicolons or the ends."""
        start = max((end for _, end in self.breaks if end <= at), default=0)
        return start, min((begin for begin, _ in self.breaks if begin >= at), default=len(self.text))


_BREAK = re.compile(r"[，；;。！？!?]|,(?!\d{3})|:\s|：|\.(?=\s|$)")


def split(text: str) -> list[tuple[int, str]]:
    """Sentences with the place where each begins."""
    out: list[tuple[int, str]] = []
    start = 0
    for match in _END.finditer(text):
        if match[0] == "." and _ABBREVIATION.search(text[max(0, match.start() - 12) : match.end()]):
            continue
        out.append((start, text[start : match.end()]))
        start = match.end()
    out.append((start, text[start:]))
    return [(at, part) for at, part in out if part.strip()]


_END = re.compile(
    r"[。！？!?]|\n+|\.(?=[\s\"'”’)]+[A-Z0-9\"“(]|\s*$)|(?<=[\u4e00-\u9fff%])\.(?=[\u4e00-\u9fff])|；(?=[^；。]{0,12}(?:截至|截止|1-|其中，))"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|No|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Co|Ltd|Inc|Mr|Ms|Dr|vs|est)|\b[A-Z]|(?:^|\n)\s*\d{1,2})\.$"
)


def parse(raw: str, place: str, words: Vocabulary, family: str = "", spoken: str = "", main: str = "") -> Sentence:
    """Take one sentence apart. `family`, `spoken`, `main`: industry and indicator spoken of before, and what the text is about."""
    text = fold(raw)
    line = DATELINE.match(raw)
    if line:
        text = " " * line.end() + text[line.end() :]
    dropped = [
        raw[match.start() : match.end()] for match in _FOREIGN.finditer(text) if _yuan_before(text, match.start())
    ]
    taken = [match.span() for match in _FOREIGN.finditer(text) if _yuan_before(text, match.start())]
    base = cues.PRICE_BASE.search(text)
    taken += [match.span() for match in cues.PRICE_BASE.finditer(text)]
    taken += [match.span() for match in COMPARISON.finditer(text)]
    ranks, spans = _ranks(text)
    taken += spans
    mentions = _mentions(text, words, taken, family, (spoken, main))
    held = [(seen.start, seen.end) for seen in mentions]
    regions = _regions(text, words, [*taken, *held])
    times = [
        when for when in phrases(text, [*taken, *held]) if not (when.day and cues.SAID_ON.search(text[: when.start]))
    ]
    taken += [match.span() for match in cues.BYSTANDERS.finditer(text)]
    amounts = quantities(text, [*taken, *held, *((seen.start, seen.end) for seen in times)])
    amounts = [seen for at, seen in enumerate(amounts) if not _conversion(text, amounts, at)]
    scope = cues.SCOPE.search(text)
    return Sentence(
        raw=raw,
        text=text,
        place=place,
        mentions=_firms(raw, _wholes(text, mentions), words),
        regions=regions,
        times=times,
        amounts=amounts,
        ranks=ranks,
        english=len(re.findall(r"[a-z]{2,}", text)) > len(re.findall(r"[\u4e00-\u9fff]", text)) / 2,
        price_base=(base["y"] or base["y2"] or base["y3"] or "") if base else "",
        scope="firms above designated size" if scope else "",
        breaks=[match.span() for match in _BREAK.finditer(text)],
        dropped=dropped,
    )


def _yuan_before(text: str, at: int) -> bool:
    return bool(
        re.search(r"(?:元|yuan|rmb|cny|renminbi|(?:rmb|cny|¥)\s?[\d.,]+\s?\w*)\s*$", text[max(0, at - 30) : at])
    )


def _conversion(text: str, amounts: Sequence[Quantity], at: int) -> bool:
    """Whether an amount is the one before it said again in foreign money."""
    here = amounts[at]
    if here.unit not in ("USD", "foreign") or not at or amounts[at - 1].unit != "CNY":
        return False
    return bool(_BESIDE.fullmatch(text[amounts[at - 1].end : here.start]))


def _ranks(text: str) -> tuple[list[Rank], list[tuple[int, int]]]:
    out: list[Rank] = []
    for match in cues.RANK.finditer(text):
        groups = match.groupdict()
        if groups["zh"]:
            rank = int(groups["zh"]) if groups["zh"].isdigit() else zh_number(groups["zh"])
        elif groups["no"] or groups["nth"]:
            rank = int(groups["no"] or groups["nth"])
        else:
            word = groups["word"] or groups["word2"]
            rank = cues.ORDINALS[word] if word else 1
        out.append(Rank(match.start(), match.end(), rank))
    return out, [(seen.start, seen.end) for seen in out]


def _mentions(
    text: str, words: Vocabulary, taken: Sequence[tuple[int, int]], family: str, spoken: tuple[str, str]
) -> list[Mention]:
    out: list[Mention] = []
    for match in words.terms_pattern.finditer(text):
        name = found(words.term_words, match[0])
        if not all(match.end() <= a or match.start() >= b for a, b in taken):
            continue
        if (
            name in _GENERIC
            and match.start()
            and not any(seen.end == match.start() for seen in out)
            and not _FREE_BEFORE.search(text[: match.start()])
        ):
            continue
        if re.search(r"[2-6]g\s?$", text[: match.start()]) and re.match(r"[\u4e00-\u9fff]", match[0]):
            continue  # 3G移动电话用户 are not all users
        if cues.SUBSET.search(text[: match.start()]):
            out.append(Mention(match.start(), match.end(), "?"))
            continue
        out.append(Mention(match.start(), match.end(), _measured(text, match, name, words)))
    out += _sharing(text, words, out)
    out.sort(key=lambda seen: seen.start)
    out = [seen for at, seen in enumerate(out) if not _repeats(text, out[at - 1] if at else None, seen, words)]
    for match in _SECTORS.finditer(text):
        for group, name in _SECTOR.items():
            if match[group] and all(match.end(group) <= seen.start or match.start(group) >= seen.end for seen in out):
                out.append(Mention(match.start(group), match.end(group), name))
    for match in _INVESTED.finditer(text):
        spoken = [word for word in words.term_words if word.startswith("invested of ")]
        for word in sorted(spoken, key=len, reverse=True):
            what = re.compile(english(word.removeprefix("invested of ")) + r"(?![a-z0-9])").match(text, match.end())
            if what and all(seen.start >= what.start() for seen in out if seen.start < what.end() and seen.end > what.start()):
                out = [seen for seen in out if seen.start >= what.end() or seen.end <= what.start()]
                out.append(Mention(what.start(), what.end(), words.term_words[word], into=True))
                break
    out += _bare_measures(text, words, out, family, spoken)
    return sorted(out, key=lambda seen: seen.start)


def _bare_measures(text: str, words: Vocabulary, known: Sequence[Mention], family: str, spoken: tuple[str, str]
) -> list[Mention]:
    """Measures without an industry: of the one spoken of where only small words stand between, else of one unknown."""
    out: list[Mention] = []
    for match in _MEASURE.finditer(text):
        if not all(match.end() <= seen.start or match.start() >= seen.end for seen in known):
            continue
        before = [seen for seen in known if seen.end <= match.start()]
        if before and before[-1].end == match.start():
            continue  # the end of its name
        spec = words.terms.get(before[-1].indicator) if before else None
        marks = [mark.end() for mark in _BREAK.finditer(text, 0, match.start())]
        start = max([before[-1].end if before else 0, *marks])
        measure = next((kind for kind, signs in MEASURES.items() if any(sign in match[0] for sign in signs)), "")
        measure = "volume" if "总量" in match[0] or "volume" in match[0] else measure
        kin = spec.family if spec else family
        if not before and family and cues.THE_INDUSTRY.search(text[: match.start()]):
            start = match.start()
        same = [seen for seen in before if seen.indicator in words.terms and words.terms[seen.indicator].measure == measure]
        if same and _small(_without(text, before, same[-1].end, match.start()), match[0]):
            out.append(Mention(match.start(), match.end(), same[-1].indicator))
            continue
        lead = words.places_pattern.sub(" ", text[start : match.start()])
        if kin and _small(lead, match[0]):
            if name := words.by_measure.get((kin, measure)):
                out.append(Mention(match.start(), match.end(), name))
        elif cues.THE_INDUSTRY.search(text) and spoken[1] in words.terms and words.terms[spoken[1]].measure == measure:
            out.append(Mention(match.start(), match.end(), spoken[1]))
        elif not known and spoken[0] in words.terms and words.terms[spoken[0]].measure == measure:
            continue  # said again of what was spoken of
        elif not before or start > before[-1].end or len(_unknown(lead)) > 1:
            out.append(Mention(match.start(), match.end(), f"?{measure}"))
    return out


def _without(text: str, mentions: Sequence[Mention], start: int, end: int) -> str:
    """The words of a stretch of text outside the indicators in it."""
    parts, at = [], start
    for seen in mentions:
        if at <= seen.start and seen.end <= end:
            parts.append(text[at : seen.start])
            at = seen.end
    return " ".join([*parts, text[at:end]])


def _small(lead: str, measure: str) -> bool:
    """Whether only small words stand between an industry and its measure."""
    if re.search(r"[\u4e00-\u9fff]", measure):
        return not re.sub(r"[^\u4e00-\u9fff]", "", cues.GROWS.sub("", cues.FILLER.sub("", lead)))
    return not _unknown(lead)


def _unknown(lead: str) -> list[str]:
    """English words that are no small ones."""
    return re.findall(r"[a-z][\w'-]+", cues.FILLER_EN.sub(" ", lead))


def _sharing(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Indicators whose last word is said once for two: 云计算和大数据收入."""
    out: list[Mention] = []
    for seen in known:
        tail = next((sign for sign in _TAILS if text[seen.start : seen.end].endswith(sign)), "")
        start = seen.start
        while tail and (match := cues.SHARED_HEAD.search(text[:start])):
            group = match["first"]
            heads = (group[at:] for at in range(len(group) - 1))
            head = next((one for one in heads if key(one + tail) in words.term_words), "")
            low, high = match.end("first") - len(head), match.end("first")
            if not head or any(one.start < high and one.end > low for one in (*known, *out)):
                break
            out.append(Mention(low, high, words.term_words[key(head + tail)]))
            start = low
    return out


_TAILS = ("收入", "投资", "增加值", "产值", "利润", "用户", "规模")
"""Last words that indicators may share."""
_SECTORS = re.compile(
    r"(?P<a>primary),\s+(?P<b>secondary),?\s+and\s+(?P<c>tertiary)(?=\s+(?:industr|sector))|第?(?P<d>一)、第?(?P<e>二)、第?(?P<f>三)(?=次?产业|产)"
)
"""The three sectors of an economy in one breath."""
_SECTOR = {
    **dict.fromkeys("ad", "primary_industry_value_added"),
    **dict.fromkeys("be", "secondary_industry_value_added"),
    **dict.fromkeys("cf", "tertiary_industry_value_added"),
}


_ANY_INVESTMENT = ("fixed_asset_investment", "project_investment")


def _repeats(text: str, before: Mention | None, seen: Mention, words: Vocabulary) -> bool:
    """Whether `fixed-asset investment` only says again what the indicator before it is: 大数据领域完成固定资产投资."""
    if before is None or seen.indicator not in _ANY_INVESTMENT or before.indicator not in words.terms:
        return False
    between = cues.FILLER.sub("", text[before.end : seen.start]).strip()
    return words.terms[before.indicator].measure == "investment" and not between


def _measured(text: str, match: re.Match[str], name: str, words: Vocabulary) -> str:
    """The indicator of the same industry that the words around it mean: its profits, its value added."""
    term = words.terms[name]
    if not term.family:
        return name
    after = re.split(r"[\d，。；;、]|,|\.\s| reached | was | rose | grew ", text[match.end() : match.end() + 24])[0]
    before = re.search(
        r"((?:gross\s+|operating\s+|business\s+|total\s+|industrial\s+)?(?:value\s+added|added\s+value|output\s+value|revenues?|income|profits?|investment|exports?|output|business\s+volume|total\s+amount|volume))"
        r"\s+(?:of|in|from|by|for)\s+(?:the\s+|its\s+|\w+'s\s+)?(?:\w+\s+){0,2}$",
        text[max(0, match.start() - 70) : match.start()],
    )
    for spoken in [after] if not before else [after, before[1]]:
        for measure, signs in MEASURES.items():
            if measure != "share" and any(sign in spoken for sign in signs) and measure != term.measure:
                return words.by_measure.get(
                    (term.family, measure), name if measure in ("revenue", "output") else f"?{measure}"
                )
    return name


def _firms(raw: str, mentions: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """Indicators marked as those of a firm: Huawei's cloud revenue is not the region's."""
    out: list[Mention] = []
    for seen in mentions:
        owner = _OWNER.search(raw[: seen.start])
        foreign = owner is not None and not words.places_pattern.search(fold(owner["name"]))
        out.append(replace(seen, foreign=foreign))
    return out


_OWNER = re.compile(r"(?P<name>[A-Z][\w&.'’-]+(?:\s[A-Z][\w&.'’-]+)*)['’]s\s+(?:[a-z][\w-]*\s+){0,2}$")
"""A name that owns the words behind it."""


def _wholes(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Indicators marked as the whole of a share: 占 … 的 %, percent of …, and those that only compare."""
    out: list[Mention] = []
    for seen in mentions:
        before, after = text[max(0, seen.start - 12) : seen.start], text[seen.end : seen.end + 24]
        whole = bool(re.search(r"占(?:全部|全省|全市|全国|到|了|同期|当年|其|我省|贵州)?(?:的)?\s*$", before))
        whole |= bool(
            re.search(
                r"(?:percent|%|pct|per\s+cent|share|proportion|half|third|quarter|most|majority|bulk|part|tenth)\s+of\s+(?:the\s+|its\s+|total\s+|all\s+|\w+'s\s+|local\s+|provincial\s+|\w+\s+){0,3}$",
                text[max(0, seen.start - 40) : seen.start],
            )
        )
        whole |= bool(
            re.search(r"在[^，。]{0,6}$", before) and re.match(r"总?(?:收入|量|额)?中(?:的)?(?:占比|比重|所占)", after)
        )
        whole |= bool(re.search(r"拉动(?:全省|全市|全部)?\s*$", before)) or bool(
            re.match(r"\s*(?:的)?比重的?提高|\s*的(?:基本盘|主体|主力|重点|支柱|核心|关键|龙头)", after)
        )
        out.append(replace(seen, whole=whole))
    return _examples(text, out)


def _examples(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Indicators of a list of examples marked as no subject: …、云计算等新兴业务; such as cloud computing and big data."""
    spans: list[tuple[int, int]] = []
    for match in re.finditer(r"等(?!于|额|级|到)", text):
        start = max((mark.end() for mark in _BREAK.finditer(text, 0, match.start())), default=0)
        if "、" in text[start : match.start()]:
            spans.append((start, match.start()))
    for match in re.finditer(r"\b(?:such\s+as|like)\s", text):
        end = match.end()
        for seen in mentions:
            if seen.start >= end and re.fullmatch(r"(?:[\w\s-]|,(?!\d)){0,40}", text[end : seen.start]):
                end = seen.end
        spans.append((match.end(), end))
    return [
        replace(seen, whole=seen.whole or any(a <= seen.start and seen.end <= b for a, b in spans)) for seen in mentions
    ]


def _regions(text: str, words: Vocabulary, taken: Sequence[tuple[int, int]]) -> list[Where]:
    out = _compass(text, words)
    taken = [*taken, *((one.start, one.end) for one in out)]
    beside = -1
    for match in words.places_pattern.finditer(text):
        if not all(match.end() <= a or match.start() >= b for a, b in taken):
            continue
        before, after = text[max(0, match.start() - 22) : match.start()], text[match.end() : match.end() + 16]
        listed = beside >= 0 and re.fullmatch(r"\s*(?:and|,|、|和|与|及)\s*", text[beside : match.start()])
        if _compares(before) or cues.AFTER_REGION.match(after) or listed:
            beside = match.end()
            if cues.EXCLUDED.match(after):
                _left_out(text, out, match.start())
            continue
        out.append(Where(match.start(), match.end(), found(words.place_words, match[0])))
    for match in cues.LOCAL.finditer(text):
        if all(match.end() <= seen.start or match.start() >= seen.end for seen in out) and all(
            match.end() <= a or match.start() >= b for a, b in taken
        ):
            kind = next(kind for kind, value in match.groupdict().items() if value)
            if any(seen.end <= match.start() and not text[seen.end : match.start()].strip() for seen in out):
                continue  # Guizhou Province
            before, after = text[max(0, match.start() - 22) : match.start()], text[match.end() : match.end() + 16]
            if not _compares(before) and not cues.AFTER_REGION.match(after):
                out.append(Where(match.start(), match.end(), "china" if kind == "nation" else "", kind))
    return _located(text, words, sorted(out, key=lambda seen: seen.start))


def _located(text: str, words: Vocabulary, seen: Sequence[Where]) -> list[Where]:
    """Regions without those that only say where another lies: 贵州省贵阳市, Guizhou in southwest China."""
    out: list[Where] = []
    for one in seen:
        before = out[-1] if out else None
        if before is None or before.local or one.local:
            out.append(one)
            continue
        gap = text[before.end : one.start]
        larger, smaller = words.within(before.region)[1:], words.within(one.region)[1:]
        if one.region in larger and re.fullmatch(r"[\w\s,]{0,40}?\b(?:in|of)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}", gap):
            continue
        if before.region in smaller and re.fullmatch(r"(?:省|市|自治区|州)?(?:'s)?\s*(?:[\w-]+\s+){0,2}", gap):
            out.pop()
        out.append(one)
    return out


def _compass(text: str, words: Vocabulary) -> list[Where]:
    """East, centre, west and north-east named in one breath: 东、中、西部和东北地区."""
    out: list[Where] = []
    for match in cues.COMPASS.finditer(text):
        for sign, name in (("东", "东部"), ("中", "中部"), ("西", "西部"), ("东北", "东北地区")):
            at = match[0].find(sign) if sign != "东北" else match[0].find(sign, 1)
            if at >= 0 and name in words.place_words:
                out.append(Where(match.start() + at, match.start() + at + len(sign), words.place_words[name]))
    return out


def _left_out(text: str, seen: list[Where], at: int) -> None:
    """Drop the regions of a list whose last one, at `at`, is left out: 贵阳、遵义以外."""
    while seen and re.fullmatch(r"\s*(?:、|和|与|及|,|，)\s*", text[seen[-1].end : at]):
        at = seen.pop().start


def _compares(before: str) -> bool:
    return bool(cues.ABOVE_REGION.search(before))
