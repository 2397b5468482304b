"""Errors of damaged files: any exception while a stored file is read becomes one message that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyarrow import ArrowException

from xisuan.errors import StoreError

UNREADABLE = (
    OSError, ArrowException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip
"""Exceptions of parsers on a file that was truncated, replaced or edited."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Context that turns the errors of a parser into StoreError; `path` is the file or folder that is read."""
    try:
        yield
    except UNREADABLE as problem:
        said = " ".join(str(problem).split()) or type(problem).__name__
        raise StoreError(
            f"{path} is damaged: {said[:LONGEST]}. Restore the file from a copy, or make the run again"
        ) from None


LONGEST = 160
"""Characters of a parser's message that are shown."""
