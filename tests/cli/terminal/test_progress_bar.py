"""Progress appears when something takes long, on the stream it is given and nowhere else."""

from __future__ import annotations

import io
import time

import pytest

from xisuan.cli.terminal import progress_bar
from xisuan.progress import Progress


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw at once and often."""
    monkeypatch.setattr(progress_bar, "PATIENCE", 0.05)
    monkeypatch.setattr(progress_bar, "REDRAW", 0.02)


def work(stream: io.StringIO) -> str:
    """Two stages, the second with a fraction."""
    with progress_bar.shown(stream) as progress:
        progress(Progress("build", None, "assembling"))
        progress(Progress("solve", 0.25, "first"))
        time.sleep(0.2)
        progress(Progress("solve", 0.5, "later"))
        time.sleep(0.1)
    return stream.getvalue()


def test_elsewhere_each_stage_is_a_plain_line() -> None:
    """No control signs, no repetition."""
    lines = work(io.StringIO()).splitlines()
    assert [line.split("s  ")[1] for line in lines] == ["build: assembling", "solve: first (25%)"]


def test_in_a_terminal_there_is_a_bar_below_the_stages() -> None:
    """The bar moves; the stages stay."""
    text = work(Terminal())
    assert "build: assembling" in text
    assert "later" in text
    assert "━" in text


def test_what_is_quick_stays_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds are nothing to talk about."""
    monkeypatch.setattr(progress_bar, "PATIENCE", 60.0)
    assert work(io.StringIO()) == ""


def test_a_failure_passes_through() -> None:
    """And the drawing ends."""
    with pytest.raises(KeyboardInterrupt), progress_bar.shown(io.StringIO()):
        raise KeyboardInterrupt


def test_long_stages_speak_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a log shows that it lives."""
    monkeypatch.setattr(progress_bar, "REMIND", 0.1)
    assert "solve: later (50%)" in work(io.StringIO())
