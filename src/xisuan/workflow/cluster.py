"""Work shared out to the workers of a Dask cluster, which may be many machines.

Members of a sweep and periods of an operated plan need nothing of one another: each is one task. What they share is sent to
the scheduler once, and from there to every worker. Dask gives the task of a worker that was lost to another one, and gives
up where a task has taken several with it.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from xisuan.errors import SolverError
from xisuan.results import identity

if TYPE_CHECKING:
    from distributed import Client

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

ANSWERS = 20
"""Seconds in which a scheduler must answer."""
JOINS = 300
"""Seconds in which the first worker must have joined: a queue of batch jobs may keep it waiting."""


def each(
    address: str, work: Callable[..., T], shared: object, jobs: Mapping[K, tuple[Any, ...]]
) -> Iterator[tuple[K, T]]:
    """`work(shared, *job)` for every job of a cluster's workers, with its key, as they are done.

    `address`: of the scheduler (tcp://host:8786), or the .json file that it writes. Raises what `work` raises; SolverError
    where the scheduler does not answer, no worker joins, workers have other versions than this process, or a job ended the
    processes of several workers.
    """
    if not jobs:
        return
    with client_of(address) as client:
        from distributed import KilledWorker, as_completed  # noqa: PLC0415 (an extra, and seconds to import)

        mine = identity.versions()
        held = client.submit(_given, shared, pure=False)  # not scattered: that is lost with the workers that hold it
        keys = {client.submit(_done, work, mine, held, job, pure=False): key for key, job in jobs.items()}
        try:
            for future in as_completed(list(keys), loop=client.loop):
                try:
                    found = future.result()
                except KilledWorker as ended:
                    raise SolverError(
                        f"{keys[future]}: several workers ended at it, the last one {ended.last_worker.address}: have they"
                        " enough memory?"
                    ) from None
                except ModuleNotFoundError as problem:
                    raise SolverError(f"a worker has no {problem.name}: install there what is installed here") from None
                yield keys.pop(future), found
        finally:
            client.cancel(list(keys))


def _done(work: Callable[..., T], theirs: dict[str, str], shared: object, job: tuple[Any, ...]) -> T:
    """A job, by a worker."""
    refuse_other(theirs)
    return work(shared, *job)


def refuse_other(theirs: dict[str, str]) -> None:
    """Raise SolverError unless this process has the versions of whoever asks: others may give another answer."""
    mine = identity.versions()
    other = [
        f"{name} {mine.get(name, 'none')} (asked by {theirs[name]})"
        for name in theirs
        if mine.get(name) != theirs[name]
    ]
    if other:
        raise SolverError(f"worker {platform.node()} has other versions: {', '.join(other)}; install there what asks")


def _given(shared: T) -> T:
    """What all jobs share, as a task that can be done again where no worker has it any more."""
    return shared


@contextmanager
def client_of(address: str) -> Iterator[Client]:
    """A client of the scheduler, once it has a worker."""
    try:
        from distributed import Client  # noqa: PLC0415
    except ModuleNotFoundError:
        raise SolverError(
            "a cluster needs the package distributed, here and on every worker: pip install distributed"
        ) from None
    file = address.endswith(".json")
    if file and not Path(address).is_file():  # for which Dask would wait without end
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
