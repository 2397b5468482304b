"""Says loudly, at the end of a run, that published optima were not checked because their data is absent."""

from __future__ import annotations

import pytest

from tests.cases.folders import ABSENT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.getreports("skipped") if ABSENT in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{ABSENT}: {len(skipped)} tests skipped", red=True, bold=True)
