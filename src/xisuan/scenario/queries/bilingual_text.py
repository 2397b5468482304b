"""Chinese of the sentences in a scenario's tables, from the columns with _zh."""

from __future__ import annotations

from xisuan.scenario.scenario import Scenario

TWINS: tuple[tuple[str, str], ...] = (
    ("sources", "title"),
    ("sources", "publisher"),
    ("estimates", "how"),
    ("actuals", "scope"),
    ("drivers", "how"),
    ("standard", "version"),
)
"""Tables and columns of sentences; the Chinese is in the column of that name with _zh."""


def chinese(scenario: Scenario) -> dict[str, str]:
    """Return the Chinese of each sentence that has it. The first row counts where several differ."""
    out: dict[str, str] = {}
    for table, column in TWINS:
        rows = scenario[table]
        for text, twin in zip(rows[column], rows[f"{column}_zh"], strict=True):
            if text and twin:
                out.setdefault(str(text), str(twin))
    return out
