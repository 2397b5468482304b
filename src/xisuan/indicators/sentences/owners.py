"""Whose a measure is: Chinese ones of all society that are but those of some (R&D of firms, not of a province), English
ones of people, who are not counted then (the disposable income of residents).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.indicators.language.tokens import Mention, Topic
from xisuan.indicators.language.vocabulary import Vocabulary

_FIRMS = re.compile(
    r"(?:企业|公司|单位|机构|高校|院所|[工行产]业|制造业|服务业)(?:的|共|合计|累计|共计|投入|实现|完成)*(?:研究开发)?$"
)
"""Who spends, right before a measure of what is spent."""


def spent_by(text: str, known: Sequence[Mention], words: Vocabulary, topic: Topic) -> list[Mention]:
    """Spending on research as that of the industry named right before it, of the one spoken of where firms without more
    spend it, and `?` where the vocabulary does not have it: 规上工业企业研发费用.
    """
    out: list[Mention] = []
    for seen in known:
        spec = words.terms.get(seen.indicator)
        if spec is None or spec.family != "rd" or text[seen.start : seen.end].isascii():
            out.append(seen)
            continue
        before = words.terms.get(out[-1].indicator) if out else None
        near = bool(out) and words.cues.light_name.sub("", text[out[-1].end : seen.start]).strip(" 的") == ""
        if near and out[-1].indicator.startswith("?"):
            out[-1] = replace(out[-1], end=seen.end)
        elif near and before is not None and (before.family or before.unit == "1"):
            name = words.by_measure.get((before.family, spec.measure), "") if before.family else ""
            out[-1] = replace(out[-1], end=seen.end, indicator=name or f"?{spec.measure}")
        elif _FIRMS.search(text, 0, seen.start) is not None:
            name = words.by_measure.get((topic.family, spec.measure), "") if topic.family else ""
            out.append(replace(seen, indicator=name or f"?{spec.measure}"))
        else:
            out.append(seen)
    return out


_OF = re.compile(r"\s+(?:of|for|among)\s+(?:(?!and\b|with\b|per\b|whom\b|which\b)[a-z][\w'-]*\s+){0,3}")
"""Between a measure and the people whose it is: of the residents, of Gansu residents, of the city's permanent residents."""


def of_people(text: str, known: Sequence[Mention]) -> list[Mention]:
    """English measures with those of whom they are right behind them as one name: the disposable income of residents."""
    out: list[Mention] = []
    for seen in known:
        owned = out and seen.indicator == "resident_population" and _OF.fullmatch(text, out[-1].end, seen.start)
        if owned and not out[-1].whole:
            out[-1] = replace(out[-1], end=seen.end)
        else:
            out.append(seen)
    return out


_HALVES = re.compile(
    r"\b(?P<a>urban|rural)\s+and\s+(?P<b>rural|urban)\s+(?:residents|dwellers|inhabitants|people|households)\b"
    r"(?P<does>[^.;\d]{0,60}?)(?P<one>\d[\d,.]*)\s+(?:yuan\s+)?and\s+[^.;\d]{0,16}?(?P<two>\d[\d,.]*)\s+yuan\b(?P<of>\s+(?:of|in)\s+(?:per\s+capita\s+)?disposable\s+income)?"
)
"""Town and country in one breath, with as much money for each."""


def town_and_country(text: str, known: Sequence[Mention], words: Vocabulary, topic: Topic) -> list[Mention]:
    """The mentions with what English people of town and of country have, each for itself, where incomes are told: urban and
    rural residents had 40,000 and 15,000 yuan.
    """
    said = _HALVES.search(text)
    told = said is not None and (
        said["of"] is not None
        or topic.term.endswith(_INCOME)
        or any(one.indicator.endswith(_INCOME) and one.end <= said.start() for one in known)
    )
    if said is None or not told or f"urban_{_INCOME}" not in words.terms:
        return list(known)
    left = [one for one in known if one.end <= said.start() or one.start >= said.end()]
    own = (("a", said.end("a"), said.start("one")), ("b", said.start("does"), said.start("two")))
    return [*left, *(Mention(said.start(half), end, f"{said[half]}_{_INCOME}", number=at) for half, end, at in own)]


_INCOME = "disposable_income"
"""What is told of people of town and country by head."""
