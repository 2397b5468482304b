"""Certificates in JSON documents, with their findings in both languages."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from xisuan.results.plan import Certificate
from xisuan.text.translation import Bilingual, Message, translate


def document(found: Certificate | None) -> dict[str, Any] | None:
    """Return a certificate as a JSON document; findings, where there are any, in both languages."""
    if found is None:
        return None
    fields = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    texts = {"findings_zh": [translate(finding, "zh") for finding in found.findings]} if found.findings else {}
    return fields | texts


def read(head: Mapping[str, Any]) -> Certificate | None:
    """Return the certificate of a document, if it has one."""
    found = head.get("certificate")  # older schedules have none
    if found is None:
        return None
    bound = _number(found["lower_bound"], -math.inf)
    numbers = {name: _number(found[name], math.nan) for name in ("max_violation", "cost")}
    families = {name: _number(value, math.nan) for name, value in found["families"].items()}
    texts = tuple(found["findings"])
    chinese = found.get("findings_zh", ())
    if len(texts) == len(chinese):
        pairs = zip(texts, chinese, strict=True)
        texts = tuple(Message("{finding}", {"finding": Bilingual(*pair)}) for pair in pairs)
    of = {name: value for name, value in found.items() if name != "findings_zh"}
    return Certificate(**{**of, **numbers, "lower_bound": bound, "families": families, "findings": texts})


def _number(value: float | None, missing: float) -> float:
    return missing if value is None else float(value)
