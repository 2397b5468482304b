"""D1: malformed inputs: damaged scenario folders, workbooks and traces; none may end in anything but words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from benchmarks.tables import table
from tests.stories.hostile import in_parallel, scenarios, workbooks
from tests.stories.hostile_traces import traces

SEED = 1


def run(quick: bool) -> Iterator[str]:
    """Damaged scenarios given to the reader, workbooks to `read`, and traces read and simulated. Bar: none escapes."""
    rows = []
    for name, what, count in (
        ("scenarios", scenarios, 100_000),
        ("workbooks", workbooks, 2_000),
        ("traces", traces, 100_000),
    ):
        asked = count // 100 if quick else count
        began = time.perf_counter()
        found = in_parallel(what, SEED, asked, 4 * (os.cpu_count() or 1))
        read = found["loaded"] + found["read"]
        bad = asked - read - found["refused in words"] + found["left the folder"]
        seconds = f"{time.perf_counter() - began:.0f}"
        rows.append((name, f"{asked:,}", f"{read:,}", f"{found['refused in words']:,}", f"{bad:,}", seconds))
    yield table(("inputs", "tried", "read", "refused in words", "anything else", "seconds"), rows) + "\n"
