"""Content of a file as text and tables, with the limits and the errors that all kinds of files share."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from xisuan.errors import Problem, ScenarioError

LARGEST_UNPACKED = 100_000_000
"""Limit of the unpacked size of a workbook or document in bytes, against decompression bombs."""
Rows = list[list[str]]


@dataclass(frozen=True)
class Content:
    """Content of a file: running text, named tables, and the date that the file states of itself.

    `around` is all text of a web page, in which its date may stand outside the article. `notes` are remarks on how it
    was read.
    """

    text: str = ""
    tables: tuple[tuple[str, Rows], ...] = ()
    date: datetime.date | None = None
    around: str = ""
    notes: tuple[str, ...] = ()


def refusal(name: str, code: str, **values: Any) -> ScenarioError:
    """Return the error of a file that cannot be read."""
    return ScenarioError([Problem(code, table=name, **values)])
