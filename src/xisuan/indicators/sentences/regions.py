"""The regions that a sentence names, without those it only compares with, leaves out, or uses to place another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from xisuan.indicators.language.tokens import Where
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.sentences.branches import THE_FORMER
from xisuan.indicators.sentences.called import called


def regions_in(
    text: str, words: Vocabulary, taken: Sequence[tuple[int, int]], named: Sequence[tuple[int, int]] = ()
) -> list[Where]:
    """Every region outside the spans `taken`, in the order of the text; inside `named`, indicators, only an owner:
    value added of Guizhou's software industry.
    """
    taken = [*taken, *(span for span in named if "'s " not in text[span[0] : span[1]])]
    out = _compass(text, words)
    taken = [*taken, *(match.span() for match in words.cues.initiative.finditer(text))]
    taken = [*taken, *((one.start, one.end) for one in out), *asides(text)]
    beside = held = -1
    for match in words.places_pattern.finditer(text):
        if not all(match.end() <= a or match.start() >= b for a, b in taken):
            continue
        before, after = text[max(0, match.start() - 70) : match.start()], text[match.end() : match.end() + _AFTER]
        if match[0] == "countries" or (words.place(match[0]) == "china" and words.cues.of_the_whole.search(before)):
            continue
        if words.cues.held_in.search(before) or (
            held >= 0
            and (
                words.cues.its_place.fullmatch(text, held, match.start()) is not None
                or _AND.fullmatch(text, held, match.start()) is not None
            )
        ):
            held = match.end()
            continue
        if words.cues.from_there.match(after) or _ONE_PROVINCE.search(match[0]):
            continue
        if out and _DIRECTION.search(before):
            continue  # the Horinger cluster south of Hohhot
        if NONE_MORE.search(before):
            out.append(Where(match.start(), match.end(), words.place(match[0])))
            continue
        listed = beside >= 0 and re.fullmatch(r"\s*(?:and|or|nor|,|、|和|与|及)\s*", text[beside : match.start()])
        average = _its_average(text, match) or _WHERE_SO_MANY.match(text, match.end()) is not None
        if not average and (words.cues.above_region.search(before) or words.cues.after_region.match(after) or listed):
            beside = match.end()
            if words.cues.excluded.match(after):
                _left_out(text, out, match.start())
            continue
        out += _each_of(text, match, words) or [
            Where(match.start(), _with_its_hub(text, match.end()), words.place(match[0]))
        ]
    for match in words.cues.local.finditer(text):
        if all(match.end() <= seen.start or match.start() >= seen.end for seen in out) and all(
            match.end() <= a or match.start() >= b for a, b in taken
        ):
            kind = next(kind for kind, value in match.groupdict().items() if value)
            if (
                match[0] == "provincial"
                and (not _A_TOTAL.match(text, match.end()) or _PART_OF.search(text, 0, match.start()))
                and any(seen.region and seen.end <= match.start() for seen in out)
            ):
                continue  # Huzhou's 100 provincial factories
            if any(seen.end <= match.start() and not text[seen.end : match.start()].strip() for seen in out):
                continue  # Guizhou Province
            before, after = text[max(0, match.start() - 22) : match.start()], text[match.end() : match.end() + _AFTER]
            own = kind == "nation" and _ITS_FIGURE.match(text, match.end()) is not None
            own |= _its_average(text, match)
            if kind == "nation" and not own and words.cues.of_the_whole.search(before):
                continue  # 22 percent of national output
            if own or (not words.cues.above_region.search(before) and not words.cues.after_region.match(after)):
                out.append(Where(match.start(), match.end(), words.nation if kind == "nation" else "", kind))
    out.extend(_former_and_latter(text, out, named))
    out.sort(key=lambda seen: seen.start)
    out = called(text, words, out)
    for match in words.cues.several_places.finditer(text):
        _left_out(text, out, match.start(), together=True)
    return _located(text, words, out)


_ONE_PROVINCE = re.compile(r"(?:^|\s)province$")
"""How the name of a part of the nation ends where one province is meant: the eastern province, no eastern provinces."""


def _former_and_latter(text: str, seen: Sequence[Where], named: Sequence[tuple[int, int]]) -> list[Where]:
    """The places that `the former` and `the latter` are: of two that an English sentence named before them, else of the two
    of which the one before told; none where two indicators stand before them, of which they are one.
    """
    out: list[Where] = []
    for found in THE_FORMER.finditer(text) if text.isascii() else ():
        if sum(end <= found.start() for _, end in named) > 1:
            continue
        here = sorted((one.start, one.region) for one in seen if one.region and one.end <= found.start())
        which = 0 if found["former"] else -1
        if len(here) == _TWO:
            out.append(Where(*found.span(), here[which][1]))
        elif not here:
            out.append(Where(*found.span(), "", "former" if found["former"] else "latter"))
    return out


def asides(text: str) -> list[tuple[int, int]]:
    """Where relative clauses and appositions without a figure stand between commas, whose places and times are those of
    nothing else: the cluster, which straddles Hohhot and Ulanqab, had 4.2 million servers.
    """
    return [found.span("aside") for found in _RELATIVE.finditer(text)] if text.isascii() else []


def where_it_is(text: str) -> list[tuple[int, int]]:
    """Where an English aside only says where most of what was told is: 2.4 EFLOPS, most of it at the center, and …."""
    return [found.span() for found in _MOST_OF_IT.finditer(text)] if text.isascii() else []


_MOST_OF_IT = re.compile(
    r",\s+(?:most|much|half|some|part|all|nearly\s+all|the\s+bulk|the\s+lion's\s+share|a\s+third|a\s+quarter)\s+of\s+(?:it|them|which|these)\s+"
    r"(?:in|at|on|near|around)\s+[^,;.:()\d]{3,70},"
)


def timed_asides(text: str) -> list[tuple[int, int]]:
    """The same where they have a year but no figure: the city, which hosted part of the 2022 Games, had 15 EFLOPS; and when
    that of which a sentence tells began, with which it opens: founded in 2015, the exchange saw ….
    """
    if not text.isascii():
        return []
    founded = _FOUNDED.match(text)
    began = [founded.span("aside")] if founded is not None else []
    launched = [found.span("aside") for found in _LAUNCHED.finditer(text)]
    return began + launched + [found.span("aside") for found in _TIMED.finditer(text)]


_FOUNDED = re.compile(
    r"\W*(?P<aside>(?:first\s+)?(?:founded|opened|launched|established|set\s+up|created|built|inaugurated|started|completed|unveiled)\s+"
    r"(?:(?!in\b|on\b|at\b|by\b)[a-z]+\s+){0,3}(?:by\s+[a-z]+\s+)?(?:in|on|at)\s+[^,;.:]{2,30}),\s"
)
"""When something began, where a sentence opens with that."""
_LAUNCHED = re.compile(
    r"\b(?:that|which)\s+(?:[a-z]+(?:\s+[a-z]+){0,3}\s+)?(?P<aside>(?:was\s+|were\s+|had\s+)?(?:launched|announced|unveiled|initiated|approved|kicked\s+off|began)\s+(?:in|on)\s+(?:[a-z]+\s+)?(?:19|20)\d\d)(?=\s*,)"
)
"""When that began of which a place is said to be a part."""


_TIMED = re.compile(
    r"\w,(?P<aside>\s+(?:(?:(?:in|on|at|from|of|to|with|for|near|around)\s+)?(?:which|who|whose|whom|where)|an?|(?:(?:long|once|still|now|already|itself|also)\s+)?one\s+of|another\s+of|home\s+to|host\s+(?:of|to)|known\s+(?:as|for)"
    r"|(?:built|opened|founded|launched|established|set\s+up|completed|designated|approved|put\s+into\s+(?:use|operation|service))\s+(?:in|by|at))"
    r"\b(?:[^,;.:()\d]|\b(?:19|20)\d\d\b(?!,\d)){3,120}),(?=\s)"
)
_RELATIVE = re.compile(
    r"\w,(?P<aside>\s+(?:(?:(?:in|on|at|from|of|to|with|for|through|near|around)\s+)?(?:which|who|whose|whom|where)|an?|(?:(?:long|once|still|now|already|itself|also)\s+)?one\s+of|another\s+of|home\s+to|known\s+(?:as|for)"
    r"|(?:in|at|on|near)\s+the\s+(?:[a-z-]+\s+){1,4}(?:of|gate|edge|corner|foot|end)"
    r"|the\s+(?:only|national|capital|seat|heart|core|site|home|(?:first|second|third|largest|biggest|smallest|newest)(?!\s+(?:half|quarter|months?|part|share)))"
    r")\b[^,;.:()\d]{3,120}),(?=\s)"
)
"""A relative clause in the midst of a sentence, or what something is said to be: Gui'an, an area near the capital, …."""


