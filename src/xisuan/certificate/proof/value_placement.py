"""The plan's values in the certificate's order of variables; values without a variable are reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from xisuan.certificate.proof.violations import FLOOR, TINY, Violation
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.table_values import year_label
from xisuan.certificate.reading.variables import Columns, Label
from xisuan.results.labelled_values import Found
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

ELSEWHERE = ("traffic_unserved",)
"""Variables that only an operated plan has; in a plan they are 0."""


@dataclass
class Values:
    """The plan's values in the certificate's order, with the problems and violations found while placing them."""

    x: Array
    problems: list[Message] = field(default_factory=list)
    strangers: list[Violation] = field(default_factory=list)


def place(columns: Columns, variables: Mapping[str, Found]) -> Values:
    """Place every value by its label. Items that the plan does not name are 0."""
    values = Values(np.zeros(columns.size))
    for name, found in variables.items():
        if found.name != name or name not in (*columns.families, *ELSEWHERE):
            values.problems.append(_("{name}: no variable of the model is called that", name=name))
        elif found.values.ndim not in (2, 3) or found.values.shape[-1] != len(found.labels):
            values.problems.append(_("{name}: its labels do not name its values one by one", name=name))
        elif not np.isfinite(found.values).all():
            values.problems.append(_("{name}: a value is missing or not a number", name=name))
        elif len(set(found.labels)) != len(found.labels):
            values.problems.append(_("{name}: its labels do not name its values one by one", name=name))
        else:
            _place_family(columns, found, values)
    return values


def _place_family(columns: Columns, found: Found, values: Values) -> None:
    name = found.name
    periods, hours = columns.reading.clock.shape
    hourly = columns[name].hourly if name in columns.families else True
    if found.values.shape[:-1] != ((periods, hours) if hourly else (periods,)):
        values.problems.append(
            _(
                "{name}: {found} periods and hours instead of {right}",
                name=name,
                found=found.values.shape[:-1],
                right=(periods, hours),
            )
        )
        return
    known = columns[name].at if name in columns.families else {}
    labels = [(*label[:2], year_label(label[2])) if name == "kept" else label for label in found.labels]
    pairs = [(known[label], i) for i, label in enumerate(labels) if label in known]
    if pairs:
        columns[name].view(values.x)[..., [at for at, _ in pairs]] = found.values[..., [i for _, i in pairs]]
    others = [i for i, label in enumerate(labels) if label not in known]
    if others:
        values.strangers.append(_stranger(found, others, [labels[i] for i in others]))


def _stranger(found: Found, items: list[int], labels: list[Label]) -> Violation:
    """Return the violation of values whose labels the tables do not allow: they must be 0."""
    part = np.abs(found.values[..., items])
    at = np.unravel_index(int(np.argmax(part)), part.shape)
    amount = float(part[at])
    scale = max(amount, FLOOR * float(np.abs(found.values).max(initial=0.0)), TINY)
    family = "eligibility" if found.name in ("serve", "hold") else "bounds"
    hour = int(at[1]) if part.ndim == 3 else None
    return Violation(family, amount / scale, amount, (found.name, *labels[int(at[-1])]), int(at[0]), hour)
