"""Indicators told by what somebody does: operators invested 604 million yuan, China exported 143 million laptops.

Which doer and deed mean which indicator is data, `vocabulary/deeds.csv`. A row without doers whose name is that of a
measure (`exports`, `output`) takes the thing behind the figure: exported … laptops are exports of laptops.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xisuan.indicators.tokens import Mention, beside
from xisuan.indicators.wording import Wording

_BETWEEN_EN = r"(?:'s)?(?:,[^,.;]{0,70},)?(?:\s+(?!(?:and|but|while|as)\s)[a-z][\w'-]*){0,7}?\s+"
_BETWEEN_ZH = r"[^，,。;；\d]{0,14}?(?:\s?[，,]\s?在[^，,。;；\d]{0,8}?)?"
_AMOUNT_EN = (
    r"(?=(?:\s+(?:a\s+total\s+of|more\s+than|at\s+least|as\s+much\s+as|up\s+to|the\s+province|\w+|\w+\s+(?:to|with)))?"
    r"\s+(?:[\d¥$]|rmb|cny))"
)
_AMOUNT_ZH = r"(?=(?:达到?|为|了|超过?|约|近|共|合计|累计|突破)*\s*\d)"
_ABOUT = r"(?:about\s+|only\s+|some\s+|just\s+|nearly\s+|over\s+)?"
_SO_MANY = r"\d[\d.,]*\s+(?:(?:million|billion|trillion)\s+)?"
_GAPPED = rf"(?=,?\s+{_ABOUT}{_SO_MANY}"
"""Between a doer and an amount, whose verb stands with another before them."""
_THEY = r"\b(?:they|it|these|the\s+(?:facilities|sites|plants|companies|firms|operators|industry|sector))\b"
"""What takes up a doer of the sentence before."""
_DIGIT = re.compile(r"\d")
_THINGS = re.compile(
    r"\d[\d.,]*\s+(?:million\s+|billion\s+|trillion\s+)?(?:(?:metric\s+)?ton(?:ne)?s\s+of\s+)?(?P<what>[a-z][\w-]*(?:\s+[a-z][\w-]*){0,2})"
)


@dataclass(frozen=True, slots=True)
class Deeds:
    """Doers with their deeds and the indicator both mean; deeds that make a thing behind a figure an indicator; of each
    indicator `again` has its doers and what a pronoun for them does, and `alone` those right before an amount, whose verb
    stands with others before them: townspeople had 51,571 yuan, villagers 23,776 yuan.
    """

    told: tuple[tuple[str, re.Pattern[str]], ...]
    things: tuple[tuple[str, re.Pattern[str]], ...]
    again: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = field(default_factory=dict)
    alone: tuple[tuple[str, re.Pattern[str]], ...] = ()


def deeds(rows: Iterable[Mapping[str, str]], indicators: Collection[str], measures: Collection[str]) -> Deeds:
    """The patterns of a file of deeds."""
    told: list[tuple[str, re.Pattern[str]]] = []
    again: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}
    alone: list[tuple[str, re.Pattern[str]]] = []
    things: list[tuple[str, re.Pattern[str]]] = []
    for row in rows:
        name = row["name"]
        verbs = _either(row["verbs_en"])
        if name in measures and not row["subjects_en"] and not row["subjects_zh"]:
            things.append((name, re.compile(rf"\b(?:{verbs})\b")))
            continue
        if name not in indicators:
            continue
        parts = []
        if verbs:
            doer = rf"\b(?:{_either(row['subjects_en'])})\b{_BETWEEN_EN}" if row["subjects_en"] else r"\b"
            counted = _either(row.get("things_en") or "")
            behind = rf"(?=[^,;]{{0,40}}\d[\d.,]*\s+(?:\w+\s+){{0,2}}?(?:{counted})\b)" if counted else ""
            parts.append(rf"{doer}(?P<deed>{verbs})\b{behind}{_AMOUNT_EN}")
            if row["subjects_en"]:
                doers = re.compile(rf"\b(?:{_either(row['subjects_en'])})\b")
                if counted:
                    alone.append(
                        (
                            name,
                            re.compile(rf"(?<![\w-])(?P<deed>{_either(row['subjects_en'])}){_GAPPED}(?:{counted})\b)"),
                        )
                    )
                again[name] = doers, re.compile(rf"{_THEY}{_BETWEEN_EN}(?P<deed>{verbs})\b{behind}{_AMOUNT_EN}")
        if row["verbs_zh"]:
            doer = f"(?:{_plain(row['subjects_zh'])}){_BETWEEN_ZH}" if row["subjects_zh"] else ""
            parts.append(f"{doer}(?P<zh>{_plain(row['verbs_zh'])}){_AMOUNT_ZH}")
        told.append((name, re.compile("|".join(parts))))
    return Deeds(tuple(told), tuple(things), again, tuple(alone))


def _listed(words: str) -> list[str]:
    return sorted((word.strip() for word in words.split("|") if word.strip()), key=len, reverse=True)


def _either(words: str) -> str:
    """English words as a pattern; * is any ending, a blank any white space."""
    return "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in _listed(words))


def _plain(words: str) -> str:
    return "|".join(map(re.escape, _listed(words)))


def mentions_of(
    text: str, spoken: Deeds, known: Sequence[Mention], names: tuple[Mapping[str, str], Wording], before: str = ""
) -> list[Mention]:
    """The mentions with those that deeds tell; a thing exported is no longer the indicator that its name would be.

    A pronoun does what the last doer of the sentence `before` would do: data centres …. They used 5 billion kWh.
    """
    if _DIGIT.search(text) is None:
        return list(known)  # a deed is told of an amount
    out = list(known)
    for name, pattern in spoken.told:
        again = spoken.again.get(name)
        ways = [pattern, again[1]] if again is not None and again[0].search(before) else [pattern]
        for match in (match for way in ways for match in way.finditer(text)):
            group = "deed" if match.groupdict().get("deed") else "zh"
            start, end = match.span(group)
            inside = [one for one in out if one.start < end and one.end > start]
            longer = group == "zh" and any(one.start < start and one.end == end for one in inside)  # 电信固定资产|投资
            if longer or any(one.start < match.start() or one.end > end for one in inside):
                continue
            doers = [one for one in out if match.start() <= one.start and one.end <= end]
            out = [one for one in out if one not in doers]
            out.append(Mention(start, end, name, deed=True))
    for name, pattern in spoken.alone:
        for match in pattern.finditer(text):
            start, end = match.span("deed")
            if any(one.deed and one.end <= start for one in out) and beside(out, start, end):
                out.append(Mention(start, end, name, deed=True))
    for measure, pattern in spoken.things:
        for match in pattern.finditer(text):
            for start, end, name in (
                *_things(text, match.end(), measure, names),
                *_thing_before(text, match, measure, names),
            ):
                out = [one for one in out if one.end <= start or one.start >= end]
                out.append(Mention(start, end, name))
    return sorted(out, key=lambda seen: seen.start)


def _things(
    text: str, at: int, measure: str, names: tuple[Mapping[str, str], Wording]
) -> Iterator[tuple[int, int, str]]:
    """What stands behind the figures that follow a deed, where a thing with this measure is an indicator."""
    words, spoken = names
    for found in _THINGS.finditer(text, at):
        parts = found["what"].split(" ")
        for size in range(len(parts), 0, -1):
            what = " ".join(parts[:size])
            name = words.get(spoken.key(f"{what} {measure}")) or words.get(spoken.key(f"{measure} of {what}"))
            if name:
                yield found.start("what"), found.start("what") + len(what), name
                break


_WERE = re.compile(
    r"\d[\d.,]*\s+(?:million\s+|billion\s+|trillion\s+)?(?:(?:(?:metric\s+)?ton(?:ne)?s|cubic\s+met(?:er|re)s|barrels|pieces|units)\s+of\s+)?"
    r"(?P<what>[a-z][\w-]*(?:\s+[a-z][\w-]*){0,2})\s+(?:were|was|have\s+been|has\s+been|had\s+been)\s+(?:[a-z]+ly\s+)?$"
)
"""A figure and a thing, right before what was done with it: 1.56 million cars were assembled."""


def _thing_before(
    text: str, deed: re.Match[str], measure: str, names: tuple[Mapping[str, str], Wording]
) -> Iterator[tuple[int, int, str]]:
    """What stands before a deed that was done with it, where a thing with this measure is an indicator."""
    words, spoken = names
    found = _WERE.search(text, max(0, deed.start() - _LONGEST), deed.start())
    name = (
        words.get(spoken.key(f"{found['what']} {measure}")) or words.get(spoken.key(f"{measure} of {found['what']}"))
        if found
        else None
    )
    if found is not None and name:
        yield found.start("what"), found.end("what"), name


_LONGEST = 90
"""Signs from a figure to what was done with the thing behind it."""
