"""What: the indicator a figure belongs to, the cheapest one whose unit it can have; none where words stand between
that nobody knows, because a figure left over is better than one in the wrong place.
"""

from __future__ import annotations

import re

from xisuan.indicators.figures.coming import built_of_them
from xisuan.indicators.figures.fitting import fits, own_figure
from xisuan.indicators.figures.inheriting import inherited
from xisuan.indicators.figures.nearness import FARTHEST, TOWNS, cost_of
from xisuan.indicators.figures.scene import Scene, alike
from xisuan.indicators.figures.telling import (
    brought_to,
    by_deed,
    by_doing,
    by_heads,
    gapped,
    of_a_source,
    of_its_unit,
    other_way,
    region_earns,
    told_at_once,
)
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Mention, Stretch

_BRACKET = r"\s*(?:\([^)]*\)\s*)?"
_SMALL = r"(?:the\s+|its\s+|their\s+)?"


def nearest(scene: Scene, at: int) -> tuple[int | None, str] | None:
    """The indicator a figure belongs to: its position among the mentions (None: of the sentence before), its name."""
    sentence = scene.sentence
    if at in scene.pairs:
        index = scene.pairs[at]
        name = sentence.mentions[index].indicator
        return None if name.startswith("?") else (index, name)
    if at in scene.told:
        return None, scene.told[at]
    figure = sentence.amounts[at]
    if (heads := by_heads(scene, figure)) is not None and scene.cues.every_10k.search(scene.text[: figure.start]):
        return heads
    if not sentence.english and figure.unit == "" and figure.scaled and _in_a_strange_unit(scene, figure):
        return None
    if (done := by_doing(scene, figure)) is not None:
        return done
    if figure.unit in ("", "1") and number_of_something(scene, figure):
        return None
    if (told := built_of_them(scene, at)) is not None:
        return told
    if _counts_another(scene, figure) if sentence.english else _counts_another_zh(scene, figure):
        return None
    if figure.unit != "per_10k" and (rate := by_heads(scene, figure)) is not None:
        return rate
    for way in (of_a_source, brought_to):
        if (told := way(scene, figure)) is not None:
            if told[0] is not None:
                scene.used[told[0]] = at
            return told
    best: tuple[float, int] | None = None
    bracket = _in_brackets(scene, figure)
    for index, seen in enumerate(sentence.mentions):
        if (
            (seen.whole and not told_at_once(scene, seen, figure))
            or seen.foreign
            or seen.number >= 0
            or not (seen.indicator.startswith("?") or fits(scene, seen.indicator, figure))
        ):
            continue
        if not own_figure(scene, seen, figure):
            continue
        if bracket is not None and not (0 <= bracket - seen.end < 3):
            continue
        cost = cost_of(scene, figure, index, seen)
        if cost < FARTHEST and (best is None or cost < best[0]):
            best = (cost, index)
    if best is not None and _money_of_a_count(scene, figure, sentence.mentions[best[1]]):
        return None
    if best is None:
        ways = (other_way, gapped, region_earns, by_heads, by_deed, of_its_unit)
        told = next((found for way in ways if (found := way(scene, figure)) is not None), None)
        return told or (None if bracket is not None else inherited(scene, figure))
    if sentence.english and sentence.mentions[best[1]].end <= figure.start and _of_another_kind(scene, figure):
        return None
    name = _told_behind(scene, figure, sentence.mentions[best[1]])
    if name.startswith("?") and sentence.mentions[best[1]].start >= figure.end:
        name = _told_before(scene, figure, name)
    name = _measure_behind(scene, figure, sentence.mentions[best[1]], name)
    name = _as_it_was_read(scene, figure, sentence.mentions[best[1]], name)
    name = _as_the_whole(scene, figure, sentence.mentions[best[1]], name)
    if name.startswith("?"):
        return None
    scene.used[best[1]] = at
    return best[1], name


def _money_of_a_count(scene: Scene, figure: Quantity, seen: Mention) -> bool:
    """Whether a Chinese clause tells the money of what is counted, so that it is none of an indicator before the clause:
    产业链完整,芯片销售收入达114亿元.
    """
    start = scene.sentence.clause(figure.start)[0]
    if scene.sentence.english or not money(figure.unit) or seen.end > start:
        return False
    terms = scene.context.words.terms
    counted = [
        one for one in scene.sentence.mentions if start <= one.start and one.end <= figure.start and not one.whole
    ]
    last = terms.get(counted[-1].indicator) if counted else None
    told = _MONEY_TOLD.search(scene.text, counted[-1].end, figure.start) if counted else None
    return last is not None and last.unit == "1" and told is not None


_MONEY_TOLD = re.compile(r"收入|产值|销售额|利润|营收")
"""What says that money is told of what stands before it."""


