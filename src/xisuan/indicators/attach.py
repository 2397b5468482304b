"""From the parts of a sentence to observations: which indicator, place and time each figure belongs to.

A figure goes to the nearest indicator whose unit it can have. What nothing says is taken from the sentence before and
named in `inherited`. A figure whose indicator is not in the vocabulary is left over with its words, never guessed.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from xisuan.indicators import cues
from xisuan.indicators.periods import Span, When, span
from xisuan.indicators.quantities import Quantity
from xisuan.indicators.sentence import Mention, Sentence
from xisuan.indicators.vocabulary import MONEY, Term, Vocabulary
from xisuan.results.reading import Observation, Unplaced

FARTHEST = 60.0
"""Cost of the distance to an indicator beyond which a figure is not taken to be its."""
_GAP_ZH, _GAP_EN = 8, 46


@dataclass
class Context:
    """What the next sentence may leave unsaid. `home` is the region of the whole text."""

    words: Vocabulary
    published: datetime.date | None = None
    home: str = ""
    year: int | None = None
    span: Span | None = None
    region: str = ""
    term: str = ""
    status: str = ""
    earlier: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """An observation in the making."""

    at: int
    mention: int | None
    term: str
    value: float | None = None
    unit: str = "pct"
    growth: float | None = None
    growth_to: str = ""
    share: float | None = None
    rank: int | None = None
    bound: str | None = None
    span: Span | None = None
    region: str = ""
    status: str = "actual"
    inherited: tuple[str, ...] = ()


@dataclass
class Attached:
    """What came of a sentence."""

    drafts: list[Draft] = field(default_factory=list)
    unplaced: list[tuple[Quantity, str]] = field(default_factory=list)


def attach(sentence: Sentence, context: Context) -> tuple[list[Observation], list[Unplaced]]:
    """Observations and left-overs of one sentence; the context is brought up to date."""
    return _Attaching(sentence, context).run()


class _Attaching:
    """The work on one sentence."""

    def __init__(self, sentence: Sentence, context: Context) -> None:
        self.s = sentence
        self.c = context
        self.out = Attached()
        self.spans = self._spans()
        self.used: dict[int, int] = {}
        self.pairs: dict[int, int] = {}
        self.places: dict[int, str] = {}
        self.part = bool(cues.PART.search(sentence.text[:24]))

    def run(self) -> tuple[list[Observation], list[Unplaced]]:
        self._respectively()
        for at in range(len(self.s.amounts)):
            self._figure(at)
        self._multiplied()
        self._ranked()
        seen = [one for draft in self.out.drafts if (one := self._finished(draft)) is not None]
        self._remember()
        left = [
            Unplaced(self.s.raw[figure.start : figure.end], why, self.s.raw.strip(), self.s.place)
            for figure, why in self.out.unplaced
        ]
        return seen, left

    # times

    def _spans(self) -> list[tuple[When, Span | None]]:
        """Every phrase of time with its days; None where its year is not known."""
        out: list[tuple[When, Span | None]] = []
        years: list[int] = []
        year, month = self.c.year, self.c.span.last.month if self.c.span else 0
        for when in self.s.times:
            explicit = when.year is not None
            this = when.year
            if when.offset is not None:
                base = self.c.published.year if self.c.published else self.c.year
                said = self.s.text[when.start : when.end]
                if years and not re.search(r"this|last|next|previous|今年|去年|上年|明年|前年", said):
                    base = years[-1]  # the end of the year just named
                this = base + when.offset if base is not None else None
            elif this is None:
                this = year
            if when.kind in ("now", "so_far", "since"):
                if self.c.published is None:
                    continue
                if when.kind == "since" and when.year is not None:
                    out.append((when, Span(datetime.date(when.year, 1, 1), self.c.published)))
                    continue
                first = self.c.published if when.kind == "now" else datetime.date(self.c.published.year, 1, 1)
                out.append((when, Span(first, self.c.published, when.kind == "now")))
                continue
            if when.kind == "before":
                spoken = [days for _, days in out if days is not None]
                now = spoken[-1] if spoken else self.c.span
                if now is not None:
                    out.append((when, _year_before(now)))
                continue
            if this is None and self.c.published:
                this = self.c.published.year
            if this is None or (when.same_month and not month):
                out.append((when, None))
                continue
            days = span(when, this, month)
            ahead = (
                self.c.published is not None
                and days.last > self.c.published
                and not _within(days, self.c.published, when)
            )
            if ahead and not explicit and when.offset is None and not when.deadline and not self._aims_at(when.start):
                days = span(when, this - 1, month)
            if explicit and not when.deadline:
                year = this
                years.append(this)
            month = days.last.month
            out.append((when, days))
        return out

    def _aims_at(self, at: int) -> bool:
        text = self.s.text
        return bool(cues.AIMS.search(text) or cues.EXPECTS.search(text)) and at >= 0

    def _time(self, figure: Quantity) -> tuple[Span | None, bool, bool]:
        """Days of a figure, whether they were inherited, and whether they are a deadline."""
        known = [(when, days) for when, days in self.spans if days is not None]
        before = [
            (when, days) for when, days in known if when.end <= figure.start and not self._left_behind(when, figure)
        ]
        after = [(when, days) for when, days in known if when.start >= figure.end]
        end = self._next_amount(figure)
        if self.s.english and after:
            when, days = after[0]
            gap = self.s.text[figure.end : when.start]
            near = (
                when.start < end
                and "," not in gap
                and (
                    re.search(
                        r"\b(?:in|by|during|at|as\s+of|for|from|over|through|until|between|since)\s+(?:the\s+)?$|^\s*$",
                        gap,
                    )
                )
            )
            if near and len(gap) < 90:
                return days, False, when.deadline
        if before:
            phrase, spoken = self._refined(before)
            return spoken, False, phrase.deadline
        if after and (not self.c.span or self.s.english):
            return after[0][1], False, after[0][0].deadline
        if self.c.span is not None:
            return self.c.span, True, False
        return None, False, False

    def _left_behind(self, when: When, figure: Quantity) -> bool:
        """Whether a date belongs to the level before a change: 由2020年的7个增加到50个."""
        between = [seen for seen in self.s.amounts if when.end <= seen.start < figure.start]
        return (
            bool(between)
            and when.kind != "span"
            and bool(
                re.search(r"(?:从|由|\bfrom)\s*$", self.s.text[: when.start])
                or (
                    re.match(r"[^,，。]{0,3}$", self.s.text[when.end : between[0].start])
                    and cues.FROM.search(self.s.text[: when.start])
                )
            )
        )

    def _refined(self, before: Sequence[tuple[When, Span | None]]) -> tuple[When, Span | None]:
        """The last phrase before a figure; a year beside a nearer month or quarter says no more than its year."""
        when, days = before[-1]
        if when.kind == "year" and len(before) > 1 and when.year is not None:
            earlier, _ = before[-2]
            between = self.s.text[earlier.end : when.start]
            if earlier.year is None and earlier.kind != "year" and re.fullmatch(r"\s*(?:of|in|,)?\s*", between):
                return earlier, span(earlier, when.year)
        return when, days

    def _next_amount(self, figure: Quantity) -> int:
        return min((seen.start for seen in self.s.amounts if seen.start >= figure.end), default=len(self.s.text))

    def _previous_end(self, figure: Quantity) -> int:
        return max((seen.end for seen in self.s.amounts if seen.end <= figure.start), default=0)

    # lists: A, B and C reached x, y and z respectively

    def _respectively(self) -> None:
        text = self.s.text
        for match in re.finditer(r"分别|\brespectively\b", text):
            if match[0] == "分别":
                after = [at for at, seen in enumerate(self.s.amounts) if seen.start >= match.end()]
                group = self._run(after)
                low, high = (
                    max((self.s.amounts[at].end for at in range(group[0] if group else 0)), default=0),
                    match.start(),
                )
            else:
                earlier = [at for at, seen in enumerate(self.s.amounts) if seen.end <= match.start()]
                group = self._run(earlier[::-1])[::-1]
                low = max((self.s.amounts[at].end for at in range(group[0] if group else 0)), default=0)
                high = self.s.amounts[group[0]].start if group else match.start()
            if len(group) < 2:
                continue
            inside = [at for at, seen in enumerate(self.s.mentions) if low <= seen.start < high and not seen.whole]
            fits = (
                inside
                if self.s.amounts[group[0]].unit in ("pct", "fold")
                else [at for at in inside if self._fits(self.s.mentions[at].indicator, self.s.amounts[group[0]])]
            )
            regions = [seen.region for seen in self.s.regions if low <= seen.start < high and seen.region]
            if len(fits) == len(group):
                self.pairs |= dict(zip(group, fits, strict=True))
            elif not fits and self.pairs and len(set(self.pairs.values())) == len(group):
                self.pairs |= dict(zip(group, dict.fromkeys(self.pairs.values()), strict=True))
            elif len(regions) >= len(group):
                self.places |= dict(zip(group, regions[-len(group) :], strict=True))

    def _run(self, order: Sequence[int]) -> list[int]:
        """Figures of one unit that follow one another in a list."""
        out: list[int] = []
        for at in order:
            if out:
                a, b = sorted((out[-1], at))
                between = self.s.text[self.s.amounts[a].end : self.s.amounts[b].start]
                if self.s.amounts[at].unit != self.s.amounts[out[0]].unit or not re.fullmatch(
                    r"[\s、，,和与及]*|\s?,?\s?and\s(?:about\s|over\s)?", between
                ):
                    break
            out.append(at)
        return out

    # figures

    def _figure(self, at: int) -> None:
        figure = self.s.amounts[at]
        if figure.unit == "pp":
            self._leave(figure, "a change in percentage points, not a level")
        elif figure.unit in ("price", "foreign", "other", "rate", "MW") and not self._nearest(at):
            self._leave(figure, "no indicator of the vocabulary has this unit here")
        elif figure.unit == "fold":
            self._folded(at)
        elif figure.unit == "pct":
            self._percent(at)
        else:
            self._level(at)

    def _leave(self, figure: Quantity, why: str) -> None:
        self.out.unplaced.append((figure, why))

    def _segment(self, figure: Quantity) -> str:
        """Words that lead to a figure: from the figure or break before it."""
        start = self._previous_end(figure)
        if not self.s.english:
            start = max(start, self.s.clause(figure.start)[0])
        return self.s.text[start : figure.start]

    def _rest(self, figure: Quantity) -> str:
        return self.s.text[figure.end : min(self._next_amount(figure), self.s.clause(figure.end)[1])]

    def _percent(self, at: int) -> None:
        figure = self.s.amounts[at]
        lead, rest = self._segment(figure), self._rest(figure)
        if cues.PROGRESS.search(lead) or cues.PROGRESS_AFTER.match(rest):
            self._leave(figure, "progress against a plan, not growth")
            return
        growth = [match.end() for match in cues.GROWS.finditer(lead)]
        share = [match.end() for match in cues.SHARES.finditer(lead)]
        late = cues.GROWS.search(rest[:44]) if self.s.english else None
        if late and re.search(r"represent\w*\s+an?\s*$", lead):
            share = []
        ratio = self._nearest(at)
        if at in self.pairs and at - 1 in self.pairs and not growth and not share:
            growth = [0] if any(draft.growth is not None for draft in self.out.drafts) else []
        if (
            share
            and (not growth or share[-1] > growth[-1] or "增速" not in lead)
            and not (growth and growth[-1] > share[-1])
        ) or (cues.WHOLE_AFTER.match(rest) and not growth):
            self._share(at, ratio)
        elif (
            ratio is not None
            and self.c.words.terms[ratio[1]].unit == "pct"
            and not (
                growth
                and self.c.words.terms[ratio[1]].kind != "growth"
                and not re.search(r"(?:至|到|to)\s*(?:about\s+|nearly\s+|约|超过?)?$", lead)
            )
        ):
            self._draft(at, ratio[0], ratio[1], value=figure.value, unit="pct")
        elif growth or late:
            falls = cues.FALLS.search(lead) if growth else cues.FALLS.search(rest[:44])
            to = (
                "the period before"
                if cues.PREVIOUS.search(lead + rest)
                else "the year before, yearly average"
                if cues.YEARLY.search(lead + rest)
                else ""
            )
            self._growth(
                at, -abs(figure.value) if falls and not re.search(r"降幅[^,，]*收窄", lead) else figure.value, to
            )
        else:
            self._leave(figure, "neither growth, share nor a ratio of the vocabulary")

    def _folded(self, at: int) -> None:
        """2.7 times: of the level before (growth 170 %), or more than it (270 %)."""
        figure = self.s.amounts[at]
        lead, rest = self._segment(figure), self._rest(figure)
        if cues.GROWS.search(lead) and not cues.TIMES_OF.search(lead):
            more = (
                figure.value * 100.0
                if not self.s.english or "fold" not in self.s.text[figure.start : figure.end]
                else (figure.value - 1) * 100
            )
            self._growth(at, more, "")
        elif cues.TIMES_OF.search(lead) or cues.TIMES_OF.search(self.s.text[figure.start : figure.end + 30]):
            self._growth(at, (figure.value - 1.0) * 100.0, "")
        elif not rest.strip() or self.s.english:
            self._leave(figure, "a multiple of something that is not said")
        else:
            self._leave(figure, "a multiple, not a level")

    def _growth(self, at: int, value: float, to: str) -> None:
        mention = self._subject(at)
        figure = self.s.amounts[at]
        if mention is None:
            last = self.out.drafts[-1] if self.out.drafts else None
            if last is not None:
                if last.growth is None:
                    last.growth, last.growth_to = round(value, 6), to
                else:
                    self._leave(figure, "a second growth of the same figure")
            elif self.c.term and (
                self.s.times
                or self.part
                or re.match(r"\s*(?:this|it|that|同比|增速|增长|较上年|an?\s+increase)", self.s.text)
            ):
                self._draft(at, None, self.c.term, growth=round(value, 6), growth_to=to)
            else:
                self._leave(figure, "growth of something that is not in the vocabulary")
            return
        index, term = mention
        held = next((draft for draft in reversed(self.out.drafts) if draft.mention == index), None)
        if held is not None and held.growth is None and self._same_time(held, figure):
            held.growth, held.growth_to = round(value, 6), to
        elif (
            held is not None
            and held.growth is not None
            and at not in self.pairs
            and at not in self.places
            and self._same_time(held, figure)
            and not self._other_place(figure, held)
        ):
            self._leave(figure, "a second growth of the same figure")
        else:
            self._draft(at, index, term, growth=round(value, 6), growth_to=to)

    def _same_time(self, draft: Draft, figure: Quantity) -> bool:
        days, _, _ = self._time(figure)
        return (
            days is None
            or draft.span is None
            or (days.last == draft.span.last and (days.first == draft.span.first or draft.span.point))
        )

    def _other_place(self, figure: Quantity, draft: Draft) -> bool:
        return self._where(figure, None)[0] != draft.region

    def _subject(self, at: int) -> tuple[int | None, str] | None:
        """Of what a percentage is the growth: the last indicator before it, or the one right after `increase in`."""
        if at in self.pairs:
            index = self.pairs[at]
            return index, self.s.mentions[index].indicator
        figure = self.s.amounts[at]
        real = [(index, seen) for index, seen in enumerate(self.s.mentions) if not seen.whole]
        if self.s.english:
            after = [(index, seen) for index, seen in real if seen.start >= figure.end]
            if after:
                gap = self.s.text[figure.end : after[0][1].start]
                if re.match(
                    r"(?:[\s,-]+[\w-]+){0,4}?\s+(?:increase|growth|rise|jump|surge|gain|drop|decline|decrease|fall|expansion)\s+(?:in|of)\s+(?:the\s+|its\s+)?(?:[\w'-]+\s+){0,3}$",
                    gap,
                ) or re.fullmatch(
                    r"\s+(?:more|fewer|higher|lower|growth|increase)?\s*(?:in|of|for)\s+(?:the\s+|its\s+)?(?:[\w'-]+\s+){0,2}",
                    gap,
                ):
                    return after[0][0], after[0][1].indicator
        before = [(index, seen) for index, seen in real if seen.end <= figure.start]
        if not before:
            return None
        index, seen = before[-1]
        start = max(self._previous_end(figure), seen.end)
        if self._strange(self.s.text[start : figure.start], seen.end >= self._previous_end(figure)):
            return (None, "?")
        return index, seen.indicator

    def _share(self, at: int, ratio: tuple[int | None, str] | None) -> None:
        figure = self.s.amounts[at]
        if ratio is not None and ratio[0] is not None and self.c.words.terms[ratio[1]].unit == "pct":
            self._draft(at, ratio[0], ratio[1], value=figure.value, unit="pct")
            return
        before = [
            (index, seen) for index, seen in enumerate(self.s.mentions) if seen.end <= figure.start and not seen.whole
        ]
        if before:
            index, seen = before[-1]
            held = next((draft for draft in reversed(self.out.drafts) if draft.mention == index), None)
            if held is not None and held.share is None:
                held.share = figure.value
                return
            term = self.c.words.terms.get(seen.indicator)
            named = self.c.words.by_measure.get((term.family, "share")) if term else None
            if term and term.kind != "ratio":
                if named:
                    self._draft(at, index, named, value=figure.value, unit="pct")
                else:
                    self._draft(at, index, seen.indicator, share=figure.value)
                return
        after = [seen for seen in self.s.mentions if seen.start >= figure.end and seen.start - figure.end < 40]
        whole_after = cues.WHOLE_AFTER.match(self._rest(figure))
        if self.out.drafts and self.out.drafts[-1].share is None:
            self.out.drafts[-1].share = figure.value
        elif self.c.term and not after and (whole_after or self.part):
            self._draft(at, None, self.c.term, share=figure.value)
        else:
            self._leave(figure, "a share of something that is not in the vocabulary")

    def _level(self, at: int) -> None:
        figure = self.s.amounts[at]
        text = self.s.text
        lead = self._segment(figure)
        near = self._nearest(at)
        if near is None:
            if figure.unit or figure.scaled:
                self._leave(figure, "no indicator of the vocabulary is near that has this unit")
            return
        index, term = near
        spec = self.c.words.terms[term]
        if (
            cues.FROM.search(lead)
            and self._next_amount(figure) < len(text)
            and re.match(
                r"\s*(?:个|户|家|亿元)?\s*(?:增|提|升|扩|降|下|上|to\b|in\s+\d{4}\s+to|\(?\d{4}年\)?)",
                text[figure.end : figure.end + 18],
            )
        ):
            days = self._time(figure)[0]
            dated = [
                when
                for when, _ in self.spans
                if abs(when.start - figure.start) < 22 and (when.end <= figure.start or when.start - figure.end < 6)
            ]
            if not dated or days is None:
                self._leave(figure, "the level before a change, whose date is not said")
                return
        if cues.CHANGE.search(lead) and not re.search(r"(?:增|升|提高|降)(?:加|长)?[到至]\s*$|\bto\s*$", lead):
            new = f"{term}_new"
            if new in self.c.words.terms and cues.NEW.search(lead) and "净增" not in lead and "net" not in lead:
                self._draft(at, index, new, value=figure.value, unit="1")
                return
            if spec.kind != "flow" or not re.search(r"新增", lead[-6:]):
                self._leave(figure, "a change, not a level")
                return
        if (
            spec.kind == "stock"
            and f"{term}_new" in self.c.words.terms
            and (
                re.search(r"(?:新增|新建|新开通|净增|新建成|建设)[^,，。;；]{0,6}$", lead)
                if not self.s.english
                else re.search(r"\b(?:new|add(?:ed|ing)?|additional|another|build(?:ing)?)\b[^,.]{0,24}$", lead)
                or re.match(r"\s*(?:more|new|additional|newly)\b", text[figure.end : figure.end + 12])
            )
        ):
            term = f"{term}_new"
            spec = self.c.words.terms[term]
        if term.endswith("_new") and re.search(r"累计|总数|总量|\b(?:total|cumulative)", lead):
            term = term.removesuffix("_new")  # so many new ones, so many in all
            spec = self.c.words.terms[term]
        value, unit = _in_unit(figure, spec.unit)
        self._draft(at, index, term, value=value, unit=unit)

    def _fits(self, term: str, figure: Quantity) -> bool:
        spec = self.c.words.terms.get(term)
        if spec is None:
            return False
        if figure.unit in ("CNY", "USD"):
            return spec.unit in MONEY
        if figure.unit in ("1", ""):
            if spec.unit == "1":
                return _classified(term, self.s.text[figure.start : figure.end])
            return spec.unit in ("per_10k", "ratio") and not figure.scaled and figure.value < 1000
        if figure.unit == "GB":
            return spec.unit in ("GB", "EB")
        return figure.unit == spec.unit

    def _nearest(self, at: int) -> tuple[int | None, str] | None:
        """The indicator a figure belongs to: its position among the mentions, and its name."""
        if at in self.pairs:
            index = self.pairs[at]
            return index, self.s.mentions[index].indicator
        figure = self.s.amounts[at]
        best: tuple[float, int] | None = None
        for index, seen in enumerate(self.s.mentions):
            if seen.whole:
                continue
            known = not seen.indicator.startswith("?")
            if known and not self._fits(seen.indicator, figure):
                continue
            cost = self._cost(figure, index, seen)
            if cost < FARTHEST and (best is None or cost < best[0]):
                best = (cost, index)
        if best is not None:
            seen = self.s.mentions[best[1]]
            if seen.indicator.startswith("?"):
                return None
            self.used[best[1]] = at
            return best[1], seen.indicator
        return self._inherited(figure)

    def _inherited(self, figure: Quantity) -> tuple[int | None, str] | None:
        """The indicator of the sentence before, where this one only names places, times or parts."""
        terms = [self.c.term, *reversed(self.c.earlier)] if figure.unit not in ("CNY", "USD", "1") else [self.c.term]
        term = next((name for name in terms if name and self._fits(name, figure)), "")
        if not term or figure.unit == "":
            return None
        fresh = [seen for seen in self.s.mentions if not seen.whole and self._fits(seen.indicator, figure)]
        if fresh or self._strange(self._segment(figure), False):
            return None
        cue = (
            self.s.regions or self.s.times or self.part or re.match(r"\s*(?:this|it|the\s+figure|that)\b", self.s.text)
        )
        return (None, term) if cue else None

    def _cost(self, figure: Quantity, index: int, seen: Mention) -> float:
        """How far an indicator is from a figure: distance, with what stands between made dear."""
        text = self.s.text
        if seen.end <= figure.start:
            gap = text[seen.end : figure.start]
            others = [one for one in self.s.amounts if seen.end <= one.start and one.end <= figure.start]
            same = [one for one in others if self._alike(one, figure)]
            cost = len(gap) / (5.0 if self.s.english else 3.0)
            holder = self.used.get(index)
            if (
                holder is not None
                and self.s.amounts[holder].end <= seen.start
                and self._alike(self.s.amounts[holder], figure)
            ):
                cost += 30.0  # it stands behind another figure and belongs to that
            breaks = len(re.findall(r"[，；;。]|,(?!\d)", gap))
            cost += 6.0 * breaks
            if _other_measure(gap, self.c.words.terms.get(seen.indicator)):
                return FARTHEST
            if same:
                start = max(one.end for one in same)
                own = text[start : figure.start]
                part = cues.PART.search(own)
                named = part and any(start + part.end() <= first < figure.start for first, _ in self._named())
                if self._strange(own, False) or (part and not named):
                    return FARTHEST
                cost += 14.0
            elif self._strange(re.sub(r"^[^，,；;]*[，,；;]", "", gap) if breaks and others else gap, True):
                cost += 40.0
            return cost
        if seen.start < figure.end:
            return FARTHEST
        gap = text[figure.end : seen.start]
        if seen.into and not re.search(r"[;.]", gap):
            return 0.0  # invested … in it, whoever did
        if re.search(r"[，；;。,.]", gap):
            return FARTHEST
        if any(one.start >= figure.end and one.end <= seen.start for one in self.s.amounts):
            return FARTHEST
        if self.s.english:
            if figure.unit in ("", "1"):
                head = text[seen.start : seen.end].split()[-1]
                if re.match(rf"\s*{re.escape(head)}\b", text[figure.end :]):
                    return 2.0
                if re.search(r"\b(?:will|become\w*|to|was|were|are|is|have|had|has|and|or)\b", gap):
                    return FARTHEST
                return 2.0 + len(gap) / 4.0 if re.fullmatch(r"[\s-]*(?:of\s+)?(?:[\w'-]+\s+){0,3}", gap) else FARTHEST
            if re.fullmatch(
                r"\s*(?:\([^)]*\)\s*)?(?:(?:worth\s+)?(?:of|in|for|from|on|into|through|via|to)\s+)(?:the\s+|its\s+|their\s+)?(?:[\w'-]+\s+){0,4}",
                gap,
            ):
                return 1.0 + len(gap) / 8.0
            if re.fullmatch(
                r"\s*(?:\([^)]*\)\s*)?(?:was|were|is|are)\s+(?:\w+\s+){0,2}(?:in|on|for|into|to|from)\s+(?:the\s+|its\s+)?(?:[\w'-]+\s+){0,4}",
                gap,
            ):
                return 3.0 + len(gap) / 8.0
            return 26.0 + len(gap) / 3.0
        return 3.0 + len(gap) if len(gap) <= _GAP_ZH else FARTHEST

    def _alike(self, one: Quantity, figure: Quantity) -> bool:
        money = ("CNY", "USD")
        return (
            one.unit == figure.unit
            or (one.unit in money and figure.unit in money)
            or {one.unit, figure.unit} <= {"", "1"}
        )

    def _named(self) -> list[tuple[int, int]]:
        """Where times and places stand."""
        times = [(when.start, when.end) for when in self.s.times]
        return [*times, *((where.start, where.end) for where in self.s.regions)]

    def _strange(self, gap: str, own: bool) -> bool:
        """Whether words between an indicator and a figure name something that is not in the vocabulary."""
        gap = cues.SCOPE.sub(" ", cues.PRICE_BASE.sub(" ", re.sub(r"\([^()]*\)", " ", gap)))
        for start, end in self._named():
            gap = gap.replace(self.s.text[start:end], " ")
        for one in self.s.mentions:
            if one.whole:
                gap = gap.replace(self.s.text[one.start : one.end], " ")
        if self.s.english:
            if own:
                return False
            words = re.findall(r"[a-z][\w'-]+", re.sub(_EN_FILLER, " ", gap))
            return len(words) > 2
        residue = re.sub(r"[^\u4e00-\u9fff]", "", cues.GROWS.sub("", cues.FILLER.sub("", gap)))
        return len(residue) > (10 if own else 3)

    # drafts

    def _draft(self, at: int, index: int | None, term: str, **more: object) -> None:
        figure = self.s.amounts[at]
        if term not in self.c.words.terms:
            self._leave(figure, "something that is not in the vocabulary")
            return
        days, old, deadline = self._time(figure)
        if days is None:
            self._leave(figure, "its year is not said; give the date of publication")
            return
        region, lent = self._where(figure, at)
        if not region:
            self._leave(figure, "its region is not said")
            return
        inherited = [name for name, is_so in (("period", old), ("region", lent), ("indicator", index is None)) if is_so]
        status = self._status(figure, days, deadline, old)
        waiting = next(
            (
                draft
                for draft in reversed(self.out.drafts)
                if draft.mention == index and index is not None and draft.term == term
            ),
            None,
        )
        if (
            waiting is not None
            and waiting.value is None
            and more.get("value") is not None
            and waiting.region == region
            and waiting.share is None
        ):
            waiting.value, waiting.unit, waiting.bound = float(more["value"]), str(more["unit"]), figure.bound  # type: ignore[arg-type]
            return
        draft = Draft(
            at, index, term, bound=figure.bound, span=days, region=region, status=status, inherited=tuple(inherited)
        )
        for name, value in more.items():
            setattr(draft, name, value)
        self.out.drafts.append(draft)

    def _where(self, figure: Quantity, at: int | None) -> tuple[str, bool]:
        """The region of a figure, and whether it was taken from before."""
        if at is not None and at in self.places:
            return self.places[at], False
        start, end = self.s.clause(figure.start)
        before = [seen for seen in self.s.regions if seen.end <= figure.start]
        after = [seen for seen in self.s.regions if figure.end <= seen.start < min(end, self._next_amount(figure))]
        inside = [seen for seen in before if seen.start >= start]
        pick = (
            (inside or (after if self.s.english else []) or before or after)[-1:] if inside or before or after else []
        )
        if after and self.s.english and not inside:
            pick = after[:1]
        if not pick:
            return self.c.region or self.c.home, True
        seen = pick[0]
        if seen.local:
            return self._local(seen.local), False
        row = [one for one in self.s.regions if (not one.local and one.end <= figure.start) or one is seen]
        near = [
            one
            for one in row
            if one.start <= seen.start
            and re.fullmatch(r"[\s省市,，'s]*(?:的|'s)?\s*", self.s.text[one.end : seen.start] or "")
        ]
        if (
            near
            and near[-1] is not seen
            and self.c.words.ancestor(seen.region, [self.c.words.places[near[-1].region].kind]) != near[-1].region
            and near[-1].region in self.c.words.within(seen.region)
        ):
            return seen.region, False
        return seen.region, False

    def _local(self, kind: str) -> str:
        """The province, city, … that is spoken of."""
        if kind == "nation":
            return "china"
        kinds = _LOCAL[kind]
        for base in (self.c.region, self.c.home):
            if base and (name := self.c.words.ancestor(base, kinds)):
                return name
        if kind == "city":  # a municipality is a province
            return self.c.words.ancestor(self.c.region or self.c.home, ("province",)) or self.c.home
        return self.c.home or self.c.region

    def _status(self, figure: Quantity, days: Span, deadline: bool, old: bool) -> str:
        """Actual, preliminary, projected or target, from the words around the figure and the date."""
        text = cues.MET.sub(" ", self.s.text[: min(self._next_amount(figure), len(self.s.text))])
        marks = [match.end() for match in re.finditer(r"[；;。]", self.s.text[: figure.start])]
        lead = text[max([0, *marks]) :] if not cues.MET.search(self.s.text) else text
        aims = [match.start() for match in cues.AIMS.finditer(lead)]
        expects = [match.start() for match in cues.EXPECTS.finditer(lead)]
        future = self.c.published is not None and days.last > self.c.published
        past = self.c.published is not None and days.last <= self.c.published
        if expects and (not aims or expects[-1] >= aims[-1] or self.s.english):
            return "projected"
        if aims and not (
            past
            and not deadline
            and re.search(r"已|完成|实现了|\b(?:reached|achieved|hit|totaled|totalled|completed)\b", lead)
            and not future
        ):
            return "target"
        if old and self.part and self.c.status in ("target", "projected"):
            return self.c.status
        if future and not (days.first <= self.c.published if self.c.published else False):
            return "target"
        if future and deadline:
            return "target"
        if cues.FIRST_FIGURES.search(self.s.text):
            return "preliminary"
        return "actual"

    def _multiplied(self) -> None:
        """Doubled, 翻一番: growth of the figure before it, unless it took several years."""
        for match in cues.MULTIPLIED.finditer(self.s.text):
            before = [draft for draft in self.out.drafts if self.s.amounts[draft.at].start < match.start()]
            if before and before[-1].growth is None and before[-1].value is not None:
                before[-1].growth = 100.0 if match["twice"] else 200.0

    def _ranked(self) -> None:
        for rank in self.s.ranks:
            before = [draft for draft in self.out.drafts if self.s.amounts[draft.at].start < rank.start]
            target = (before or self.out.drafts[:1])[-1:]
            for draft in target:
                draft.rank = rank.rank if draft.rank is None else draft.rank

    def _finished(self, draft: Draft) -> Observation | None:
        spec = self.c.words.terms[draft.term]
        days = _fitted(draft.span, spec.kind) if draft.span else None
        if days is None:
            return None
        first, last, basis = days
        if spec.indicator == "dou_month":
            first, basis = last.replace(day=1), "single"
        return Observation(
            indicator=draft.term,
            region=draft.region,
            period_start=first.isoformat(),
            period_end=last.isoformat(),
            basis=basis,
            value=None if draft.value is None else _clean(draft.value),
            unit=draft.unit,
            growth_pct=draft.growth,
            share_pct=draft.share,
            rank=draft.rank,
            status=draft.status,
            bound=draft.bound,
            inherited=draft.inherited,
            text=self.s.raw.strip(),
            place=self.s.place,
            growth_to=draft.growth_to,
            scope=self.s.scope,
            price_base=self.s.price_base if spec.indicator.endswith("volume") or "volume" in spec.indicator else "",
        )

    def _remember(self) -> None:
        """What the next sentence may leave unsaid."""
        known = [(when, days) for when, days in self.spans if days is not None]
        drafts = [draft for draft in self.out.drafts if draft.term != "dou_month"]
        if drafts and drafts[0].span is not None:
            done = [draft for draft in drafts if draft.status in ("actual", "preliminary")] or drafts[:1]
            first = (
                drafts[0]
                if self.part
                else max(done, key=lambda draft: draft.span.last if draft.span else datetime.date.min)
            )
            self.c.span = first.span
        elif known:
            self.c.span = known[-1][1]
        years = [when.year for when, _ in known if when.year is not None and not when.deadline and when.until is None]
        if years and self.c.published is None:
            self.c.year = years[0] if drafts and len(set(years)) > 1 else years[-1]
        elif years:
            self.c.year = years[-1] if years[-1] <= self.c.published.year else self.c.year  # type: ignore[union-attr]
        regions = [seen.region for seen in self.s.regions if seen.region and not seen.local]
        part = self.part or bool(re.search(r"分(?:区域|地区|市州|省份|企业)", self.s.text))
        if drafts and not part:
            self.c.region = drafts[0].region
        elif regions and not self.part and not drafts:
            self.c.region = regions[0]
        self.c.earlier += [draft.term for draft in drafts]
        whole = [draft for draft in drafts if not draft.term.startswith("operator_investment_")]
        if whole and not self.part:
            self.c.term = next((draft.term for draft in whole if draft.value is not None), whole[0].term)
            self.c.status = drafts[-1].status
        elif self.s.mentions and not drafts:
            named = [
                seen.indicator for seen in self.s.mentions if not seen.whole and not seen.indicator.startswith("?")
            ]
            self.c.term = named[0] if named else self.c.term
            if cues.AIMS.search(self.s.text):
                self.c.status = "target"


_LOCAL = {
    "province": ("province",),
    "city": ("prefecture", "cluster"),
    "prefecture": ("prefecture",),
    "area": ("new_area", "cluster"),
}
"""What kind of region a word such as 全市 can mean."""
_EN_FILLER = (
    r"\b(?:and|the|an?|of|in|to|by|for|with|its|it|was|were|is|are|be|reach\w*|hit|total\w*|stood|at|about|over|more|than|nearly|around|some|while|compared|from|up|"
    r"including|included|another|this|that|these|which|respectively|billion|million|yuan|had|has|have|will|exceed\w*|surpass\w*|approximately|worth|down|percent|"
    r"accounting|year|on|as|or|same|period|recorded|posted|registered|valued|amount\w*|came|rose|grew|increas\w*|both|also|last|first|but|generated|saw|expected|value|only|of)\b"
)


_OTHER = re.compile(
    r"利润|税|资产|成本|贷款|存款|补贴|出口|进口|工资|profit|\btax|assets|\bcosts?\b|loans?\b|deposits?\b|subsid|wages?\b"
)


def _other_measure(gap: str, term: Term | None) -> bool:
    """Whether the words between an indicator and a figure name something else to be measured of it."""
    if term is None:
        return False
    return any(
        match[0] not in f"{term.title.lower()} {term.title_zh}" and not (match[0] == "资产" and "投资" in term.title_zh)
        for match in _OTHER.finditer(gap)
    )


def _classified(term: str, words: str) -> bool:
    """Whether a counted thing has the classifier of the indicator: 户 for users, 架 for racks, 家 for firms."""
    people = ("population", "employment", "talent", "workers", "jobs")
    for sign, endings in (
        ("户", ("users", "households")),
        ("人", people),
        ("架", ("racks",)),
        ("家", ("firms", "enterprises_in_cloud", "centres")),
    ):
        if words.endswith(sign) or words.endswith(f"{sign}次"):
            return any(ending in term for ending in endings)
    if words.endswith("张"):
        return "chips" in term
    if words.endswith("件"):
        return "deliveries" in term
    return not (words.endswith("项") and not term.endswith(("projects", "applications")))


def _in_unit(figure: Quantity, unit: str) -> tuple[float, str]:
    """A figure in the unit of its indicator; dollars stay dollars."""
    if figure.unit == "USD":
        return figure.value, "mUSD"
    if figure.unit == "CNY":
        return (figure.value * 1e6, "CNY") if unit == "CNY" else (figure.value, "mCNY")
    if figure.unit == "GB" and unit == "EB":
        return figure.value / 1e9, "EB"
    return figure.value, unit


def _clean(value: float) -> float:
    """Without the dust of binary fractions."""
    return float(f"{value:.12g}")


def _fitted(days: Span, kind: str) -> tuple[datetime.date, datetime.date, str]:
    """First day, last day and basis of a figure of this kind: a stock is a point, a flow runs from 1 January."""
    if kind == "stock":
        return days.last, days.last, "point"
    first = days.first
    if days.point:
        first = datetime.date(days.last.year, 1, 1)
    return first, days.last, "cumulative" if (first.month, first.day) == (1, 1) else "single"


def _within(days: Span, day: datetime.date, when: When) -> bool:
    """Whether a phrase means a stretch that had not ended when it was published: this month, this quarter."""
    return when.kind == "span" and (days.last.year, days.last.month) == (day.year, day.month)


def _year_before(days: Span) -> Span:
    """The same stretch of the year before."""
    last = days.last
    end = calendar.monthrange(last.year - 1, last.month)[1]
    day = end if last.day == calendar.monthrange(last.year, last.month)[1] else min(last.day, end)
    last = datetime.date(last.year - 1, last.month, day)
    first = last if days.point else datetime.date(days.first.year - 1, days.first.month, min(days.first.day, 28))
    return Span(first, last, days.point)
