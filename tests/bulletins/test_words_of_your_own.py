"""The examples on words of your own: each file of words makes its sentence read, which is read otherwise without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xisuan.bulletins.language.lexicon import lexicon
from xisuan.bulletins.read_bulletin import read_text
from xisuan.errors import ScenarioError
from xisuan.indicators.catalogue import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "own-words.md"
EXAMPLE = re.compile(
    r"\*\*[^*]+\*\*[^`]*?`(?P<file>\w+\.(?:csv|toml))`(?:(?!```)[\s\S])*?```(?:text|toml)\n(?P<body>[\s\S]*?)```\n\n"
    r"(?P<text>(?:> .*\n)+)\nis then read as `(?P<name>\w+)` = (?P<value>[\d,.]+)"
)


def examples() -> list[re.Match[str]]:
    text = PAGE.read_text(encoding="utf-8")
    return list(EXAMPLE.finditer(text))


def test_the_page_has_an_example_of_every_file() -> None:
    assert {one["file"] for one in examples()} == {
        "indicators.csv", "regions.csv", "nations.csv", "measures.csv", "alike.csv", "topics.csv", "units.toml",
        "times.toml",
    }  # fmt: skip


@pytest.mark.parametrize("example", examples(), ids=lambda one: one["file"])
def test_a_file_of_words_makes_its_sentence_read(example: re.Match[str], tmp_path: Path) -> None:
    (tmp_path / example["file"]).write_text(example["body"], encoding="utf-8")
    text = "\n".join(line[2:] for line in example["text"].strip().splitlines())
    [seen] = read_text(text, words=lexicon(tmp_path)).observations
    assert (seen.indicator, seen.value) == (example["name"], float(example["value"].replace(",", "")))
    assert read_text(text).observations != (seen,)


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "indicators.csv").write_text("indicator,unit\ntea,mCNY\n")
    with pytest.raises(ScenarioError, match="kind"):
        lexicon(tmp_path)
    with pytest.raises(ScenarioError, match="holds none of"):
        lexicon(tmp_path.parent / tmp_path.name / "..")


def test_the_catalogue_is_whole() -> None:
    """Every whole, part and outer region is in it; the same key is not two things."""
    known = catalogue()
    for name, term in known.terms.items():
        assert term.indicator == name
        assert term.kind in ("flow", "stock", "ratio", "growth")
        assert not term.part_of or term.part_of in known.terms, name
        assert all(not term.flag(flag) or term.flag(flag) in known.terms for flag in ("part", "whole")), name
    for name, place in known.places.items():
        assert not place.within or place.within in known.places, name
    assert known.within("guiyang") == ("guiyang", "guizhou", "china")
