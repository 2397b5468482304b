"""Whom a text is about: the region of its title or first lines, which its figures are of where they say no other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from xisuan.indicators.language.vocabulary import Vocabulary, fold
from xisuan.indicators.reading.origin import PLACE_LINE, WRITERS, furniture, topic_of, topic_under
from xisuan.indicators.reading.passing import CUSTOMS, LEADS, TELLS, VENUE, in_passing, one_way, subjects, without
from xisuan.indicators.sentences.elsewhere import away, elsewhere
from xisuan.indicators.sentences.regions import several_sides
from xisuan.indicators.sentences.sentence import DATELINE

Place = tuple[re.Match[str], str]
"""The words of a place in a text, and its region."""
_OF_A_PROVINCE = re.compile(
    r"全省|我省|本省|全市|我市|本市|全州|我州|全区(?!域)|我区|全县|我县"
    r"|\bthe (?:province|city|prefecture|county)\b|provincial"
)
"""Words of a text about a province, city or county, whether or not it says which."""
_ITS_PROVINCE = re.compile(r"全省|我省|本省|我市|本市|the province")
"""Words of a text about a province or city that may name the nation before it."""
_HEAD = 400
"""Signs at the beginning of a text that say whom it is about."""
_HEADLINE = 120
"""Signs of a first line that say so."""
_SESSION = re.compile(r"(?:^|[^\u4e00-\u9fff])(?P<who>[\u4e00-\u9fff]{2,8}?)(?:市|州)?专场")
"""The session of a press series that is about one of its places: 第二场——遵义专场."""
_WHOLE_PROVINCE = re.compile(r"全省|我省|本省|全区(?!域)|我区")


def named_in(line: str, words: Vocabulary) -> frozenset[str]:
    """The regions that a line names."""
    return frozenset(words.place(match[0]) for match in words.places_pattern.finditer(fold(line)))


def about_elsewhere(text: str, words: Vocabulary) -> bool:
    """Whether a text is about a place that the vocabulary does not have: its title names that, or its first line where the
    title names none.
    """
    lines = (line[:_HEADLINE] for line in _plain(text, words).splitlines()[:2])
    named = (line for line in lines if words.places_pattern.search(fold(line)) or elsewhere(line, words))
    return away(next(named, ""), words)


def home_of(text: str, words: Vocabulary) -> str:
    """The region a text is about: the one named in its title, else the first, else the most frequent.

    A newsroom's town is none of these: what is published in Beijing is rarely about Beijing. Blank where the text says
    全省 or `the province` and names none.
    """
    plain = _plain(text, words)
    if not plain:
        return ""
    if (session := _of_a_session(plain[:_HEAD], words)) is not None:
        return session
    title = plain.splitlines()[0][:_HEADLINE]
    if province := _province_before_its_cities(plain, words):
        return province
    for part in (title, plain[:_HEAD], plain):
        if home := _named_home(part, plain, words):
            if part is title:
                home = _of_the_body(_of_two(home, title, plain, words), title, plain, words)
                home = _city_called(home, title, plain, words)
            return _province_said(home, plain, words)
    folded = fold(text)
    if words.nation == "china" and folded.isascii() and _ISLAND.search(folded) and _PROVINCE_EN.search(folded):
        return _ISLAND_PROVINCE
    if told := _of_the_dateline(text, folded, words):
        return told
    if issued := _of_the_issuer(text, folded, words):
        return issued
    if _OF_A_PROVINCE.search(folded):
        return _province_in_passing(plain[:_HEAD], words) if words.nation == "china" else words.nation
    if words.cues.national.search(folded) or words.cues.national_signs.search(folded):
        return words.nation
    if words.nation == "china" and not words.cues.local.search(folded) and _told_in_the_capital(plain, words):
        return words.nation
    nowhere = not words.places_pattern.search(folded) and not words.cues.local.search(folded)
    return words.nation if nowhere and topic_of(text, words) else ""  # a bulletin of an industry that names no place


def _city_called(home: str, title: str, plain: str, words: Vocabulary) -> str:
    """The city that an English title only calls one of its province, where the text behind begins with it: Ningxia's desert
    city, and then Zhongwei; else `home`.
    """
    folded, place = subjects(title, words), words.places.get(home)
    named = list(words.places_pattern.finditer(folded))
    if place is None or place.kind != "province" or len(named) != 1 or _ITS_CITY.match(folded, named[0].end()) is None:
        return home
    rest = words.places_pattern.search(subjects(plain[len(title) :], words))
    city = words.place(rest[0]) if rest is not None else ""
    return (
        city
        if city and home in words.within(city)[1:] and words.places[city].kind in ("prefecture", "cluster")
        else home
    )


_ITS_CITY = re.compile(r"(?:'s)?\s+(?:[\w-]+\s+){0,3}?(?:city|town|metropolis|port|boomtown|outpost)\b(?!')")
"""Behind a province, one of its cities that is not named."""


def _of_two(home: str, title: str, plain: str, words: Vocabulary) -> str:
    """Which of a city and its province an English title is about that says what the one does for the other, Xi'an carries
    Shaanxi over the line: the one that the text names first; else `home`.
    """
    folded = subjects(title, words)
    named = [(found, words.place(found[0])) for found in words.places_pattern.finditer(folded)]
    if len(named) != len(_BOTH) or not folded.isascii():
        return home
    (first, one), (second, other) = named
    gap = folded[first.end() : second.start()]
    if one == other or words.nation in (one, other) or not one_way(one, other, words) or _PLACED.fullmatch(gap):
        return home
    rest = subjects(plain[len(title) :], words)
    told = [words.place(found[0]) for found in words.places_pattern.finditer(rest)]
    return next((name for name in told if name in (one, other)), home)


def _of_the_body(home: str, title: str, plain: str, words: Vocabulary) -> str:
    """The place that an English text is about whose title names but a part of the nation that it lies in, Central China's
    networks get faster, or a place of which the text tells nothing, Where Beijing keeps its data; else `home`.
    """
    rest = subjects(plain[len(title) :], words)
    if not rest.isascii() or home == words.nation or home not in words.places:
        return home
    found = [one for one in words.places_pattern.finditer(rest) if not in_passing(rest, *one.span(), words)]
    named = [name for one in found if (name := words.place(one[0])) != words.nation]
    told = [name for name in named if words.places[name].kind != "area"]
    if not told:
        return home
    others = Counter(name for name in told if not one_way(name, told[0], words))
    if any(count >= told.count(told[0]) for count in others.values()):
        return home
    of_area = words.places[home].kind == "area" and words.places[home].within == words.nation
    never = len(told) >= _SOME and not any(one_way(home, name, words) for name in told)
    return told[0] if of_area or never else home


_BOTH = ("city", "province")
"""What such a title names."""
_PLACED = re.compile(
    r"'s?\s+(?:[\w-]+\s+){0,2}|\s+|,\s+(?:[\w'|-]+\s+){0,4}|(?:\s+[\w-]+){0,4}?\s+(?:in|of)\s+(?:[\w-]+\s+){0,2}"
)
"""Between two places of which the one only says where the other lies."""


def _province_said(home: str, plain: str, words: Vocabulary) -> str:
    """The province of a city that an English text names first, where it speaks of `the province` in its title, or by its
    name too, and never of the city; else the city.
    """
    folded = fold(plain)
    province = words.ancestor(home, ("province",))
    own = _REGION_EN if province in _AUTONOMOUS else _PROVINCE_EN
    city = words.places[home].kind in ("prefecture", "cluster")
    if not city or not folded.isascii() or own.search(folded) is None or _CITY_EN.search(folded) is not None:
        return home
    lines = [[words.place(found[0]) for found in words.places_pattern.finditer(line)] for line in folded.splitlines()]
    if home in lines[0] and any(lines[1:]) and next(filter(None, lines[1:]))[0] == home:
        return home  # its title and the text behind it begin with the city
    named = [words.place(found[0]) for found in words.places_pattern.finditer(folded)]
    title = own.search(folded.splitlines()[0]) is not None and all(one_way(one, province, words) for one in named)
    return province if title or province in named else home


def _province_before_its_cities(plain: str, words: Vocabulary) -> str:
    """The province of the places that an English text names, all in one, where it speaks of `the province` before it names
    any: the province's software industry …; Chengdu's revenue was …; else blank.
    """
    folded = subjects(plain, words)
    said = _PROVINCE_EN.search(folded) if folded.isascii() and words.nation == "china" else None
    first = words.places_pattern.search(folded)
    if said is None or first is None or first.start() < said.start():
        return ""
    named = [words.place(found[0]) for found in words.places_pattern.finditer(folded)]
    provinces = {words.ancestor(one, ("province",)) for one in named if one != words.nation}
    return next(iter(provinces)) if len(provinces) == 1 else ""


_ISLAND = re.compile(r"\bthe\s+island(?:'s)?\b")
_ISLAND_PROVINCE = "hainan"
"""The one province that is an island."""
_PROVINCE_EN = re.compile(r"\b(?:the|our)\s+province\b")
_REGION_EN = re.compile(r"\b(?:the|our)\s+(?:whole\s+|entire\s+|autonomous\s+)?(?:region\b(?!\s+of)|province\b)")
_AUTONOMOUS = frozenset(("guangxi", "inner_mongolia", "ningxia", "tibet", "xinjiang"))
"""Provinces that call themselves regions."""
_CITY_EN = re.compile(r"\b(?:the|our|this)\s+(?:[a-z]+\s+)?city\b|\bmunicipal\b|\bcity-?wide\b")
"""What a text calls the place that it is about."""


def _of_the_dateline(text: str, folded: str, words: Vocabulary) -> str:
    """The province, or city, of an English text that names none but in its dateline and says `the province` or the city."""
    if not folded.isascii() or words.nation != "china":
        return ""
    lines = (found[0] for line in text.splitlines() if (found := DATELINE.match(line)) is not None)
    said = fold(next(lines, ""))
    places = [words.place(found[0]) for found in words.places_pattern.finditer(said)]
    if not places:
        return ""
    if _PROVINCE_EN.search(folded):
        return words.ancestor(places[-1], ("province",))
    return places[0] if _CITY_EN.search(folded) else ""


def _of_the_issuer(text: str, folded: str, words: Vocabulary) -> str:
    """The place whose office a line about a Chinese text names, where that says 全省 or 全市 and names no place itself."""
    if _ALL_OF_IT.search(folded) is None:
        return ""
    lines = (fold(line) for line in text.splitlines() if line.strip() and furniture(line, words.times))
    offices = (
        found for line in lines for found in words.places_pattern.finditer(line) if _OFFICE.match(line, found.end())
    )
    place = next((words.place(found[0]) for found in offices), "")
    whole = _WHOLE_PROVINCE.search(folded) is not None
    return words.ancestor(place, ("province",)) or place if place and whole else place


_ALL_OF_IT = re.compile(r"全省|全市|全区(?!域)|我省|我市|我区|全州")
_OFFICE = re.compile(r"[\u4e00-\u9fff]{0,12}(?:局|厅|委|委员会|办公室|人民政府)(?![\u4e00-\u9fff])")
"""What a text calls the whole of its place, and the office behind the name of one."""


def _told_in_the_capital(plain: str, words: Vocabulary) -> bool:
    """Whether the capital, where a text was told, is all that it names: told reporters in Beijing that GDP was …"""
    folded = subjects(plain, words)
    found = [(match.start(), words.place(match[0])) for match in words.places_pattern.finditer(folded)]
    told = [place for at, place in found if words.cues.held_in.search(folded[max(0, at - LEADS) : at])]
    return bool(told) and {place for _, place in found} == {"beijing"} and len(told) == len(found)


def _plain(text: str, words: Vocabulary) -> str:
    """A text without the lines and datelines that say who wrote it, where and when."""
    lines = (line for line in text.splitlines() if line.strip())
    told = (line for line in lines if _on_an_industry(line, words) or not furniture(line, words.times))
    return "\n".join(DATELINE.sub("", line) for line in told if not _of_who_wrote(line.strip(), words))


def _of_who_wrote(line: str, words: Vocabulary) -> bool:
    """Whether a line only says who wrote a text and where."""
    told = PLACE_LINE.fullmatch(line) or WRITERS.match(line)
    return told is not None and not _on_an_industry(line, words)


def _on_an_industry(line: str, words: Vocabulary) -> bool:
    """Whether what looks like the line of a writer is the title of a text on an industry: Software in Shandong."""
    return WRITERS.match(line.strip()) is not None and topic_under(line, words) != ""


def _of_a_session(head: str, words: Vocabulary) -> str | None:
    """The place that a session of a press series is about; None where a text tells of none."""
    said = (found["who"] for found in _SESSION.finditer(head))
    return next((words.place(who) for who in said if words.places_pattern.fullmatch(who)), None)


def _province_in_passing(head: str, words: Vocabulary) -> str:
    """The province of a text that says all of it and names it in passing only: 全省大数据工作会在贵阳召开; else blank."""
    if _WHOLE_PROVINCE.search(head) is None:
        return ""
    said = (found[0] for passing in (VENUE, TELLS, CUSTOMS) for found in passing.finditer(head))
    places = (words.place(found[0]) for part in said for found in words.places_pattern.finditer(part))
    return next((words.ancestor(place, ("province",)) for place in places), "")


_PRESS = re.compile(
    r"[\u4e00-\u9fff]{2,3}(?:省|市|(?:壮族|回族|维吾尔)?自治区)?(?:人民政府|政府|省委|市委)?新闻办(?:公室)?"
)
"""The press office of a province, in which its cities tell of themselves: 陕西省政府新闻办举行发布会,介绍西安市…."""


def _named_home(part: str, plain: str, words: Vocabulary) -> str:
    """The region that a part of a text (title, beginning or all) says it is about; blank where it names none."""
    folded = subjects(part, words)
    apart = without(folded, _PRESS)
    folded = apart if words.places_pattern.search(apart) else folded
    every = [(match, words.place(match[0])) for match in words.places_pattern.finditer(folded)]
    found = [one for one in every if not in_passing(folded, one[0].start(), one[0].end(), words)]
    found = [one for one in found if not _only_called(folded, one[0])]
    found = _without_lists(folded, found, words) if folded.isascii() else found
    if len(found) > 1 and found[0][1] == words.nation and _is_a_side(found[1][1], words):
        owns = folded[found[0][0].end() : found[1][0].start()].strip() == "'s"
        found = found[owns:]  # China's Northeast is but that
    names = [name for _, name in found]
    local = [name for name in names if name != words.nation]
    beside = len(found) > 1 and found[1][0].start() - found[0][0].end() < _BESIDE
    whole = part is plain and len(plain) > _HEAD
    compass = bool(local) and _is_a_side(local[0], words)
    sides = bool(local) and all(_is_a_side(name, words) for name in local)
    if sides and (len(set(local)) > 1 or several_sides(fold(plain))):
        return words.nation  # by region, the east …, the west …
    if beside and len(local) > 1 and (compass or local[0] in words.within(local[1])) and not whole:
        local = local[1:]  # Hebei's Zhangjiakou
    if compass and (names[0] == words.nation or words.cues.national.search(fold(plain[:_HEAD]))):
        return words.nation  # 软件业收入增长11.6% 中西部地区增势突出: the regions are but a part of it
    first = next(iter(local), "")
    if names and names[0] == words.nation and first and part is not plain and _of_the_nation(plain, first, words):
        return words.nation
    if part is not plain and names and names[0] == words.nation and first and _nation_first(part, plain, words):
        return words.nation
    if words.cues.national.search(folded) and not _ITS_PROVINCE.search(folded) and not whole:
        at = next((match.start() for match, name in found if name == first), len(folded))
        if not first or min(match.start() for match in words.cues.national.finditer(folded)) < at:
            return words.nation
    if first:
        return Counter(local).most_common(1)[0][0] if whole else first
    if names and not _ITS_PROVINCE.search(folded):
        return _whose(part, plain, words) if part == plain.splitlines()[0][:_HEADLINE] else words.nation
    return ""


def _only_called(folded: str, match: re.Match[str]) -> bool:
    """Whether China is named but to say in which part of it lies a place that is not named: north China region."""
    side = _SIDE_OF.search(folded, 0, match.start()) is not None
    return side and _ONE_PLACE.match(folded, match.end()) is not None


_SIDE_OF = re.compile(r"\b(?:north|south|east|west|central|northeast|northwest|southeast|southwest)(?:ern)?[\s-]+$")
_ONE_PLACE = re.compile(r"(?:'s)?\s+(?:[a-z-]+\s+){0,2}?(?:region|province|city|municipality|metropolis|town|county)\b")
"""Around China where a place in it is only called."""


def _nation_first(title: str, plain: str, words: Vocabulary) -> bool:
    """Whether an English title tells something of the nation, and in another clause of a place, and the text begins with the
    nation: China's network grows, and Shandong wants a tenth of it.
    """
    folded, rest = fold(title), fold(plain[len(title) :])
    places = [found for found in words.places_pattern.finditer(folded) if words.place(found[0]) != words.nation]
    if not folded.isascii() or not places or not plain.startswith(title):
        return False
    first = next((found for found in words.places_pattern.finditer(rest)), None)
    opens = _THE_NATION.search(rest[:_HEADLINE])
    apart = _CLAUSE.search(folded, 0, places[0].start()) is not None
    return apart and opens is not None and (first is None or opens.start() <= first.start())


_THE_NATION = re.compile(r"\b(?:the\s+(?:country|nation)\b|china\b|chinese\b|nationwide\b)")
_CLAUSE = re.compile(r"(?:[,;:]\s+(?:and|but|while|as|with)?|\s(?:and|but|while|as|whereas))\s*(?:the\s+)?$")
"""What the beginning of a text speaks of, and where the clause of a title begins that names a place."""


def _is_a_side(name: str, words: Vocabulary) -> bool:
    """Whether a place is but a side of the nation: the east, the west."""
    return words.places[name].kind == "area" and words.places[name].within == "china"


def _without_lists(folded: str, found: Sequence[Place], words: Vocabulary) -> list[Place]:
    """The places of an English stretch without those of a list of three or more, none of which it is about."""
    runs: list[list[Place]] = []
    for one in found:
        before = runs[-1][-1][0] if runs else None
        joined = before is not None and _JOINS.fullmatch(folded[before.end() : one[0].start()]) is not None
        runs = [*runs[:-1], [*runs[-1], one]] if joined else [*runs, [one]]
    left = [one for run in runs if len(run) < _SEVERAL for one in run]
    return left if any(place != words.nation for _, place in left) else list(found)


_JOINS = re.compile(r",\s+(?:and\s+)?|\s+and\s+")
"""Between two places of a list."""
_SEVERAL = 3
"""Places of a list in which none stands out."""


_BESIDE = 5
"""Signs between a place and the larger one right before it."""


def _whose(title: str, plain: str, words: Vocabulary) -> str:
    """The nation that a title names; the place of the text where the title only calls something China's and the text
    names one place and what lies in it first, more often than China and than all others together.
    """
    folded = fold(plain)
    owned = _CHINA.findall(subjects(title, words)) and not _CHINA_ITSELF.search(subjects(title, words))
    if not owned or words.cues.national.search(folded):
        return words.nation
    rest = subjects(plain[len(title) :], words)
    found = (match for match in words.places_pattern.finditer(rest))
    named = [words.place(one[0]) for one in found if not in_passing(rest, one.start(), one.end(), words)]
    local = [name for name in named if name != words.nation and words.places[name].kind != "area"]
    others = Counter(name for name in local if not one_way(name, local[0], words)) if local else Counter()
    most = max(others.values(), default=0)
    if not local or 2 * others.total() >= len(local) or most >= local.count(local[0]):
        return words.nation
    if _CHINAS_OWN.search(subjects(title, words)):
        return words.nation
    return local[0] if named[0] != words.nation and len(local) > _SOME * named.count(words.nation) else words.nation


_CHINA = re.compile(r"\bchina\b")
_CHINA_ITSELF = re.compile(r"\bchina\b(?!'s)")
_CHINAS_OWN = re.compile(
    r"\bchina's\s+(?:[a-z-]+\s+){0,3}?(?:economy|economic|gdp|gross|output|exports?|imports?|trade|retail|industr(?:y|ies|ial)|sectors?|factor(?:y|ies)"
    r"|investment|consum\w+|revenues?|profits?|carriers|exporters|operators|telecom\w*|population|prices|inflation|growth|market|power)\b"
)
"""What a title calls China's that is of the whole nation."""
_SOME = 2
"""Times that a place must be named for each time that China is, for a text to be about it."""


def _of_the_nation(plain: str, first: str, words: Vocabulary) -> bool:
    """Whether a text that speaks of China before the region `first` is about China: it names the region last and rarely."""
    lines = [fold(line) for line in plain.splitlines()]
    named = [[words.place(match[0]) for match in words.places_pattern.finditer(line)] for line in lines]
    with_any = [names for names in named if names]
    if any(set(names) - {"china"} for names in with_any[:1]):
        return False
    counted = Counter(name for names in named for name in names)
    return counted["china"] >= counted[first]
