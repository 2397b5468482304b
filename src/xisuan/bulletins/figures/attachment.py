"""The indicator of a number: candidates among the names of its sentence, scored by where they stand, and the decision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xisuan.bulletins.figures.drafts import Work
from xisuan.bulletins.figures.number_kinds import Kind
from xisuan.bulletins.figures.observations import has_unit
from xisuan.bulletins.language.name_matcher import Name, Stretch
from xisuan.bulletins.language.quantities import Quantity
from xisuan.bulletins.sentences.annotation import Sentence, is_money
from xisuan.text.translation import message as _

NO_NAME = _("no indicator of the vocabulary is near that has this unit")
UNCLEAR = _("words that the vocabulary does not have stand beside its name")
SOME = _("of some of them, not of all")
TOGETHER = _("of several things together")
SEVERAL = _("it may be of two indicators")
_DIRECT_ZH = re.compile(r"\s*(?:的|左右的?|以上的?)?\s*")
_DIRECT_EN = re.compile(
    r"\s*(?:(?:new|active|standard|operational|of|in|worth\s+of|the|its|total|registered|annual)\s+){0,3}"
)
_HARD_BREAK = re.compile(r"[；;。]")
_PLACE, _A_PLACE = 2.0, re.compile(r"[市县区镇乡旗盟村]$")
"""What an unexplained word counts for besides that ends as places do: 赤水市软件业务收入."""
_SIGN = 0.6
"""How many English words an unexplained Chinese sign counts for."""


@dataclass(frozen=True)
class Candidate:
    """A name, how well it fits, and how many unexplained words stand around it."""

    name: Name
    score: float
    unexplained: float
    behind: bool = False


@dataclass(frozen=True)
class Choice:
    """The name that was decided on, or why there is none."""

    candidate: Candidate | None
    why: str = ""


def choose(sentence: Sentence, at: int, kind: Kind, taken: Mapping[int, int]) -> Choice:
    """Return the indicator of number `at`; `taken` has the numbers that are already levels of a name, by its place."""
    number, weights = sentence.numbers[at], sentence.lexicon.cues.weights["indicator"]
    ranked = sorted(candidates(sentence, at, kind, taken), key=lambda one: -one.score)
    if not ranked:
        return Choice(None, NO_NAME)
    best = ranked[0]
    if best.score < weights["threshold"]:
        return Choice(None, UNCLEAR if best.unexplained else NO_NAME)
    batch = "batch" in sentence.lexicon.terms[best.name.indicator].flags
    if batch and not _counts_all(sentence, at):
        return Choice(None, SOME)
    if _together(sentence, best.name) and kind.name != "share":
        return Choice(None, TOGETHER)
    rival = next((one for one in ranked[1:] if one.name.indicator != best.name.indicator), None)
    if rival is not None and best.score - rival.score < weights["margin"] and number.unit != "pct":
        return Choice(None, SEVERAL)
    return Choice(best)


def _counts_all(sentence: Sentence, at: int) -> bool:
    """Return True where a clause says that it counts all there are: 累计建成, a total of."""
    number = sentence.numbers[at]
    start = sentence.clauses[sentence.clause(number.start)][0]
    return sentence.lexicon.cues.in_all.search(sentence.text, start, number.start) is not None


_JOINT = re.compile(r"(?:和|与|及|以及|、|\s+and\s+(?:the\s+|its\s+)?)")


def _together(sentence: Sentence, name: Name) -> bool:
    """Return True for a name that is joined to another one: cloud computing and big data revenue is of neither alone."""
    names = (*sentence.names, *sentence.wholes)
    return any(one.end < name.start and _JOINT.fullmatch(sentence.text, one.end, name.start) for one in names)


_EACH = re.compile(r"\bboth\b|双双|均(?:突破|超过?|达到?)|都(?:突破|超过?|达到?)")


def both_names(sentence: Sentence, at: int) -> tuple[Name, ...]:
    """Return the two joined names of which each has the level of a number: both A and B exceeded 1 trillion yuan."""
    number = sentence.numbers[at]
    start = sentence.clauses[sentence.clause(number.start)][0]
    names = [one for one in sentence.names if start <= one.start and one.end <= number.start]
    fits = len(names) == 2 and all(has_unit(number, sentence.lexicon.terms[one.indicator]) for one in names)
    return tuple(names) if fits and _EACH.search(sentence.text, start, number.start) else ()


def candidates(sentence: Sentence, at: int, kind: Kind, taken: Mapping[int, int]) -> list[Candidate]:
    """Return the names of a sentence that number `at` may be of, with their scores."""
    number = sentence.numbers[at]
    fitting = [name for name in sentence.names if _fits(sentence, number, name, kind)]
    out = [_before(sentence, at, name, kind, taken, fitting) for name in fitting if name.end <= number.start]
    out += [_behind(sentence, at, name, kind) for name in fitting if name.start >= number.end]
    return [one for one in out if one is not None]


def _fits(sentence: Sentence, number: Quantity, name: Name, kind: Kind) -> bool:
    spec = sentence.lexicon.terms[name.indicator]
    if kind.name == "growth":
        return not (spec.unit == "pct" and spec.kind == "ratio")
    if kind.name == "share":
        return True
    if kind.name == "points":
        return spec.unit == "pct" and spec.kind == "ratio"
    if spec.kind == "growth":
        return number.unit == "pct"
    return has_unit(number, spec)


def _weight(words: Sequence[str]) -> float:
    """Return how much some unexplained words are: an English word counts one, a Chinese sign half."""
    return sum(
        1.0 if word.isascii() else _SIGN * len(word) + (_PLACE if _A_PLACE.search(word) else 0.0) for word in words
    )


def _modifiers(sentence: Sentence, name: Name) -> list[str]:
    """Return the unexplained words right before a name in its clause, up to a number, a region or a time."""
    start, _ = sentence.clauses[sentence.clause(name.start)]
    marks: list[Stretch] = [*sentence.numbers, *sentence.times, *sentence.names, *sentence.regions]
    start = max([start, *(one.end for one in marks if one.end <= name.start)])
    if sentence.english:
        found = re.search(r"(?:[a-z0-9'.-]+\s+){0,4}$", sentence.text[start : name.start])
        words = [word for word in found[0].split() if word != "'s"] if found else []
        near: list[str] = []
        for word in reversed(words):
            if word in sentence.lexicon.cues.explained_en and word not in _ADJECTIVES:
                break
            near.append(word)
        head = _HEAD.search(sentence.text, 0, name.start)
        heads = [head["head"]] if head and head.start() >= start - _FEW else []
        return [word for word in (*near, *heads) if word not in sentence.lexicon.cues.explained_en]
    own = re.split(r"[、等]", sentence.text[start : name.start])[-1]
    start = name.start - len(own)
    return sentence.unexplained(start, name.start)


def is_qualified(sentence: Sentence, name: Name) -> bool:
    """Return True for a name with unexplained words right before it: 先进制造业."""
    return bool(_modifiers(sentence, name))


_HEAD = re.compile(
    r"\b(?P<head>[a-z-]+)\s+(?:in|at|of|by|for|on)\s+(?:(?:the|its|their|all)\s+|[a-z-]+'s\s+|[a-z]+\s+province's\s+)?$"
)
"""The noun of which a name is a complement: wages in Shanghai's software companies."""
_FEW = 20
_ADJECTIVES = frozenset(
    ("combined", "total", "overall", "annual", "main", "new", "major", "regional", "local", "operating")
)


