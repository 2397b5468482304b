"""Signatures of run folders: name of the signer and time of signing.

The file SIGNATURE signs the checksums of the folder with an Ed25519 key, and thereby every file that they cover. To
verify, the signer's public key is needed from the signer: the one in the file only identifies the key. Name and time
are stated by the signer and not proven.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xisuan import extras
from xisuan.errors import StoreError
from xisuan.results.certification import Signed
from xisuan.results.storage import damage, sealed_folders

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE = "SIGNATURE"
FORMAT = 1
_HEAD = b"xisuan run folder, signature 1\n"
"""Prefix of every signed message, so that a signature of another document is never one of a run."""


def sign(folder: Path, private: bytes, by: str, when: str, password: str | None = None) -> Signed:
    """Sign the checksums of a run folder, replacing an earlier signature.

    private: the key, PEM or OpenSSH. by: name of the signer. when: time, ISO 8601. password: of an encrypted key.
    Raises StoreError if the key cannot be used or the folder cannot be written.
    """
    key = _private(private, password)
    claim = {"by": by, "when": when, "sha256sums": _digest(folder)}
    public = key.public_key()
    document = {
        "format": FORMAT,
        **claim,
        "public_key": _openssh(public),
        "signature": base64.b64encode(key.sign(_message(claim))).decode(),
    }
    try:
        (folder / SIGNATURE).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as problem:
        raise StoreError(f"{folder / SIGNATURE}: {problem.strerror or problem}; the run was not signed") from None
    return Signed("signed", by, when, fingerprint(public))


def verify(folder: Path, trusted: bytes | None = None) -> Signed:
    """Return the state of a run folder's signature. trusted: the public key that it must be by, PEM or OpenSSH.

    Raises StoreError if the trusted key cannot be read.
    """
    asked = None if trusted is None else _public(trusted)
    if not (folder / SIGNATURE).is_file():
        return Signed("unsigned")
    try:
        with damage.reading(folder / SIGNATURE):
            head: dict[str, Any] = dict(json.loads((folder / SIGNATURE).read_text(encoding="utf-8")))
            claim = {name: str(head[name]) for name in ("by", "when", "sha256sums")}
            proof, named = base64.b64decode(str(head["signature"]), validate=True), str(head["public_key"]).encode()
    except StoreError as problem:
        return Signed("broken", why=str(problem))
    try:
        key = _public(named)
    except extras.MissingExtraError as problem:
        return Signed("unknown", claim["by"], claim["when"], why=str(problem))
    except StoreError as problem:
        return Signed("broken", claim["by"], claim["when"], why=str(problem))
    who = (claim["by"], claim["when"], fingerprint(key))
    if not _is_signed(key, proof, claim):
        return Signed("broken", *who, why="claim")
    if claim["sha256sums"] != _digest(folder):
        return Signed("broken", *who, why="sums")
    return Signed("signed" if asked is None or fingerprint(asked) == who[2] else "other", *who)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the fingerprint of a public key, as `ssh-keygen -l` prints it."""
    blob = base64.b64decode(_openssh(key).split()[1])
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _digest(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / sealed_folders.SEAL).read_bytes()).hexdigest()
    except OSError as problem:
        raise StoreError(f"{folder / sealed_folders.SEAL}: {problem.strerror or problem}; give a run folder") from None


def _message(claim: dict[str, str]) -> bytes:
    return _HEAD + json.dumps(claim, sort_keys=True, ensure_ascii=True).encode("ascii")


def _is_signed(key: Ed25519PublicKey, proof: bytes, claim: dict[str, str]) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (an extra)

    try:
        key.verify(proof, _message(claim))
    except InvalidSignature:
        return False
    return True


def _openssh(key: Ed25519PublicKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 (an extra)

    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def _private(data: bytes, password: str | None) -> Ed25519PrivateKey:
    """Return an Ed25519 private key. Raises StoreError for other data, or an encrypted key without its password."""
    _installed()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (an extra)
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    load = serialization.load_ssh_private_key if b"OPENSSH PRIVATE KEY" in data else serialization.load_pem_private_key
    try:
        key = load(data, None if password is None else password.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise StoreError(f"the signing key cannot be used: {problem}; {MAKE}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(f"the signing key is no Ed25519 key; {MAKE}")
    return key


MAKE = "make one with: openssl genpkey -algorithm ed25519 -out key.pem"


def _public(data: bytes) -> Ed25519PublicKey:
    """Return an Ed25519 public key. Raises StoreError for other data."""
    _installed()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (an extra)
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    load = (
        serialization.load_pem_public_key if data.lstrip().startswith(b"-----") else serialization.load_ssh_public_key
    )
    try:
        key = load(data.strip())
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise StoreError(
            f"the public key cannot be read: {problem}; give the file with the signer's public key"
        ) from None
    if not isinstance(key, Ed25519PublicKey):
        raise StoreError("the public key is no Ed25519 key; give the signer's Ed25519 public key")
    return key


def _installed() -> None:
    """Raise StoreError if the signature library is missing."""
    with extras.requiring("sign"):
        import cryptography  # noqa: F401, PLC0415 (an extra)
