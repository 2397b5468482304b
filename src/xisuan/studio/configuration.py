"""Settings of a studio: data folder, addresses that it answers, and resource limits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of requests and runs."""

    upload_bytes: int = 64 * MIB
    """An upload as it is sent. The shipped scenarios are below 1 MB as zip."""
    unpacked_bytes: int = 64 * MIB
    """All files of an upload together. The shipped scenarios are below 3 MB, and below 14 MB as a workbook."""
    files: int = 200
    body_bytes: int = 16 * MIB
    """A request that is no upload: a table edited in the browser."""
    table_rows: int = 200_000
    table_cells: int = 2_000_000
    """Of one table. The largest shipped one has 320,000."""
    reading_mb: int = 300
    """Memory that the process which reads an upload may take for it, beside some 130 MB of its own (Linux)."""
    reading_seconds: float = 30.0
    """Processor time of that process beside what it takes to start."""
    run_mb: int = 10_000
    """Memory of one run; a process that takes more is ended and the run says so."""
    requests_per_second: float = 60.0
    burst: int = 400
    tries: int = 5
    """Wrong passwords in a row before an account is locked."""
    locked_seconds: float = 900.0
    session_seconds: float = 12 * 3600.0
    """A browser's session at most, in use or not."""
    idle_seconds: float = 30 * 60.0
    """A session that nobody used for so long has ended; not on a studio for one person at this computer."""
    confirmed_seconds: float = 10 * 60.0
    """For so long after a password was given, tokens and accounts can be changed."""
    entry_seconds: float = 10 * 60.0
    """An address that lets in once."""
    token_days: int = 90
    """Life of a program's token at most."""
    attempts: int = 3
    """How often a run that lost its process with the server is started again by itself."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Configuration of one studio. `database` is an SQLAlchemy URL; blank: SQLite in the data folder."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8050
    database: str = ""
    workers: int = 1
    names: tuple[str, ...] = ()
    """Further host names under which the studio is reached, such as that of a reverse proxy."""
    https: bool = False
    """Whether people reach it by https (through a proxy): cookies are then sent no other way."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks of reverse proxies whose word is taken for where a request comes from."""
    limits: Limits = field(default_factory=Limits)

    @property
    def idle_seconds(self) -> float:
        """Seconds without use after which a session expires; a local studio relies on the machine's screen lock."""
        return self.limits.session_seconds if self.local else self.limits.idle_seconds

    @property
    def session_cookie(self) -> str:
        """Name of the session cookie; with https a name that browsers accept from this host only."""
        return "__Host-xisuan_session" if self.https else "xisuan_session"

    @property
    def local(self) -> bool:
        """True if only this machine can reach the studio: a token in the address is then enough, and there is one user."""
        if self.host == "localhost":
            return not self.names
        try:
            return ipaddress.ip_address(self.host).is_loopback and not self.names
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """URL of the database."""
        return self.database or f"sqlite:///{self.data.resolve() / 'studio.db'}"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names that requests may have; others are refused against DNS rebinding."""
        return frozenset({"127.0.0.1", "localhost", "[::1]", self.host, *self.names})
