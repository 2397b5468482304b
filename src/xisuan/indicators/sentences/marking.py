"""Which indicators of a sentence no figure is of: those of a firm, wholes of shares, examples, what only says where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import BREAK, Mention
from xisuan.indicators.language.vocabulary import Vocabulary, fold


def firms(raw: str, mentions: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """Indicators marked as those of a firm: Huawei's cloud revenue is not the region's."""
    out: list[Mention] = []
    text = fold(raw)
    told = bool(words.cues.firm_subject.match(text))
    built = min((match.end() for match in words.cues.facility.finditer(text)), default=len(text))
    for seen in mentions:
        if seen.start >= built:
            out.append(replace(seen, foreign=True))
            continue
        if told and not seen.indicator.startswith("operator"):
            out.append(replace(seen, foreign=True))
            continue
        owner = (
            words.cues.owner_ahead.search(raw[: seen.start])
            or words.cues.owner_with.search(raw[: seen.start])
            or words.cues.seller_ahead.search(raw[: seen.start])
        )
        foreign = owner is not None and not words.places_pattern.search(fold(owner["name"]))
        out.append(replace(seen, foreign=foreign))
    return out


def of_less(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Indicators of which an English sentence opens with what it leaves out as something that nobody knows."""
    return [replace(one, indicator="?") if _WITHOUT_SOME.search(text, 0, one.start) else one for one in mentions]


_WITHOUT_SOME = re.compile(
    r"^\s*(?:excluding|not\s+counting|without|leaving\s+out|stripping\s+out)\s+[^,;.\d]{3,40},\s*(?:(?:the|total|overall)\s+)*$"
)
"""How a sentence opens that tells of less than all that it names: excluding property, fixed-asset investment gained."""


_RATIO_TO = re.compile(
    r"\bratio\s+(?:of\s+[^,;.\d]{3,60}\s)?to\s+(?:the\s+)?(?:(?:city|province|region|country|nation)'s\s+|[a-z]+'s\s+|total\s+|regional\s+|its\s+)*$"
)
"""Before what something is a ratio to."""


