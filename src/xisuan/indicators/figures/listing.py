"""Lists: which figure of one belongs to which indicator, or region, of another: A and B reached x and y respectively."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.figures.fitting import fits
from xisuan.indicators.figures.items import items, leads, places
from xisuan.indicators.figures.scene import Scene, alike
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.language.tokens import Mention, Where
from xisuan.text.translation import message as _

MONEY = ("CNY", "USD")


def respectively(scene: Scene) -> None:
    """Lists: A, B and C reached x, y and z respectively."""
    for match in re.finditer(
        r"分别|依次|\brespectively\b|\bin\s+(?:that\s+|this\s+)?order\b|\bin\s+turn\b(?=\s*[.,;])", scene.text
    ):
        amounts = scene.sentence.amounts
        if match[0] in _EACH:
            group = run_of(scene, [at for at, seen in enumerate(amounts) if seen.start >= match.end()], turning=True)
            high = match.start()
        else:
            earlier = [at for at, seen in enumerate(amounts) if seen.end <= match.start()]
            group = run_of(scene, earlier[::-1])[::-1]
            high = amounts[group[0]].start if group else match.start()
            behind = run_of(scene, [at for at, seen in enumerate(amounts) if seen.start >= match.end()])
            if len(behind) > 1 and (len(group) < 2 or scene.cues.grows.match(scene.text, match.end() + 1)):
                group, high = behind, match.start()  # A and B respectively rose by x and y
        if len(group) < 2:
            _alternating(scene, match.start())
            continue
        low = max((amounts[at].end for at in range(group[0]) if amounts[at].unit != "rate"), default=0)
        if match[0] in _EACH and _told_singly(scene, group, match.start()):
            continue
        _paired(scene, group, low, high)
        growths_behind(scene, group)
        if match[0] not in _EACH and not (scene.pairs.keys() | scene.places.keys()) & set(group):
            _twice(scene, group)
        settled = (scene.listed - scene.loose) & set(group)
        if not settled and group[0] - 1 in scene.loose and not _named_between(scene, group[0]):
            scene.loose |= set(group)  # of what the list before was of: 分别出口…,分别增长…
        if not settled and scene.sentence.english and _grown_before(scene, group):
            continue
        if not settled and (
            scene.sentence.english or amounts[group[0]].unit in MONEY or _too_few(scene, len(group), low, high)
        ):
            scene.loose |= set(group)


_EACH = ("分别", "依次")
"""Chinese words before a list of figures that is in the order of one before it."""


def _grown_before(scene: Scene, group: Sequence[int]) -> bool:
    """Whether a list of English growths stands behind just as many levels, each with its own name: A was x and B y, up 8.3
    and 10.2 percent respectively; ties each to its level.
    """
    amounts = scene.sentence.amounts
    before = list(range(group[0] - len(group), group[0]))
    if amounts[group[0]].unit != "pct" or before[0] < 0 or _named_between(scene, group[0]):
        return False
    told = [amounts[at] for at in before]
    alone = all(one.unit not in ("pct", "pp", "fold") and alike(one, told[0]) for one in told)
    if not alone or not scene.cues.grows.search(scene.segment(amounts[group[0]])):
        return False
    scene.follows |= dict(zip(group, before, strict=True))
    return True


def _told_singly(scene: Scene, group: Sequence[int], at: int) -> bool:
    """Whether a Chinese list of growths goes on from as many levels told one by one, each with its own name or place:
    进出口640亿元,其中出口510亿元,分别增长18%和21%; ties them.
    """
    amounts = scene.sentence.amounts
    levels = list(range(group[0]))[-len(group) :]
    if len(levels) < len(group) or any(amounts[one].unit not in ("pct", "fold") for one in group):
        return False
    if any(amounts[one].unit in ("pct", "pp", "fold", "rate") for one in levels):
        return False
    if scene.sentence.breaks and any(
        levels and amounts[levels[-1]].end <= one.start < at for one in scene.sentence.mentions
    ):
        return False  # of something else, named behind the levels
    ends = [0, *(one.end for one in amounts)]
    own = [_last(scene.sentence.mentions, ends[one], amounts[one].start) for one in levels]
    places = [_last(scene.sentence.regions, ends[one], amounts[one].start) for one in levels]
    if all(one is not None for one in own) and len(set(own)) == len(own):
        scene.pairs |= {one: told for one, told in zip(group, own, strict=True) if told is not None}
        return True
    regions = [scene.sentence.regions[one].region for one in places if one is not None]
    if own[0] is None and any(one is not None for one in own):
        return False
    if len(regions) != len(group) or len(set(regions)) != len(group) or not all(regions):
        return False
    scene.places |= dict(zip(group, regions, strict=True))
    return True


def _last(seen: Sequence[Mention] | Sequence[Where], low: int, high: int) -> int | None:
    """The number of the last that stands between two places."""
    return next((at for at in reversed(range(len(seen))) if low <= seen[at].start < high), None)


def _named_between(scene: Scene, at: int) -> bool:
    """Whether an indicator is named between a figure and the one before it."""
    start, end = scene.sentence.amounts[at - 1].end, scene.sentence.amounts[at].start
    return any(start <= one.start < end for one in scene.sentence.mentions)


def _too_few(scene: Scene, count: int, low: int, high: int) -> bool:
    """Whether fewer indicators and regions lead to a list than it has figures, but one at least: a name was not known."""
    named = [one for one in scene.sentence.mentions if low <= one.start < high and not one.whole]
    return 0 < len(named) < count and not any(low <= one.start < high for one in scene.sentence.regions)


def _alternating(scene: Scene, end: int) -> None:
    """Growths and levels by turns in the order of a list: A and B rose by 3 percent to x and 4 percent to y respectively."""
    amounts = scene.sentence.amounts
    before = [at for at, seen in enumerate(amounts) if seen.end <= end]
    turns: list[int] = []
    for at in reversed(before):
        if len(turns) > 1 and not alike(amounts[at], amounts[turns[-2]]):
            break
        turns.append(at)
    turns = turns[::-1][len(turns) % 2 :]
    if len(turns) < _TWO_TURNS or alike(amounts[turns[0]], amounts[turns[1]]):
        return
    start = amounts[turns[0]].start
    low = max((amounts[at].end for at in before if at < turns[0]), default=0)
    for group in (turns[::2], turns[1::2]):
        _paired(scene, group, low, start)


_TWO_TURNS = 4
"""Figures of two turns of a growth and a level."""


def growths_behind(scene: Scene, group: Sequence[int]) -> None:
    """Percentages behind a list of levels, or levels behind percentages, as many, in its order: …, up 4 and 15 percent."""
    amounts = scene.sentence.amounts
    second = run_of(scene, list(range(group[-1] + 1, len(amounts))))
    if len(second) != len(group) or (amounts[second[0]].unit == "pct") == (amounts[group[0]].unit == "pct"):
        return
    between = scene.text[amounts[group[-1]].end : amounts[second[0]].start]
    named = any(amounts[group[-1]].end <= one.start < amounts[second[0]].start for one in scene.sentence.mentions)
    if len(between) > _NEAR[scene.sentence.english] or "分别" in between or named:
        return
    told = list(zip(second, group, strict=True))
    scene.pairs |= {at: scene.pairs[one] for at, one in told if one in scene.pairs}
    scene.places |= {at: scene.places[one] for at, one in told if one in scene.places}


_NEAR = {False: 12, True: 70}
"""Signs between a Chinese and an English list and its percentages."""


def side_by_side(scene: Scene) -> None:
    """Two lists of the same length right behind one another: A和B x和y, A and B of x and y."""
    amounts, mentions = scene.sentence.amounts, scene.sentence.mentions
    at = 0
    while at < len(amounts):
        group = run_of(scene, list(range(at, len(amounts))))
        at = group[-1] + 1
        before = [one for one, seen in enumerate(mentions) if seen.end <= amounts[group[0]].start and not seen.whole]
        before = [one for one in before if not _said_twice(scene, one, before)]
        told = _listed(scene, before)[-len(group) :]
        if (
            len(group) < 2
            or len(told) != len(group)
            or scene.pairs.keys() & set(group)
            or (scene.sentence.english and scene.places.keys() >= set(group))
            or (amounts[group[0]].unit == "pct" and not _grew(scene, group, told[-1]))
        ):
            continue
        gap = without_places(scene, mentions[told[-1]].end, amounts[group[0]].start)
        grew = amounts[group[0]].unit == "pct"
        fitting = all(fits(scene, mentions[one].indicator, amounts[group[0]]) for one in told)
        if grew or (fitting and scene.cues.list_to_figures.fullmatch(gap)):
            scene.pairs |= dict(zip(group, told, strict=True))
            growths_behind(scene, group)


def without_places(scene: Scene, low: int, high: int) -> str:
    """The words between two places in the text without the regions there, and what joins these."""
    out, at = "", low
    for one in scene.sentence.regions:
        if at <= one.start and one.end <= high:
            out, at = out + _IN.sub("", scene.text[at : one.start]), one.end
    return out + scene.text[at:high]


_IN = re.compile(r"\s+(?:in|of|across)\s+(?:the\s+)?$")
"""Before a region that only says where."""


def _grew(scene: Scene, group: Sequence[int], last: int) -> bool:
    """Whether a list of percentages is of growths, and but small words lead to it from the `last` name: in Chinese they are
    said to be right behind, in English by the verb between.
    """
    amounts = scene.sentence.amounts
    gap = scene.text[scene.sentence.mentions[last].end : amounts[group[0]].start]
    if scene.sentence.english:
        return scene.cues.grows.search(gap) is not None and not scene.strange(gap, False)
    behind = scene.cues.grows_behind_zh.match(scene.text, amounts[group[-1]].end)
    return behind is not None and not scene.strange(gap, False)


def _twice(scene: Scene, group: Sequence[int]) -> None:
    """Two lists of figures of which one word says the order: A and B grew by x and y to reach u and v respectively."""
    amounts = scene.sentence.amounts
    first = run_of(scene, list(range(group[0] - 1, -1, -1)))[::-1]
    if len(first) != len(group) or first[-1] != group[0] - 1:
        return
    low = max((amounts[at].end for at in range(first[0])), default=0)
    _paired(scene, first, low, amounts[first[0]].start)
    if scene.pairs.keys() >= set(first):
        scene.pairs |= {at: scene.pairs[one] for at, one in zip(group, first, strict=True)}
    elif scene.places.keys() >= set(first):
        scene.places |= {at: scene.places[one] for at, one in zip(group, first, strict=True)}


def _paired(scene: Scene, group: Sequence[int], low: int, high: int) -> None:
    """Tie a list of figures to as many indicators, or regions, between `low` and `high`."""
    first = scene.sentence.amounts[group[0]]
    inside = [at for at, seen in enumerate(scene.sentence.mentions) if low <= seen.start < high and not seen.whole]
    inside = [at for at in inside if not _said_twice(scene, at, inside) and not leads(scene, at)]
    inside = [at for at in inside if not _counted(scene, at)]
    told = inside
    if first.unit not in ("pct", "fold"):
        told = [at for at in inside if fits(scene, scene.sentence.mentions[at].indicator, first)]
        unknown = [at for at in inside if at in told or scene.sentence.mentions[at].indicator == "?"]
        told = unknown if not scene.sentence.english and len(told) < len(group) == len(unknown) else told
    if len(told) > len(group) and (run := _listed(scene, told)):
        if len(run) > len(group) and scene.sentence.english:
            scene.loose |= set(group)  # a list of more things than figures
            return
        told = run[-len(group) :] if len(run) >= len(group) else told
    regions = places(scene, len(group), low, high)
    times = [one for one in scene.sentence.times if low <= one.start < high and not one.compared]
    if scene.sentence.english and len(told) == 1 and len(times) == len(group):
        scene.loose |= set(group)  # of several times, for which no figure stands beside its own
        return
    if not scene.sentence.english and len(told) < len(group) != len(regions) and _dated(scene, group, low, high):
        return
    if len(told) < len(group) != len(regions) and (things := items(scene, group, low, high)):
        scene.pairs |= {at: one for at, one in zip(group, things, strict=True) if one is not None}
        scene.loose |= {at for at, one in zip(group, things, strict=True) if one is None}
        return
    known = [at for at in told if not scene.sentence.mentions[at].indicator.startswith("?")]
    told = known if len(known) == len(group) else told
    if len(told) == len(group):
        scene.pairs |= dict(zip(group, told, strict=True))
    elif not told and scene.pairs and len(set(scene.pairs.values())) == len(group):
        scene.pairs |= dict(zip(group, dict.fromkeys(scene.pairs.values()), strict=True))
    elif len(regions) >= len(group):
        scene.places |= dict(zip(group, regions[-len(group) :], strict=True))
    elif not regions and len(set(scene.places.values())) == len(group):
        scene.places |= dict(zip(group, dict.fromkeys(scene.places.values()), strict=True))
    elif (
        not regions
        and len(scene.context.listed) == len(group)
        and (len(told) == 1 or re.search(r"[二三四五六七八九]大?个?(?:地区|区域)", scene.text))
    ):
        scene.places |= dict(zip(group, scene.context.listed, strict=True))


def _dated(scene: Scene, group: Sequence[int], low: int, high: int) -> bool:
    """Whether a Chinese list of figures is of as many times in its order: 一、二季度分别增长6.1%、5.2%; dates them."""
    days = [days for when, days in scene.spans if low <= when.start < high and days is not None]
    days = days[-len(group) :]
    if len(days) != len(group) or len(set(days)) != len(group):
        return False
    scene.moments |= dict(zip(group, days, strict=True))
    return True


def _said_twice(scene: Scene, at: int, inside: Sequence[int]) -> bool:
    """Whether an indicator of a list is but the measure of the one before it: A, B and C realized an added value of …"""
    one, before = scene.sentence.mentions[at], scene.sentence.mentions[at - 1] if at - 1 in inside else None
    measured = scene.cues.measured.fullmatch(scene.text[one.start : one.end])
    return before is not None and before.indicator == one.indicator and measured is not None


def _counted(scene: Scene, at: int) -> bool:
    """Whether an indicator is what the figure right before it counts: 9.2 million 4G users."""
    start = scene.sentence.mentions[at].start
    return any(one.end <= start and not scene.text[one.end : start].strip() for one in scene.sentence.amounts)


def _listed(scene: Scene, told: Sequence[int]) -> list[int]:
    """The last indicators that stand in one list: …, with the revenue of A, as well as B."""
    out: list[int] = []
    for at in reversed(told):
        one = scene.sentence.mentions[at]
        if out and not scene.cues.joined.fullmatch(scene.text[one.end : scene.sentence.mentions[out[-1]].start]):
            break
        out.append(at)
    return out[::-1]


def _grown_alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are alike, or both growths: 分别增长1.9倍和83.5%."""
    return alike(one, other) or {one.unit, other.unit} == {"pct", "fold"}


