"""Distribution of independent jobs over the workers of a Dask cluster.

Members of a sweep and periods of an operated plan are independent: each is one task. Shared data is sent to the
scheduler once, and from there to every worker. Dask reassigns the tasks of a lost worker, and fails a task that ended
several workers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, TypeVar

from gnomon import cluster_client, require_same_versions
from xisuan import extras
from xisuan.errors import SolverError
from xisuan.versions import versions

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


def each(
    address: str, work: Callable[..., T], shared: object, jobs: Mapping[K, tuple[Any, ...]]
) -> Iterator[tuple[K, T]]:
    """Yield key and result of `work(shared, *job)` for every job in the order in which a cluster completes them.

    `address`: of the scheduler (tcp://host:8786), or its .json file. Raises what `work` raises; SolverError if the
    scheduler does not answer, no worker joins, a worker has other package versions, or a job ended several workers.
    """
    if not jobs:
        return
    extras.require("cluster")
    with cluster_client(address) as client:
        from distributed import KilledWorker, as_completed  # noqa: PLC0415 (an optional package that is slow to import)

        mine = versions()
        held = client.submit(_share, shared, pure=False)  # not scattered: scattered data is lost with its workers
        keys = {client.submit(_run_job, work, mine, held, job, pure=False): key for key, job in jobs.items()}
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


def _run_job(work: Callable[..., T], theirs: dict[str, str], shared: object, job: tuple[Any, ...]) -> T:
    """Run a job on a worker after checking its package versions."""
    require_same_versions(theirs)
    return work(shared, *job)


def _share(shared: T) -> T:
    """Return the shared data as a task, which can run again if no worker holds its result."""
    return shared
