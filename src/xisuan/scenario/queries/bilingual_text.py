"""What the sentences of a scenario's tables are in Chinese, from the columns that stand beside them."""

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
    """Each sentence that has a Chinese one beside it, and that one. The first row counts where several differ."""
    out: dict[str, str] = {}
    for table, column in TWINS:
        rows = scenario[table]
        for text, twin in zip(rows[column], rows[f"{column}_zh"], strict=True):
            if text and twin:
                out.setdefault(str(text), str(twin))
    return out
