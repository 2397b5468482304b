"""Number kinds (level, growth, share, change) and status (actual, preliminary, projected, target)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xisuan.bulletins.figures.periods import Dated, Moment
from xisuan.bulletins.language.annotation import Sentence, is_money
from xisuan.bulletins.language.quantities import Quantity
from xisuan.scenario.schema.statistics_tables import BY_MONTH, BY_YEAR_END
from xisuan.text.translation import message as _

LEFT = {
    "difference": _("by how much one is more than another, not a growth"),
    "contribution": _("points contributed to the growth of something, not a change"),
    "progress": _("progress against a plan, not growth"),
    "addition": _("a change, not a level"),
    "each": _("of each of several, not of all"),
    "served": _("what is served or covered, not how many there are"),
    "month_before": _("a change over the month before, not over the year before"),
    "before": _("the figure before a change, whose day is not said"),
    "multiple": _("a multiple of something that is not said"),
    "other": _("no indicator of the vocabulary has this unit here"),
}
"""Reason for each number kind that is no figure of a region."""


OVER_TIME = re.compile(
    r"[比较](?:上年|去年|上月|年初|20\d\d年|同期)|同比|环比|\b(?:from|than|over|to)\s+(?:that\s+|those\s+|the\s+)?(?:at\s+|in\s+)?"
    r"(?:the\s+)?(?:end\s+of\s+)?(?:20\d\d|a\s+year|last\s+year|previous|same\s+period)"
)
"""Cue of a comparison with an earlier figure of the same thing."""
_LOWER = re.compile(
    r"[^，。；,;]*(?:下降|降低|回落|减少|下滑|收窄|低|\b(?:down|fell|lower|less|fewer|dropped|declined|decreas\w+|fall|drop|decline)\b)"
)


_FALL_TO = re.compile(
    r"(?:下降|减少|降低|下滑|回落|下跌|缩减|降)(?:至|到)(?:约|近|了|\s)*$"
    r"|\b(?:fell|fall\w*|down|dropped|drop|declined|decreased|cut|reduced|lowered|eased|slowed)\s+to\s+(?:about\s+|some\s+|around\s+|nearly\s+)?$"
)
"""Cue of a number that a fall ends at, not of its size."""
_OF_GROWTH = re.compile(r"增速|增幅|涨幅|增长率|\bgrowth\b")


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of a number; `sign` is −1 for a fall, `mean` marks a yearly average."""

    name: str
    sign: float = 1.0
    mean: bool = False


def kind_of(sentence: Sentence, at: int) -> Kind:
    """Return the number kind with the highest sum of cue weights around number `at`."""
    number = sentence.numbers[at]
    if number.unit in ("other", "price", "rate", "time"):
        return Kind("other")
    cues, weights = sentence.lexicon.cues, sentence.lexicon.cues.weights["kind"]
    before, after = _around(sentence, at)
    # Sum the weights of the cues on both sides of the number; the level has a prior.
    scores = {"level": weights["level_prior"]}
    for side, table, text in (("before", cues.before, before), ("after", cues.after, after)):
        for kind, pattern in table.items():
            if pattern.search(text):
                scores[kind] = scores.get(kind, 0.0) + weights.get(f"{kind}_{side}", 1.0)
    mean = scores.pop("mean", 0.0) > 0
    for kind in _impossible(number):
        scores.pop(kind, None)
    # Percentage points are a change, unless cues make them a contribution or a difference.
    if number.unit == "pp":
        best = max(("contribution", "difference"), key=lambda kind: scores.get(kind, 0.0))
        over_time = OVER_TIME.search(before + after) is not None
        left = scores.get(best, 0.0) > 0 and not (best == "difference" and over_time)
        return Kind(best) if left else Kind("points", -1.0 if _LOWER.search(before) or _LOWER.match(after) else 1.0)
    best = max(scores, key=lambda kind: (scores[kind], kind != "level"))
    if number.unit == "fold":
        return (
            Kind("growth", mean=mean) if best == "growth" and re.search(r"增长\D{0,3}$", before) else Kind("multiple")
        )
    if best == "fall" and _FALL_TO.search(before):
        # A growth that falls to 3 % is one of +3 %; anything else that falls to a number has that level.
        return Kind("growth", mean=mean) if _OF_GROWTH.search(before) else Kind("level")
    if best == "fall":
        return Kind("growth", -1.0, mean) if number.unit == "pct" else Kind("addition")
    if best == "growth" and number.unit != "pct":
        return Kind(
            "level"
            if re.search(
                r"(?:增长|增加|增|提升|rose|up|rise|grew|grow\w*|increas\w+|climb\w*|jump\w*|expand\w*)\s*(?:到|至|to)\s*$",
                before,
            )
            else "addition"
        )
    return Kind(best, 1.0, mean)


