"""From the parts of a sentence to observations: which indicator, place and time each figure belongs to.

A figure goes to the nearest indicator whose unit it can have. What nothing says is taken from the sentence before and
named in `inherited`. A figure whose indicator is not in the vocabulary is left over with its words, never guessed.
"""

from __future__ import annotations

import itertools
import re

from xisuan.indicators.figures import dating, stretches
from xisuan.indicators.figures.belonging import nearest
from xisuan.indicators.figures.bracketed import asides, told_apart, without
from xisuan.indicators.figures.compared import compared_in, told_compared
from xisuan.indicators.figures.compared import without as without_compared
from xisuan.indicators.figures.composition import composed
from xisuan.indicators.figures.folds import multiple, multiplied
from xisuan.indicators.figures.glancing import look_back_at_the_whole
from xisuan.indicators.figures.level_days import last_year
from xisuan.indicators.figures.levels import level
from xisuan.indicators.figures.listing import respectively, side_by_side, undecided
from xisuan.indicators.figures.multiples import levels_before
from xisuan.indicators.figures.observing import finished
from xisuan.indicators.figures.percents import percent
from xisuan.indicators.figures.points import points
from xisuan.indicators.figures.remembering import figure_start, remember
from xisuan.indicators.figures.resuming import each_again
from xisuan.indicators.figures.scene import Draft, Scene
from xisuan.indicators.figures.strangers import under_a_strange_name
from xisuan.indicators.figures.turns import in_order
from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.quantities import Quantity
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import Sentence
from xisuan.results.bulletin_reading import Observation, Unplaced
from xisuan.text.translation import message as _

_RARE = ("price", "foreign", "other", "rate", "MW", "t", "ha", "m2", "m3", "min")
"""Units that few indicators have."""


def attach(sentence: Sentence, context: Context) -> tuple[list[Observation], list[Unplaced]]:
    """Observations and left-overs of one sentence; the context is brought up to date."""
    look_back_at_the_whole(sentence, context)
    _of_the_month(sentence, context)
    told = context.span, context.settled
    back = context.before if sentence.english and _BACK_THEN.match(sentence.text) else None
    context.span = back or context.span
    apart = asides(sentence)
    sentence = without(sentence, apart)
    before = levels_before(sentence)
    sentence = without(sentence, before)
    compared = compared_in(sentence)
    sentence = without_compared(sentence, compared)
    scene = Scene(
        sentence, context, stretches.spans(sentence, context), bool(context.words.cues.part.search(sentence.text[:24]))
    )
    if context.main and (by := scene.cues.by_region.search(sentence.text)) and _back_to_the_main(context, by[0]):
        context.term = context.main
    if context.aim is not None and _goes_on_with_the_aim(scene) and not any(days for _, days in scene.spans):
        context.span, context.aimed, context.status = context.aim, True, "target"
    dating.note_change(scene)
    respectively(scene)
    side_by_side(scene)
    in_order(scene)
    each_again(scene)
    _of_several_told(scene)
    stranger = under_a_strange_name(sentence, context.words)
    _each_figure(scene, stranger=stranger)
    _settle(scene)
    remember(scene)
    context.term = "" if stranger else context.term
    if back is not None:
        context.span, context.settled = told
    told_apart(scene, [*apart, *before])
    told_compared(scene, compared)
    sure = [draft for draft in scene.drafts if not draft.doubt]
    seen = [one for draft in sure if (one := finished(scene, draft)) is not None]
    left = [
        Unplaced(sentence.raw[figure.start : figure.end], why, sentence.raw.strip(), sentence.place)
        for figure, why in scene.unplaced
    ]
    return seen, left


def _each_figure(scene: Scene, *, stranger: bool) -> None:
    """Draft the figures of a sentence in their order, or leave them over: all of them where they are under a `stranger`'s
    name, or a word is explained.
    """
    means = scene.cues.defines.match(scene.text)
    parts = composed(scene)
    for at, figure in enumerate(scene.sentence.amounts):
        if at in parts:
            continue
        if means:
            scene.leave(figure, _("what a word means, not what was counted"))
        elif stranger:
            scene.leave(figure, _("under a name that is not in the vocabulary"))
        elif at in scene.loose:
            scene.leave(figure, _("one of several in a list, of which the text does not say which is which"))
        else:
            _figure(scene, at)


