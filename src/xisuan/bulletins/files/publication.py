"""Metadata of a publication: its date, title, region and industry."""

from __future__ import annotations

import datetime
import re
from collections import Counter

from xisuan.bulletins.language.annotation import blanked
from xisuan.bulletins.language.lexicon import Lexicon, fold
from xisuan.bulletins.language.time_phrases import phrases
from xisuan.bulletins.language.time_words import Times

_DATED = re.compile(
    r"(?:发布(?:时间|日期)|发文日期|成文日期|日期|时间|来源|(?:add|release|publish(?:ing)?|post|update)\s*time|published"
    r"|updated\s*:?|date|posted|release[d]?)\s*(?:on|at|:|：)?\s*(?:on\s+)?",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"\b(?:By|Source|Editor|Updated|Xinhua)\b|来源|记者|作者|编辑|责编|星期|客户端|日报|晚报|字号|浏览"
)
_MEASURED = re.compile(r"%|percent|per\s+cent|yuan|RMB|元|万[户个]")
DATELINE = re.compile(
    r"^\s*[A-Z][A-Z' /-]+,\s+(?:[A-Z][A-Za-z ]+,\s+)?(?P<en>[A-Z][a-z]+\.?\s+\d{1,2}(?:,?\s*\d{4})?)\s*(?:\([A-Za-z ]+\)|/[A-Za-z -]+/)?\s*(?:--|-|—|–)*"
    r"|^\s*[A-Z][A-Za-z']+(?:\s[A-Z][a-z]+)?\s*(?:\([^()]{1,40}\)\s*)?(?:--|—|–)+\s+(?=[\"“A-Z])"
    r"|^\s*[A-Z][A-Z' ]{2,}(?:,\s+[A-Z][A-Za-z ]+)?\s+-\s+(?=[\"“A-Z])"
    r"|^\s*[A-Z][A-Za-z' -]+,\s+(?P<en2>[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s*\d{4})?)\s*(?:\([^()]{0,40}\)\s*|(?:--|-|—|–|:)+\s*)+"
    r"|^\s*(?:本报|新华社|中新社|中新网|人民网|央视网|[\u4e00-\u9fff]{2,10})[\u4e00-\u9fff]{0,6}?(?P<zh>(?:20\d\d年)?\d{1,2}月\d{1,2}日)(?:电|讯|消息)\s*(?:[（(][^（）()]{0,24}[)）])?"
    r"|^\s*[（(](?:记者|新华社|本报)[^（）()]{0,30}[)）]",
    re.MULTILINE,
)
_ORIGINS = re.compile(
    r"工业和信息化部|工信部|我国|全国(?!人大|政协|重点)|国家统计局|ministry of industry|china's", re.IGNORECASE
)
_OF_A_PROVINCE = re.compile(r"全省|我省|本省|the province\b")
_OF_A_PLACE = re.compile(
    r"全[省市州县]|我[省市]|the province|the city|[\u4e00-\u9fff]{2}(?:(?<!城)市(?![场值面])|县|(?<![地城园新社景小灾])区(?!域)|镇|旗)",
    re.IGNORECASE,
)
"""Cues of a text about a province, a city or a county, named or not."""
_NATIONAL = re.compile(
    r"三家基础电信企业|three (?:basic|major|leading) telecom|nationwide|China (?:Telecom|Mobile|Unicom|Broadnet)",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"[\[(（【]\s*(?:Photos?|Pictures?|Images?)\b[^\])）】\n]{0,80}[\])）】]|[\[(（]Xinhua\s?/[^\])）\n]{1,40}[\])）]",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"^\s*(?:[附续]?[图表]\s?\d{1,3}(?![\d.]*[%亿万])|(?:figure|table|chart)\s+\d{1,3}\b)", re.IGNORECASE
)
"""Start of a caption of a table or figure; its number is no observation."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_EARLY = 3
"""Last month in which a text on a year end means the previous year."""
_TITLE, _HEAD, _LINE, _OPENING, _STAMP = 120, 600, 80, 200, 30


def title_of(text: str) -> str:
    """Return the first line if it is short and no sentence, else blank."""
    lines = (line.strip() for line in text.splitlines() if line.strip())
    line = next((line for line in lines if not _says_when(line)), "")
    return line if len(line) < _TITLE and not re.search(r"[。；]|\.$|\.\s(?=[A-Z])", line) else ""


def _says_when(line: str) -> bool:
    """Return True if a line only states date, place or author of the publication."""
    if _MEASURED.search(line) or len(line) > _LINE:
        return False
    said = re.sub(
        r"[\d\s年月日:：./,-]|星期[一二三四五六日]|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b",
        "",
        line,
    )
    return len(said) < 4 or (_DATED.match(line) is not None and len(line) < 60)


def is_furniture(line: str, spoken: Times) -> bool:
    """Return True for a line without statements: date, link, editor or caption."""
    plain = line.strip().strip("()（）[]【】 ")
    if plain.startswith(("http://", "https://")) or CAPTION.match(plain):
        return True
    if len(plain) > _LINE or _MEASURED.search(plain):
        return False
    dated = any(one.day and one.year for one in phrases(fold(plain), [], spoken))
    return _says_when(plain) or (dated and (_BYLINE.search(plain) is not None or len(plain) < _STAMP))


def without_captions(text: str) -> str:
    """Return the text with picture credits blanked; character positions stay."""
    return _CREDIT.sub(lambda found: " " * len(found[0]), text)


def day_of(text: str, spoken: Times, year: int | None = None) -> datetime.date | None:
    """Return the first full date of a text, else None; `year` completes a date without one."""
    for when in phrases(fold(text), [], spoken):
        if when.day and (when.year or year) and when.start < 40:
            try:
                return datetime.date(when.year or year or 0, when.last, when.day)
            except ValueError:
                return None
    return None


def stamp_of(page: str, spoken: Times) -> datetime.date | None:
    """Return the first full date that a web page labels as its own, such as 发布时间：2025-11-20; None without one."""
    found = (day_of(page[match.end() : match.end() + 30], spoken) for match in _DATED.finditer(page))
    return next((day for day in found if day is not None), None)


def date_of(text: str, spoken: Times) -> datetime.date | None:
    """Return the publication date stated in the head, dateline or foot of a text, else None."""
    head, foot = text[:_HEAD], text[-160:] if len(text) > _HEAD + 100 else ""
    for part in (head, foot):
        for match in _DATED.finditer(part):
            if (day := day_of(part[match.end() : match.end() + 30], spoken)) is not None:
                return day
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    for line in [*lines[:6], *[one.strip() for one in foot.splitlines()[-2:]]]:
        if (
            (len(line) < 60 or (_BYLINE.search(line) and len(line) < _TITLE))
            and not _MEASURED.search(line)
            and (day := day_of(line, spoken))
        ):
            return day
    found = DATELINE.search(head)
    said = next((one for one in (found.groupdict().values() if found else ()) if one), "")
    if not said:
        return None
    first = re.search(r"20\d\d(?!年(?:底|末|前))", text)
    day = day_of(said, spoken, int(first[0]) if first else None)
    if day is None or day.month > _EARLY:
        return day
    over = re.search(rf"{day.year}年?(?:年)?(?:底|末|全年)|end\s+of\s+{day.year}", text)
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day) if over else day


def year_of(text: str, published: datetime.date | None, spoken: Times) -> int | None:
    """Return the year that `this year` means: of publication, else the first one named in the title or the text."""
    if published is not None:
        return published.year
    for part in (title_of(text), text[:20_000]):
        years = [
            one.year for one in phrases(fold(part), [], spoken) if one.year and one.until is None and not one.deadline
        ]
        if years:
            return years[0]
    return None


def topic_of(text: str, words: Lexicon) -> str:
    """Return the industry named in the title of a bulletin; blank for none and for several."""
    said = fold(title_of(text)) or fold(text[:_OPENING])
    named = [topic for topic, pattern in words.topics.items() if pattern.search(said)]
    return named[0] if len(named) == 1 else ""


def home_of(text: str, words: Lexicon) -> str:
    """Return the region of a text: from its title, else its opening, else the region named most often.

    Blank if the text names none, or uses 全省 without an antecedent.
    """
    # Datelines and asides name regions that the text is not about.
    plain = fold("\n".join(DATELINE.sub("", line) for line in text.splitlines()))
    plain = words.cues.places["aside"].sub(lambda found: " " * len(found[0]), plain)
    plain = blanked(plain, [one for one in words.firms(plain) if one.kind == "firm"])
    title = fold(title_of(text))
    if not words.places_pattern.search(title) and _ORIGINS.search(text[:400]) and not _OF_A_PLACE.search(text):
        return "china"
    for part in (title, plain[:400], plain):
        named = [words.place(one[0]) for one in words.places_pattern.finditer(part)]
        named = [one for one in named if one not in words.places or words.places[one].kind != "area"]
        smaller = [one for one in named if one != "china"]
        # Provinces and cities are more specific than the nation: the most frequent one, then the first.
        if smaller:
            counts = Counter(smaller)
            best = max(counts, key=lambda one: (counts[one], -smaller.index(one)))
            if part is title:
                return _of_title(smaller, words)
            whole = words.catalogue.ancestor(best, ("province",)) if _OF_A_PROVINCE.search(plain) else ""
            return whole if whole in smaller else best
        if named and part is title:
            return "china"
    national = _ORIGINS.search(text) or _NATIONAL.search(text)
    if national or (topic_of(text, words) and _CHINESE.search(text) and not _OF_A_PLACE.search(text)):
        return "china"
    return ""


def _of_title(named: list[str], words: Lexicon) -> str:
    """Return the region of a title: the first, or one inside it that follows ("Guiyang, Guizhou")."""
    first = named[0]
    inside = next((one for one in named[1:] if first in words.catalogue.within(one)[1:]), "")
    return inside or first


_LONGEST_CAPTION = 80
"""Maximum characters of a caption above a table."""
_ENDED = re.compile(r"[。；;.!！?？:：]\s*$")


def is_caption(line: str) -> bool:
    """Return True if a line above a table can be its caption."""
    return bool(line.strip()) and len(line) < _LONGEST_CAPTION and (not _ENDED.search(line) or "单位" in line)
