"""Signatures of run folders: unsigned, signed, by another key, broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xisuan.errors import StoreError
from xisuan.results.storage import sealed_folders, signature

crypto = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519", reason="signatures are an extra")
from cryptography.hazmat.primitives import serialization as forms  # noqa: E402 (after the extra is known to be there)
from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402

WHEN = "2026-03-01T08:00:00+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = tmp_path / "run"
    run.mkdir()
    (run / "plan.json").write_text("{}")
    sealed_folders.seal(run)
    return run


def pair(private: forms.PrivateFormat = forms.PrivateFormat.PKCS8, public: str = "pem") -> tuple[bytes, bytes]:
    """A new key pair as files: private and public."""
    key = crypto.Ed25519PrivateKey.generate()
    secret = key.private_bytes(forms.Encoding.PEM, private, forms.NoEncryption())
    form = (forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    if public == "ssh":
        form = (forms.Encoding.OpenSSH, forms.PublicFormat.OpenSSH)
    return secret, key.public_key().public_bytes(*form)


def test_a_run_without_a_signature_is_unsigned(folder: Path) -> None:
    assert signature.verify(folder).state == "unsigned"


@pytest.mark.parametrize("public", ["pem", "ssh"])
@pytest.mark.parametrize("private", [forms.PrivateFormat.PKCS8, forms.PrivateFormat.OpenSSH])
def test_who_signed_what_and_when_is_told(folder: Path, private: forms.PrivateFormat, public: str) -> None:
    secret, known = pair(private, public)
    made = signature.sign(folder, secret, "李伟, 规划院", WHEN)
    found = signature.verify(folder, known)
    assert found == made
    assert (found.state, found.by, found.when) == ("signed", "李伟, 规划院", WHEN)
    assert found.key.startswith("SHA256:")


def test_a_signature_by_another_key_is_not_the_one_asked_for(folder: Path) -> None:
    signature.sign(folder, pair()[0], "somebody", WHEN)
    assert signature.verify(folder).state == "signed"
    assert signature.verify(folder, pair()[1]).state == "other"


@pytest.mark.parametrize("name", ["by", "when", "sha256sums"])
def test_a_changed_claim_breaks_the_signature(folder: Path, name: str) -> None:
    signature.sign(folder, pair()[0], "somebody", WHEN)
    path = folder / signature.SIGNATURE
    path.write_text(json.dumps({**json.loads(path.read_text()), name: "other"}))
    assert (signature.verify(folder).state, signature.verify(folder).why) == ("broken", "claim")


def test_checksums_made_again_break_the_signature(folder: Path) -> None:
    signature.sign(folder, pair()[0], "somebody", WHEN)
    (folder / "plan.json").write_text("[]")
    sealed_folders.seal(folder)
    assert (signature.verify(folder).state, signature.verify(folder).why) == ("broken", "sums")


def test_another_public_key_in_the_file_breaks_the_signature(folder: Path) -> None:
    signature.sign(folder, pair()[0], "somebody", WHEN)
    path = folder / signature.SIGNATURE
    head = json.loads(path.read_text())
    path.write_text(json.dumps({**head, "public_key": pair(public="ssh")[1].decode()}))
    assert signature.verify(folder).state == "broken"


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"by": 3}', '{"public_key": "x", "signature": "§"}', "\0"])
def test_a_file_that_is_no_signature_is_broken(folder: Path, text: str) -> None:
    (folder / signature.SIGNATURE).write_text(text)
    assert signature.verify(folder).state == "broken"


@pytest.mark.parametrize("data", [b"", b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n", b"\xff\x00"])
def test_a_file_that_is_no_key_is_refused(folder: Path, data: bytes) -> None:
    with pytest.raises(StoreError, match="signing key"):
        signature.sign(folder, data, "somebody", WHEN)
    with pytest.raises(StoreError, match="public key"):
        signature.verify(folder, data)


def test_a_key_of_another_kind_is_refused(folder: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    secret = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    public = key.public_key().public_bytes(forms.Encoding.PEM, forms.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(StoreError, match="no Ed25519 key"):
        signature.sign(folder, secret, "somebody", WHEN)
    with pytest.raises(StoreError, match="no Ed25519 key"):
        signature.verify(folder, public)


def test_an_encrypted_key_needs_its_password(folder: Path) -> None:
    key = crypto.Ed25519PrivateKey.generate()
    secret = key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.BestAvailableEncryption(b"open"))
    with pytest.raises(StoreError, match="signing key"):
        signature.sign(folder, secret, "somebody", WHEN)
    assert signature.sign(folder, secret, "somebody", WHEN, "open").state == "signed"


def test_a_new_run_in_the_folder_leaves_the_old_signature_behind(folder: Path) -> None:
    signature.sign(folder, pair()[0], "somebody", WHEN)
    with sealed_folders.replacing(folder) as fresh:
        (fresh / "plan.json").write_text("[]")
        sealed_folders.seal(fresh)
    assert signature.verify(folder).state == "unsigned"