def _back_to_the_main(context: Context, said: str) -> bool:
    """Whether a sentence that goes through regions is on what its text is about: of another industry than that, which the
    one before told of, *By city, …* goes on.
    """
    terms = context.words.terms
    if _BY_CITY.search(said) is None or context.term not in terms or context.main not in terms:
        return True
    term, main = terms[context.term], terms[context.main]
    traded = context.main == "foreign_trade" and (
        context.term.endswith("_trade") or term.measure in ("exports", "imports")
    )
    return traded or context.main in (context.term, term.part_of) or bool(main.family and term.family == main.family)


_BY_CITY = re.compile(r"\b(?:cit(?:y|ies)|prefectures?|provinces?|municipalit(?:y|ies))\b")
"""What regions are gone through by, but for `region` itself."""


def _goes_on_with_the_aim(scene: Scene) -> bool:
    """Whether a sentence opens as a part of the aim just told: `the target consists of …`, or 其中 right behind an aim."""
    said = scene.cues.the_aim.match(scene.text)
    return said is not None and (said[0].strip() != "其中" or scene.context.aimed)


def _of_the_month(sentence: Sentence, context: Context) -> None:
    """Take the last of the months told, where a sentence without a time compares with the one before it."""
    compared = [
        when
        for when in sentence.times
        if when.compared
        and when.first == when.last
        and not when.day
        and not _CAUSED.search(sentence.text[: when.start])
    ]
    days = context.span
    if days is None or days.point or not compared or any(not when.compared for when in sentence.times):
        return
    if days.first.month < days.last.month and compared[-1].first == days.last.month - 1:
        context.span = Span(days.last.replace(day=1), days.last)


_BACK_THEN = re.compile(r"\s*(?:but\s+|and\s+)?(?:back\s+then|in\s+those\s+days|at\s+the\s+time)\b")
"""What a sentence opens with that tells more of the earlier time with which the one before it compared."""
_CAUSED = re.compile(r"\b(?:by|to|of|despite)\s+(?!the\s+same)[^,.;\d]{3,60}\s(?:in|of|during|from)\s+(?:the\s+)?$")
"""Before a time of what something came of, which is none that it is compared with: buoyed by the Games in February."""


def _of_several_told(scene: Scene) -> None:
    """Leave figures of several things just told, where none is named again: a year earlier the figures were 35 and 18."""
    said = scene.cues.the_figures.search(scene.text)
    if said is None or not scene.sentence.english:
        return
    behind = {
        at for at, figure in enumerate(scene.sentence.amounts) if figure.start >= said.end() and figure.unit != "pct"
    }
    named = any(one.start < said.start() or one.start > said.end() for one in scene.sentence.mentions)
    if len(behind) > 1 and not named and not scene.listed and not behind & scene.told.keys():
        scene.loose |= behind


def _figure(scene: Scene, at: int) -> None:
    figure = scene.sentence.amounts[at]
    if figure.unit == "pp":
        points(scene, at)
    elif figure.unit in _RARE and not (scene.sentence.english and figure.unit == "MW") and not nearest(scene, at):
        scene.leave(figure, _("no indicator of the vocabulary has this unit here"))
    elif figure.unit == "fold":
        multiple(scene, at)
    elif figure.unit == "pct":
        percent(scene, at)
    else:
        level(scene, at)


def _doubted(scene: Scene) -> None:
    """Leave the figures of drafts whose phrase has words that nobody explains, and their growths and shares with them."""
    left = [figure for figure, _ in scene.unplaced]
    own = {draft.at for draft in scene.drafts}
    for at, figure in enumerate(scene.sentence.amounts):
        before = [draft for draft in scene.drafts if draft.at <= at]
        draft = before[-1] if before else None
        if draft is None or not draft.doubt or any(one is figure for one in left):
            continue
        if at == draft.at or (at not in own and figure.unit):
            words = ", ".join(dict.fromkeys(draft.doubt))
            scene.leave(figure, _("of something that the vocabulary does not have: {words}", words=words))


def _shares_ahead(scene: Scene) -> None:
    """Give a share of those just counted to the part of them of which it says how many they are right behind: 31 percent of
    them, or 8 million, are on gigabit packages.
    """
    for whole, part in itertools.pairwise(scene.drafts):
        if whole.share is None or part.share is not None or part.value is None or part.at < whole.at + 2:
            continue
        share, level = scene.sentence.amounts[part.at - 1], scene.sentence.amounts[part.at]
        said = scene.sentence.english and _OF_THEM_OR.fullmatch(scene.text, share.end, level.start) is not None
        if said and share.value == whole.share and part.term != whole.term:
            whole.share, part.share = None, whole.share


