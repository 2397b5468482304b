"""Results as Parquet, without loss: tables unchanged, families of variables and duals in wide form.

A family has one row an item: its labels, then one column a period named by its year. In hourly families a cell of
those columns is the list of the modelled hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from xisuan.results.labelled_values import Found
from xisuan.results.storage import damage

_COMPRESSION = "zstd"
ARROW = pd.StringDtype("pyarrow", na_value=np.nan)


_TYPES = {"number": pa.float64(), "count": pa.int64(), "flag": pa.bool_(), "text": pa.large_string()}


def write_table(frame: pd.DataFrame, path: Path, kinds: Mapping[str, str] | None = None) -> None:
    """Write a table without its index. `kinds`: type of a column without values (number, count or flag; else text);
    without `kinds` such a column has no type.
    """
    table = pa.Table.from_pandas(with_arrow_texts(frame), preserve_index=False)
    if kinds is not None:
        fields = [
            field.with_type(_TYPES[kinds.get(field.name, "text")]) if pa.types.is_null(field.type) else field
            for field in table.schema
        ]
        table = table.cast(pa.schema(fields, table.schema.metadata))
    _write(table, path)


def with_arrow_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its texts as Arrow strings, so that equal tables give files with the same bytes."""
    other = [name for name, dtype in frame.dtypes.items() if isinstance(dtype, pd.StringDtype) and dtype != ARROW]
    return frame.astype(dict.fromkeys(other, ARROW)) if other else frame


def read_table(path: Path) -> pd.DataFrame:
    """Read a table that `write_table` wrote. Raises StoreError if the file is damaged."""
    with damage.reading(path):
        frame: pd.DataFrame = parquet.read_table(path).to_pandas()
    return frame


def write_found(found: Found, periods: tuple[int, ...], path: Path) -> None:
    """Write a family: its labels, then one column of values a period."""
    columns: dict[str, Any] = {dim: pa.array(found.column(dim), pa.string()) for dim in found.dims}
    for period, values in zip(periods, found.values, strict=True):
        columns[str(period)] = _hours(values) if found.hourly else pa.array(values)
    head = {
        "name": found.name,
        "dims": " ".join(found.dims),
        "hourly": str(found.hourly),
        "items": str(len(found.labels)),
    }
    if found.hourly:
        head["hours"] = str(found.values.shape[1])
    _write(pa.table(columns).replace_schema_metadata(head), path)


def read_found(path: Path) -> Found:
    """Read a family that `write_found` wrote. Raises StoreError if the file is damaged."""
    with damage.reading(path):
        return _read_found(path)


def _read_found(path: Path) -> Found:
    table = parquet.read_table(path)
    head = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    dims = tuple(head["dims"].split())
    items, hourly = int(head["items"]), head["hourly"] == "True"
    labels = tuple(zip(*(table[dim].to_pylist() for dim in dims), strict=True)) if dims else ((),) * items
    each = [_flat(column) for column in table.columns[len(dims) :]]
    values = np.stack(each) if each else np.empty((0, items))
    if hourly:
        values = values.reshape(len(each), items, int(head["hours"])).transpose(0, 2, 1)
    return Found(head["name"], dims, labels, hourly, np.ascontiguousarray(values))


def _hours(values: NDArray[np.float64]) -> pa.Array:
    """Return a list of hourly values for each item; `values` has shape (hours, items)."""
    hours, items = values.shape
    if hours == 0:
        return pa.array([[]] * items, pa.list_(pa.float64()))
    return pa.FixedSizeListArray.from_arrays(pa.array(np.ascontiguousarray(values.T).ravel()), hours)


def _flat(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return all numbers of a column, with lists flattened."""
    whole = column.combine_chunks()
    if pa.types.is_fixed_size_list(whole.type) or pa.types.is_list(whole.type):
        whole = whole.flatten()
    numbers: NDArray[np.float64] = whole.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    return numbers


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path, compression=_COMPRESSION)
