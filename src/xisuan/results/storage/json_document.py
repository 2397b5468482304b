"""Results as JSON: plain values only, with null wherever a number is missing, infinite or not a number."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def plain(value: object) -> Any:
    """`value` made of dict, list, str, int, float, bool and None. Tables become lists of rows.

    JSON knows neither NaN nor infinity: both become None, so a lower bound of −inf (none proven) reads null.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
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
    """`value` as JSON text, indented, Chinese readable, ending in a line break."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
