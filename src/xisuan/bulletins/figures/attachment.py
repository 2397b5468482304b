"""Attachment of numbers to indicators: candidate names of the sentence, their feature scores, and the choice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xisuan.bulletins.figures.drafts import Work
from xisuan.bulletins.figures.number_kinds import Kind, repeats_elsewhere
from xisuan.bulletins.figures.observations import has_unit
from xisuan.bulletins.language.annotation import Sentence, is_money
from xisuan.bulletins.language.name_matcher import Name, Stretch
from xisuan.bulletins.language.quantities import Quantity
from xisuan.text.translation import message as _

NO_NAME = _("no indicator of the vocabulary is near that has this unit")
NO_MEASURE = _("the vocabulary has the name beside it, but no indicator for what is said of it here")
SOME = _("of some of them, not of all")
TOGETHER = _("of several things together")
SEVERAL = _("it may be of two indicators")
_DIRECT_ZH = re.compile(r"\s*(?:的|左右的?|以上的?)?\s*")
_DIRECT_EN = re.compile(
    r"\s*(?:(?:new|active|standard|operational|of|in|worth\s+of|the|its|total|registered|annual)\s+){0,3}"
)
_HARD_BREAK = re.compile(r"[；;。]")
_PER = re.compile(r"\s+per\s")
"""Behind a name whose number is a ratio: mobile subscriptions per 100 people stood at 143."""
_PLACE, _A_PLACE = 2.0, re.compile(r"[市县区镇乡旗盟村]$")
"""Extra weight of an unexplained token that ends like a place name: 赤水市软件业务收入."""
_SIGN = 0.6
"""Weight of an unexplained Chinese character, in English words."""


@dataclass(frozen=True)
class Candidate:
    """Candidate indicator name of a number, with its score and the unexplained tokens around it."""

    name: Name
    score: float
    unexplained: tuple[str, ...]
    behind: bool = False


@dataclass(frozen=True)
class Choice:
    """Chosen candidate, or None with the reason."""

    candidate: Candidate | None
    why: str = ""


def unclear(words: Iterable[str]) -> str:
    """Return the reason why a name is in doubt: the tokens beside it that the vocabulary does not explain."""
    shown = ", ".join(dict.fromkeys(words))
    return _("the vocabulary does not have these words beside its name: {words}", words=shown)


def choose(sentence: Sentence, at: int, kind: Kind, taken: Mapping[int, int]) -> Choice:
    """Return the best-scored indicator name of number `at`, or the reason why none is certain.

    `taken` maps the start of a name to the number that is already its level. A choice needs a score of at least
    `threshold` and a lead of `margin` over the best candidate of another indicator.
    """
    number, weights = sentence.numbers[at], sentence.lexicon.cues.weights["indicator"]
    ranked = sorted(candidates(sentence, at, kind, taken), key=lambda one: -one.score)
    if not ranked:
        return Choice(None, NO_NAME)
    best = ranked[0]
    # Below the threshold: unexplained tokens make the name doubtful, otherwise no candidate fits.
    if best.score < weights["threshold"]:
        return Choice(None, unclear(best.unexplained) if best.unexplained else NO_NAME)
    batch = "batch" in sentence.lexicon.terms[best.name.indicator].flags
    if batch and not _counts_all(sentence, at):
        return Choice(None, SOME)
    if _together(sentence, best.name) and kind.name != "share":
        return Choice(None, TOGETHER)
    rival = next((one for one in ranked[1:] if one.name.indicator != best.name.indicator), None)
    # The margin does not apply to percentages.
    if rival is not None and best.score - rival.score < weights["margin"] and number.unit != "pct":
        return Choice(None, SEVERAL)
    return Choice(best)


def _counts_all(sentence: Sentence, at: int) -> bool:
    """Return True if the clause before a number says that it counts the whole: 累计建成, a total of."""
    number = sentence.numbers[at]
    start = sentence.clauses[sentence.clause(number.start)][0]
    return sentence.lexicon.cues.in_all.search(sentence.text, start, number.start) is not None


_JOINT = re.compile(r"(?:和|与|及|以及|、|\s+and\s+(?:the\s+|its\s+)?)")


def _together(sentence: Sentence, name: Name) -> bool:
    """Return True if a name is coordinated with one before it: "cloud computing and big data revenue" is their sum."""
    names = (*sentence.names, *sentence.wholes)
    return any(one.end < name.start and _JOINT.fullmatch(sentence.text, one.end, name.start) for one in names)


_EACH = re.compile(r"\bboth\b|双双|均(?:突破|超过?|达到?)|都(?:突破|超过?|达到?)")


def both_names(sentence: Sentence, at: int) -> tuple[Name, ...]:
    """Return the two coordinated names that each have the level of a number (both A and B exceeded …), else ()."""
    number = sentence.numbers[at]
    start = sentence.clauses[sentence.clause(number.start)][0]
    names = [one for one in sentence.names if start <= one.start and one.end <= number.start]
    fits = len(names) == 2 and all(has_unit(number, sentence.lexicon.terms[one.indicator]) for one in names)
    return tuple(names) if fits and _EACH.search(sentence.text, start, number.start) else ()


def candidates(sentence: Sentence, at: int, kind: Kind, taken: Mapping[int, int]) -> list[Candidate]:
    """Return the scored candidate names of number `at` in its sentence."""
    number = sentence.numbers[at]
    fitting = [name for name in sentence.names if _fits(sentence, number, name, kind)]
    out = [_before(sentence, at, name, kind, taken, fitting) for name in fitting if name.end <= number.start]
    if not _is_object(sentence, number):
        out += [_behind(sentence, at, name, kind) for name in fitting if name.start >= number.end]
    return [one for one in out if one is not None]


def _is_object(sentence: Sentence, number: Quantity) -> bool:
    """Return True if the name before a number ends in a verb of service: gigabit networks cover 3 million households."""
    served, start = sentence.lexicon.cues.before["served"], sentence.clauses[sentence.clause(number.start)][0]
    before = [name for name in sentence.names if start <= name.start and name.end <= number.start]
    return bool(before) and served.search(sentence.text, before[-1].start, before[-1].end) is not None


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
    """Return the weight of unexplained tokens: 1 for an English word, `_SIGN` for each Chinese character."""
    return sum(
        1.0 if word.isascii() else _SIGN * len(word) + (_PLACE if _A_PLACE.search(word) else 0.0) for word in words
    )


def modifiers_of(sentence: Sentence, name: Name) -> list[str]:
    """Return the unexplained modifiers before a name in its clause, up to a number, region, time or other name."""
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
        # Also the head noun of which the name is a complement.
        head = _HEAD.search(sentence.text, 0, name.start)
        heads = [head["head"]] if head and head.start() >= start - _FEW else []
        return [word for word in (*near, *heads) if word not in sentence.lexicon.cues.explained_en]
    own = re.split(r"[、等]", sentence.text[start : name.start])[-1]
    start = name.start - len(own)
    return sentence.unexplained(start, name.start)


_HEAD = re.compile(
    r"\b(?P<head>[a-z-]+)\s+(?:in|at|of|by|for|on)\s+(?:(?:the|its|their|all)\s+|[a-z-]+'s\s+|[a-z]+\s+province's\s+)?$"
)
"""The head noun of which a name is a complement: wages in Shanghai's software companies."""
_FEW = 20
_ADJECTIVES = frozenset(
    ("combined", "total", "overall", "annual", "main", "new", "major", "regional", "local", "operating")
)


