"""Workers of a Dask cluster that share the hours of one model with this process.

Dask brings the members to their machines and says when one cannot be had; what they say to one another goes straight to
this process, over connections that both ends prove to belong to. A worker is busy with one member until the solve is over.
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
"""Seconds within which a member must be at work: a worker that was lost may have to be begun again by a queue."""
LOOK = 0.2
"""Seconds between two looks at whether one failed."""
QUIET = 60
"""Seconds of silence after which the machine at the other end is asked whether it is still there."""


def count(address: str) -> int:
    """How many workers a cluster has. Raises SolverError as `cluster.each` does."""
    with client_of(address) as client:
        return len(client.scheduler_info(n_workers=-1)["workers"])


def recruits(
    address: str, versions: Mapping[str, str]
) -> Callable[[int], AbstractContextManager[worker_processes.Crew]]:
    """Return a function that engages so many workers of this scheduler's cluster.

    `versions`: of the packages that an answer depends on, by name; a worker with others refuses.
    """
    return partial(_recruits, address, versions)


@contextmanager
def _recruits(address: str, versions: Mapping[str, str], members: int) -> Iterator[worker_processes.Crew]:
    with client_of(address) as client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if workers < members:
            raise SolverError(
                f"{members} workers are asked for and {address} has {workers}: ask for fewer, or start more"
            )
        found = _Recruits(client, versions)
        try:
            yield found
        finally:
            found.close()


class _Recruits:
    """Members on the workers of a cluster, by rank."""

    def __init__(self, client: Dask, versions: Mapping[str, str]) -> None:
        self._versions = dict(versions)
        self._client, self._key = client, secrets.token_bytes(32)
        self._listener = Listener((_here(client), 0), "AF_INET", backlog=64, authkey=self._key)
        self._come: queue.SimpleQueue[tuple[str, Connection]] = queue.SimpleQueue()
        self._futures: dict[int, Future[None]] = {}
        threading.Thread(target=self._receive, daemon=True).start()

    def link(self, rank: int) -> Connection:
        """The way to a member that is begun now. Raises SolverError where none comes."""
        if rank in self._futures:
            self._client.cancel([self._futures.pop(rank)], force=True)  # type: ignore[no-untyped-call]
        token = secrets.token_hex(16)
        given = (self._versions, self._listener.address, self._key, token)
        future = self._futures[rank] = self._client.submit(_member, *given, pure=False)
        until = time.monotonic() + COMES
        while time.monotonic() < until:
            with suppress(queue.Empty):
                said, link = self._come.get(timeout=LOOK)
                if said == token:
                    return link
                link.close()  # begun again by Dask for a member that was replaced
            if future.status in ("error", "lost", "cancelled"):
                future.result()
                raise SolverError(f"member {rank} could not be begun on the cluster")
        raise SolverError(
            f"no worker took member {rank} within {COMES:.0f} s: are as many free as there are members, and can they reach"
            f" {self._listener.address[0]}?"
        )

    def close(self) -> None:
        """Let go of all members."""
        self._client.cancel(list(self._futures.values()), force=True)  # type: ignore[no-untyped-call]
        self._listener.close()

    def _receive(self) -> None:
        """Take in whoever comes and knows the key."""
        while True:
            try:
                link = self._listener.accept()
                said = link.recv()
            except (AuthenticationError, EOFError):
                continue
            except OSError:
                return  # closed
            _watch(link)
            self._come.put((said, link))


def _member(theirs: dict[str, str], address: tuple[str, int], key: bytes, token: str) -> None:
    """A task of a worker: be a member for whoever is at `address`."""
    from gnomon.interior_point.distributed import worker_processes  # noqa: PLC0415 (compiled: half a second, needed by members)

    refuse_other(theirs)
    with Client(address, authkey=key) as link:
        link.send(token)
        worker_processes.serve(link)


def _here(client: Dask) -> str:
    """The address of this machine that the scheduler's, and so its workers, can reach.

    Raises SolverError where there is none, as behind a port that is forwarded: members come to who asks them.
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


def _watch(link: Connection) -> None:
    """Have the system ask for a silent machine: one that lost its power says nothing, and would be waited for forever."""
    with socket.socket(fileno=socket.dup(link.fileno())) as of:
        of.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", QUIET), ("TCP_KEEPINTVL", QUIET // 6), ("TCP_KEEPCNT", 6)):
            if hasattr(socket, name):
                of.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