def _in_a_strange_unit(scene: Scene, figure: Quantity) -> bool:
    """Whether a Chinese number stands right before a word that is neither counted nor may follow a count: 197百亿亿次."""
    behind = re.match(r"[\u4e00-\u9fff]{2,}", scene.text[figure.end :])
    if behind is None or scene.cues.after_count_zh.match(behind[0]) or scene.cues.changes_to.match(behind[0]):
        return False
    named: list[Stretch] = [*scene.sentence.mentions, *scene.sentence.regions, *scene.sentence.times]
    return not any(one.start <= figure.end + _FEW and one.end > figure.end for one in named)


_FEW = 6
"""Signs behind a Chinese number within which what it counts begins."""


def number_of_something(scene: Scene, figure: Quantity) -> bool:
    """Whether a figure is the number of something that nobody knows: with the number of valid patents reaching 80,000."""
    said = scene.cues.number_of.search(scene.text[: figure.start]) if scene.sentence.english else None
    if said is None:
        return False
    end = said.start("what") + len(re.split(r"\b(?:in|of|for|with|to|by|from|among)\s", said["what"])[0])
    return not any(one.start < end and one.end > said.start() for one in scene.sentence.mentions)


def _in_brackets(scene: Scene, figure: Quantity) -> int | None:
    """Where the bracket begins that holds a figure alone; such a figure is of the words right before the bracket."""
    before = re.search(r"[(（]\s*(?:about\s+|over\s+|约|超)?$", scene.text[: figure.start])
    after = re.match(r"\s*[)）]|,\s+(?:up|down|[+-])[\s\d.]*(?:%|percent|per\s+cent)\s*\)", scene.text[figure.end :])
    if before is None or after is None or figure.unit == "pct":
        return None
    return len(scene.text[: before.start()].rstrip())


def _of_another_kind(scene: Scene, figure: Quantity) -> bool:
    """Whether a part is said to be of a kind that nobody knows: of which 11 are super-large ones."""
    kind = re.match(
        r"\s+(?:are|were|is|was)\s+(?!(?:newly\s+)?(?:built|added|installed|opened)\b)(?:[\w-]+\s*){1,3}",
        scene.text[figure.end :],
    )
    if kind is not None and any(0 <= one.start - figure.end < _KIND for one in scene.sentence.mentions):
        return False
    return figure.unit in ("", "1") and bool(kind and scene.cues.part.search(scene.segment(figure)))


_KIND = 24
"""Signs behind a figure within which an indicator is the kind it is said to be of: 463 million were fiber access users."""


def _told_behind(scene: Scene, figure: Quantity, seen: Mention) -> str:
    """The indicator where its measure stands before a figure and its industry behind: an output of … in software."""
    terms = scene.context.words.terms
    measure = seen.indicator[1:] if seen.indicator.startswith("?") else ""
    if seen.indicator in terms and (
        "bare" in terms[seen.indicator].flags or scene.cues.measured.fullmatch(scene.text[seen.start : seen.end])
    ):
        measure = terms[seen.indicator].measure
    from_deed = seen.deed and seen.indicator in terms and money(figure.unit)
    measure = terms[seen.indicator].measure if from_deed and not measure else measure
    if not scene.sentence.english or seen.end > figure.start or not measure:
        return seen.indicator
    for one in scene.sentence.mentions:
        if one.start < figure.end or one.whole or one.indicator not in terms:
            continue
        gap = scene.text[figure.end : one.start]
        own = terms[one.indicator].measure == measure
        if from_deed and own and re.fullmatch(rf"{_BRACKET}from\s+{_SMALL}", gap):
            return one.indicator  # the telecom sector brought in 241 billion yuan from emerging services
        if not from_deed and re.fullmatch(rf"{_BRACKET}(?:in|from|for|of)\s+{_SMALL}", gap):
            return scene.context.words.by_measure.get((terms[one.indicator].family, measure), seen.indicator)
        break
    return seen.indicator


def _measure_behind(scene: Scene, figure: Quantity, seen: Mention, name: str) -> str:
    """The indicator where an industry without a measure stands before a figure: the industry posted … in revenue."""
    said = scene.cues.in_its_measure.match(scene.text, figure.end) if money(figure.unit) else None
    words = scene.context.words
    if said is None or seen.end > figure.start or name not in words.terms or not words.terms[name].family:
        return name
    own = scene.text[seen.start : seen.end]
    if any(sign in own for signs in words.measures.values() for sign in signs):
        return name
    measure = next((kind for kind, signs in words.measures.items() if any(sign in said["what"] for sign in signs)), "")
    if words.terms[name].measure == measure:
        return name
    return words.by_measure.get((words.terms[name].family, measure), name)