def _its_average(text: str, match: re.Match[str]) -> bool:
    """Whether a Chinese clause opens with a place of which it tells an average, and is none that is compared with."""
    return _OPENS.search(text, 0, match.start()) is not None and _AVERAGE.match(text, match.end()) is not None


_WHERE_SO_MANY = re.compile(r",\s+where\s+[^.;]{0,80}?\d")
"""Behind a place of which a relative clause tells how much there is: most of them are in Qingyang, where 15,000 stand."""
_OPENS = re.compile(r"(?:^|[，,；;（(])\s*而?$")
_AVERAGE = re.compile(r"平均(?!水平的)[^，,；;。]{0,12}?\d")
"""Around a place whose average is told: 全国平均PUE降至1.46."""


def _with_its_hub(text: str, end: int) -> int:
    """Where the name of a place ends with that of the hub of computing power that it is: 宁夏枢纽."""
    hub = _HUB.match(text, end) or _HUB_EN.match(text, end)
    return hub.end() if hub else end


_HUB_EN = re.compile(
    r"\s+(?:(?:national|computing|computing\s+power|data|data\s+cent(?:er|re))\s+)+cluster\b(?!\s+(?:of|project))"
)
_HUB = re.compile(r"枢纽(?:节点)?(?!中心|城市|地位|作用|港|经济|建设|工程)")