def _extended(sentence: Sentence, name: Name, end: int) -> list[str]:
    """Return the unexplained word that goes on right behind a name: 5G基站 + 建设项目, GDP + deflator."""
    if sentence.english:
        found = re.match(r"(?:'s)?\s*[a-z-]+", sentence.text[name.end : end])
        word = re.sub(r"^'s|\s", "", found[0]) if found else ""
        known = word in sentence.lexicon.cues.function_words or word.endswith("ed")
        known = known or any(behind.fullmatch(word) for behind, _ in sentence.lexicon.measures.values())
        return [word] if word and not known else []
    found = re.match(r"[\u4e00-\u9fff]+", sentence.text[name.end : end])
    return sentence.unexplained(name.end, name.end + found.end()) if found else []


def _object(sentence: Sentence, at: int) -> list[str]:
    """Return the unexplained noun that follows a count: 49家企业, 66 industrial areas. It is what is counted."""
    number = sentence.numbers[at]
    if is_money(number) or number.unit not in ("1", ""):
        return []
    end = sentence.clauses[sentence.clause(number.start)][1]
    if at + 1 < len(sentence.numbers):
        end = min(end, sentence.numbers[at + 1].start)
    rest = sentence.text[number.end : end]
    if sentence.english:
        found = re.match(r"\s*(?P<word>[a-z][a-z-]*)", rest)
        return sentence.unexplained(number.end, number.end + found.end()) if found else []
    found = re.match(r"[\u4e00-\u9fff]+", rest)
    return sentence.unexplained(number.end, number.end + found.end()) if found else []


