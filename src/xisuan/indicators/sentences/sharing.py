"""Indicators of a list that share words: 云计算和大数据收入, 4G and 5G users, incomes of urban and rural residents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.tokens import Mention, beside
from xisuan.indicators.language.vocabulary import Vocabulary, key

_TAILS = ("收入", "投资", "增加值", "产值", "利润", "用户", "规模", "装机容量", "装机", "发电量", "产量", "价格")
"""Last words that indicators may share."""
_SECTORS = re.compile(
    r"(?P<a>primary),\s+(?P<b>secondary),?\s+and\s+(?P<c>tertiary)(?=\s+(?:industr|sector))|(?P<m>the|all)\s(?P<n>three)\s(?P<o>(?:main\s|economic\s)?(?:sectors|industries)(?:\sof\s(?:the|its|[a-z-]+'s)\s(?:[a-z]+\s)?economy)?)(?=[^.;\d]{0,60}\d[\d.]*(?:\s?(?:percent|%))?,\s\d[\d.]*(?:\s?(?:percent|%))?,?\sand\s\d)|第?(?P<d>一)、第?(?P<e>二)、第?(?P<f>三)(?=次?产业|产)"
    r"|第?(?P<g>一)(?P<h>二)(?P<i>三)(?=次?产业|产)|(?P<j>三)(?P<k>次)(?P<l>产业)(?=(?:增加值)?[^，。,;；\d]{0,4}分别)"
)
"""The three sectors of an economy in one breath."""
_SECTOR = {
    **dict.fromkeys("adgjm", "primary_industry_value_added"),
    **dict.fromkeys("behkn", "secondary_industry_value_added"),
    **dict.fromkeys("cfilo", "tertiary_industry_value_added"),
}


def shared(text: str, words: Vocabulary, known: list[Mention]) -> list[Mention]:
    """The indicators with those of lists whose measure, last word or both ends are said once."""
    out = _listed_measure(text, words, known)
    out += _sharing(text, words, out)
    out += _coordinated(text, words, out)
    told = _behind_one_head(text, words, out)
    out = [one for one in out if one.indicator not in _PEOPLE or beside(told, one.start, one.end)] + told
    return _both_ends(text, words, out)


_PEOPLE = ("urban_population", "rural_population", "resident_population")
"""Those whose something is, who are not counted then."""


_TOWN_AND_COUNTRY = re.compile(r"(?P<a>城)(?P<b>乡(?:常住)?居民(?:人均)?(?:可支配)?收入)(?=[^，。,;；\d]{0,6}分别)")
"""Incomes of town and country in one breath, each with a figure: 城乡居民人均可支配收入分别达46527元、20077元."""
_TOWN_THEN_COUNTRY = re.compile(
    r"(?P<a>城镇(?:常住)?(?:居民)?)[、,，](?P<b>农村(?:常住)?居民(?:人均)?(?:可支配)?收入)(?=[^，。,;；\d]{0,6}分别)"
)
"""The same in a list: 城镇、农村居民人均可支配收入分别为42772元、14817元."""


_DEPOSITS_AND_LOANS = re.compile(r"(?P<a>存)(?P<b>贷款余额)(?=[^，。,;；\d]{0,4}分别)")
"""Deposits and loans in one breath: 存贷款余额分别达到4.79万亿元和4.68万亿元."""
_PARTNERS = re.compile(
    r"对(?P<who>[\u4e00-\u9fff]{2,6}(?:、[\u4e00-\u9fff]{2,6})+(?:[和及与][\u4e00-\u9fff]{2,6})?)(?:等[\u4e00-\u9fff]{0,6})?分别(?P<what>进出口|出口|进口)"
)
"""Partners of trade in one breath: 对欧盟、东盟、美国分别进出口."""


_BOTH_WAYS = re.compile(r"双边(?:货物)?(?:贸易总?额|进出口总?[额值]?|贸易)")
"""Trade with a partner that is named before it: 东盟是第一大贸易伙伴,双边贸易额2万亿元."""


def bilateral(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Trade both ways as that with the partner named last before it."""
    out: list[Mention] = []
    for match in _BOTH_WAYS.finditer(text):
        low = max(0, match.start() - _FARTHEST_PARTNER)
        ways = (text[start : start + size] for start in range(match.start() - 2, low - 1, -1) for size in (4, 3, 2))
        names = (words.term_words.get(key(f"对{who}进出口", words.wording)) for who in ways)
        name = next((one for one in names if one is not None), "")
        if name and beside(known, *match.span()):
            out.append(Mention(*match.span(), name))
    return out