def _as_it_was_read(scene: Scene, figure: Quantity, seen: Mention, name: str) -> str:
    """The indicator where the words behind the figure before said what of the same English name is measured: A had earned
    1.9 trillion of revenue, so the target of 2 trillion is near.
    """
    last = next((one for one in reversed(scene.drafts) if one.value is not None), None)
    terms = scene.context.words.terms
    if (
        last is None
        or not scene.sentence.english
        or last.term == name
        or not money(figure.unit)
        or last.term not in terms
    ):
        return name
    if seen.start > scene.sentence.amounts[last.at].start:
        return name
    same = name in terms and terms[name].family and terms[name].family == terms[last.term].family
    return last.term if same and alike(scene.sentence.amounts[last.at], figure) else name


def _as_the_whole(scene: Scene, figure: Quantity, seen: Mention, name: str) -> str:
    """The indicator with the measure of the whole that an English sentence opens with parts of, where the name of a part
    says none: revenue of 189 billion yuan. This included 91 billion yuan from electronic information manufacturing.
    """
    words = scene.context.words
    whole, part = words.terms.get(scene.context.term), words.terms.get(name)
    if not scene.sentence.english or not scene.part or not money(figure.unit):
        return name
    if whole is None or part is None or not part.family or part.measure == whole.measure or not whole.measure:
        return name
    if scene.cues.measured.search(scene.text, seen.start, seen.end) is not None:
        return name
    return words.by_measure.get((part.family, whole.measure), name)


def _told_before(scene: Scene, figure: Quantity, measure: str) -> str:
    """The indicator where its industry stands before a figure and its measure behind: software earned … in revenue."""
    terms = scene.context.words.terms
    before = [
        one for one in scene.sentence.mentions if one.end <= figure.start and not one.whole and one.indicator in terms
    ]
    if not before or any(
        before[-1].end <= one.start and one.end <= figure.start and alike(one, figure) for one in scene.sentence.amounts
    ):
        return measure
    return scene.context.words.by_measure.get((terms[before[-1].indicator].family, measure[1:]), measure)


def _counts_another(scene: Scene, figure: Quantity) -> bool:
    """Whether the noun right behind an English count is not of the vocabulary: 60 categories, three telecom giants."""
    if figure.unit not in ("", "1"):
        return False
    if any(one.start <= figure.start and one.end >= figure.end for one in scene.sentence.mentions):
        return False
    if _done_with_them(scene, figure):
        return False
    behind = re.match(r"[\s\"“-]+((?:[a-z][\w'-]*[\"”]?\s*){1,7})", scene.text[figure.end :])
    if not behind:
        return False
    start, end = figure.end + behind.start(1), figure.end + behind.end(1)
    if scene.cues.what_they_did.match(behind[1]) and not any(
        figure.end <= one.start < end for one in scene.sentence.mentions
    ):
        return True
    if any(start <= one.start < end for one in scene.sentence.mentions):
        return False
    named: list[Stretch] = [*scene.sentence.times, *scene.sentence.regions]
    if any(one.start <= start + 1 < one.end + 4 for one in named):
        return False
    first = behind[1].split()[0]
    if any(word in TOWNS for word in behind[1].split()[:3]) and any(
        one.indicator.endswith("cities") for one in scene.sentence.mentions
    ):
        return False
    heads = {scene.text[one.start : one.end].split()[-1] for one in scene.sentence.mentions if one.start >= start}
    return first not in heads and not scene.cues.after_count.fullmatch(first)


def _done_with_them(scene: Scene, figure: Quantity) -> bool:
    """Whether a verb right before a count says what is counted: trains carried 3.85 billion passengers."""
    near = [one for one in scene.sentence.mentions if one.deed and 0 < figure.start - one.end <= _FROM_ITS_VERB]
    between = [one for one in scene.sentence.amounts if near and near[-1].end <= one.start < figure.start]
    return bool(near) and near[-1].number < 0 and not between and fits(scene, near[-1].indicator, figure)


_FROM_ITS_VERB = 24
"""Signs between a verb and the number of those with whom something was done."""


def _counts_another_zh(scene: Scene, figure: Quantity) -> bool:
    """Whether the noun right behind a Chinese count is not of the vocabulary: 42座国内主要城市."""
    if figure.unit != "1":
        return False
    if scene.cues.several_places.match(scene.text, figure.start) and scene.text[figure.end - 1] in "个座":
        return True  # 8个国家枢纽节点数据中心上架率达63%
    if scene.cues.counted_before.search(scene.text[: figure.start]) and not any(
        one.end == figure.start for one in scene.sentence.mentions
    ):
        return True
    behind = re.match(r"[0-9a-z]{0,3}[\u4e00-\u9fff]{2,}", scene.text[figure.end :])
    if behind is None or scene.cues.after_count_zh.match(behind[0]) or scene.cues.changes_to.match(behind[0]):
        return False
    end = scene.sentence.clause(figure.end)[1]
    near = [one for one in scene.sentence.mentions if figure.end <= one.start <= min(end, figure.end + 20)]
    near = [one for one in near if not scene.cues.of_its_part.match(scene.text, one.end)]
    return not any(fits(scene, one.indicator, figure) for one in near)
