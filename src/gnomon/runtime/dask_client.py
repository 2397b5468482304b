"""Connection to a Dask scheduler, and the check that its workers have the package versions of this process."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gnomon.errors import SolverError
from gnomon.package_versions import versions

if TYPE_CHECKING:
    from distributed import Client

ANSWERS = 20
"""Seconds within which a scheduler must answer."""


JOINS = 300
"""Seconds within which the first worker must join; a queue of batch jobs may delay it."""


def refuse_other(theirs: dict[str, str]) -> None:
    """Raise SolverError if this process has other package versions than `theirs`: other versions may give other answers."""
    mine = versions(theirs)
    other = [
        f"{name} {mine.get(name, 'none')} (asked by {theirs[name]})"
        for name in theirs
        if mine.get(name) != theirs[name]
    ]
    if other:
        raise SolverError(f"worker {platform.node()} has other versions: {', '.join(other)}; install there what asks")


@contextmanager
def client_of(address: str) -> Iterator[Client]:
    """Provide a client of the scheduler, once it has a worker. Raises SolverError if it cannot be reached or has none.

    address: of the scheduler, or the path of its scheduler file (.json).
    """
    try:
        from distributed import Client  # noqa: PLC0415
    except ModuleNotFoundError:
        raise SolverError(
            "a cluster needs the package distributed, here and on every worker: pip install distributed"
        ) from None
    file = address.endswith(".json")
    if file and not Path(address).is_file():  # Dask would wait for the file forever
        raise SolverError(f"there is no file {address}: start `dask scheduler --scheduler-file {address}`")
    try:
        at = {"scheduler_file": address} if file else {"address": address}
        client = Client(**at, timeout=ANSWERS, set_as_default=False)
    except (OSError, ValueError) as problem:
        raise SolverError(
            f"no Dask scheduler answers at {address} ({problem or 'time is over'}): is `dask scheduler` running there, and"
            " is the port open?"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=JOINS)
        except TimeoutError:
            raise SolverError(
                f"no worker has joined the scheduler at {address}: start `dask worker {address}`"
            ) from None
        yield client