_FARTHEST_PARTNER = 28
"""Signs before trade both ways within which its partner is named."""


def partners(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with the trade with each partner of a list; `?` for a partner that nobody knows."""
    out = list(known)
    for match in _PARTNERS.finditer(text):
        out = [one for one in out if one.end <= match.start() or one.start >= match.end()]
        for found in re.finditer(r"[^、和及与]+", match["who"]):
            name = words.term_words.get(key(f"对{found[0]}{match['what']}", words.wording), "?")
            start = match.start("who") + found.start()
            out.append(Mention(start, start + len(found[0]), name))
    return out


_TWO_IN_ONE = (
    (_TOWN_AND_COUNTRY, "urban_disposable_income", "rural_disposable_income"),
    (_TOWN_THEN_COUNTRY, "urban_disposable_income", "rural_disposable_income"),
    (_DEPOSITS_AND_LOANS, "deposits", "loans"),
)


def two_in_one(text: str, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with incomes of town and country, and deposits and loans, where both are told in one breath."""
    out = list(known)
    for pattern, first, second in _TWO_IN_ONE:
        for match in pattern.finditer(text):
            out = [one for one in out if one.end <= match.start() or one.start >= match.end()]
            out += [Mention(*match.span("a"), first), Mention(*match.span("b"), second)]
    return out


def sectors(text: str, known: Sequence[Mention]) -> list[Mention]:
    """The mentions with the three sectors of an economy named in one breath, which is itself none of them."""
    out: list[Mention] = []
    for match in _SECTORS.finditer(text):
        known = [one for one in known if one.indicator != "gdp" or not match.start() <= one.start < match.end()]
        for group, name in _SECTOR.items():
            if match[group] and beside([*known, *out], match.start(group), match.end(group)):
                out.append(Mention(match.start(group), match.end(group), name))
    return [*known, *out]


_A_TIME = re.compile(r"\d月|(?:19|20)\d\d年$|^[一二三四]$|[一二三四]季度$")
"""In a list of times, not of industries."""


def _listed_measure(text: str, words: Vocabulary, known: list[Mention]) -> list[Mention]:
    """The indicators with those of a list whose measure is said once, at its end."""
    out = known
    for match in words.cues.list_of_one_measure.finditer(text):
        group = next(one for one in ("heads", "goods", "clusters") if match[one])
        if all(words.places_pattern.search(head) for head in match[group].split("、")):
            continue  # 2024年北京、上海、广东互联网业务收入
        if any(_A_TIME.search(head) for head in match[group].split("、")):
            continue  # 4月、5月、6月规模以上工业增加值
        heads, tail = match[group], (match["tail"] or "产量").removeprefix("新").removeprefix("产品")
        own = [
            Mention(at, at + len(head), _its_measure(head, tail, words) if group != "clusters" else "?")
            for at, head in _heads(heads, match.start(group), tail, words)
        ]
        low, high = match.span(group)
        held = any(low <= one.start < high for one in out)  # whose own measure is none of the list's
        if group == "clusters" or held or any(one.indicator != "?" for one in own):
            out = [
                one for one in out if beside(own, one.start, one.end) and not (match.start() <= one.start < match.end())
            ]
            out += own
    return out


def _heads(heads: str, start: int, tail: str, words: Vocabulary) -> list[tuple[int, str]]:
    """Where the names of a list begin, and these; the last two may be joined: 手机、计算机和彩电产量."""
    out = [(start + one.start(), one[0]) for one in re.finditer(r"[^、]+", heads)]
    at, last = out[-1]
    joint = re.search(r"[和与及]", last)
    whole = key(last + tail, words.wording) in words.term_words  # 互联网和相关服务营业收入 is one
    if joint and not whole and _its_measure(last[: joint.start()], tail, words) != "?":
        out[-1:] = [(at, last[: joint.start()]), (at + joint.end(), last[joint.end() :])]
    return out


def _its_measure(head: str, tail: str, words: Vocabulary) -> str:
    """The indicator that one of a list is with the measure at the end of that; `?` where the vocabulary has none."""
    place = words.places_pattern.match(head)
    head = head[place.end() :] if place else head
    bare = head.removesuffix("产品产量").removesuffix("产量")
    if bare.endswith(tail) and (own := words.term_words.get(key(_MOVES.sub("", bare), words.wording))) is not None:
        return own  # 制造业投资、高技术产业|投资
    cuts = (cut for cut in range(max(1, len(head) - 1)) if not _a_name(bare[:cut], words))
    ways = (key(f"{bare[cut:]}{tail}", words.wording) for cut in cuts)
    return next((words.term_words[way] for way in ways if way in words.term_words), "?")


_MOVES = re.compile(r"拉动|带动|推动|促进|其中|主要|包括")
"""Words before the first of a list that say nothing of what it is."""


def _a_name(before: str, words: Vocabulary) -> bool:
    """Whether what is cut off the first of a list says of what kind it is: 信息|服务业增加值 is not all services'."""
    left = words.places_pattern.sub(
        "", words.cues.filler.sub("", words.cues.light_name.sub("", _MOVES.sub("", before)))
    )
    return len(re.sub(r"[^\u4e00-\u9fff]", "", left)) > 1


def _sharing(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Indicators whose last word is said once for two: 云计算和大数据收入."""
    out: list[Mention] = []
    for seen in known:
        tails = _tails(text[seen.start : seen.end])
        start = seen.start
        while tails and (match := words.cues.shared_head.search(text[:start])):
            group = match["first"]
            ways = ((group[at:], tail) for at in range(len(group) - 1) for tail in tails)
            head, tail = next(
                ((one, end) for one, end in ways if key(one + end, words.wording) in words.term_words), ("", "")
            )
            low, high = match.end("first") - len(head), match.end("first")
            if not head or any(one.start < high and one.end > low for one in (*known, *out)):
                break
            part = words.cues.subset.search(text[:low]) is not None
            out.append(Mention(low, high, "?" if part else words.term_words[key(head + tail, words.wording)]))
            start = low
    return out


def _tails(name: str) -> list[str]:
    """Ends of a Chinese name that another may share with it: its measure, or more: 城镇和农村|居民人均可支配收入."""
    if name.isascii():
        return []
    short = [sign for sign in _TAILS if name.endswith(sign)]
    return [*short, *(name[at:] for at in range(1, len(name) - _LONG_TAIL + 1))]


_LONG_TAIL = 4
"""Signs of the shortest end that two names share and that is no measure."""


def _coordinated(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Indicators whose last English words are said once for several: 4G and 5G users, secondary and tertiary industries."""
    out: list[Mention] = []
    for seen in known:
        own = text[seen.start : seen.end].split(" ")
        spec = words.terms.get(seen.indicator)
        if spec is None or len(own) < 2 or not text[seen.start : seen.end].isascii():
            continue
        start, joint = seen.start, _AND
        while (before := joint.search(text[:start])) is not None:
            found = _head_of(text, before.start(), own, words)
            if found is None or not beside([*known, *out], *found[:2]):
                break  # what has a figure of its own between is taken care of by `_counted_twice`
            start, end, name = found
            other = words.by_measure.get((words.terms[name].family, spec.measure), name) if spec.family else name
            out.append(Mention(start, end, other))
            joint = _COMMA
    return out


_AND = re.compile(r",?\s(?:and|or|as\s+well\s+as)\s(?:the\s)?$")
_COMMA = re.compile(r",\s(?:the\s)?$")
_LONGEST_HEAD = 3
"""Words that may stand before the tail that two indicators share."""


def _head_of(text: str, end: int, own: Sequence[str], words: Vocabulary) -> tuple[int, int, str] | None:
    """Start, end and indicator of the words up to `end` that make an indicator with the last words of another."""
    heads = list(re.finditer(r"[a-z0-9][\w'-]*", text[max(0, end - 60) : end]))[-_LONGEST_HEAD:]
    low = max(0, end - 60)
    for first in heads:
        head = text[low + first.start() : end]
        if not re.fullmatch(r"[\w'-]+(?: [\w'-]+)*", head):
            continue
        for size in range(len(own) - 1, 0, -1):
            name = words.term_words.get(key(f"{head} {' '.join(own[-size:])}", words.wording))
            if name is not None and name != "":
                return low + first.start(), end, name
    return None


def _behind_one_head(text: str, words: Vocabulary, known: Sequence[Mention]) -> list[Mention]:
    """Indicators of a list whose first words are said once: trade with A, B and C; installed capacity of A, B and C."""
    out: list[Mention] = []
    for seen in known:
        head = _HEAD.match(text[seen.start : seen.end])
        at = seen.end
        while head is not None and (then := _THEN.match(text, at)) is not None:
            found = _longest(text, then.end(), head[0], words)
            others = [one for one in (*known, *out) if one.indicator not in _PEOPLE]
            if found is None or not beside(others, then.end(), found[0]):
                break
            out.append(Mention(then.end(), found[0], found[1]))
            at = found[0]
    return out


def _longest(text: str, start: int, head: str, words: Vocabulary) -> tuple[int, str] | None:
    """End and indicator of the longest words from a place on that make an indicator with the first words of another."""
    ends = [found.end() for found in re.finditer(r"[a-z][\w.&'-]*(?=[\s,]|$)", text[start : start + _LONGEST_TAIL])]
    for end in reversed(ends):
        said = text[start : start + end]
        if re.fullmatch(r"[\w.&'-]+(?: [\w.&'-]+)*", said) is None:
            continue
        if name := words.term_words.get(key(f"{head}{said}", words.wording), ""):
            return start + end, name
    return None


_HEAD = re.compile(r"(?:[a-z][\w'-]*\s){1,4}?(?:of|with|to|in|from)\s(?:the\s)?")
"""First words that several indicators may share."""
_THEN = re.compile(r",\s(?:and\s)?(?:of\s)?(?:the\s)?|,?\sand\s(?:of\s)?(?:the\s)?")
"""Between two things of a list."""
_LONGEST_TAIL = 60
"""Signs of the last words of an indicator."""


_BOTH = re.compile(
    r"(?P<head>(?:[a-z][\w-]*\s){1,4})of\s(?:the\s)?(?P<a>[a-z][\w-]*)\sand\s(?P<b>[a-z][\w-]*)\s(?P<tail>[a-z][\w-]*)"
)
"""Two indicators between the words that both share: incomes of urban and rural residents."""


def _both_ends(text: str, words: Vocabulary, known: list[Mention]) -> list[Mention]:
    """The indicators with those of which first and last words are said once for two."""
    out = known
    for match in _BOTH.finditer(text):
        if any(one.start <= match.start("a") and match.end() <= one.end for one in known):
            continue  # wind and solar capacity is one
        heads = match["head"].split()
        for size in range(len(heads), 0, -1):
            head = " ".join(heads[-size:])
            names = [
                words.term_words.get(key(f"{head} of {match[one]} {match['tail']}", words.wording)) for one in "ab"
            ]
            if all(names):
                start = match.end("head") - len(head) - 1
                out = [one for one in out if one.end <= start or one.start >= match.end()]
                out += [
                    Mention(start, match.end("a"), names[0] or ""),
                    Mention(match.start("b"), match.end(), names[1] or ""),
                ]
                break
    return out


def both_ways(text: str, known: Sequence[Mention]) -> list[Mention]:
    """Exports and imports as two behind the trade that they make up, and where as many figures follow: foreign trade,
    exports and imports rose by …; exports and imports were 120 billion and 98 billion yuan.
    """
    out: list[Mention] = []
    for seen in known:
        before = out[-1] if out else None
        listed = before is not None and before.indicator == seen.indicator == "foreign_trade"
        both = _EXPORTS_AND_IMPORTS.fullmatch(text, seen.start, seen.end)
        behind = before is not None and re.fullmatch(
            r"(?:\s(?:volume|value))?,\s(?:its\s)?", text[before.end : seen.start]
        )
        figures = _TWO_FIGURES.match(text, seen.end)
        if both is None or not ((listed and behind) or figures):
            out.append(seen)
            continue
        for group in ("a", "b"):
            out.append(Mention(*both.span(group), both[group], number=figures.start(f"of_{group}") if figures else -1))
    return out


_EXPORTS_AND_IMPORTS = re.compile(r"(?P<a>exports|imports)\sand\s(?P<b>exports|imports)")
_TWO_FIGURES = re.compile(
    r"(?!\s+(?:together|combined|altogether)\b)[^,.;:\d]{0,60}?\s(?P<of_a>\d[\d.,]*)\s+"
    r"(?:(?P<money>million|billion|trillion)\s+(?:yuan\s+|(?:u\.?s\.?\s+)?dollars\s+)?|percent\s+|(?=and\s))"
    r"and\s+(?:(?:about|some|nearly|over|by)\s+)*(?P<of_b>\d[\d.,]*)\s+(?:(?:million|billion|trillion)\s+(?:yuan|dollars|u)|(?(money)(?!)|percent))\b"
)
"""Two figures of one kind right behind two things."""
