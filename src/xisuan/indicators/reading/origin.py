"""Where a text comes from: its day of publication, the year and the region it speaks of, the industry of its title."""

from __future__ import annotations

import calendar
import datetime
import re

from xisuan.indicators.language.periods import Span, phrases, span
from xisuan.indicators.language.quantities import EN_NUMBERS
from xisuan.indicators.language.timewords import Times
from xisuan.indicators.language.vocabulary import Vocabulary, fold
from xisuan.indicators.sentences.sentence import DATELINE

_DATED = re.compile(
    r"(?:发布(?:时间|日期)|发文日期|成文日期|日期|时间|来源|(?:add|release|publish(?:ing)?|post|update)\s*time|published|updated|date|posted|release[d]?)\s*(?:on|at|:|：)?\s*(?:on\s+)?",
    re.IGNORECASE,
)
_NEWSROOM = re.compile(
    r"^\s*[A-Z][A-Z' /-]+,\s+(?:[A-Z][A-Za-z ]+,\s+)?(?P<date>[A-Z][a-z]+\.?\s+\d{1,2}(?:,?\s*\d{4})?)"
    r"|^\s*[A-Z][A-Z' /-]+,\s+(?P<dmy>\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+\.?,?\s+\d{4})\s*\("
    r"|^\s*[A-Z][A-Z' /-]+,?\s*\([^()]{0,60}?(?P<told>\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+\.?,?\s+\d{4})\s*\)",
    re.MULTILINE,
)


_TOLD = re.compile(r"\([^()]{0,60}?(?P<told>\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+\.?,?\s+\d{4})\s*\)")
"""A whole date in the brackets of a dateline whose own has no year: June 4 (… News - 4th Jun, 2021)."""


_BYLINE = re.compile(r"\b(?:By|Source|Editor|Updated|Xinhua)\b|来源|记者|作者|编辑|星期")
"""What only a line about the text itself says beside its date."""


_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WRITER = rf"(?:[A-Z][A-Za-z'-]+\s+){{1,3}}in\s+(?!{_MONTH}\b)[A-Z][A-Za-z']+"
WRITERS = re.compile(rf"(?:[\d/., -]{{6,12}},?\s*)?(?:By\s+)?{_WRITER}(?:(?:,|\s+and)\s+{_WRITER})*\s*$")
"""A line of those who wrote a text and where: CHENG YU in Beijing and YANG JUN in Guiyang."""


PLACE_LINE = re.compile(r"[A-Z][A-Za-z' -]+,\s+(?:[A-Z][A-Za-z -]+,\s+)?[A-Z][a-z]+\.?\s+\d{1,2},\s+\d{4}")
"""A line of place and date, which says where a text was written: Guiyang, January 6, 2026."""


_CREDIT = re.compile(
    r"[\[(（【]\s*(?:Photos?|Pictures?|Images?|Source)\b[^\])）】\n]{0,60}[\])）】]|\bPhotos?\s*[:：]\s*[^.\n]{1,40}$"
    r"|[.,]?\s/\s?(?:CFP|VCG|CGTN|CMG|AFP|AP|Reuters|Xinhua|Getty\s?Images|People's\s+Daily\s+Online)\s*$"
    r"|[\[(（](?:Xinhua\s?/\s?[A-Z]|[^()\[\]（）\n]{2,40}/\s?(?:Xinhua|VCG|CFP|CNS|AFP|Reuters))[^()\[\]（）\n]{0,40}[\])）]",
    re.MULTILINE,
)
"""Who took a picture."""
_MEASURED = re.compile(r"%|percent|per\s+cent|yuan|RMB|元")


def without_captions(text: str) -> str:
    """The text with blanks for what stands under its pictures, which says where and when they were taken; lines with
    figures of money or per cent are kept."""
    lines = []
    for line in text.split("\n"):
        credit = next((found for found in _CREDIT.finditer(line) if found.end() < _LONGEST_CAPTION), None)
        told = credit is not None and _MEASURED.search(line[: credit.start()]) is None
        lines.append(" " * credit.end() + line[credit.end() :] if credit is not None and told else line)
    return "\n".join(lines)


_LONGEST_CAPTION = 400
"""Signs of a line within which the name of a photographer ends a caption."""


def title_of(text: str) -> str:
    """The first line with words but for that of its date, where it is short and no sentence; blank where it is one."""
    lines = (line.strip() for line in text.splitlines() if line.strip())
    line = next((line for line in lines if not _says_when(line)), "")
    return line if len(line) < 120 and not re.search(r"[。；]|\.$|\.\s", line) else ""


def _says_when(line: str) -> bool:
    """Whether a line only says when or where its text was published."""
    return bool(_DATED.match(line) and len(line) < _SHORT and not re.search(r"元|yuan|%|percent", line))


_SHORT = 60
"""Signs of a line that says only when a text was published."""