def _around(sentence: Sentence, at: int) -> tuple[str, str]:
    """Return the clause text before and after number `at`, up to the neighbouring numbers."""
    number, text = sentence.numbers[at], sentence.without_names
    start, end = sentence.clauses[sentence.clause(number.start)]
    if at and not (sentence.numbers[at - 1].unit == "pp" and number.unit == "pct"):
        start = max(start, sentence.numbers[at - 1].end)
    later = next((one.start for one in sentence.numbers[at + 1 :]), len(text))
    return text[start : number.start], text[number.end : min(end, later) + 1]


def _impossible(number: Quantity) -> tuple[str, ...]:
    """Return the number kinds that the unit rules out."""
    if number.unit == "pct":
        return ("addition", "each")
    if number.unit == "pp":
        return ("share", "progress")
    if is_money(number):
        return ("share", "contribution")
    return ("share", "contribution", "progress") if number.unit != "fold" else ()


_AS_OF = re.compile(r"截至|截止|\bas\s+of\b|已(?:经)?(?:建成|达|突破|超过)|累计建成")
"""Cue of a completed event, independent of its date."""


def status_of(sentence: Sentence, number: Quantity, day: Dated, published: datetime.date | None, planned: bool) -> str:
    """Return the status: actual, preliminary, projected or target.

    Target cues have scope over their own clause and over later clauses without cues. Plans as titles or nouns, and
    targets already met, are no targets. `planned` is true under a heading of targets.
    """
    cues = sentence.lexicon.cues.status
    text = cues["reported"].sub(lambda found: " " * len(found[0]), sentence.text)
    ahead = day.days is not None and published is not None and day.days.last > published and day.days.first > published
    point_ahead = (
        day.days is not None
        and published is not None
        and day.days.last > published
        and (day.deadline or day.days.point)
    )
    clause = sentence.clause(number.start)
    # Walk back over the clauses; the nearest status cue before the number decides.
    while clause >= 0:
        start, end = sentence.clauses[clause]
        part = text[start : number.start] if clause == sentence.clause(number.start) else text[start:end]
        found = [(one.end(), name) for name in ("target", "projected", "actual") for one in cues[name].finditer(part)]
        if found:
            name = max(found)[1]
            if (
                name == "actual"
                and any(kind != "actual" for _, kind in found)
                and clause == sentence.clause(number.start)
            ):
                name = max(one for one in found if one[1] != "actual")[1] if ahead or point_ahead else name
            if name != "actual":
                return _aim_in(cues, text, start + len(part))
            break
        clause -= 1
    if (ahead or point_ahead) and not _AS_OF.search(text, 0, number.start):
        return "target"
    if planned and not cues["actual"].search(text[: sentence.clauses[sentence.clause(number.start)][1]]):
        return "target"
    return "preliminary" if cues["preliminary"].search(text) else "actual"


def _aim_in(cues: Mapping[str, re.Pattern[str]], text: str, end: int) -> str:
    """Return target or projected, by the last cue before `end` that is no modal verb (will, 将); target if none is."""
    told = [
        (one.end(), name)
        for name in ("target", "projected")
        for one in cues[name].finditer(text, 0, end)
        if name == "projected" or not cues["modal"].fullmatch(one[0])
    ]
    return max(told)[1] if told else "target"