def _each_of(text: str, match: re.Match[str], words: Vocabulary) -> list[Where]:
    """The places of a name that lists them, where each has a figure of its own: 贵阳市、贵安新区分别完成…; else none."""
    names = list(re.finditer(r"[^、和与及]+", match[0]))
    if len(names) < _TWO or _EACH.match(text, match.end()) is None:
        return []
    if any(one[0] not in words.place_words for one in names):
        return []
    at = match.start()
    return [Where(at + one.start(), at + one.end(), words.place(one[0])) for one in names]


_EACH = re.compile(r"[^，。,;；\d]{0,16}(?:分别|依次)")
"""Behind places each of which has a figure of its own."""


def _located(text: str, words: Vocabulary, seen: Sequence[Where]) -> list[Where]:
    """Regions without those that only say where another lies: 贵州省贵阳市, Guizhou in southwest China."""
    out: list[Where] = []
    seen = [one for one, then in zip_longest(seen, seen[1:]) if not _is_called(text, one, then)]
    for at, one in enumerate(seen):
        before = out[-1] if out else None
        if (
            before is not None
            and before.local in ("city", "province")
            and words.cues.lies_within.fullmatch(text, before.end, one.start)
        ):
            continue  # the city in eastern Guizhou, the mountainous province in southwest China
        if before is not None and before.region and one.local and _TITLE.match(text, before.end):
            continue  # Liuzhou, the region's industrial capital, had …
        if before is None or before.local or one.local:
            out.append(one)
            continue
        gap = text[before.end : one.start]
        if _ROUTE.fullmatch(gap) and _LINK.match(text, one.end):
            out.pop()  # a line between two places is told of, neither of them
            continue
        larger, smaller = words.within(before.region)[1:], words.within(one.region)[1:]
        compass = _is_a_side(one, words)
        if (
            (one.region in larger or (compass and before.region != "china" and not _is_a_side(before, words)))
            and _TELLS.search(gap) is None
            and re.fullmatch(r"[\w\s,'-]{0,60}?\b(?:in|of)\s+(?:the\s+)?(?:[\w'-]+\s+){0,2}", gap)
        ):
            continue
        if one.region in larger and _apposed(text, words, seen[at:], gap):
            continue
        if words.cues.lies_apart.fullmatch(gap):
            continue
        if words.places[one.region].kind in ("area", "hub") and words.cues.hub_of.fullmatch(gap):
            continue
        if _is_a_side(before, words) and gap.strip() == "'s":
            out.pop()  # West China's Gui'an
        elif before.region in smaller and re.fullmatch(r"(?:省|市|自治区|州)?(?:'s)?\s*(?:[\w-]+\s+){0,2}", gap):
            out.pop()
            if text.isascii():  # China's northwestern Gansu province, all of which says where
                out.append(Where(before.start, one.end, one.region, one.local))
                continue
        out.append(one)
    return out