def _before(
    sentence: Sentence, at: int, name: Name, kind: Kind, taken: Mapping[int, int], fitting: Sequence[Name]
) -> Candidate | None:
    """Score a name that stands before its number."""
    number, weights = sentence.numbers[at], sentence.lexicon.cues.weights["indicator"]
    between = sentence.text[name.end : number.start]
    if _HARD_BREAK.search(between):
        return None
    same = sentence.clause(name.start) == sentence.clause(number.start)
    score = weights["same_clause"] if same else weights["earlier_clause"]
    own = sentence.lexicon.measures.get(sentence.lexicon.terms[name.indicator].measure)
    words = sentence.unexplained(name.end, number.start)
    gap = _weight([word for word in words if own is None or not own[0].fullmatch(word)])
    extension = _extended(sentence, name, number.start)
    modifiers = _weight(_modifiers(sentence, name))
    generic = "generic" in sentence.lexicon.terms[name.indicator].flags
    score += (
        weights["extension"] * bool(extension)
        + weights["gap"] * gap
        + weights["modifier"] * modifiers * (2.0 if generic else 1.0)
    )
    score += weights["object"] * _weight(_object(sentence, at))
    others = [
        one
        for one in sentence.names
        if name.end <= one.start and one.end <= number.start and one.indicator != name.indicator
    ]
    if kind.name in ("growth", "share", "points"):
        fits = others
    else:
        fits = [one for one in others if one in fitting] + [one for one in others if one not in fitting and not same]
    score += weights["other_name"] * len(fits)
    held = taken.get(name.start, at)
    total = re.search(
        r"(?:total|(?:bringing|taking)\s+(?:the|its)\s+number|总数|累计)[^,.;，。；]{0,16}$",
        sentence.text[: number.start],
    )
    moved = held != at and any(sentence.numbers[held].end <= when.start < number.start for when in sentence.times)
    if held != at and kind.name == "level" and not total and not moved and not _rounds(sentence.numbers[held], number):
        score += weights["taken"]
    if _added(sentence, name):
        score += weights["added"]
    return Candidate(name, score, gap + modifiers)


def _rounds(held: Quantity, number: Quantity) -> bool:
    """Return True where a level told before is a mark that was passed, and this number is the exact one."""
    return held.bound == "over" and number.bound is None and 1.0 <= number.value / (held.value or 1.0) < _MARK


_MARK = 1.1


def _added(sentence: Sentence, name: Name) -> bool:
    """Return True for a name behind words of addition, 新增软件企业, whose count is no level."""
    new = name.indicator.endswith("_new")
    return not new and sentence.lexicon.cues.added.search(sentence.text, 0, name.start) is not None


def _behind(sentence: Sentence, at: int, name: Name, kind: Kind) -> Candidate | None:
    """Score a name that stands behind its number in the same clause: 44.3万个5G基站, 36,000 5G base stations."""
    number, weights = sentence.numbers[at], sentence.lexicon.cues.weights["indicator"]
    if sentence.clause(name.start) != sentence.clause(number.start):
        return None
    if any(number.end <= one.start < name.start for one in sentence.numbers):
        return None
    direct = _DIRECT_EN if sentence.english else _DIRECT_ZH
    close = direct.fullmatch(sentence.text, number.end, name.start) is not None
    if not close and not sentence.english:
        return None
    end = sentence.clauses[sentence.clause(number.start)][1]
    gap = _weight(sentence.unexplained(number.end, name.start))
    tail = _weight(_extended(sentence, name, end))
    score = (weights["behind"] if close else weights["behind_far"]) + weights["gap"] * gap + weights["modifier"] * tail
    if kind.name == "growth" and not re.match(
        r"\s*(?:[a-z-]+\s+){0,3}(?:in|of)\s", sentence.text[number.end : name.start]
    ):
        return None
    if (
        is_money(number)
        and not re.match(r"\s*(?:[a-z]+\s+){0,2}(?:in|of|on)\s", sentence.text[number.end : name.start])
        and sentence.english
    ):
        return None
    if _added(sentence, name) or sentence.lexicon.cues.added.search(sentence.text, 0, number.start):
        score += 0.0 if name.indicator.endswith("_new") else weights["added"]
    return Candidate(name, score, gap + tail, behind=True)


