"""Calls that differ between operating systems: memory, limits, locks and process trees.

`posix` and `windows` define the same functions. Every other module of xisuan imports `system`, the one that fits, and
calls nothing that exists on one system only.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from xisuan.operating_system import windows as system
else:
    from xisuan.operating_system import posix as system

__all__ = ["system"]
