"""A sentence while its figures are given their indicators: what was decided so far, and views of the words around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from xisuan.indicators.language.cues import Cues
from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.periods import Span, When
from xisuan.indicators.language.quantities import Quantity, money
from xisuan.indicators.language.tokens import Stretch
from xisuan.indicators.sentences.context import Context
from xisuan.indicators.sentences.sentence import Sentence

_FEW = 2
"""English words that may stand unknown between an indicator and a figure that is not right behind it."""
Told = tuple[int | None, str]
"""The indicator a figure is of: its number among the mentions (None: of the sentence before) and its name."""


@dataclass
class Draft:
    """An observation in the making: figure `at`, told of mention number `mention`.

    `doubt` holds words of its phrase that nobody explains; such a draft dates and places what follows, and is left over;
    an `aside` does neither.
    """

    at: int
    mention: int | None
    term: str
    value: float | None = None
    unit: str = "pct"
    growth: float | None = None
    growth_to: str = ""
    change: float | None = None
    change_to: str = ""
    share: float | None = None
    rank: int | None = None
    bound: str | None = None
    span: Span | None = None
    region: str = ""
    status: str = "actual"
    inherited: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()
    aside: bool = False


@dataclass
class Scene:
    """The work on one sentence. `pairs` and `places` hold what a list with 分别 or `respectively` settles, `loose` what it
    does not, `follows` of which figures before it the growths of a list are, `moments` the days of those in a list of times;
    `masked` is the text without what is known."""

    sentence: Sentence
    context: Context
    spans: Sequence[tuple[When, Span | None]] = ()
    part: bool = False
    used: dict[int, int] = field(default_factory=dict)
    pairs: dict[int, int] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    loose: set[int] = field(default_factory=set)
    follows: dict[int, int] = field(default_factory=dict)
    moments: dict[int, Span] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    masked: str = ""
    unplaced: list[tuple[Quantity, str]] = field(default_factory=list)

    @property
    def cues(self) -> Cues:
        """The small words."""
        return self.context.words.cues

    @property
    def text(self) -> str:
        """The folded sentence."""
        return self.sentence.text

    @property
    def listed(self) -> set[int]:
        """Figures of lists, by number."""
        return {*self.pairs, *self.places, *self.moments, *self.loose}

    def leave(self, figure: Quantity, why: str) -> None:
        """Leave a figure over, with the reason."""
        self.unplaced.append((figure, why))

    def next_amount(self, figure: Quantity) -> int:
        """Where the next figure begins."""
        return min((seen.start for seen in self.sentence.amounts if seen.start >= figure.end), default=len(self.text))

    def previous_end(self, figure: Quantity) -> int:
        """Where the figure before ends."""
        return max((seen.end for seen in self.sentence.amounts if seen.end <= figure.start), default=0)

    def segment(self, figure: Quantity) -> str:
        """Words that lead to a figure: from the figure or break before it."""
        start = self.previous_end(figure)
        if not self.sentence.english:
            start = max(start, self.sentence.clause(figure.start)[0])
        return self.text[start : figure.start]

    def rest(self, figure: Quantity) -> str:
        """Words behind a figure: up to the next figure or break."""
        return self.text[figure.end : min(self.next_amount(figure), self.sentence.clause(figure.end)[1])]

    def untimed(self, low: int, high: int) -> str:
        """The words between two places in the text without the times there, and what joins these."""
        out, at = "", low
        for one in self.sentence.times:
            if at <= one.start and one.end <= high:
                out, at = out + _IN_A_TIME.sub("", self.text[at : one.start]), one.end
        return out + self.text[at:high]

    def strange(self, gap: str, own: bool, borne: int = _FEW) -> bool:
        """Whether words between an indicator and a figure name something that is not in the vocabulary.

        `own`: no other figure stands between the two, so more words are borne; `borne`: how many English ones else.
        """
        if self.sentence.english:
            gap = gap if borne else self.cues.measured.sub(" ", gap)
            left = self.cues.grows.sub(" ", self.cues.filler_en.sub(" ", self._unnamed(gap)))
            unknown = [word for word in re.findall(r"[a-z][\w'-]+", left) if not says_nothing(self.cues, word)]
            return not own and len(unknown) > borne
        return len(self.residue(gap)) > (10 if own else 3)

    def residue(self, gap: str) -> str:
        """The Chinese signs of some words that are no filler, time, place or growth."""
        return re.sub(r"[^\u4e00-\u9fff]", "", self.cues.grows.sub("", self.cues.filler.sub("", self._unnamed(gap))))

    def _unnamed(self, gap: str) -> str:
        """Some words without the times, places, Chinese ranks, wholes of shares, sizes of firms and prices in them."""
        gap = self.cues.scope.sub(" ", self.cues.price_base.sub(" ", re.sub(r"\([^()]*\)", " ", gap)))
        named: list[Stretch] = [
            *self.sentence.times,
            *self.sentence.regions,
            *(one for one in self.sentence.mentions if one.whole),
            *(() if self.sentence.english else self.sentence.ranks),
        ]
        for one in named:
            gap = gap.replace(self.text[one.start : one.end], " ")
        return gap


_IN_A_TIME = re.compile(r"\s*\b(?:in|during|for|over|at|from|between|of|throughout|by)\s+(?:the\s+)?$|\s+$")
"""Before a time."""


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether two figures measure the same kind of thing."""
    return one.unit == other.unit or (money(one.unit) and money(other.unit)) or {one.unit, other.unit} <= {"", "1"}