_TITLE = re.compile(
    r",\s+(?:the\s+)?(?:region|province|country|nation|city|county)'s\s+(?:(?!(?:was|were|is|are|had|has|rose|grew|fell|came)\b)[a-z-]+\s+){0,4}?"
    r"(?:capital|cit(?:y|ies)|cent(?:er|re)|hub|heart|port|town|base|metropolis|economy|powerhouse|gateway|neighbou?r|rival|home)\b[^,.;:()\d]{0,60},"
)
"""Behind a place, what it is to a larger one."""


def _is_called(text: str, one: Where, then: Where | None) -> bool:
    """Whether what stands behind a place without a name is its name: the southwestern province of Guizhou."""
    return then is not None and bool(one.local and then.region) and text[one.end : then.start].strip() == "of"


def _is_a_side(seen: Where, words: Vocabulary) -> bool:
    """Whether a region is but a side of the nation: the east, the west."""
    return words.places[seen.region].kind == "area" and words.places[seen.region].within == "china"


def _apposed(text: str, words: Vocabulary, rest: Sequence[Where], gap: str) -> bool:
    """Whether the first of the rest only says where the place before it lies: Zhangjiakou, Hebei, had …; Wuxi (Jiangsu): …

    Where a list goes on that has its own order of places it is one of them: Shenzhen, Guangdong and Fujian.
    """
    if not text.isascii() or _SET_OFF.fullmatch(gap) is None or _SET_OFF_BEHIND.match(text, rest[0].end) is None:
        return False
    if len(rest) == 1 or not _LISTED.fullmatch(text, rest[0].end, rest[1].start):
        return True
    return len(rest) > _TWO and rest[_TWO].region in words.within(rest[1].region)[1:]


_SET_OFF, _SET_OFF_BEHIND = re.compile(r",\s+|\s*\("), re.compile(r"(?:\s+province)?\s*(?:[,:;.)]|$)")
_LISTED = re.compile(r"(?:\s+province)?\s*(?:,\s*and|,|and)\s+")
"""What sets off where a place lies, before it and behind it; what stands between the places of a list."""


def _compass(text: str, words: Vocabulary) -> list[Where]:
    """East, centre, west and north-east named in one breath: 东、中、西部和东北地区."""
    out: list[Where] = []
    for match in words.cues.compass.finditer(text):
        for sign, name in (("东", "东部"), ("中", "中部"), ("西", "西部"), ("东北", "东北地区")):
            at = match[0].find(sign) if sign != "东北" else match[0].find(sign, 1)
            if at >= 0 and name in words.place_words:
                out.append(Where(match.start() + at, match.start() + at + len(sign), words.place_words[name]))
    for match in _SIDES.finditer(text):
        for side in re.finditer(r"[a-z-]+", match["listed"]):
            if (whose := words.place_words.get(f"{side[0]} region")) is not None:
                at = match.start("listed") + side.start()
                out.append(Where(at, at + len(side[0]), whose))
    for match in _SIDES_BY_NAME.finditer(text):
        for side in re.finditer(
            r"\b(?:the\s+)?(?P<name>east|centre|center|middle|west|northeast|north-east)\b", match["listed"]
        ):
            if (whose := words.place_words.get(f"{_BY_NAME[side['name']]} region")) is not None:
                at = match.start("listed") + side.start()
                out.append(Where(at, at + len(side[0]), whose))
    told = [one for one in _SIDE_TELLS.finditer(text) if all(one.end() <= a.start or one.start() >= a.end for a in out)]
    if len({one["name"] for one in told}) > 1:
        named = ((one, words.place_words.get(f"{_BY_NAME[one['name']]} region")) for one in told)
        out += [Where(*one.span("name"), whose) for one, whose in named if whose is not None]
    return out


_SIDE_TELLS = re.compile(
    r"(?:^|[,;:]\s|\b(?:and|while|whereas|but|with|in|for|of|by|as)\s)\s*the\s+(?P<name>east|centre|center|middle|west|northeast|north-east)"
    r"(?=\s+(?:by\s+)?(?:(?:about|some|nearly|over|only|just)\s+)?[\d+-]|[,.;]|\s*$|\s+(?:and|at|with|by|was|were|had|has|saw|posted|recorded|registered"
    r"|rose|grew|gained|climbed|fell|dropped|declined|increased|expanded|earned|made|took|contributed|accounted|generated|consumed|used|produced|came|followed|reached)\b)"
)
"""A side of the nation, by its noun, of which something is told where another is, too: the east earned 8, the west 2."""


