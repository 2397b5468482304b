"""Users, permissions of roles, and storage of passwords and tokens: only as hashes."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
import string
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal, get_args

import argon2

from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

Role = Literal["viewer", "planner", "administrator"]
ROLES: tuple[Role, ...] = ("viewer", "planner", "administrator")
NAME = re.compile(r"[\w.@-]{1,64}")
Scope = Literal["read", "plan"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""Scopes of a program's token: view and download; or also change and run scenarios, as its owner may."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1024
OWN_WORDS = ("xisuan", "西算", *ROLES)
"""Words that are easy to guess in a password for this studio."""
LEAST_WORD = 3
"""Shortest name that is looked for in a password; a shorter one may be part of any word."""
_LOOKALIKES = str.maketrans("@4031!$57", "aaoeiisst")
"""Digits and signs that are written for a letter, as in `p@ssw0rd`."""
_ENDS = string.digits + string.punctuation + " \0"
"""Characters that are often put before or after a common password."""


@dataclass(frozen=True, slots=True)
class Access:
    """Way in which a user is authenticated: by a browser session, or as a program with a token of some scope.

    session: digest of the secret. confirmed: when the password was given last, in seconds since 1970.
    """

    program: bool = False
    scope: Scope = "plan"
    session: str = ""
    confirmed: float = math.inf


@dataclass(frozen=True, slots=True)
class Person:
    """An authenticated user."""

    id: str
    name: str
    role: Role
    access: Access = field(default=Access(), compare=False)

    @property
    def plans(self) -> bool:
        """True if the user may change and run scenarios."""
        return self.role != "viewer" and self.access.scope == "plan"

    @property
    def administers(self) -> bool:
        """True if the user may see accounts and the audit log. False for programs, whose token may be stolen."""
        return self.role == "administrator" and not self.access.program


def new_id() -> str:
    """Return a random, unguessable identifier."""
    return secrets.token_hex(8)


def new_token() -> str:
    """Return a random secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the stored hash of a token. A token is long and random, so one hash suffices."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


def hash_password(password: str, name: str = "") -> str:
    """Return the Argon2id hash of a password for the account `name`. Raises RefusedError if it is easy to guess."""
    check_password(password, name)
    return _hasher().hash(password[:LONGEST_PASSWORD])


def check_password(password: str, name: str = "") -> None:
    """Raise RefusedError if a password is too short, common, or a common one or a name with little else.

    No kind of character is forbidden or required. A run of blanks, the account's name, and a common password between
    digits and signs count as one character each, and a repeated text counts once. Lookalikes count as their letters.
    """
    if len(password) > LONGEST_PASSWORD:
        raise RefusedError(422, _("a password has at most {most:,} characters", most=LONGEST_PASSWORD))
    if len(password) < SHORTEST_PASSWORD:
        raise RefusedError(422, _("a password has at least {least} characters", least=SHORTEST_PASSWORD))
    text = re.sub(r"\s+", " ", password.casefold()).strip()
    if len(_once(text)) < SHORTEST_PASSWORD:
        raise RefusedError(422, _("this password repeats a few characters; choose a longer text without repetition"))
    if is_common(text) or is_common(_once(text)):
        raise RefusedError(422, _("this password is among the most common ones; choose another"))
    for word in sorted({name.casefold(), *OWN_WORDS}, key=len, reverse=True):
        text = text.replace(word, "\0") if len(word) >= LEAST_WORD or not word.isascii() else text
    core = text.strip(_ENDS)
    text = text.replace(core, "\0") if is_common(core) else text
    if len(_once(text)) < SHORTEST_PASSWORD:
        raise RefusedError(
            422,
            _(
                "this password is a common one, the account's name or the studio's with little else; choose another",
            ),
        )


def _once(text: str) -> str:
    """Return the shortest prefix of a text whose repetition, the last one possibly cut off, is the whole text."""
    return next((text[:at] for at in range(1, len(text)) if text[at:] == text[:-at]), text)


def is_common(text: str) -> bool:
    """Return True if a text in lower case is a common password, with or without lookalikes of letters."""
    return text.translate(_LOOKALIKES) in common_passwords()


@cache
def common_passwords() -> frozenset[str]:
    """Return common passwords in lower case, without lookalikes; the file names its sources."""
    lines = resources.files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.translate(_LOOKALIKES) for line in lines if not line.startswith("# "))


def matches(stored: str, password: str) -> bool:
    """Return True if a password matches the stored hash. An empty hash matches none, in the same time."""
    try:
        return _hasher().verify(stored or _nobody(), password[:LONGEST_PASSWORD]) and bool(stored)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError, UnicodeEncodeError):
        return False


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex())


def checked_name(name: str) -> str:
    """Return a valid account name. Raises RefusedError."""
    if not NAME.fullmatch(name):
        raise RefusedError(422, _("an account's name has 1 to 64 letters, digits and . _ @ -"))
    return name


def checked_scope(scope: str) -> Scope:
    """Return a scope by its name. Raises RefusedError."""
    for known in SCOPES:
        if scope == known:
            return known
    raise RefusedError(422, _("a token's scope is one of {known}", known=", ".join(SCOPES)))


def checked_role(role: str) -> Role:
    """Return a role by its name. Raises RefusedError."""
    for known in ROLES:
        if role == known:
            return known
    raise RefusedError(422, _("a role is one of {known}", known=", ".join(ROLES)))
