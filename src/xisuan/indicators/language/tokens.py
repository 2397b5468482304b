"""What is seen in a sentence, each with its place in the text: indicators, regions, ranks, and where clauses break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Stretch(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An indicator in the text.

    `whole`: no figure is of it, as of what a share is a share of and of examples; `into`: what money goes into;
    `foreign`: it is that of a firm, not of a region; `deed`: its words are a verb, whose doer stands before it; `number`:
    where the one number begins that is of it, -1 where the grammar finds that; `composed`: every word of its clause is
    explained.
    """

    start: int
    end: int
    indicator: str
    whole: bool = False
    into: bool = False
    foreign: bool = False
    deed: bool = False
    number: int = -1
    composed: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """A region in the text, or `local` (province, city, …): the one spoken of."""

    start: int
    end: int
    region: str
    local: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank in the text."""

    start: int
    end: int
    rank: int


@dataclass(frozen=True, slots=True)
class Topic:
    """What was spoken of before a sentence: industry and indicator of the latest figure, and what the text is about; `said`
    is the sentence before it, whose subject a pronoun may take up, and `lately` that with those before it in its paragraph,
    the latest first: Data centers had …. Their power was …. They consumed …; `stood` the stocks that were told of so far.
    """

    family: str = ""
    term: str = ""
    main: str = ""
    said: str = ""
    lately: str = ""
    stood: frozenset[str] = frozenset()


BREAK = re.compile(r"[，；;。！？!?]|(?<!\d),|,(?!\d{3}(?!\d))|:\s|：|\.(?=\s|$)")
"""Where one clause ends and another begins."""


def beside(known: Sequence[Mention], start: int, end: int) -> bool:
    """Whether no indicator stands in a stretch of text."""
    return all(end <= seen.start or start >= seen.end for seen in known)