def _extended(sentence: Sentence, name: Name, end: int) -> list[str]:
    """Return the unexplained token that extends a name to the right: 5G基站 + 建设项目, GDP + deflator."""
    if sentence.english:
        found = re.match(r"(?:'s)?\s*[a-z-]+", sentence.text[name.end : end])
        word = re.sub(r"^'s|\s", "", found[0]) if found else ""
        known = word in sentence.lexicon.cues.function_words or word.endswith("ed")
        known = known or any(behind.fullmatch(word) for behind, _ in sentence.lexicon.measures.values())
        return [word] if word and not known else []
    found = re.match(r"[\u4e00-\u9fff]+", sentence.text[name.end : end])
    return sentence.unexplained(name.end, name.end + found.end()) if found else []


def _object(sentence: Sentence, at: int) -> list[str]:
    """Return the unexplained noun that a count quantifies: 49家企业, 66 industrial areas."""
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
    """Return the scored candidate for a name before its number; None across a hard break such as a semicolon."""
    number, weights = sentence.numbers[at], sentence.lexicon.cues.weights["indicator"]
    between = sentence.text[name.end : number.start]
    if _HARD_BREAK.search(between) or _PER.match(between):
        return None
    same = sentence.clause(name.start) == sentence.clause(number.start)
    score = weights["same_clause"] if same else weights["earlier_clause"]
    # Words of the indicator's own measure (revenue, profits, …) are no gap between name and number.
    own = sentence.lexicon.measures.get(sentence.lexicon.terms[name.indicator].measure)
    words = sentence.unexplained(name.end, number.start)
    gap = [word for word in words if own is None or not own[0].fullmatch(word)]
    extension = _extended(sentence, name, number.start)
    modifiers = modifiers_of(sentence, name)
    generic = "generic" in sentence.lexicon.terms[name.indicator].flags
    score += (
        weights["extension"] * bool(extension)
        + weights["gap"] * _weight(gap)
        + weights["modifier"] * _weight(modifiers) * (2.0 if generic else 1.0)
    )
    score += weights["object"] * _weight(_object(sentence, at))
    # Other names between this name and the number make the attachment less likely.
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
    # A name with a level takes a second one only as a total, of another time or place, or as the exact value of a round one.
    held = taken.get(name.start, at)
    total = re.search(
        r"(?:total|(?:bringing|taking)\s+(?:the|its)\s+number|总数|累计)[^,.;，。；]{0,16}$",
        sentence.text[: number.start],
    )
    moved = held != at and any(sentence.numbers[held].end <= when.start < number.start for when in sentence.times)
    moved = moved or repeats_elsewhere(sentence, held, at)
    if held != at and kind.name == "level" and not total and not moved and not _rounds(sentence.numbers[held], number):
        score += weights["taken"]
    if _added(sentence, name):
        score += weights["added"]
    return Candidate(name, score, (*modifiers, *gap))


