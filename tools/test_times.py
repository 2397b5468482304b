"""Processor seconds of the tests by file: `python -m pytest -p tools.test_times`, also with `--numprocesses`.

Seconds of the clock say little on a machine that does other things. Those of processes that a test starts count when they
have ended. Setup of a fixture counts for the file of the first test that asks for it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

SHOWN = 30
KEY = "processor_seconds"


def processor_seconds() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note the processor time before the test in its session."""
    item.stash[BEFORE] = processor_seconds()
    return (yield)


BEFORE = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write the processor time since the last phase into the report, which travels from workers too."""
    report = yield
    now = processor_seconds()
    report.user_properties = [one for one in report.user_properties if one[0] != KEY]
    report.user_properties.append((KEY, now - item.stash[BEFORE]))
    item.stash[BEFORE] = now
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the files that took the most."""
    files = Counter[str]()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, seconds in getattr(report, "user_properties", []):
                if name == KEY:
                    files[report.nodeid.partition("::")[0]] += seconds
    terminalreporter.section(f"processor seconds by file, {sum(files.values()):.0f} in all")
    for file, seconds in files.most_common(SHOWN):
        terminalreporter.write_line(f"{seconds:8.1f}  {file}")
