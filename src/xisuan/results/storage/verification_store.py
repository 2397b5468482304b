"""Storage of verifications."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from xisuan.errors import StoreError
from xisuan.results.storage import json_document, parquet_files, run_store, sealed_folders
from xisuan.results.verification import TABLES, Verification
from xisuan.text.translation import Bilingual
from xisuan.versions import versions

DOCUMENT, INNER = "verification.json", "plan"
"""Document of a verification, and folder of the run of its last plan."""
FORMAT = 5


def verification_document(found: Verification) -> dict[str, Any]:
    """Return verification.json: the verdict, the options, and the software versions."""
    return {
        "holds": found.holds, "why": found.reason.en, "why_zh": found.reason.zh, "given": dict(found.given),
        "versions": versions(), "format": FORMAT,
    }  # fmt: skip


def save_verification(found: Verification, folder: str | Path, *, page: str = "") -> Path:
    """Write a verification with its last plan (`plan/`, a run folder) and, if given, a page to `folder`, atomically."""
    target = Path(folder).absolute()
    with sealed_folders.replacing(target) as fresh:
        (fresh / DOCUMENT).write_text(json_document.text(verification_document(found)), encoding="utf-8")
        for name, frame in found.tables.items():
            parquet_files.write_table(frame, fresh / f"{name}.parquet")
        run_store.save(found.plan, fresh / INNER)
        if page:
            (fresh / "verification.html").write_text(page, encoding="utf-8")
        sealed_folders.seal(fresh)
    return target


def load_verification(folder: str | Path) -> Verification:
    """Read a stored verification. Raises StoreError if the folder holds none or was changed since."""
    source = Path(folder).absolute()
    sealed_folders.check_seal(source)
    if not (source / DOCUMENT).is_file():
        raise StoreError(f"{folder} holds no verification; give the folder that `xisuan verify` wrote")
    head = json.loads((source / DOCUMENT).read_text(encoding="utf-8"))
    if head.get("format") != FORMAT:
        raise StoreError(f"{source / DOCUMENT} was written by another version of xisuan: make it again with this one")
    tables = {name: parquet_files.read_table(source / f"{name}.parquet") for name in TABLES}
    reason = Bilingual(head["why"], head["why_zh"])
    return Verification(head["holds"], reason, run_store.load_run(source / INNER).plan, head["given"], tables)