def topic_of(text: str, words: Vocabulary) -> str:
    """The industry that the title of a bulletin, else the beginning of the next line, names; blank where they name none."""
    lines = [line for line in text.splitlines() if line.strip() and not furniture(line, words.times)]
    prose = bool(lines) and len(lines[0]) > _PROSE[lines[0].isascii()]
    for line, signs in zip(lines[:1] if prose else lines, (80, 45), strict=False):
        said = fold(DATELINE.sub("", line))[:signs]
        if topic := next((topic for topic, named in words.topics.items() if named.search(said)), ""):
            return topic
    return ""


_PROSE = {True: 160, False: 80}
"""Signs of an English and a Chinese first line from which on it is no title, and the next no second line of one."""


def topic_under(heading: str, words: Vocabulary) -> str:
    """The industry that a heading inside a text is about; blank where it names none, or several."""
    named = [topic for topic, name in words.topics.items() if name.search(fold(heading))]
    return named[0] if len(named) == 1 else ""


_FIGURE = re.compile(r"\d")
_DOCUMENT = re.compile(r"(?:报告|公报|规划|方案|通报|实录)")
"""What a Chinese title calls its text, whatever day stands beside it: 江苏省政府工作报告——2025年1月19日."""


def furniture(raw: str, spoken: Times) -> bool:
    """Lines that carry no statement: dates of publication, links, editors."""
    line = raw.strip().strip("()（）[]【】 ")
    if line.startswith(("http://", "https://")):
        return True
    if len(line) > 80:
        return False
    when = phrases(fold(line), [], spoken) if _FIGURE.search(line) else []
    if (
        len(when) == 1
        and when[0].day
        and when[0].end - when[0].start >= len(line) - 12
        and not re.search(r"\d", line[: when[0].start] + line[when[0].end :])
        and not _DOCUMENT.search(line)
    ):
        return True
    if WRITERS.match(line) and not when[1:]:
        return True
    if _BYLINE.search(line) and any(one.day and one.year for one in when) and not re.search(r"元|yuan|%|percent", line):
        return True
    return _says_when(line)


def date_of(text: str, spoken: Times) -> datetime.date | None:
    """The date of publication that a text states of itself, in its head or its foot, or in its dateline."""
    head = text[:600]
    foot = text[-160:] if len(text) > 700 else ""
    for part in (head, foot):
        for match in _DATED.finditer(part):
            if (day := day_of(part[match.end() : match.end() + 30], spoken)) is not None:
                return day
    first = [line for line in head.splitlines() if line.strip()]
    for line in [*first[:6], *foot.splitlines()[-2:]]:
        stripped = line.strip().strip("()（）")
        if (
            len(stripped) < 48
            and not re.search(r"元|yuan|%|percent|至|through", stripped)
            and (day := day_of(stripped, spoken)) is not None
        ):
            return day
    for line in first[:5]:
        placed = _PLACE_AND_DAY.match(line.strip())
        if placed is not None and (day := day_of(placed["day"], spoken)) is not None:
            return day
    for line in first[:5]:
        if WRITERS.match(line.strip()) and (day := day_of(line.strip(), spoken)) is not None:
            return day
    for line in first[1:5]:
        if (day := _occasion(line.strip(), spoken)) is not None:
            return day
    said = re.search(r"\b([A-Z][a-z]+\.?\s+\d{1,2},\s+\d{4})\s*(?:\(|--|-|—|\||By\b|Source\b)", head)
    if said:
        return day_of(said[1], spoken)
    dateline = re.search(
        r"[（(]?(?:记者|新华社|本报|中新网|中新社)[^，。]{0,14}?(?P<date>(?:20\d\d年)?\d{1,2}月\d{1,2}日)"
        r"|(?:^|\n)\s*[\u4e00-\u9fff]{2,12}?(?P<wire>20\d\d年\d{1,2}月\d{1,2}日)(?:电|讯)",
        head,
    ) or _NEWSROOM.search(head)
    if dateline is None:
        return None
    event = _EVENT.search(head)
    if event is not None and (told_day := next((one for one in (dateline.groupdict().get("date"),) if one), None)):
        with_year = told_day if told_day[:2] == "20" else f"{event['year']}年{told_day}"
        if (day := day_of(with_year, spoken)) is not None:
            return day
    line = head[dateline.start() :].lstrip().split("\n")[0]
    told = [*dateline.groups(), *(found["told"] for found in _TOLD.finditer(line[:_LONGEST_LINE]))]
    return next((day for found in told if found and (day := day_of(found, spoken)) is not None), None)