def _rounds(held: Quantity, number: Quantity) -> bool:
    """Return True if `held` is a lower bound ("over …") and `number` is the exact value just above it."""
    return held.bound == "over" and number.bound is None and 1.0 <= number.value / (held.value or 1.0) < _MARK


_MARK = 1.1


def _added(sentence: Sentence, name: Name) -> bool:
    """Return True if a name follows words of addition: in 新增软件企业 the count is a change, not a level."""
    new = name.indicator.endswith("_new")
    return not new and sentence.lexicon.cues.added.search(sentence.text, 0, name.start) is not None


def _behind(sentence: Sentence, at: int, name: Name, kind: Kind) -> Candidate | None:
    """Return the scored candidate for a name behind its number in the same clause: 44.3万个5G基站.

    None if not attachable.
    """
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
    gap = sentence.unexplained(number.end, name.start)
    tail = _extended(sentence, name, end)
    if tail and not sentence.english:
        return None  # the number is of the noun that the name is part of: 50亿元的算力产业基金
    score = weights["behind"] if close else weights["behind_far"]
    score += weights["gap"] * _weight(gap) + weights["modifier"] * _weight(tail)
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
    return Candidate(name, score, (*gap, *tail), behind=True)


_OF_IT = re.compile(
    r"^\s*(?:其中|按(?:领域|行业|地区|类型)|分[领行地]|this\s+includ|of\s+(?:this|that|the\s+total)|these\s+includ|it\s+includ)"
)
_INVESTS = re.compile(r"\b(?:invest\w*|pour\w*|spen[dt]\w*)\b[^,.;]*$")
_TOTAL = re.compile(r"(?:\btotal\b|\bbringing\s+(?:the|its)\s+(?:total\s+)?number\b|总数|累计|总量)[^,.;，。；]{0,16}$")


def meant_by(work: Work, at: int, name: Name) -> str:
    """Return the indicator that a name means in its context; blank if the catalogue has none.

    The context can change the measure (value added of …), make it the amount built in a period, or make it a total.
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
    own = words.measures.get(spec.measure)
    bare = own is None or not own[0].search(sentence.text, name.start, name.end)  # a name with its own measure keeps it
    if (
        bare
        and is_money(number)
        and _OF_IT.match(sentence.text)
        and measure
        and spec.family
        and spec.measure != measure
    ):
        return words.catalogue.by_measure.get((spec.family, measure), name.indicator)
    if (
        name.indicator.endswith("_new")
        and name.start < number.start
        and _TOTAL.search(sentence.text, name.start, number.start)
    ):
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
    """Return the indicator for a measure stated apart from the name: profits of manufacturers, 产业2022年增加值.

    Return the name's own indicator if no other measure is stated; blank if the catalogue has no such indicator.
    """
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
