"""Provenance of a result: the hash of its scenario and the versions of the software."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping

import numpy as np
import pandas as pd

from xisuan.scenario.scenario import Scenario

LATER = {"plan": {"rolling": ""}}
"""Options newer than the hashes of stored runs, by section, with the value that counts as absent: that of an older run.

An option that is added later belongs here, so that runs stored without it stay valid.
"""


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of settings, tables and curves: equal for equal data wherever it is read from.

    `extends` and `drop` are left out: the tables already contain their effect. So are options of `LATER` without a value.
    """
    digest = hashlib.sha256()
    settings = {
        name: value for name, value in dataclasses.asdict(scenario.settings).items() if name not in ("extends", "drop")
    }
    for section, absent in LATER.items():
        settings[section] = {
            name: value for name, value in settings[section].items() if name not in absent or value != absent[name]
        }
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    for name in sorted(scenario.tables):
        if len(scenario.tables[name]):
            _add(digest, name, scenario.tables[name])
    _add(digest, "curves", scenario.curves[sorted(scenario.curves.columns)])
    return digest.hexdigest()


def other_tables(one: Scenario, other: Scenario) -> tuple[str, ...]:
    """Return the names of the tables in which two scenarios differ, `profiles` for their curves."""
    names = [name for name in one.tables if table_hash(one.tables[name]) != table_hash(other.tables[name])]
    curves = [table_hash(given.curves[sorted(given.curves.columns)]) for given in (one, other)]
    return tuple(names + ["profiles"] * (curves[0] != curves[1]))


def table_hash(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a table as it enters the hash of its scenario, blank without rows."""
    digest = hashlib.sha256()
    _add(digest, "", frame)
    return digest.hexdigest() if len(frame) else ""


def _add(digest: hashlib._Hash, name: str, frame: pd.DataFrame) -> None:
    """Add a table to the digest column by column: numbers in binary, anything else as text."""
    digest.update(f"\n{name} {len(frame)}\n".encode())
    for column in frame.columns:
        values = frame[column].to_numpy()
        digest.update(f"{column}\n".encode())
        if values.dtype.kind == "f":
            numbers = values.astype("<f8") + 0.0
            digest.update(np.where(np.isnan(numbers), np.nan, numbers).tobytes())
        else:
            digest.update(json.dumps([str(value) for value in values], ensure_ascii=False).encode())


def notes(fingerprint: str, found: Mapping[str, str]) -> dict[str, str]:
    """Return the provenance that a report states: the scenario's hash, the seed, the versions."""
    return {"scenario hash": fingerprint, "seed": "none", **found}
