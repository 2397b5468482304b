"""Every text exists in both languages and is filled from the same names."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import xisuan.cli
from xisuan.cli.words import TEXTS, Speech


def names(text: str) -> set[str]:
    """What is filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_the_same(key: str) -> None:
    """The Chinese is Chinese, and takes the values that the English takes."""
    english, chinese = TEXTS[key]
    assert names(english) == names(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese) or not re.search(r"\w", english)  # a sign is a sign in both
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_every_text_is_used() -> None:
    """What nobody says is deleted."""
    source = "".join(
        path.read_text() for path in Path(xisuan.cli.__file__).parent.rglob("*.py") if path.stem != "words"
    )
    made = {"robust", "interchangeable", "none", "level_error", "level_warning"}
    unused = {key for key in TEXTS if not re.search(f"[\"']{key}[\"']", source)} - made
    assert not unused


def test_a_text_is_filled() -> None:
    """In the language of the speech."""
    assert Speech("en")("wrong_and", errors=2, warnings=1) == "2 to mend, 1 worth knowing."
    assert Speech("zh")("wrong_and", errors=2, warnings=1) == "2 项需修改,1 项提示。"