_OF_IT = re.compile(
    r"^\s*(?:其中|按(?:领域|行业|地区|类型)|分[领行地]|this\s+includ|of\s+(?:this|that|the\s+total)|these\s+includ|it\s+includ)"
)
_INVESTS = re.compile(r"\b(?:invest\w*|pour\w*|spen[dt]\w*)\b[^,.;]*$")
_TOTAL = re.compile(r"(?:\btotal\b|\bbringing\s+(?:the|its)\s+(?:total\s+)?number\b|总数|累计|总量)[^,.;，。；]{0,16}$")


def meant_by(work: Work, at: int, name: Name) -> str:
    """Return the indicator that a name means beside its words; blank where that is not in the catalogue.

    The words around may say another measure (value added of …), what was built in a period, or a total.
    """
    sentence, number = work.sentence, work.sentence.numbers[at]
    words = sentence.lexicon
    spec = words.terms[name.indicator]
    before = sentence.text[sentence.clauses[sentence.clause(number.start)][0] : number.start]
    if is_money(number) and name.start > number.start and _INVESTS.search(before) and spec.measure != "investment":
        return words.catalogue.by_measure.get((spec.family, "investment"), "")
    if name.indicator.endswith("_output") and _TRADES.search(before) and spec.unit == "1":
        exports = name.indicator.removesuffix("_output") + "_exports"
        return exports if exports in words.terms else ""
    measure = work.discourse.measure
    if is_money(number) and _OF_IT.match(sentence.text) and measure and spec.family and spec.measure != measure:
        return words.catalogue.by_measure.get((spec.family, measure), name.indicator)
    if name.indicator.endswith("_new") and name.start < number.start and _TOTAL.search(before):
        whole = name.indicator.removesuffix("_new")
        return whole if whole in words.terms else name.indicator
    if spec.kind == "stock" and number.unit in ("1", "") and _BUILT.search(before):
        day = work.day_of(number)
        if day.days is not None and not day.inherited and not day.days.point:
            return f"{name.indicator}_new" if f"{name.indicator}_new" in words.terms else ""
    return by_measure_of(sentence, name, number)


_BUILT = re.compile(
    r"(?<!has )(?<!have )(?<!had )\b(?:built|build|open|opened|add|added|install|installed|construct|constructed)\s+(?:(?:more|over|than|about|some|nearly|another|a|total|of|around)\s+)*$"
    r"|(?<!累计)(?<!已)(?<!共)(?:新建|建成|建设|开通|建成并开通)[^，。；,;\d累共总已]{0,10}$"
)
_TRADES = re.compile(r"\bexport\w*\b|出口")


_TAIL = 40
_OF_MEASURE = re.compile(r"\s+(?:in|of)\s+(?:(?:total|net|combined|pre-tax)\s+)?")
"""Between a number and its measure: made 42 billion yuan in profits."""


def by_measure_of(sentence: Sentence, name: Name, number: Quantity) -> str:
    """Return the indicator of another measure that stands beside a name: profits of manufacturers, 产业2022年增加值."""
    words = sentence.lexicon
    spec = words.terms[name.indicator]
    start = sentence.clauses[sentence.clause(name.start)][0]
    gap = sentence.without_names[name.end : number.start] if name.end <= number.start else ""
    gap = gap[: sentence.clauses[sentence.clause(name.start)][1] - name.end] if gap else ""
    tail = sentence.without_names[number.end : number.end + _TAIL]
    of = _OF_MEASURE.match(tail)
    for measure, (behind, ahead) in words.measures.items():
        if measure == spec.measure or (measure == "revenue" and spec.unit != "1"):
            continue
        if (
            behind.search(gap)
            or (of is not None and behind.match(tail, of.end()))
            or ahead.search(sentence.without_names, start, name.start)
        ):
            return words.catalogue.by_measure.get((spec.family, measure), "") if spec.family else ""
    return name.indicator
