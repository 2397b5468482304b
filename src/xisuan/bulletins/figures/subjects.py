"""Regions and firms to which figures belong, with anaphora such as 全省 resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xisuan.bulletins.language.annotation import UNNAMED, Sentence
from xisuan.bulletins.language.lexicon import Lexicon
from xisuan.bulletins.language.name_matcher import Firm, Where
from xisuan.bulletins.language.quantities import Quantity
from xisuan.text.translation import message as _

_CITY = ("prefecture", "province", "county")
_MUNICIPALITIES = ("beijing", "tianjin", "shanghai", "chongqing")
_KINDS = (
    (re.compile(r"省|province"), ("province",)),
    (re.compile(r"自治区|autonomous|区$|region"), ("province", "new_area", "area")),
    (re.compile(r"市|city|municipality"), _CITY),
    (re.compile(r"州|prefecture"), ("prefecture",)),
    (re.compile(r"县|county"), ("county",)),
    (re.compile(r"国|country|nation"), ("nation",)),
)
NOT_SAID = _("its region is not said; where the text names none, give it with --region")
_OF_A_COUNTY = re.compile(r"县|[全我本该]区|county")
_OF = re.compile(r"\s+(?:of|in|across)\s+(?:the\s+)?")
"""Between a name and its region: foreign trade of Jiangsu."""
_NATION = "china"
_OWNER = re.compile(r"'s\s")
"""Possessive behind an outer region that is no location: the country's computing capital."""
_OWNED = re.compile(r"'s\s+(?:(?:total|overall|whole|entire|annual|combined)\s+)*")
"""Possessive between the nation and the name of its own figure: the country's telecom revenue."""
_JOINT = re.compile(r"\s*(?:、|和|与|及|以及|,|and|,\s*and)\s*")
_WITHIN = re.compile(r",?\s+(?:in|of)\s+(?:the\s+)?")
"""Between a region and the one that contains it: Horinger New Area in Hohhot."""
_OBJECT = re.compile(
    r"(?:从|向|对|往|至|到|与|同|支持|服务|面向|直达|连接|\bfrom|\bto|\bwith|\bbetween|\bserving|\bincluding|\bsuch\s+as|\bof\s+which)\s*$"
)


