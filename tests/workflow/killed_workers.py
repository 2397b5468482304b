"""Work of other processes in which they are killed. What is imported here, each of them imports first."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from xisuan.workflow import sweep

KNOWN = "XISUAN_TESTS_KNOWN"
"""Variable with the path of a file by which processes know what happened before."""


def killed(*_: object) -> None:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_once(member: int, move: tuple[float, ...]) -> dict[str, object]:
    """A member's row; the first process that is at member 3 is killed."""
    known = Path(os.environ[KNOWN])
    if member == 3 and not known.exists():
        known.touch()
        killed()
    return sweep._member(sweep._held[0], member, move)


def killed_at_three(member: int, move: tuple[float, ...]) -> dict[str, object]:
    """A member's row; every process that is at member 3 is killed once a row of another is kept."""
    while member == 3:
        if Path(os.environ[KNOWN]).exists():
            killed()
        time.sleep(0.01)
    return sweep._member(sweep._held[0], member, move)