def wholes(text: str, mentions: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """Indicators marked as the whole of a share: 占 … 的 %, percent of …, and those that only compare."""
    out: list[Mention] = []
    for seen in mentions:
        before, after = text[max(0, seen.start - 12) : seen.start], text[seen.end : seen.end + 24]
        whole = bool(
            re.search(
                r"(?:占|相当于|等于)(?:[^，。,;；\d()]{0,8})?$|(?:已超|已超过|高于|多于|低于|少于|超出)\s*$", before
            )
        )
        whole |= bool(
            re.search(
                r"(?:percent|%|pct|per\s+cent|share|proportion|half|third|quarter|most|majority|bulk|part|tenth)\s+of\s+(?!(?:19|20)\d\d\b|(?:the\s+|this\s+|last\s+|that\s+)?year\b)(?:the\s+|its\s+|total\s+|all\s+|\w+'s\s+|local\s+|provincial\s+|\w+\s+){0,3}$",
                text[max(0, seen.start - 40) : seen.start],
            )
        )
        whole |= _RATIO_TO.search(text, 0, seen.start) is not None
        whole &= words.cues.in_gdp.match(text, seen.end) is None
        whole |= _in_the_economy(text, seen) or _of_a_pace(text, seen)
        whole |= any(found.start() < seen.start and seen.end < found.end() for found in AN_ASIDE.finditer(text))
        whole |= seen.indicator == "gdp" and bool(out) and words.cues.gdp_share_zh.match(text, seen.end) is not None
        whole |= bool(words.cues.share_in.search(text[max(0, seen.start - 90) : seen.start]))
        whole |= bool(words.cues.used_by.search(text[: seen.start]))
        whole |= seen.indicator == "cpi" and _AFTER_INFLATION.search(text, 0, seen.start) is not None
        whole |= bool(words.cues.left_out.search(text[: seen.start]))
        whole |= bool(
            re.search(r"在[^，。]{0,6}$", before) and re.match(r"总?(?:收入|量|额)?中(?:的)?(?:占|比重|所占)", after)
        )
        whole |= bool(re.search(r"拉动(?:全省|全市|全部)?\s*$", before)) or bool(
            re.match(r"\s*(?:的)?比重的?提高|\s*的(?:基本盘|主体|主力|重点|支柱|核心|关键|龙头)", after)
        )
        whole |= bool(words.cues.of_them.match(text[: seen.start])) and after.startswith(",")
        whole |= not seen.indicator.endswith("_firms") and bool(words.cues.its_firms.match(after))
        whole |= seen.indicator.endswith("_firms") and bool(
            words.cues.among_firms.search(text[max(0, seen.start - 50) : seen.start])
        )
        whole |= bool(out) and out[-1].whole and _in_brackets(text, out[-1], seen)
        whole |= _unit_of_users(text, out, seen, words)
        out.append(replace(seen, whole=whole or _holds(text, out[-1] if out else None, seen, words)))
    return _examples(text, out, words)


_AFTER_INFLATION = re.compile(
    r"\b(?:after|adjusted\s+for|adjusting\s+for|allowing\s+for|accounting\s+for|net\s+of|without|before|beating|above|outpacing|less)\s+$"
)
"""Before the inflation for which a growth is adjusted."""


def _in_the_economy(text: str, seen: Mention) -> bool:
    """Whether the economy is but that in which something lies: 45 sectors within the national economy."""
    return text[seen.start : seen.end] == "economy" and _WITHIN.search(text, 0, seen.start) is not None


def _of_a_pace(text: str, seen: Mention) -> bool:
    """Whether an indicator only says than what another grew faster: exports grew twice as fast as imports, at 8 percent."""
    if _PACE.search(text, 0, seen.start) is None:
        return False
    return _ITS_OWN_FIGURE.match(text, seen.end) is None


AN_ASIDE = re.compile(
    r",\s+(?:an?|the|home\s+to|host\s+(?:of|to)|one\s+of|long|once|[a-z]+'s)\s+(?!and\b|or\b|of\b)[^,;.:()\d]{3,70},"
    r"(?=\s+(?:was|were|is|are|came|stood|rose|fell|grew|reached|had|went|climbed|shrank|gained|saw|expanded|increased|declined|dropped|slipped)\b)"
    r"|\b(?:from|on|off|against|despite)\s+(?:an?|the|last\s+year's)\s+(?:[a-z]+\s+){0,2}(?:low|high|small|weak|strong|large|depressed)\s+base\b(?!\s+(?:station|effect))"
)
"""What an author calls a thing, between it and its verb: electricity use, the figure that engineers trust most, was …; and
from what base it grew.
"""
_PACE = re.compile(
    r"\b(?:(?:outpac|outstrip|outperform|outgr[eo]w|exceed|surpass|beat|trail|lag)\w*\s+(?:the\s+)?(?:that\s+of|those\s+of|growth\s+(?:in|of|rate\s+of))"
    r"|(?:times|twice|half|just|almost|nearly)\s+as\s+(?:fast|quickly|strongly|much)\s+as|(?:faster|slower|quicker|more\s+quickly|more\s+slowly)\s+than)"
    r"\s+(?:the\s+|its\s+|their\s+)?(?:that\s+of\s+|those\s+of\s+)?(?:the\s+)?$"
)
_ITS_OWN_FIGURE = re.compile(
    r"(?:'s?)?(?:\s+(?:growth|increase|rise|gain|rate|pace))*\s*(?:\(|,?\s*(?:which|that)\s+\w+(?:\s+by)?\s+|(?:rose|grew|increased|climbed|gained|was|were|is|are|of|at|by|with)\s+(?:by\s+|up\s+)?)(?:(?:about|only|just|some)\s+)*\d"
    r"|\s+did\b|,?\s+(?:rose|grew|climbed|increased)\b"
)
"""Before what something outgrew, and behind it, that a figure is its own."""
_WITHIN = re.compile(
    r"\b(?:sectors?|fields?|areas?|categories|industries|parts?|aspects?)\s+(?:with)?(?:in|of)\s+(?:the\s+)?(?:[\w']+\s+){0,2}$"
)


def _in_brackets(text: str, before: Mention, seen: Mention) -> bool:
    """Whether an indicator is the one before said again in brackets: gross domestic product (GDP)."""
    same = before.indicator == seen.indicator
    return same and text[before.end : seen.start].strip() == "(" and text[seen.end : seen.end + 1] == ")"


def _unit_of_users(text: str, before: Sequence[Mention], seen: Mention, words: Vocabulary) -> bool:
    """Whether households behind a number are but the unit in which users are counted: reached 695 million households."""
    number = _NUMBER.search(text[: seen.start])
    if number is None or not words.cues.counted_as.match(text, number.end("number")):
        return False
    users = next((one for one in reversed(before) if not one.whole), None)
    return (
        users is not None and users.indicator.endswith("_users") and not BREAK.search(text[users.end : number.start()])
    )


_NUMBER = re.compile(r"(?P<number>\d[\d.,]*(?:\s+(?:million|billion))?)\s+(?=$)")


def _holds(text: str, before: Mention | None, seen: Mention, words: Vocabulary) -> bool:
    """Whether a counted thing only says where the one before it stands: racks in use at data centres."""
    if before is None or before.whole or not {before.indicator, seen.indicator} <= words.terms.keys():
        return False
    counted = words.terms[before.indicator].unit == words.terms[seen.indicator].unit == "1"
    return counted and bool(words.cues.lies_in.fullmatch(text, before.end, seen.start))


_TOLD = re.compile(r"\d[\d.]*\s*(?:%|[万亿]+元?|[万亿]*(?:个|家|户|台|架|座))")
"""A figure in a Chinese list, whose indicator stands before it and is no example."""


def _examples(text: str, mentions: Sequence[Mention], words: Vocabulary) -> list[Mention]:
    """Indicators of a list of examples marked as no subject: …、云计算等新兴业务; such as cloud computing and big data."""
    spans: list[tuple[int, int]] = []
    helped = [match.span() for match in words.cues.by_its_help.finditer(text)]
    for match in re.finditer(r"等(?!于|额|级|到)", text):
        if any(low <= match.start() < high for low, high in helped):
            continue
        start = max((mark.end() for mark in BREAK.finditer(text, 0, match.start())), default=0)
        start = max((told.end() for told in _TOLD.finditer(text, start, match.start())), default=start)
        if "、" in text[start : match.start()] and not any(
            found.start() <= match.start() < found.end() for found in words.cues.list_of_one_measure.finditer(text)
        ):
            spans.append((start, match.start()))
    spans += [match.span() for match in words.cues.made_of.finditer(text)]
    spans += [*helped, *(match.span() for match in words.cues.apposed.finditer(text))]
    for match in re.finditer(
        r"\b(?:such\s+as|(?<!officials )(?<!people )(?<!they )(?<!would )(?<!who )"
        r"like(?!\s+to\b)|encompassing|spanning|mainly(?:\s+(?:in|of|including))?|primarily|represented\s+by|namely)\s",
        text,
    ):
        end = match.end()
        for seen in mentions:
            gap = text[end : seen.start]
            if (
                seen.start >= end
                and re.fullmatch(r"(?:[\w\s()-]|,(?!\d)){0,80}", gap)
                and not words.cues.finite_verb.search(gap)
            ):
                end = seen.end
        spans.append((match.end(), end))
    spans += [
        found.span(found.lastgroup or 0)
        for found in _INCLUDING.finditer(text)
        if found.lastgroup == "of" or any(one.end <= found.start() for one in mentions)
    ]
    return [
        replace(seen, whole=seen.whole or any(a <= seen.start and seen.end <= b for a, b in spans)) for seen in mentions
    ]


_INCLUDING = re.compile(
    r",\s+(?:including|among\s+them|notably|chiefly|mostly|above\s+all)\s(?P<what>[^.;:()\d]{3,140}?),\s+(?=(?:[a-z]+ly\s+)?(?:brought|took|earned|made|had|has|grew|rose|fell|was|were|reached|came|generated|contributed|yielded|increased|expanded|climbed|dropped|accounted|totall?ed|amounted|posted|saw|stood|jumped|surged|soared|leaped|leapt|rocketed|went|edged|slipped|declined|decreased|shrank|hit|gained|advanced|swelled|exceeded|topped)\b)"
    r"|(?<=[a-z]\s)\((?P<in>[^.;:()\d]{3,140}?)\)\s+(?=(?:brought|took|earned|made|had|grew|rose|fell|was|were|reached|came|generated|contributed|yielded|increased)\b)"
    r"|\b(?:two|three|four|five|six|several)\s+(?:[a-z-]+\s+){0,3}(?P<of>(?:industries|sectors|fields|branches)(?:\s+of|,\s+namely)\s+[^.;:()\d]{3,100}?(?:,|\sand)\s[^.;:()\d]{2,60}?)\s+(?=(?:were|was|had|made|grew|reached|came|generated|totall?ed|brought|contributed)\b)"
)
"""What a subject includes, between it and its verb, and that in brackets."""
