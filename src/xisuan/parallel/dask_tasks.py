"""Work shared out to the workers of a Dask cluster, which may be many machines.

Members of a sweep and periods of an operated plan need nothing of one another: each is one task. What they share is sent to
the scheduler once, and from there to every worker. Dask gives the task of a worker that was lost to another one, and gives
up where a task has taken several with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, TypeVar

from gnomon.runtime.dask_client import client_of, refuse_other
from xisuan.errors import SolverError
from xisuan.versions import versions

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


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

        mine = versions()
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


def _given(shared: T) -> T:
    """What all jobs share, as a task that can be done again where no worker has it any more."""
    return shared
