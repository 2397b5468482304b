"""Who someone is, what a role may do, and how a password or token is kept: never in clear."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Literal

import argon2

from xisuan.studio.http_errors import RefusedError

Role = Literal["viewer", "planner", "administrator"]
ROLES: tuple[Role, ...] = ("viewer", "planner", "administrator")
NAME = re.compile(r"[\w.@-]{1,64}")
SHORTEST_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class Person:
    """Someone signed in."""

    id: str
    name: str
    role: Role

    @property
    def plans(self) -> bool:
        """Whether scenarios may be changed and run."""
        return self.role != "viewer"

    @property
    def administers(self) -> bool:
        """Whether accounts and the audit log are theirs to see."""
        return self.role == "administrator"


def fresh_id() -> str:
    """A name for a new thing that nobody guesses."""
    return secrets.token_hex(8)


def fresh_token() -> str:
    """A secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: it is long and random, so one hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


def hashed(password: str) -> str:
    """Argon2id of a password. Raises RefusedError where it is too short to keep anyone out."""
    if len(password) < SHORTEST_PASSWORD:
        raise RefusedError(422, f"a password has at least {SHORTEST_PASSWORD} characters")
    return _hasher().hash(password[:1024])


def matches(stored: str, password: str) -> bool:
    """Whether a password is the one stored. A blank one stored matches none, at the same cost in time."""
    try:
        return _hasher().verify(stored or _nobody(), password[:1024]) and bool(stored)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex())


def checked_name(name: str) -> str:
    """A name for an account. Raises RefusedError."""
    if not NAME.fullmatch(name):
        raise RefusedError(422, "an account's name has 1 to 64 letters, digits and . _ @ -")
    return name


def checked_role(role: str) -> Role:
    """A role by its word. Raises RefusedError."""
    for known in ROLES:
        if role == known:
            return known
    raise RefusedError(422, f"a role is one of {', '.join(ROLES)}")
