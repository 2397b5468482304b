"""Result of reading bulletins: observations with the quoted text, and passages that could not be assigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

CONTRACT = (
    "indicator", "region", "period_start", "period_end", "basis", "value", "unit", "growth_pct", "share_pct", "rank",
    "status", "bound", "inherited", "text",
)  # fmt: skip
"""Fields of an observation that outside readers rely on, in this order."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure of a bulletin. Dates are ISO; a point has the same first and last day.

    `value` is None where only a growth, a share or a change was published; `unit` is then `pct`. `change_points` is the
    change, in percentage points, of `share_pct` if there is one, else of a `value` that is a percentage. `growth_to`
    and `change_to` name the base of a growth or change where it is not the same period of the year before.

    `inherited` names the fields taken from the sentence before. `place` is file and line. `scope` has words such as
    "firms above designated size". `named` is True where the text gave the indicator its name, because the vocabulary
    lacks it. `precision` is that of computing power, such as FP16, where the sentence states it. `published` is the day
    of publication, blank if unknown; `source` the key of the bulletin. `marks` are start and end of each of its numbers
    in its passage: characters of the sentence, or cells of the table row.
    """

    indicator: str
    region: str
    period_start: str
    period_end: str
    basis: str
    value: float | None
    unit: str
    growth_pct: float | None = None
    share_pct: float | None = None
    rank: int | None = None
    status: str = "actual"
    bound: str | None = None
    inherited: tuple[str, ...] = ()
    text: str = ""
    place: str = ""
    growth_to: str = ""
    change_points: float | None = None
    change_to: str = ""
    scope: str = ""
    price_base: str = ""
    named: bool = False
    precision: str = ""
    published: str = ""
    source: str = ""
    marks: tuple[tuple[int, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A figure that was read but could not be assigned: its words, the sentence, the place and the reason.

    `marks` is the position of its number, as in `Observation`.
    """

    words: str
    why: str
    text: str
    place: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a bulletin, or a row of one of its tables as `cells`; `place` is file and line.

    `begins` is True for the first sentence of a paragraph and the first row of a table.
    """

    place: str
    text: str = ""
    cells: tuple[str, ...] = ()
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin that was read: its key as a source, its file, title and ISO day of publication, blank if unknown."""

    source: str
    file: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True)
class Reading:
    """Everything read from bulletins, in the order of the text.

    `passages` are all sentences and table rows, read or not; `bulletins` the documents they are from; `notes` remarks
    on how a document was opened.
    """

    observations: tuple[Observation, ...]
    unplaced: tuple[Unplaced, ...]
    passages: tuple[Passage, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Return the observations as a table, one row each, in the columns of the public document and then the others."""
        import pandas as pd  # noqa: PLC0415 (the command reads without it)

        fields = (*CONTRACT, *(name for name in Observation.__slots__ if name not in CONTRACT))
        rows = [{name: getattr(seen, name) for name in fields} for seen in self.observations]
        return pd.DataFrame(rows, columns=list(fields))

    @classmethod
    def joined(cls, parts: Sequence[Reading]) -> Reading:
        """Return several readings as one."""
        return cls(
            tuple(one for part in parts for one in part.observations),
            tuple(left for part in parts for left in part.unplaced),
            tuple(one for part in parts for one in part.passages),
            tuple(one for part in parts for one in part.bulletins),
            tuple(dict.fromkeys(one for part in parts for one in part.notes)),
        )

    def document(self) -> dict[str, object]:
        """Return the public JSON document: observations with its fields, their places in order, and leftovers."""
        return {
            "observations": [{name: _plain(getattr(seen, name)) for name in CONTRACT} for seen in self.observations],
            "places": [
                {
                    "place": seen.place,
                    "growth_to": seen.growth_to,
                    "change_points": seen.change_points,
                    "change_to": seen.change_to,
                    "scope": seen.scope,
                    "price_base": seen.price_base,
                    "precision": seen.precision,
                    "named": seen.named,
                    "published": seen.published,
                }
                for seen in self.observations
            ],
            "unplaced": [
                {"words": left.words, "why": left.why, "text": left.text, "place": left.place} for left in self.unplaced
            ],
        }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
