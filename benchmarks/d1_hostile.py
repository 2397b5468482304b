"""D1: malformed inputs, and small files that would unfold to much."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator

from benchmarks.tables import table
from tests.stories.hostile import in_parallel, scenarios, workbooks
from tests.stories.hostile_traces import traces
from tests.studio.storage.limited_work import measured
from tests.studio.storage.test_upload_process import HOSTILE
from xisuan.parallel.process import elsewhere

SEED = 1
INPUTS: dict[str, tuple[Callable[[int, int], Counter[str]], int]] = {
    "scenarios": (scenarios, 100_000),
    "workbooks": (workbooks, 2_000),
    "traces": (traces, 100_000),
}
"""Kinds of damaged inputs, and the number of trials."""
HEAD = ("inputs", "tried", "read", "refused in words", "anything else", "seconds")
ARCHIVES = ("upload", "kB", "processor seconds", "the studio's answer")


def run(quick: bool) -> Iterator[str]:
    """Read damaged scenarios and workbooks, read and simulate damaged traces, and upload small files that unfold to much.

    Requirement: every input is read or refused with a message; no other exception escapes.
    """
    yield (
        table(HEAD, [_row(name, count // 100 if quick else count, SEED) for name, (_, count) in INPUTS.items()]) + "\n"
    )
    yield _archives()


def _archives() -> str:
    """Return the table of the hostile uploads, each with the work of the process that reads it, and their memory."""
    uploaded = {case: make() for case, (make, _) in HOSTILE.items()}
    with tempfile.TemporaryDirectory() as folder, elsewhere(measured, uploaded, folder) as task:
        found, memory = task.result(600.0)
    rows = [
        (case, f"{len(uploaded[case]) / 1e3:,.1f}", f"{seconds:.2f}", said.partition(":")[0])
        for case, (said, seconds) in found.items()
    ]
    return f"{table(ARCHIVES, rows)}\n\nNo process took more than {memory:,.0f} MB.\n"


def _row(name: str, asked: int, seed: int) -> tuple[str, ...]:
    """Return the table row of one kind of input, tried on all cores."""
    began = time.perf_counter()
    found = in_parallel(INPUTS[name][0], seed, asked, 4 * (os.cpu_count() or 1))
    read = found["loaded"] + found["read"]
    bad = asked - read - found["refused in words"] + found["left the folder"]
    return (
        name,
        f"{asked:,}",
        f"{read:,}",
        f"{found['refused in words']:,}",
        f"{bad:,}",
        f"{time.perf_counter() - began:.0f}",
    )


def main() -> None:
    """Try one kind of input with another seed or count, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", choices=INPUTS)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    print(table(HEAD, [_row(asked.inputs, asked.count, asked.seed)]))


if __name__ == "__main__":
    main()