_PLACE_AND_DAY = re.compile(
    r"[A-Z][A-Za-z' -]{1,30},\s+(?P<day>[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})\s*(?:[.;|–—]|-\s)"
)
"""How a line opens that says where and when something was told: Lanzhou, October 24, 2024. Spokesperson: …"""
_EVENT = re.compile(
    r"(?<![\d年-])(?P<year>20\d\d)(?=(?:中国|全球|世界|国际)[^，。,;；\d]{2,16}(?:大会|峰会|论坛|博览会|数博会))"
)
"""The year of an event that a text tells of, which is that of its dateline without one: 2025中国算力大会."""
_LONGEST_LINE = 150
"""Signs of a line that says who published a text and when."""


def _occasion(line: str, spoken: Times) -> datetime.date | None:
    """The day of a line that says who published, or where it was delivered: … Bureau of Statistics, March 31, 2025."""
    if len(line) > _LONGEST_LINE or re.search(r"元|yuan|%|percent|[。；]|\.\s+[A-Z]", line):
        return None
    for when in phrases(fold(line), [], spoken):
        apart = line.startswith(("—", "-", "(", "（")) or when.end >= len(line.rstrip(" )）.")) - 1
        if when.day and when.year and (apart or re.match(r"[Dd]elivered|[Ii]ssued|[Rr]eported", line)):
            return datetime.date(when.year, when.last, when.day)
    return None


def day_of(text: str, spoken: Times) -> datetime.date | None:
    """The first full date of a text."""
    for when in phrases(fold(text), [], spoken):
        if when.day and when.year and when.start < 24:
            try:
                return datetime.date(when.year, when.last, when.day)
            except ValueError:
                return None
    return None


def year_of(text: str, published: datetime.date | None, spoken: Times) -> int | None:
    """The year a text speaks of where a month has none: that of publication, else the first that is no deadline."""
    return published.year if published is not None else _first_year(text[:20_000], spoken)


def _first_year(text: str, spoken: Times) -> int | None:
    years = [
        when.year for when in phrases(fold(text), [], spoken) if when.year and when.until is None and not when.deadline
    ]
    return years[0] if years else None


def anchor_of(text: str, published: datetime.date | None, spoken: Times) -> int | None:
    """The year that `this year` means: that of publication, else the one that the title names."""
    return published.year if published is not None else _first_year(title_of(text), spoken)


def months_of(text: str, published: datetime.date | None, spoken: Times) -> Span | None:
    """The months of the year under way that a text reports on: the first stretch from January that it names and that was
    over when it was published; None where it names none.
    """
    if published is None:
        return None
    for when in phrases(fold(text[:_REPORTED_IN]), [], spoken):
        whole = when.kind != "span" or when.compared or when.deadline or when.until is not None
        if whole or when.first != 1 or when.last >= _DECEMBER or when.year not in (None, published.year):
            continue
        days = span(when, published.year, 0)
        if days.last <= published and not when.same_month and when.offset is None:
            return days
    return None


def names_its_months(text: str, spoken: Times) -> bool:
    """Whether the title of a text names the year or the months that it reports on, as those of bulletins do."""
    named = phrases(fold(title_of(text)), [], spoken)
    return any(not (when.compared or when.deadline or when.until is not None or when.day) for when in named)


def months_of_title(text: str, published: datetime.date | None) -> Span | None:
    """The months that an English title reports on by their number alone, where they had just ended when the text was
    published: the half year in figures; Anhui after ten months; the year in numbers; None where it tells none.
    """
    said = _SO_MANY.search(fold(title_of(text))) if published is not None else None
    if said is None or published is None:
        return None
    if said["year"]:
        last = datetime.date(published.year - 1, _DECEMBER, 31)
        return Span(last.replace(month=1, day=1), last) if published.month <= _JUST_OVER else None
    months = (
        _HALF if said["half"] else _THREE_QUARTERS if said["quarters"] else EN_NUMBERS.get(said["n"]) or int(said["n"])
    )
    if not 0 < published.month - months <= _JUST_OVER:
        return None
    last = datetime.date(published.year, months, calendar.monthrange(published.year, months)[1])
    return Span(datetime.date(published.year, 1, 1), last)


_SO_MANY = re.compile(
    r"\b(?:(?P<half>(?:half|mid)[\s-]year(?:ly)?\b|half\s+(?:a|the)\s+year\b)|(?P<quarters>three[\s-]quarters\b(?!\s+of)(?=\s+(?:in|of|on|for|done|gone)\b|\s*$|\s+\w+s\b))"
    r"|(?P<n>two|three|four|five|six|seven|eight|nine|ten|eleven|10|11)[\s-]months?\b(?!\s+(?:ago|earlier|later|high|low|old|before|ahead))"
    r"|(?P<year>(?:the|its|'s|a)\s+year\s+in\s+(?:figures|numbers|review|brief|data|statistics)\b))"
)
"""How a title tells of how many months a text is."""
_HALF, _THREE_QUARTERS, _JUST_OVER = 6, 9, 3
"""Months of the stretches that have names, and months after their end in which a title tells them by their number."""
_REPORTED_IN = 4_000
"""Signs of a text within which it says what months it reports on."""
_DECEMBER = 12
