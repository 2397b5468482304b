"""The comparison of runs as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xisuan.errors import StoreError
from xisuan.report.pages import comparison_page
from xisuan.results.run import Run
from xisuan.text.translation import Language
from xisuan.text.translation import message as _
from xisuan.workflow.compare import compare


def comparison(runs: Sequence[Run], names: Sequence[str], language: Language) -> str:
    """Return the page that sets two or more runs side by side, each compared with the first, beginning with a brief."""
    if len(runs) > 2:
        return comparison_page.html_of_several(names, runs, language)
    first, second = runs
    return comparison_page.html(compare(first.plan, second.plan, (names[0], names[1])), language, runs)


def write_comparison(
    runs: Sequence[Run], path: str | Path, names: Sequence[str] = (), language: Language = "en"
) -> None:
    """Write the comparison of two or more runs, each with the first, as a page to `path`, whose name ends in .html.

    `names`: one for each run; unless given, the names of their scenarios. Raises StoreError for another ending, for
    fewer than two runs, and for names that do not match the runs.
    """
    path = Path(path)
    if path.suffix.lower() != ".html":
        raise StoreError(_("{file}: a comparison is a page; give a name that ends in .html", file=path))
    names = names or [run.plan.scenario.settings.name for run in runs]
    if len(runs) < 2 or len(names) != len(runs):
        raise StoreError(_("{runs} runs, {names} names: give two or more runs, and a name for each",
                           runs=len(runs), names=len(names)))  # fmt: skip
    path.write_text(comparison(runs, names, language), encoding="utf-8")
