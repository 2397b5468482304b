"""Type of a table of problem codes."""

from __future__ import annotations

from collections.abc import Mapping

Sources = Mapping[str, tuple[str, str]]
"""Code → English sources of what is wrong and what to do, with `{name}` for values; the code is their context."""
