"""What one sentence leaves to the next: year, days, region, indicator and standing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from xisuan.indicators.language.periods import Span
from xisuan.indicators.language.vocabulary import Vocabulary


@dataclass
class Context:
    """What the next sentence may leave unsaid.

    `home` is the region of the whole text; `main` the indicator it is about; `anchor` the year that `this year` means,
    known from the day of publication or the title alone; `year` that of the latest date, for months without one;
    `settled` the days of the latest figure that was no aim, to which a new paragraph goes back; `listed` the regions that
    the latest sentence went through; `recent` every region in the order of the text; `aimed` whether `span` is that of an
    aim, and `aim` the days of the latest one; `planned` whether a heading says that what is under it is aimed at; `stood`
    the latest level of every stock and region that is no aim; `covered` the days of the first figure that was no aim,
    which are those of the whole text; `told` the province or city of the latest figure, whatever paragraph it stood in,
    and `at_home` whether the title names `home`, so that a new paragraph is of it; `elsewhere` whether the latest
    sentence with figures was of a place that the vocabulary does not have, and `away` whether the whole text is; `change`
    the days of two levels of one change, which those of the next without days have too; `strange` whether the industry
    named last is one that the vocabulary does not have; `grew` whether the latest figure was a growth; `latest` the days
    of that figure; `before` the earlier days with which its sentence compared; `now` whether the latest figures stood
    when the text was written, and `today` whether their sentence says so; `reported` the months of the year under way
    that the text reports on; `levels` of what the levels of the latest sentence with any were; `whole` the place of which
    the latest sentence told only what a cluster or a place in it has; `whole_told` the place of which the latest sentence
    told how much of the same a part of it has; `wide` whether all figures of the paragraph so far were of a place that
    `home` lies in, but for the nation; `titled` whether the title names the months that the text reports on; `stretch`
    the latest days of a figure that was no aim and of more than a day.
    """

    words: Vocabulary
    published: datetime.date | None = None
    home: str = ""
    year: int | None = None
    anchor: int | None = None
    span: Span | None = None
    region: str = ""
    whole: str = ""
    whole_told: str = ""
    wide: bool | None = None
    term: str = ""
    status: str = ""
    earlier: list[str] = field(default_factory=list)
    settled: Span | None = None
    main: str = ""
    listed: tuple[str, ...] = ()
    recent: list[str] = field(default_factory=list)
    aimed: bool = False
    aim: Span | None = None
    planned: bool = False
    covered: Span | None = None
    told: str = ""
    at_home: bool = True
    elsewhere: bool = False
    away: bool = False
    change: tuple[Span, Span] | None = None
    strange: bool = False
    grew: bool = False
    latest: Span | None = None
    before: Span | None = None
    now: bool = False
    today: bool = False
    reported: Span | None = None
    titled: bool = False
    levels: tuple[str, ...] = ()
    stretch: Span | None = None
    stood: dict[tuple[str, str], float] = field(default_factory=dict)