@dataclass(frozen=True)
class Spoken:
    """Antecedents for regions: the region in scope, that of the whole text, and all named so far."""

    region: str
    home: str
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Region of a figure; `inherited` if it comes from another sentence, `why` if there is no certain one."""

    region: str
    inherited: bool = False
    why: str = ""


def place_of(sentence: Sentence, start: int, end: int, spoken: Spoken) -> Placed:
    """Return the region of the span `start` to `end`: from its clause, else earlier clauses, else the one in scope."""
    words, known, home = sentence.lexicon, spoken.region, spoken.home
    # Evidence in order: complement behind the name, mention before it, English mention behind it, region in scope.
    owner = next(
        (one for one in sentence.regions if one.start >= end and _OF.fullmatch(sentence.text, end, one.start)), None
    )
    if owner is not None:
        return _placed(owner, spoken, words)
    before = [one for one in sentence.regions if one.end <= start and not _OBJECT.search(sentence.text, 0, one.start)]
    if sentence.english:
        clause = sentence.clause(start)
        behind = [one for one in sentence.regions if one.start >= start and sentence.clause(one.start) == clause]
        before = before or [
            one for one in behind if re.search(r"\b(?:in|across|within)\s+(?:the\s+)?$", sentence.text[: one.start])
        ]
    if not before:
        return Placed(known or home, inherited=True)
    last = before[-1]
    if last.region == UNNAMED:
        return Placed("", why=UNNAMED)
    if last.region == _NATION and known not in ("", _NATION) and sentence.english:
        location = _OWNER.match(sentence.text, last.end) and not _OWNED.fullmatch(sentence.text, last.end, start)
        return Placed(known, inherited=True) if location else Placed(last.region)
    if last.local:
        return _placed(last, spoken, words)
    inner = before[-2] if len(before) > 1 and _WITHIN.fullmatch(sentence.text, before[-2].end, last.start) else last
    around = set(words.catalogue.within(inner.region)[1:2]) - {_NATION} if inner is not last else set()
    if around & set(words.catalogue.within(last.region)):
        return Placed(inner.region)
    # Coordinated regions share the figure; it belongs to none of them alone.
    joint = [one for one in before[:-1] if _JOINT.fullmatch(sentence.text, one.end, last.start)]
    if joint and joint[-1].region != last.region:
        return Placed("", why=_("of several places together"))
    return Placed(last.region)


def _placed(one: Where, spoken: Spoken, words: Lexicon) -> Placed:
    """Return the region of a mention, with anaphora resolved."""
    if not one.local:
        return Placed("", why=UNNAMED) if one.region == UNNAMED else Placed(one.region)
    region = local_region(one.local, spoken, words)
    return Placed(region, inherited=True, why="" if region else NOT_SAID)


def local_region(said: str, spoken: Spoken, words: Lexicon) -> str:
    """Return the antecedent of an anaphor such as 全省, else blank.

    It is the region in scope or one around it, else the latest named region of that kind.
    """
    # The kind of region that the anaphor names selects the antecedent.
    kinds = next((kinds for pattern, kinds in _KINDS if pattern.search(said)), ())
    for region in (spoken.region, spoken.home):
        found = words.catalogue.ancestor(region, kinds) if region else ""
        if found and not (kinds == _CITY and words.places[found].kind == "province" and found not in _MUNICIPALITIES):
            return found
    named = [
        one
        for one in spoken.named
        if one in words.places
        and words.places[one].kind in kinds
        and not (kinds == _CITY and words.places[one].kind == "province" and one not in _MUNICIPALITIES)
    ]
    if named:
        return named[-1]
    whole = spoken.region or spoken.home
    if _OF_A_COUNTY.search(said):
        return ""  # one that is not named, in the region in scope
    is_large = whole in words.places and words.places[whole].kind in ("nation", "province")
    return "" if is_large else whole


def subject_region(sentence: Sentence, spoken: Spoken, end: int) -> str:
    """Return the region that the next sentence inherits: the first one named before `end`, else the one in scope."""
    named: Sequence[Where] = [
        one for one in sentence.regions if one.end <= end and not _OBJECT.search(sentence.text, 0, one.start)
    ]
    for one in named:
        if one.region == UNNAMED:
            continue
        region = one.region or local_region(one.local, spoken, sentence.lexicon)
        if region:
            return region
    return spoken.region


OF_A_FIRM = _("of one firm, park or project, not of a region")
OF_FIRMS = _("of several firms together, not of a region")
_WHILE = re.compile(r",?\s+(?:while|whereas|and|but)\b")
"""Start of a clause with a subject of its own."""
_TO = re.compile(r"\b(?:by|of|at|in|with)\s+(?:[a-z'-]+\s+){0,2}$")
_LOCATED = re.compile(r"(?:[在于为向对给]|\b(?:in|across|within|for|to|of)(?:\s+the)?\s*)$")
"""Before a region that only says where or for whom: 某公司在全省, a firm in Guizhou."""
_FRONTED = re.compile(r"\s*(?:in|across|within|on|at|by)?(?:\s*the)?\s*", re.IGNORECASE)
"""Before a region at the beginning of a sentence, which is its topic unless a pronoun follows."""
_PRONOUN = re.compile(r"\b(?:it|its|they|their)\b|[其它]")
_NEAR = 16
"""Characters between a preposition or verb and its object: 在数字经济领域龙头企业带动下."""
_WITH_ALL = re.compile(r"\s*(?:和|与|及|以及|and|[:(（—-]+|等)?\s*(?:the\s+)?")
"""Between firms and the word for all of a kind: the three operators and China Broadnet, A、B等三家企业."""


@dataclass(frozen=True)
class Subject:
    """A firm, a region, or all firms of a region, to which the figures after it belong.

    `firm`: why the figures of a firm are left over; blank for the others. `reach`: number of clauses after its own in
    which the subject holds; None: until the next subject, also in later sentences of the passage.
    """

    start: int
    end: int
    firm: str = ""
    reach: int | None = None


def subjects_of(sentence: Sentence) -> list[Subject]:
    """Return the subjects that a sentence names, in their order.

    A region that only locates a firm does not count, nor does one behind a firm in its clause, except 全省 and the like.
    """
    text, found, beside = sentence.text, list[Subject](), sentence.lexicon.cues.places["beside"]
    for group in _groups(sentence):
        start, end = group[0].start, group[-1].end
        begin = sentence.clauses[sentence.clause(start)][0]
        begin = max([begin, *(place.end for place in sentence.regions if place.end <= start)])
        aside = any(start - one.end() < _NEAR for one in beside.finditer(text, begin, start))
        kinds = {one.kind for one in group}
        if kinds <= {"all", "operator", "together"} and ("all" in kinds or len(kinds) > 1):
            found.append(Subject(start, end))
        elif len(group) == 1 and "together" not in kinds:
            found.append(Subject(start, end, OF_A_FIRM, 0 if group[0].kind == "leading" else 1 if aside else None))
        elif not aside:
            found.append(Subject(start, end, OF_FIRMS))
    owners = [one for one in found if one.firm]
    for place in sentence.regions:
        fronted = _FRONTED.fullmatch(text, 0, place.start) and not _PRONOUN.search(text, place.end)
        located = _LOCATED.search(text, 0, place.start) or _OBJECT.search(text, 0, place.start)
        clause = sentence.clause(place.start)
        owned = any(one.end <= place.start and sentence.clause(one.start) == clause for one in owners)
        if fronted or not (located or (owned and not place.local)):
            found.append(Subject(place.start, place.end))
    return sorted(found, key=lambda one: one.end)


def _groups(sentence: Sentence) -> list[list[Firm]]:
    """Return the firms that a sentence names together: the three operators and China Broadnet, A、B三家企业."""
    out: list[list[Firm]] = []
    for one in sentence.firms:
        between = sentence.text[out[-1][-1].end : one.start] if out else ""
        general = bool(out) and any(kind in ("all", "together") for kind in (one.kind, out[-1][-1].kind))
        if out and (_WITH_ALL if general else _JOINT).fullmatch(between):
            out[-1].append(one)
        else:
            out.append([one])
    return out


def firm_of(sentence: Sentence, number: Quantity, carried: str) -> str:
    """Return the reason why a number is of firms and so of no region; blank if it is not.

    It is of the subject named last before it, else of the one that the passage is about (`carried`).
    """
    text, clause = sentence.text, sentence.clause(number.start)
    subjects = subjects_of(sentence)
    end = sentence.clauses[clause][1]
    if sentence.english:
        later = min(end, next((one.start for one in sentence.numbers if one.start >= number.end), end))
        aside = _WHILE.search(text, number.end, later)
        later = aside.start() if aside else later
        behind = [one for one in subjects if one.firm and number.end <= one.start < later]
        if any(_TO.search(text, 0, one.start) for one in behind):
            return behind[0].firm
    before = [
        one
        for one in subjects
        if one.end <= number.start and (one.reach is None or sentence.clause(one.start) + one.reach >= clause)
    ]
    return before[-1].firm if before else carried


def branch_place(sentence: Sentence, number: Quantity) -> Placed | None:
    """Return the region in the name of the last firm before a number: 贵州 of 贵州移动; None if it has none."""
    words, before = sentence.lexicon, [one for one in sentence.firms if one.start < number.start]
    found = words.places_pattern.search(sentence.text, before[-1].start, before[-1].end) if before else None
    return Placed(words.place(found[0])) if found and words.place(found[0]) != _NATION else None