UNCERTAIN = _("of a past period in the words of an aim; it may be an aim or a result")
UNDATED = _("it may be an aim or a result; give the date of publication")


def why_uncertain(
    sentence: Sentence,
    number: Quantity,
    day: Dated,
    times: Sequence[Moment],
    published: datetime.date | None,
    status: str,
    among_aims: bool,
) -> str:
    """Return why a number may be an aim or a result; blank if it is one of them.

    力争2025年达到240亿元,2024年218.5亿元: the second one has its status from another clause, whose deadline is ahead.
    到2023年,5G基站8万个: a year as a deadline, or one in a list of them (`among_aims`: behind a sentence of aims), without a word of what happened. Without a day
    of publication, the year of a deadline may be over.
    """
    if day.mark is None or day.days is None or (published is not None and day.days.last > published):
        return ""
    start, end = sentence.clauses[sentence.clause(number.start)]
    cues = sentence.lexicon.cues.status
    aimed = any(cues[name].search(sentence.text, 0, end) for name in ("target", "projected"))
    if published is None:
        happened = cues["actual"].search(sentence.text, 0, end)
        return UNDATED if day.deadline and not aimed and not happened else ""
    if status not in ("target", "projected"):
        listed = among_aims or day.mark.kind == "year"
        return UNCERTAIN if day.deadline and listed and is_bare(sentence, end) else ""
    own = any(cues[name].search(sentence.text, start, end) for name in ("target", "projected"))
    ahead = any(days is not None and days.last > published for _, days in times)
    return UNCERTAIN if ahead and not own and start <= day.mark.start < end else ""


def is_bare(sentence: Sentence, end: int) -> bool:
    """Return True if no word before `end` says that something is an aim or has happened: 到2024年底,5G基站6万个."""
    cues = sentence.lexicon.cues.status
    return not any(cues[name].search(sentence.text, 0, end) for name in ("target", "projected", "actual"))


def is_bare_aim(sentence: Sentence, times: Sequence[Moment], published: datetime.date | None) -> bool:
    """Return True if only a deadline ahead says that a sentence is an aim: 到2027年底,5G基站8万个."""
    ahead = any(when.deadline and days is not None and published and days.last > published for when, days in times)
    return ahead and is_bare(sentence, len(sentence.text))


_YEAR_END = re.compile(
    r"[比较](?:上年|去年)(?:年)?[末底]|[比较]年初|\b(?:from|than|over|with)\s+(?:that\s+at\s+)?the\s+end\s+of\s+(?:last|the\s+previous)\s+year"
)
_MONTH_AGO = re.compile(r"环比|[比较]上月|\b(?:previous|preceding)\s+month|month[- ]on[- ]month")
_A_YEAR = re.compile(
    r"[比较](?P<zh>20\d\d)年|\b(?:from|than|over|with)\s+(?:that\s+|those\s+)?(?:in\s+|at\s+|of\s+)?(?:the\s+end\s+of\s+)?(?P<en>20\d\d)\b"
)
_DECEMBER = 12


def compared_with(text: str, last: datetime.date | None) -> str:
    """Return the base of comparison of a change by its cues; blank for the same day or period of the previous year.

    `last` is the last day of the figure that changed.
    """
    if _MONTH_AGO.search(text):
        return BY_MONTH
    if _YEAR_END.search(text):
        return BY_YEAR_END if last is not None and last.month < _DECEMBER else ""
    found = _A_YEAR.search(text)
    year = int(found["zh"] or found["en"]) if found else 0
    return against(year, last) if year and last is not None else ""


def against(year: int, last: datetime.date) -> str:
    """Return a year of comparison of a figure that ends on `last`; blank for the year before."""
    return str(year) if year != last.year - 1 else ""


def repeats_elsewhere(sentence: Sentence, held: int, at: int) -> bool:
    """Return True if number `at` is of another region than `held`, whose name it repeats.

    By ellipsis: 兰州5G基站2万个,庆阳0.8万个.
    """
    start, end = sentence.numbers[held].end, sentence.numbers[at].start
    return held < at and any(start <= one.start < end and one.region for one in sentence.regions)
