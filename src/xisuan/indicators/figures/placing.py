"""Where: the region a figure is of."""

from __future__ import annotations

import itertools
import re

from xisuan.indicators.figures.scene import Scene
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Where
from xisuan.indicators.sentences import elsewhere
from xisuan.text.translation import message as _

LOCAL = {
    "province": ("province",),
    "city": ("prefecture", "cluster", "area"),
    "prefecture": ("prefecture",),
    "area": ("new_area", "cluster"),
    "cluster": ("cluster", "new_area"),
}
"""What kind of region a word such as 全市 can mean."""


def of_figure(scene: Scene, figure: Quantity, at: int | None, mention: int | None = None) -> tuple[str, bool]:
    """The region of a figure, and whether it was taken from before."""
    if at is not None and at in scene.places:
        return scene.places[at], False
    if mention is not None and (own := _in_its_name(scene, mention)):
        return own, False
    seen = _chosen(scene, figure, mention)
    if seen is not None and seen.local in _OF_TWO and len(scene.context.listed) != len(_OF_TWO):
        seen = None  # the latter of two things, not of two places
    local = scene.sentence.english and scene.context.at_home and scene.context.home != scene.context.words.nation
    if seen is None and not local and scene.cues.said_by_the_nation.search(scene.text) and not scene.sentence.ranks:
        return scene.context.words.nation, True
    us = _of_us(scene, figure)
    region = (scene.context.home if us else "") or scene.context.region or scene.context.home
    if seen is None and scene.drafts and not (us and scene.sentence.english):
        behind = not scene.sentence.english and _behind_a_part(scene, figure)
        region = scene.drafts[0 if behind else -1].region  # of the figure before, whose name may have told its province
    elif seen is None and scene.context.elsewhere:
        return "", True
    elif seen is None and mention is not None and not _sited(scene, mention):
        region = scene.context.whole or region
    if (
        seen is None
        and scene.sentence.english
        and region == scene.context.words.nation
        and _smaller_behind(scene, figure)
    ):
        return "", True
    if seen is None:
        return region, True
    if seen.local in ("province", "city") and not any(one.region for one in scene.sentence.regions):
        name = of_its_kind(scene, seen)
        return name, undecided(scene, name)
    return (of_its_kind(scene, seen) if seen.local else seen.region), False


def _sited(scene: Scene, mention: int) -> bool:
    """Whether what a figure counts is what data centers have, so that it can be that of a cluster."""
    return scene.cues.sited.fullmatch(scene.sentence.mentions[mention].indicator) is not None


def _of_us(scene: Scene, figure: Quantity) -> bool:
    """Whether those who tell a text speak of themselves: 我省…, we have 31,500."""
    if not scene.sentence.english:
        said = scene.cues.speaks_of_us.search(scene.text, 0, figure.start) or scene.cues.new_aspect.match(scene.text)
        return said is not None
    start = scene.sentence.clause(figure.start)[0]
    return _WE.match(scene.text, start, figure.start) is not None


_WE = re.compile(
    r"\s*(?:(?:and|but|while|whereas|so|yet|today|here)\s+)*(?:we|here)\b(?!\s+(?:are\s+told|hear|read|see|know|learn))"
)
"""What a clause opens with in which those who tell a text speak of themselves."""


def why_none(scene: Scene, figure: Quantity, mention: int | None) -> str:
    """Why a figure has no region: it is of a place that the vocabulary does not have, or none is said."""
    seen = _chosen(scene, figure, mention)
    strange = scene.context.elsewhere if seen is None else seen.local in _STRANGE
    if strange or (seen is not None and scene.context.away):
        return _("of a place that the vocabulary does not have; add it to regions.csv")
    return _("its region is not said; where the text names none, give it with --region")


_OF_TWO = {"former": 0, "latter": -1}
"""Which of the two places of which the sentence before told is meant."""
_STRANGE = ("zone", elsewhere.KIND)
"""Kinds of places that the vocabulary does not have: a part of a city, a county or town."""


