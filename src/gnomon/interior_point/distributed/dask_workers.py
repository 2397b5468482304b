"""Workers of a Dask cluster that share the hours of one model with this process.

Dask starts the processes on their machines and reports failures. Messages go directly to this process over
authenticated connections. A worker is occupied by one process of the team until the solve ends.
"""

from __future__ import annotations

import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gnomon.errors import SolverError
from gnomon.runtime.dask_client import ANSWERS, client_of, refuse_other

if TYPE_CHECKING:
    from distributed import Client as Dask
    from distributed import Future

    from gnomon.interior_point.distributed import worker_processes

COMES = 300.0
"""Seconds within which a process must connect; a lost worker may have to be restarted by a batch queue."""
LOOK = 0.2
"""Seconds between two checks for a failed start."""
QUIET = 60
"""Seconds of silence after which the system tests whether the other machine is alive."""


def count(address: str) -> int:
    """Return the number of workers of a cluster. Raises SolverError if it cannot be reached or has none."""
    with client_of(address) as client:
        return len(client.scheduler_info(n_workers=-1)["workers"])


def cluster_recruit(
    address: str, versions: Mapping[str, str]
) -> Callable[[int], AbstractContextManager[worker_processes.ProcessSource]]:
    """Return a function that starts processes on the workers of this scheduler's cluster.

    `versions`: of the packages that an answer depends on, by name; a worker with others refuses.
    """
    return partial(_cluster_processes, address, versions)


@contextmanager
def _cluster_processes(
    address: str, versions: Mapping[str, str], processes: int
) -> Iterator[worker_processes.ProcessSource]:
    """Connect to the scheduler and provide its workers. Raises SolverError if it has too few."""
    with client_of(address) as client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if workers < processes:
            raise SolverError(
                f"{processes} workers are asked for and {address} has {workers}: ask for fewer, or start more"
            )
        found = _ClusterProcesses(client, versions)
        try:
            yield found
        finally:
            found.close()


class _ClusterProcesses:
    """Processes on the workers of a cluster, by rank."""

    def __init__(self, client: Dask, versions: Mapping[str, str]) -> None:
        self._versions = dict(versions)
        self._client, self._key = client, secrets.token_bytes(32)
        self._listener = Listener((_own_address(client), 0), "AF_INET", backlog=64, authkey=self._key)
        self._come: queue.SimpleQueue[tuple[str, Connection]] = queue.SimpleQueue()
        self._futures: dict[int, Future[None]] = {}
        threading.Thread(target=self._receive, daemon=True).start()

    def link(self, rank: int) -> Connection:
        """Start a process and return its connection. Raises SolverError if it does not connect."""
        if rank in self._futures:
            self._client.cancel([self._futures.pop(rank)], force=True)  # type: ignore[no-untyped-call]
        token = secrets.token_hex(16)
        given = (self._versions, self._listener.address, self._key, token)
        future = self._futures[rank] = self._client.submit(_run_worker, *given, pure=False)
        until = time.monotonic() + COMES
        while time.monotonic() < until:
            with suppress(queue.Empty):
                said, link = self._come.get(timeout=LOOK)
                if said == token:
                    return link
                link.close()  # restarted by Dask for a process that was replaced
            if future.status in ("error", "lost", "cancelled"):
                future.result()
                raise SolverError(f"process {rank} could not be started on the cluster")
        raise SolverError(
            f"no worker took process {rank} within {COMES:.0f} s: are as many free as processes, and can they reach"
            f" {self._listener.address[0]}?"
        )

    def close(self) -> None:
        """Release all workers."""
        self._client.cancel(list(self._futures.values()), force=True)  # type: ignore[no-untyped-call]
        self._listener.close()

    def _receive(self) -> None:
        """Accept connections that prove to have the key."""
        while True:
            try:
                link = self._listener.accept()
                said = link.recv()
            except (AuthenticationError, EOFError):
                continue
            except OSError:
                return  # closed
            _enable_keep_alive(link)
            self._come.put((said, link))


def _run_worker(theirs: dict[str, str], address: tuple[str, int], key: bytes, token: str) -> None:
    """Run one process of a team on a worker, connected to `address`."""
    from gnomon.interior_point.distributed import worker_processes  # noqa: PLC0415 (compiled: half a second, needed by workers)

    refuse_other(theirs)
    with Client(address, authkey=key) as link:
        link.send(token)
        worker_processes.serve(link)


def _own_address(client: Dask) -> str:
    """Return the address of this machine that the scheduler's network can reach.

    Workers connect to this process. Raises SolverError if no such address exists, for example behind a forwarded port.
    """
    address = str(client.scheduler_info(n_workers=0)["address"])
    scheduler = urlsplit(address)
    try:
        with socket.create_connection((str(scheduler.hostname), int(scheduler.port or 0)), ANSWERS) as found:
            return str(found.getsockname()[0])
    except OSError as problem:
        raise SolverError(
            f"the scheduler calls itself {address}, which is not reached from here ({problem}): workers that share a plan's"
            " hours must reach this machine, so begin it inside their network"
        ) from None


def _enable_keep_alive(link: Connection) -> None:
    """Enable TCP keep-alive, so that a machine that lost power is detected."""
    with socket.socket(fileno=socket.dup(link.fileno())) as of:
        of.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", QUIET), ("TCP_KEEPINTVL", QUIET // 6), ("TCP_KEEPCNT", 6)):
            if hasattr(socket, name):
                of.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
