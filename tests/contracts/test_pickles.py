"""No file is unpickled: opening a pickle runs what it holds. What is pickled passes through pipes and messages."""

from __future__ import annotations

import os
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "xisuan"
READERS = {
    "parallel/process.py": {"pickle.load(sys.stdin.buffer)", "pickle.loads(self._left)"},
    "../gnomon/interior_point/distributed/local_assembly.py": {"pickle.loads(self.source.recipe)"},
}
"""Between a process and those it started: a pipe, and the messages of a team."""
UNPICKLES = re.compile(
    r"\b(?:(?:pickle|dill|joblib|cloudpickle|shelve|marshal)\.(?:loads?|open)|read_pickle|Unpickler)\([^)]*\)"
    r"|allow_pickle=True"
)


def test_no_file_is_unpickled() -> None:
    found = {
        os.path.relpath(path, SOURCE): set(UNPICKLES.findall(path.read_text(encoding="utf-8")))
        for path in SOURCE.parent.rglob("*.py")
    }
    assert {name: calls for name, calls in found.items() if calls} == READERS
