"""Region of a figure, with anaphora such as 全省 resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xisuan.bulletins.language.lexicon import Lexicon
from xisuan.bulletins.language.name_matcher import Where
from xisuan.bulletins.sentences.annotation import UNNAMED, Sentence
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
_OF = re.compile(r"\s+(?:of|in|across)\s+(?:the\s+)?")
"""Between a name and its region: foreign trade of Jiangsu."""
_NATION = "china"
_OWNER = re.compile(r"'s\s")
"""Possessive behind an outer region that is no location: the country's computing capital."""
_JOINT = re.compile(r"\s*(?:、|和|与|及|以及|,|and|,\s*and)\s*")
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
        return Placed(known, inherited=True) if _OWNER.match(sentence.text, last.end) else Placed(last.region)
    if last.local:
        return _placed(last, spoken, words)
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
    return (
        whole
        if not whole or whole not in words.places or words.places[whole].kind not in ("nation", "province")
        else ""
    )


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
