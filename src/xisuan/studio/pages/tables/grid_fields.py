"""Fields of the grid's rows that are not columns of the table."""

from __future__ import annotations

from typing import Any

ROW, LINE, BAD = "_row", "_line", "_bad"
"""Id of a row in the grid, its line in the file, its faulty columns as `,a,b,`."""
OURS = (ROW, LINE, BAD)
Rows = list[dict[str, Any]]
