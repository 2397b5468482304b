"""Database tables of the studio, in SQLite or PostgreSQL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from xisuan import extras
from xisuan.errors import StoreError
from xisuan.studio.storage.bilingual import Bilingual, restored, stored
from xisuan.text.translation import Message

FORMAT = 5
"""Format version, raised when the tables change; `_CHANGES` migrates an older database."""

TOKEN_SECONDS = 90 * 86_400
"""Life of tokens after migration to format 3; those of format 2 were valid for a year."""

METADATA = sa.MetaData()


class BilingualText(sa.types.TypeDecorator[str]):
    """Column of a text in both languages; it gets a `Message` or `Bilingual` and gives a `Bilingual`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Return what the database keeps."""
        return stored(value) if isinstance(value, Message | Bilingual) and value else value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Return the text."""
        return restored(value) if value else value


ABOUT = sa.Table("about", METADATA, sa.Column("format", sa.Integer, primary_key=True))

USERS = sa.Table(
    "users",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("password", sa.String(256), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.Float, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(16), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("label", sa.String(80), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False, server_default="0"),
    sa.Column("confirmed", sa.Float, nullable=False, server_default="0"),
    sa.Column("scope", sa.String(8), nullable=False, server_default="plan"),
)
SCENARIOS = sa.Table(
    "scenarios",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("owner_id", sa.String(16), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("sharing", sa.String(8), nullable=False),
    sa.Column("origin", sa.String(80), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("removed", sa.Float, nullable=True),
)
SHARES = sa.Table(
    "shares",
    METADATA,
    sa.Column("scenario_id", sa.String(16), sa.ForeignKey("scenarios.id"), primary_key=True),
    sa.Column("user_id", sa.String(16), sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("access", sa.String(8), nullable=False),
)
VERSIONS = sa.Table(
    "versions",
    METADATA,
    sa.Column("scenario_id", sa.String(16), sa.ForeignKey("scenarios.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("folder", sa.String(32), nullable=False),
    sa.Column("author_id", sa.String(16), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("note", sa.String(200), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("title_zh", sa.String(300), nullable=False),
    sa.Column("errors", sa.Integer, nullable=False),
    sa.Column("warnings", sa.Integer, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("scenario_id", sa.String(16), sa.ForeignKey("scenarios.id"), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("owner_id", sa.String(16), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("label", sa.String(120), nullable=False),
    sa.Column("sweep", sa.String(16), nullable=False, index=True),
    sa.Column("verb", sa.String(16), nullable=False, server_default="run"),
    sa.Column("options", sa.Text, nullable=False, server_default="{}"),
    sa.Column("of_run", sa.String(16), nullable=False, server_default=""),
    sa.Column("status", sa.String(10), nullable=False, index=True),
    sa.Column("reason", BilingualText, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("process", sa.String(80), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("started", sa.Float, nullable=True),
    sa.Column("ended", sa.Float, nullable=True),
)
COMMENTS = sa.Table(
    "comments",
    METADATA,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("run_id", sa.String(16), sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("user_id", sa.String(16), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("user", sa.String(64), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("what", sa.String(300), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
)


_CHANGES = {
    1: (
        "ALTER TABLE runs ADD COLUMN verb VARCHAR(10) NOT NULL DEFAULT 'run'",
        "ALTER TABLE runs ADD COLUMN options TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE runs ADD COLUMN of_run VARCHAR(16) NOT NULL DEFAULT ''",
    ),
    2: (
        "ALTER TABLE sessions ADD COLUMN seen FLOAT NOT NULL DEFAULT 0",
        "ALTER TABLE sessions ADD COLUMN confirmed FLOAT NOT NULL DEFAULT 0",
        "ALTER TABLE sessions ADD COLUMN scope VARCHAR(8) NOT NULL DEFAULT 'plan'",
        "DELETE FROM sessions WHERE kind <> 'api'",
        f"UPDATE sessions SET expires = created + {TOKEN_SECONDS} WHERE expires > created + {TOKEN_SECONDS}",
    ),
    3: ("ALTER TABLE runs ALTER COLUMN verb TYPE VARCHAR(16)",),
    4: (),
}
"""Statements that migrate a database from each format to the next; new tables are made before."""
_LENGTHS = (3,)
"""Formats after which only lengths of texts change, which SQLite neither enforces nor alters."""


def connect(url: str) -> sa.Engine:
    """Return an engine whose tables exist. Raises StoreError if the database cannot be used."""
    try:
        address = sa.make_url(url)
        if address.get_backend_name() == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        elif address.get_backend_name() != "sqlite":
            raise StoreError(
                f"{address.get_backend_name()} is no database of the studio; give sqlite:/// or postgresql://"
            )
        elif address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        with extras.requiring("postgres"):
            engine = sa.create_engine(address, pool_pre_ping=True)
        sa.event.listen(engine, "connect", _settle)
        try:
            METADATA.create_all(engine)
            found = _brought_up(engine)
            if found != FORMAT:
                raise StoreError(f"the database is of a later version of xisuan (format {found}, not {FORMAT})")
        except Exception:
            engine.dispose()
            raise
    except (sa.exc.SQLAlchemyError, OSError) as problem:
        reason = getattr(problem, "orig", None) or problem
        raise StoreError(f"the database cannot be used: {reason}") from None
    return engine


def _brought_up(engine: sa.Engine) -> int:
    """Migrate an older database in one transaction. Return the format of the database."""
    with engine.begin() as connection:
        found = connection.execute(sa.select(ABOUT.c.format)).scalar()
        if found is None:
            connection.execute(ABOUT.insert().values(format=FORMAT))
            return FORMAT
        at = int(found)
        while at < FORMAT:
            enforced = engine.dialect.name != "sqlite" or at not in _LENGTHS
            for statement in _CHANGES[at] if enforced else ():
                connection.execute(sa.text(statement))
            at += 1
        if at != found:
            connection.execute(ABOUT.update().values(format=at))
    return at


def _settle(connection: Any, _record: object) -> None:
    """Configure SQLite for a server: write-ahead log, foreign keys, and a timeout for locks."""
    if isinstance(connection, sqlite3.Connection):
        for line in ("journal_mode = WAL", "foreign_keys = ON", "busy_timeout = 10000", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {line}")
