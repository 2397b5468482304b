"""Work that `test_upload_process` does in other processes. What is imported here, each of them imports first."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from xisuan.studio.configuration import Limits
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import upload_process

Found = dict[str, tuple[str, float]]


def measured(uploaded: dict[str, bytes], folder: str) -> tuple[Found, float]:
    """What each upload is told and the seconds of work that reading it takes; the largest memory of any process that read
    one, in MB. Its own children are those processes alone."""
    found: Found = {}
    for case, data in uploaded.items():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        (Path(folder) / case).mkdir()
        try:
            upload_process.receive(data, Path(folder) / case, Limits())
            said = "accepted"
        except RefusedError as problem:
            said = f"{problem.status} {problem}"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found[case] = said, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found, after.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def take(megabytes: int) -> int:
    """Take so much memory where 100 MB are allowed. Return the bytes taken."""
    upload_process.limit_resources(Limits(reading_mb=100))
    return len(bytearray(megabytes * 2**20))


def work_on() -> None:
    """Work without end where a second is allowed."""
    upload_process.limit_resources(Limits(reading_seconds=1.0))
    while True:
        pass
