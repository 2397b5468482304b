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
    """Size of an upload as sent. The shipped scenarios are below 1 MB as zip."""
    unpacked_bytes: int = 64 * MIB
    """Total size of an upload's files. The shipped scenarios are below 3 MB, and below 14 MB as a workbook."""
    files: int = 200
    body_bytes: int = 16 * MIB
    """Size of any other request, such as a table edited in the browser."""
    form_bytes: int = 32 * 1024
    """Size of a request without sign-in: a name and a password."""
    manifest_bytes: int = 16 * 1024
    """Size of scenario.toml. The shipped ones are below 1 kB; time to parse dotted keys grows with its square."""
    table_rows: int = 200_000
    table_cells: int = 2_000_000
    """Cells of all tables of an upload. The largest shipped scenario has 330,000."""
    workbook_cells: int = 500_000
    """Cells of an uploaded workbook, which takes ten times as long to read as CSV."""
    reading_mb: int = 300
    """Additional memory of the process that reads an upload, on top of about 130 MB of its own (Linux)."""
    reading_seconds: float = 30.0
    """Processor time of that process after its start."""
    run_mb: int = 10_000
    """Memory of one run; a process that exceeds it is ended, and the run reports it."""
    requests_per_second: float = 60.0
    burst: int = 400
    tries: int = 5
    """Wrong passwords in a row before an account is locked."""
    locked_seconds: float = 900.0
    session_seconds: float = 12 * 3600.0
    """Maximum life of a browser session."""
    idle_seconds: float = 30 * 60.0
    """Time without use after which a session expires; not on a local studio."""
    confirmed_seconds: float = 10 * 60.0
    """Time after a password confirmation in which tokens and accounts can be changed."""
    entry_seconds: float = 10 * 60.0
    """Life of an address that signs in once."""
    token_days: int = 90
    """Maximum life of a program's token."""
    user_runs: int = 0
    """Maximum number of runs of one user, of any status; 0: no limit."""
    user_mb: int = 0
    """Maximum size of one user's runs and scenarios; 0: no limit."""
    attempts: int = 3
    """Number of automatic restarts of a run that was lost together with the server."""


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
    """True if users connect by https (through a proxy): cookies are then sent by https only."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks of reverse proxies that are trusted to state the client's address."""
    limits: Limits = field(default_factory=Limits)

    @property
    def session_idle_limit(self) -> float:
        """Seconds without use after which a session expires: `Limits.idle_seconds`.

        A local studio relies on the machine's screen lock.
        """
        return self.limits.session_seconds if self.local else self.limits.idle_seconds

    @property
    def session_cookie(self) -> str:
        """Name of the session cookie; with https a name that browsers accept from this host only.

        Browsers send cookies to all ports of a host, so that each studio of a machine needs names of its own.
        """
        return f"{'__Host-' if self.https else ''}xisuan_session_{self.port}"

    @property
    def csrf_cookie(self) -> str:
        """Name of the cookie with the anti-forgery token, which pages send back as X-CSRFToken."""
        return f"xisuan_csrf_{self.port}"

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