def run_of(scene: Scene, order: Sequence[int], *, turning: bool = False) -> list[int]:
    """Figures of one unit that follow one another in a list; `turning`: growths, each of which may say which way it went."""
    out: list[int] = []
    for at in order:
        if out:
            a, b = sorted((out[-1], at))
            between = scene.text[scene.sentence.amounts[a].end : scene.sentence.amounts[b].start]
            a_list = _grown_alike(scene.sentence.amounts[at], scene.sentence.amounts[out[0]])
            turns = turning and scene.cues.between_growths.fullmatch(between) is not None
            if not a_list or not (turns or scene.cues.between_figures.fullmatch(between)):
                break
        out.append(at)
    return out


_PAIR = 2
"""Figures of the shortest list."""


def undecided(scene: Scene) -> None:
    """Leave levels of a list that were all given to one indicator of one place and time: at most one can be its."""
    amounts = scene.sentence.amounts
    at = 0
    while at < len(amounts):
        group = run_of(scene, list(range(at, len(amounts))))
        at = group[-1] + 1
        told = [one for one in scene.drafts if one.at in group and one.value is not None and one.at not in scene.places]
        same = {(one.term, one.region, one.span) for one in told}
        if scene.sentence.english and len(group) > _PAIR and len(same) < len(told):
            told = [
                one for one in scene.drafts if one.at in group and one.at not in scene.places and one.value is not None
            ]
        elif len(group) < 2 or len(told) < 2 or len(same) > 1 or len(told) < len(group):
            continue
        scene.drafts = [one for one in scene.drafts if one not in told]
        for one in told:
            scene.leave(amounts[one.at], _("one of several in a list, of which the text does not say which is which"))