def of_several(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure is of several places together that are no region: 八大枢纽节点算力规模175EFLOPS."""
    start = scene.sentence.clause(figure.start)[0]
    found = [match.end() for match in scene.cues.several_places.finditer(scene.text, start, figure.start)]
    if found:
        return not any(found[-1] <= one.start < figure.start for one in scene.sentence.regions)
    if scene.sentence.english:
        return _two_together(scene, figure)
    return _of_those_before(scene, figure) or _listed(scene, figure)


def _listed(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese figure stands alone behind a list of places, none of which has it: 北京、广东、江苏共完成5万亿元."""
    at = next((at for at, one in enumerate(scene.sentence.amounts) if one is figure), -1)
    seen = _chosen(scene, figure, None)
    if at in scene.listed or seen is None or seen.local or seen.start >= figure.start:
        return False
    between = any(seen.end <= one.start and one.end <= figure.start for one in scene.sentence.amounts)
    before = (one for one in scene.sentence.regions if one.end <= seen.start and not one.local)
    return not between and any(_JOINS.fullmatch(scene.text, one.end, seen.start) for one in before)


def of_all_listed(scene: Scene, at: int) -> bool:
    """Whether a Chinese percentage stands alone behind a list of places, and is of all these: 分别为22万架、15万架,占85%."""
    last = scene.drafts[-1] if scene.drafts else None
    low = scene.sentence.amounts[at - 1].end if at else 0
    named = any(low <= one.start < scene.sentence.amounts[at].start for one in scene.sentence.regions)
    alone = at not in scene.places and last is not None and last.at == at - 1 and not named
    return not scene.sentence.english and alone and {at - 1, at - 2} <= scene.places.keys()


_JOINS = re.compile(r"[省市区州]?(?:[、和与及]|以及)")
"""Between two places of a Chinese list."""


def _of_those_before(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese figure goes on from one of several places, and no place is named between: …上架率63%,平均PUE1.32."""
    before = [one for one in scene.sentence.amounts if one.end <= figure.start]
    left = [one for one in before if any(one is seen and why == NOT_NAMED for seen, why in scene.unplaced)]
    if not left or re.search(r"[;；。]", scene.text[left[-1].end : figure.start]):
        return False
    return not any(left[-1].end <= one.start < figure.start for one in scene.sentence.regions)


NOT_NAMED = _("of regions that are not named")
"""Why a figure of several places was left over."""


def _two_together(scene: Scene, figure: Quantity) -> bool:
    """Whether an English figure stands beside two places told of as one: 8,300 firms in Wuhu and Hefei together."""
    near = [
        one for one in scene.sentence.regions if scene.previous_end(figure) <= one.start < scene.next_amount(figure)
    ]
    return any(
        scene.text[one.end : other.start].strip() == "and" and _TOGETHER.match(scene.text, other.end) is not None
        for one, other in itertools.pairwise(near)
    )


_TOGETHER = re.compile(r"\s+(?:(?:taken|put|counted)\s+)?(?:together|combined|jointly)\b|'s\s+combined\b")
"""Behind two places that are told of as one."""


def of_the_rest(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure is of regions that are not named, where these are no part of a name: bandwidth to other provinces."""
    lead = scene.segment(figure)
    if scene.sentence.english:  # led to 39 other cities, and the bandwidth of Henan came to …
        lead = re.split(r"[,;]\s+(?:and|while|but)\s", lead)[-1]
    low = figure.start - len(lead)
    return any(
        all(seen.end <= low + found.start() or seen.start >= low + found.end() for seen in scene.sentence.mentions)
        for found in scene.cues.the_rest.finditer(lead)
    )


def abroad(scene: Scene, figure: Quantity, mention: int | None) -> bool:
    """Whether an English clause of a text on China names another nation before a figure, and nothing at home behind it."""
    words = scene.context.words
    if not scene.sentence.english or words.nation != "china":
        return False
    start = max(scene.sentence.clause(figure.start)[0], scene.previous_end(figure))
    named = [one for at, one in enumerate(scene.sentence.mentions) if one.start >= start]
    own = [one for at, one in enumerate(scene.sentence.mentions) if at == mention]
    for found in words.nations_pattern.finditer(scene.text, start, figure.start):
        inside = any(one.start <= found.start() < one.end for one in (*named, *own))
        home = any(start <= one.start < figure.start for one in scene.sentence.regions)
        if not inside and not home and words.named_nation(found[0]):
            return True
    return False


def undecided(scene: Scene, region: str) -> bool:
    """Whether a text without a region in its title told last of another one than the one that a new paragraph falls to."""
    context = scene.context
    if context.at_home or region != context.home or not context.told or context.told == region:
        return False
    places, ways = context.words.places, context.words.within
    kinds = {places[name].kind for name in (context.told, region) if name in places}
    return len(kinds) == 1 and region not in ways(context.told) and context.told not in ways(region)


def _smaller_behind(scene: Scene, figure: Quantity) -> bool:
    """Whether a sentence speaks of a province or city only behind a figure: …, for the whole province."""
    named = [one for one in scene.sentence.regions if one.start >= figure.end]
    return any(one.local in ("province", "city") for one in named)


def _in_its_name(scene: Scene, mention: int) -> str:
    """The province where the name of an indicator says so: bandwidth out of the province."""
    one = scene.sentence.mentions[mention]
    if "the province" not in scene.text[one.start : one.end]:
        return ""
    words = scene.context.words
    here = next((seen.region for seen in reversed(scene.sentence.regions) if seen.end <= one.start and seen.region), "")
    return words.ancestor(here or scene.context.region or scene.context.home, ("province",))


def _chosen(scene: Scene, figure: Quantity, mention: int | None) -> Where | None:
    sentence = scene.sentence
    start, end = sentence.clause(figure.start)
    before = [seen for seen in sentence.regions if seen.end <= figure.start and not _only_compared(scene, seen, figure)]
    limit = min(end, scene.next_amount(figure))
    after = [seen for seen in sentence.regions if figure.end <= seen.start < limit]
    inside = [seen for seen in before if seen.start >= start]
    if not sentence.english:
        free = [seen for seen in before if not _of_a_part_before(scene, seen, figure)]
        nation = scene.context.words.nation
        inside = [seen for seen in inside if seen.region != nation or not _WITH.search(scene.text, 0, seen.start)]
        return next(iter((inside or free or ([] if before else after))[-1:]), None)
    own = _beside(scene, mention) if mention is not None else None
    if own is not None:
        return _after_a_figure(scene, figure, own) or own
    inside = [seen for seen in inside if not _owns(scene, seen)] or inside
    if inside:
        return inside[-1]
    if after and not (before and _owns(scene, after[0])):
        return after[0]
    free = [seen for seen in before if not _owns(scene, seen)]
    return next(iter((free or before)[-1:]), None) or _subject_behind(scene, figure)


def _of_a_part_before(scene: Scene, seen: Where, figure: Quantity) -> bool:
    """Whether a Chinese place stands in an earlier part of a sentence than a figure, and holds for that part alone: 其中成都
    占96%;全省…, or in the midst of a list whose first items were of the place spoken of before: 财政收入增长4%;贵安新区….
    """
    if _PART_ENDS.search(scene.text, seen.end, figure.start) is None:
        return False
    begins = max((found.end() for found in _PART_ENDS.finditer(scene.text, 0, seen.start)), default=0)
    among = scene.text.find("其中", begins, seen.start)
    among = seen.start if among < 0 and _SHARES.match(scene.text, seen.end) else among
    told = [one for one in scene.sentence.amounts if one.end <= (among if among >= 0 else begins)]
    if among >= 0 or not told:
        return bool(told)
    return not any(one.end <= seen.start for one in scene.sentence.regions)


def _behind_a_part(scene: Scene, figure: Quantity) -> bool:
    """Whether all places before a Chinese figure hold but for parts of its sentence before it."""
    before = [one for one in scene.sentence.regions if one.end <= figure.start]
    return bool(before) and all(_of_a_part_before(scene, one, figure) for one in before)


_WITH = re.compile(r"[与和同跟]$")
"""Before the nation with whose places something is linked: 贵阳与全国45个城市直联."""
_SHARES = re.compile(r"[省市区州]?占")
"""Behind a place that has a share of what was told before it."""
_PART_ENDS = re.compile(r"[;；]")
"""What ends a part of a Chinese sentence."""


def _only_compared(scene: Scene, seen: Where, figure: Quantity) -> bool:
    """Whether an English figure stands behind that of a larger whole with which one before it was compared: half the
    national rate of 5 percent, although industrial value added expanded 8.2 percent.
    """
    if not scene.sentence.english or _COMPARES.search(scene.text, 0, seen.start) is None:
        return False
    return any(seen.end <= one.start and one.end <= figure.start for one in scene.sentence.amounts)


_COMPARES = re.compile(
    r"\d[^.;]*\b(?:than|above|below|half|twice|double|against|behind|ahead\s+of|with)\s+(?:(?:that|those)\s+of\s+)?(?:the\s+)?$"
)
"""Behind a figure, before the larger whole with which it is compared."""


def _subject_behind(scene: Scene, figure: Quantity) -> Where | None:
    """The region that a sentence tells of whose opening has its figure: with 122 EFLOPS of power, Hohhot has become …"""
    behind = [seen for seen in scene.sentence.regions if seen.start >= figure.end and not seen.local]
    if scene.sentence.english and behind and WHAT_IT_HAS.fullmatch(scene.text, figure.end, behind[0].start):
        return behind[0]
    if not scene.cues.opens_with.match(scene.text):
        return None
    return next((seen for seen in behind if scene.cues.subject_now.match(scene.text, seen.end)), None)


WHAT_IT_HAS = re.compile(
    r"\s*(?::|,|--|–|—)\s+(?:that\s+is\s+)?(?:what|how\s+much|how\s+many)\s+(?:the\s+city\s+of\s+)?"
)
"""Between a figure that opens a sentence and who has so much: 70.6 EFLOPS: what Inner Mongolia had."""


def _after_a_figure(scene: Scene, figure: Quantity, own: Where) -> Where | None:
    """The last region behind a figure of an indicator's own region: an occupancy of 65 percent in A, and B 72 percent; A's
    GDP grew 5 percent to x, while B expanded 4 percent to y.
    """
    told = min((one.end for one in scene.sentence.amounts if one.start >= own.end), default=len(scene.text))
    behind = [seen for seen in scene.sentence.regions if seen.start >= told and seen.end <= figure.start]
    return behind[-1] if behind else None


def _owns(scene: Scene, seen: Where) -> bool:
    """Whether a region only owns the word behind it: China's growing 5G business."""
    return bool(re.match(r"(?:'s?)(?:\s|$)", scene.text[seen.end :])) and not seen.local


def _beside(scene: Scene, mention: int) -> Where | None:
    """The region that stands right at an indicator: Gui'an's output, output in Gui'an, Guizhou GDP."""
    one = scene.sentence.mentions[mention]
    for seen in reversed(scene.sentence.regions):
        if one.start <= seen.start and seen.end <= one.end:
            return seen
        if seen.end <= one.start:
            gap = scene.text[seen.end : one.start]
            if re.fullmatch(r"(?:'s?)?\s+(?:(?!and\b|in\b|of\b|to\b|has\b|had\b|saw\b|is\b|was\b)[\w-]+\s+){0,3}", gap):
                return seen
        elif seen.start >= one.end:
            gap = scene.text[one.end : seen.start]
            if re.fullmatch(
                r"\s+(?:\w+\s+)?(?:in|of|for|across|throughout|within)\s+(?:the\s+)?(?:\w+\s+china's\s+)?", gap
            ):
                return seen
    return None


def _of_a_nation(scene: Scene, seen: Where) -> str:
    """The capital of the nation, where a text speaks of it or of that capital and does not say `provincial`; else blank."""
    words, context = scene.context.words, scene.context
    told = scene.text[seen.start : seen.end]
    region = context.region or context.home
    capital = _CAPITALS.get(words.nation, "")
    if "capital" not in told or re.search(r"provincial|regional", told) or region not in (words.nation, capital):
        return ""
    return capital


_CAPITALS = {"china": "beijing"}
"""Nations and those of their regions that are their capitals."""


def _named_before(scene: Scene, seen: Where) -> list[str]:
    """The regions named before a place in a sentence, in Chinese with those in which sites and zones are said to lie."""
    out: list[str] = []
    words = scene.context.words
    for one in scene.sentence.regions:
        if one.end <= seen.start and one.region:
            out.append(one.region)
        elif one.end <= seen.start and one.local == elsewhere.KIND and not scene.sentence.english:
            out += [words.place(found[0]) for found in words.places_pattern.finditer(scene.text, one.start, one.end)]
    return out


def _goes_back_to_a_strange_one(scene: Scene, seen: Where) -> bool:
    """Whether a Chinese 全区, 新区 or 集群 is that of a place named last that the vocabulary does not have."""
    if scene.sentence.english or (
        seen.local not in ("area", "cluster") and scene.text[seen.start : seen.end] != "全区"
    ):
        return False
    before = [one for one in scene.sentence.regions if one.end <= seen.start]
    return before[-1].local in _STRANGE if before else scene.context.elsewhere


def of_its_kind(scene: Scene, seen: Where) -> str:
    """The province, city, … that words of its kind speak of: the province, 全市; blank where nothing says which. In English
    no city is one with a new area beside it: municipal revenue in a text on Guiyang and Gui'an New Area is Guiyang's.
    """
    name = _of_its_kind(scene, seen)
    places = scene.context.words.places
    if not scene.sentence.english or seen.local != "city" or name not in places or places[name].kind != "area":
        return name
    cities = (
        one for one, place in places.items() if place.kind == "prefecture" and place.within == places[name].within
    )
    return next((one for one in cities if places[name].title.startswith(f"{places[one].title} and ")), name)


def _of_its_kind(scene: Scene, seen: Where) -> str:
    kind = seen.local
    if kind == "nation":
        return scene.context.words.nation
    if kind in _OF_TWO:
        return scene.context.listed[_OF_TWO[kind]]
    if kind in _STRANGE or _goes_back_to_a_strange_one(scene, seen):
        return ""
    words, region, home = scene.context.words, scene.context.region, scene.context.home
    if kind == "capital" and (capital := _of_a_nation(scene, seen)):
        return capital
    if kind == "capital":
        province = words.ancestor(region or home, ("province",)) or words.ancestor(home, ("province",))
        return words.places[province].capital if province else home or region
    for one in reversed(_named_before(scene, seen)):
        if (name := words.ancestor(one, LOCAL[kind])) and (name == one or kind == "province"):
            return name if kind != "province" or words.places[name].capital else ""  # no municipality calls itself 全省
        if kind == "city" and words.places[one].kind == "province" and not words.places[one].capital:
            return one  # a municipality is a city, too
    for name in reversed(scene.context.recent):
        known = region in words.places and words.places[region].kind != "nation"
        municipal = kind == "province" and not words.places[name].capital
        if words.places[name].kind in LOCAL[kind] and not municipal and (kind in ("cluster", "area") or not known):
            return name
    for base in (region, home):
        if base and (name := words.ancestor(base, LOCAL[kind])):
            return name if kind != "province" or words.places[name].capital else ""
    if kind == "province" and (
        told := next((one for one in reversed(scene.context.recent) if words.places[one].kind == "province"), "")
    ):
        return told
    nation = home in words.places and words.places[home].kind == "nation"
    if kind == "city":  # a municipality is a province
        province = words.ancestor(region or home, ("province",))
        inside = (one for one in reversed(scene.context.recent) if words.places[one].kind in LOCAL[kind])
        municipal = province in words.places and not words.places[province].capital  # which is the city itself
        if (
            scene.sentence.english
            and not municipal
            and (city := next((one for one in inside if province in words.within(one)), ""))
        ):
            return city
        return "" if scene.context.away else province or ("" if nation else home)
    return "" if nation and kind in ("province", "prefecture") else home or region