_OF_THEM_OR = re.compile(
    r"\s+of\s+(?:them|these|those|whom|which|the\s+total)\s*,?\s+(?:or|\(|that\s+is,?)\s*(?:(?:about|some|nearly|over|more\s+than)\s+)*"
)
"""Between a share and how many that are."""


def _settle(scene: Scene) -> None:
    """What the drafts of a sentence are to one another, once all are there: changes over years, ranks, doubts."""
    undecided(scene)
    _shares_ahead(scene)
    _over_years(scene)
    _told_twice(scene)
    multiplied(scene)
    _ranked(scene)
    _doubted(scene)


def _over_years(scene: Scene) -> None:
    """Give two levels of one change the years that it took: from 11 to 45 trillion from 2012 to 2021."""
    stretches = [(when, days) for when, days in scene.spans if days is not None and dating.is_stretch(scene, when)]
    for first, second in itertools.pairwise(scene.drafts):
        ahead = scene.text[: scene.sentence.amounts[first.at].start]
        changed = scene.cues.from_.search(ahead) and first.term == second.term and first.unit == second.unit
        if first.value is None and first.share is not None and second.value is not None and changed:
            first.value, first.share = first.share, None  # a ratio, of which the second said so
        if not changed or first.value is None or second.value is None or second.at != first.at + 1:
            continue
        for when, days in stretches:
            if first.span in (days, last_year(days)) and second.span in (days, last_year(days)):
                first.span, second.span = dating.before_it(scene, when, days), last_year(days)
            elif first.span == days and when.kind == "years_till" and second.span != days:
                scene.drafts = [one for one in scene.drafts if one is not first]
                scene.leave(scene.sentence.amounts[first.at], _("the level before a change, whose date is not said"))


def _told_twice(scene: Scene) -> None:
    """Leave the second of two Chinese figures that would be the same thing at the same time in one sentence, but differ: it
    is of something that nobody knows, 清洁能源装机占比93%,新能源装机占比69%.
    """
    seen: list[Draft] = []
    for draft in scene.drafts if not scene.sentence.english else ():
        actual = "实际" in scene.segment(scene.sentence.amounts[draft.at])  # beside what could be
        if not actual and any(_differ(draft, one) for one in seen):
            scene.leave(scene.sentence.amounts[draft.at], _("a second figure of the same thing"))
        else:
            seen.append(draft)
    if not scene.sentence.english:
        scene.drafts = seen


def _differ(one: Draft, other: Draft) -> bool:
    """Whether two figures of the same thing at the same time say how much there is of it, and not the same."""
    if (one.term, one.region, one.span) != (other.term, other.region, other.span) or one.bound != other.bound:
        return False
    a, b = (draft.share if draft.value is None else draft.value for draft in (one, other))
    return (one.value is None) == (other.value is None) and a is not None and b is not None and a != b


def _another_place(scene: Scene, start: int, end: int) -> bool:
    """Whether a place is named in a stretch of an English sentence, behind a break."""
    named = [where.start for where in scene.sentence.regions if start <= where.start < end]
    return (
        bool(named)
        and scene.text.isascii()
        and re.search(r"[,;]|\b(?:and|while)\b", scene.text[start : named[0]]) is not None
    )


def _ranked(scene: Scene) -> None:
    """Give each rank to the figure before it, unless another indicator stands between; else to the first behind it."""
    mentions = scene.sentence.mentions
    for rank in scene.sentence.ranks:
        before = [draft for draft in scene.drafts if scene.sentence.amounts[draft.at].start < rank.start]
        if before and _another_place(scene, scene.sentence.amounts[before[-1].at].end, rank.start):
            before = []  # Yulin came second with 709.2 billion yuan
        behind = [draft for draft in scene.drafts if scene.sentence.amounts[draft.at].start > rank.start]
        for draft in before[-1:] or behind[:1]:
            start = scene.sentence.amounts[draft.at].end if before else 0
            other = any(
                start <= seen.start
                and seen.end <= rank.start
                and not seen.whole
                and index != draft.mention
                and seen.indicator != draft.term
                for index, seen in enumerate(mentions)
            )
            ahead = not before and scene.sentence.clause(rank.start) != scene.sentence.clause(
                figure_start(scene, draft)
            )
            if draft.rank is None and not other and not ahead:
                draft.rank = rank.rank
            elif scene.sentence.english and draft.rank is not None and not other and not ahead:
                said = Quantity(rank.start, rank.end, float(rank.rank), "")
                scene.leave(said, _("a second rank of the same figure"))
