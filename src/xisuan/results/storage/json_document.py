"""Results as JSON: plain values only, with null for numbers that are missing, infinite or NaN."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xisuan.errors import Problem


def plain(value: object) -> Any:
    """Return `value` made of dict, list, str, int, float, bool and None. Tables become lists of rows.

    JSON has neither NaN nor infinity: both become None, so a lower bound of −inf (none proven) reads null.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Problem):
        return plain(value.document())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, datetime.date):
        return str(value) if value == value else None  # noqa: PLR0124 - pandas' NaT is a date that equals nothing
    if isinstance(value, Path):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return _of_arrays(value)


def _of_arrays(value: object) -> Any:
    """Return the JSON form of a value of numpy or pandas. The imports cost nothing here: such a value has loaded them."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    if value is pd.NA:
        return None
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def text(value: object) -> str:
    """Return `value` as JSON text: indented, in UTF-8, ending in a line break."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
