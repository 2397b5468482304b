"""What all tests share: how garbage is looked for, and how commands hold texts."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pandas as pd
import pytest
import threadpoolctl

TESTS = Path(__file__).parent
AS_COMMANDS = ("cli", "report", "stories", "studio", "workflow")
BENEATH = ("certificate", "laws", "library", "simulation", "tracking")
"""Folders of what commands do, and of some of what they call: there texts are held as commands hold them
(`xisuan.cli.main`), which takes an eighth less time. Elsewhere, where scenarios are read and planned among others, they
are held as whoever imports xisuan has them."""

SELDOM = (20_000, 20, 20)
"""After how many new objects garbage is looked for: as it is, 700, tests spend a tenth of their time on it."""


def pytest_configure() -> None:
    """Keep OpenBLAS to one thread here, in the workers and in what tests start: its second one waits for work on the core
    of another worker, for as long as a third of the processor time that reading a scenario takes."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    threadpoolctl.threadpool_limits(1, user_api="blas")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collecting ten thousand tests makes a million objects that stay: to look for garbage among them takes a fifth of it.
    Afterwards what was made is never looked at again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.set_threshold(*SELDOM)
        gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _texts_and_garbage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Texts held as said above; and what a module leaves (what was imported, read or compiled for it) stays, too: after a
    hundred modules it is some million objects, and to look for garbage among them a tenth of all tests' time."""
    storage = "python" if request.path.relative_to(TESTS).parts[0] in (*AS_COMMANDS, *BENEATH) else "auto"
    with pd.option_context("mode.string_storage", storage):
        yield
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: who waits for a browser, a server or another process leaves a core idle."""
    return (os.cpu_count() or 1) + 1