def several_sides(text: str) -> bool:
    """Whether something is told of several sides of the nation."""
    return len({found["name"] for found in _SIDE_TELLS.finditer(text)}) > 1


_A_SIDE = r"(?:the\s+)?(?:east|centre|center|middle|west|northeast|north-east)"
_SIDES_BY_NAME = re.compile(
    rf"\b(?:in|of|of:|for|across)?\s*(?P<listed>the\s+(?:east|centre|center|middle|west|northeast|north-east)(?:,\s+(?:and\s+)?{_A_SIDE})*,?\s+and\s+{_A_SIDE})\b(?!\s+(?:of|coast|bank|side))"
)
_BY_NAME = {
    "east": "eastern",
    "centre": "central",
    "center": "central",
    "middle": "central",
    "west": "western",
    "northeast": "northeast",
    "north-east": "northeast",
}
"""The same as nouns: the east, the centre, the west and the northeast."""
_SIDE = r"(?:eastern|central|western|northeastern|north-eastern)"
_SIDES = re.compile(
    rf"\b(?P<listed>{_SIDE}(?:,\s+{_SIDE})*),?\s+and\s+(?:the\s+)?{_SIDE}\s+(?:regions|areas|parts|china|provinces)\b"
)
"""The same in English, the last of which names the rest: the eastern, central and western regions."""


def _left_out(text: str, seen: list[Where], at: int, *, together: bool = False) -> None:
    """Drop the regions of a list whose last one, at `at`, is left out: 贵阳、遵义以外; or that ends there and is told
    of `together`: 京津冀、长三角、粤港澳大湾区三大核心区域.
    """
    listed = [one for one in seen if one.end <= at]
    if together and (len(listed) < _TWO or text[listed[-1].end : at].strip(" 等这")):
        return
    gap = r"\s*(?:、|和|与|及|,|，|等|这)?\s*" if together else r"\s*(?:、|和|与|及|,|，)\s*"
    while listed and re.fullmatch(gap, text[listed[-1].end : at]):
        one = listed.pop()
        seen.remove(one)
        at = one.start


_ROUTE = re.compile(r"(?:市|省|集群|枢纽|节点)?(?:-|至|到|往返|直达|直连|与|和)")
_LINK = re.compile(
    r"(?:市|省)?(?:等地|之?间|方向|的|单向|双向|往返|直连|直达|骨干|传输|光缆|省际|算力)*"
    r"(?:网络|时延|延时|链路|专线|通道|航线|高铁|高速|铁路|公路|直连)"
)
"""Between the ends of a line, and the line behind the second."""
_ITS_FIGURE = re.compile(
    r"\s+(?:[a-z]+\s+){1,3}(?:of|was|is|were|stood\s+at|stands\s+at|came\s+to|being)\s+(?:about\s+|only\s+|just\s+|around\s+|some\s+|roughly\s+)?\d"
)
"""Behind the nation with which a place is compared, how much it is there: the national growth rate of 5.3 percent."""
_TELLS = re.compile(r"\b(?:reports?|reported|said|says|shows?|showed|told|announced)\b[^.;]*\bof\s+(?:the\s+)?$")
"""Between who tells something, where, and of what: customs in Harbin report that the trade of Heilongjiang …"""
_A_TOTAL = re.compile(r"\s+(?:total|figure|sum|count|number)\b")
"""Behind `provincial`, what makes it the province spoken of."""
_PART_OF = re.compile(r"\b(?:of|than|above|below|to|from|against|with)\s+(?:the\s+)?$")
"""Before a total that something is only a part of, or compared with: nine tenths of the provincial figure."""
NONE_MORE = re.compile(
    r"\bno\s+(?:other\s+)?(?:province|city|region|place|municipality)\b[^.;]{0,60}\b(?:more|larger|higher|faster|bigger|better)\b[^.;]{0,30}\bthan\s+$"
)
"""Before a place that a sentence is about all the same: no province has grown more grain than Heilongjiang."""
_DIRECTION = re.compile(
    r"\b(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|outside|downstream|upstream)(?:\s+of)?|(?:km|kilometers|kilometres|minutes|hours?|miles)\s+(?:away\s+)?from)\s+(?:the\s+city\s+of\s+)?$"
)
"""Before a place that only says where another lies."""
_AND = re.compile(r"\s+and\s+|,\s+(?:and\s+)?")
"""Between two places of a list."""
_AFTER = 40
"""Signs behind `the province` that say what of it is meant."""
_TWO = 2
"""Regions of the shortest list."""
