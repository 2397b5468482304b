"""How a studio is set up: where its data lies, who may reach it, and the limits that keep it answering."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one request or one run may ask for."""

    upload_bytes: int = 64 * MIB
    """An upload as it is sent. The shipped scenarios are below 1 MB as zip."""
    unpacked_bytes: int = 256 * MIB
    files: int = 200
    body_bytes: int = 16 * MIB
    """A request that is no upload: a table edited in the browser."""
    table_rows: int = 200_000
    run_mb: int = 10_000
    """Memory of one run; a process that takes more is ended and the run says so."""
    requests_per_second: float = 60.0
    burst: int = 400
    tries: int = 5
    """Wrong passwords in a row before an account is locked."""
    locked_seconds: float = 900.0
    session_seconds: float = 14 * 86_400.0
    token_seconds: float = 365 * 86_400.0
    attempts: int = 3
    """How often a run that lost its process with the server is started again by itself."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One studio. `database` is an SQLAlchemy URL; blank: SQLite in the data folder."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8050
    database: str = ""
    workers: int = 1
    names: tuple[str, ...] = ()
    """Further host names under which the studio is reached, such as that of a reverse proxy."""
    https: bool = False
    """Whether people reach it by https (through a proxy): cookies are then sent no other way."""
    limits: Limits = field(default_factory=Limits)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it: then a token in the address is enough, and there is one person."""
        if self.host == "localhost":
            return not self.names
        try:
            return ipaddress.ip_address(self.host).is_loopback and not self.names
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database or f"sqlite:///{self.data.resolve() / 'studio.db'}"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names that a request may name; any other is a page that tricks a browser (DNS rebinding)."""
        return frozenset({"127.0.0.1", "localhost", "[::1]", self.host, *self.names})
