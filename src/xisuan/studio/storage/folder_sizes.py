"""Size of folders on disk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def bytes_of(folders: Iterable[Path]) -> int:
    """Return the bytes of all files in folders, a file with several links once. Missing folders and files count as 0."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for folder in folders:
        for root, _folders, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):  # a run that has just ended renames its files
                    found = os.stat(os.path.join(root, name), follow_symlinks=False)
                    if (place := (found.st_dev, found.st_ino)) not in seen:
                        seen.add(place)
                        total += found.st_size
    return total
