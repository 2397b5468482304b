"""No file is unpickled: opening a pickle runs what it holds. What is pickled passes through pipes and messages."""

from __future__ import annotations

import re

from tests.contracts.sentences import SOURCE

READERS = {
    "workflow/elsewhere.py": {"pickle.load(sys.stdin.buffer)", "pickle.loads(self._left)"},
    "interior/rebuilt.py": {"pickle.loads(self.source.recipe)"},
}
"""Between a process and those it started: a pipe, and the messages of a team."""
UNPICKLES = re.compile(
    r"\b(?:(?:pickle|dill|joblib|cloudpickle|shelve|marshal)\.(?:loads?|open)|read_pickle|Unpickler)\([^)]*\)"
    r"|allow_pickle=True"
)


def test_no_file_is_unpickled() -> None:
    found = {
        str(path.relative_to(SOURCE)): set(UNPICKLES.findall(path.read_text(encoding="utf-8")))
        for path in SOURCE.rglob("*.py")
    }
    assert {name: calls for name, calls in found.items() if calls} == READERS
