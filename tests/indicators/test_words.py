"""The data files of the grammar: what a folder of one's own adds, and what is said of a file that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from pathlib import Path

import pytest

from xisuan.errors import ScenarioError
from xisuan.indicators.language.cues import FILES, Cues, cues
from xisuan.indicators.language.vocabulary import COLUMNS, Vocabulary, vocabulary
from xisuan.indicators.reading.bulletins import read_text
from xisuan.results.bulletin_reading import Observation


def read(text: str, words: Vocabulary) -> list[Observation]:
    return list(read_text(text, words=words).observations)


def keys(text: str, words: Vocabulary) -> list[tuple[str, str, str, float | None, str]]:
    return [(one.indicator, one.region, one.period_end, one.value, one.unit) for one in read(text, words)]


OWN = {
    "indicators.csv": "indicator,unit,kind,chain,part_of,title,title_zh,words_en,words_zh\n"
    "tea_output,mCNY,flow,yes,,Tea,茶叶产值,tea,茶叶产值\n",
    "regions.csv": "region,within,kind,title,title_zh,words_en,words_zh\n"
    "chishui,zunyi,county,Chishui,赤水市,chishui,赤水市|赤水\n",
    "units.toml": '[times]\nmyriad = 1e4\n\n[[unit]]\nunit = "CNY"\nfactor = 1e-6\nen = ["kuai"]\n',
    "times.toml": '[[phrase]]\nkind = "half"\npatterns = ["(?P<h>first) semester{en_year}"]\n',
    "cues.toml": '[grows]\nzh = ["攀高"]\n',
}
"""A folder of words of one's own: each file with something that the grammar does not have."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    """The vocabulary with the words of `OWN`: what finds words is made for it once, which takes seconds."""
    return vocabulary(_folder(tmp_path_factory.mktemp("own"), OWN))


def _folder(path: Path, files: Mapping[str, str]) -> Path:
    for file, content in files.items():
        (path / file).write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2023年,贵州茶叶产值600亿元。", ("tea_output", "guizhou", "2023-12-31", 60000.0, "mCNY")),
        (
            "In 2023, software revenue in Chishui reached 600 million yuan.",
            ("software_revenue", "chishui", "2023-12-31", 600.0, "mCNY"),
        ),
        (
            "In 2023, Guizhou's software revenue reached 60 billion kuai.",
            ("software_revenue", "guizhou", "2023-12-31", 60000.0, "mCNY"),
        ),
        (
            "In 2023, Guizhou's software revenue reached 6,000 myriad yuan.",
            ("software_revenue", "guizhou", "2023-12-31", 60.0, "mCNY"),
        ),
        (
            "In the first semester of 2023, Guizhou's software revenue reached 30 billion yuan.",
            ("software_revenue", "guizhou", "2023-06-30", 30000.0, "mCNY"),
        ),
    ],
    ids=["indicator", "region", "unit", "multiplier", "time"],
)
def test_a_file_of_ones_own_adds_to_the_grammar(
    text: str, wanted: tuple[str, str, str, float, str], own: Vocabulary
) -> None:
    assert keys(text, own) == [wanted]
    assert keys(text, vocabulary()) != [wanted]


def test_a_cue_of_ones_own(own: Vocabulary) -> None:
    """A word that the grammar does not know for a change leaves a percentage over until a file says what it does."""
    text = "2023年,贵州软件业务收入攀高20%。"
    assert not read(text, vocabulary())
    (seen,) = read(text, own)
    assert (seen.indicator, seen.growth_pct) == ("software_revenue", 20.0)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("cues.toml", '[growz]\nen = ["up"]\n', "did you mean grows"),
        ("cues.toml", '[grows]\nfr = ["monte"]\n', "give zh, en or patterns"),
        ("cues.toml", '[grows]\nen = ["up", ""]\n', "none of them blank"),
        ("cues.toml", "[grows]\npatterns = ['(']\n", "no regular expression"),
        ("cues.toml", "[grows]\npatterns = ['x*']\n", "found everywhere"),
        ("cues.toml", "[rank]\npatterns = ['(?P<zh>no one)']\n", "may not name groups"),
        ("cues.toml", "[grows\n", "not readable as TOML"),
        ("cues.toml", '[that_of]\nen = ["one of"]\n', "takes no words of your own"),
        ("units.toml", "[[bound]]\nbound = 'beyond'\nside = 'before'\n", "give bound"),
        ("units.toml", "[[unit]]\nfactor = 2\nen = ['x']\n", "which unit"),
        ("units.toml", "[[unit]]\nunit = 'km'\nfactor = -2\nen = ['x']\n", "above 0"),
        ("units.toml", "[[unit]]\nunit = 'km'\n", "give its words"),
        ("units.toml", "[units]\nx = 1\n", "[times], [[unit]] and [[bound]]"),
        ("times.toml", "[[phrase]]\nkind = 'aeon'\npatterns = ['aeon']\n", "give one of"),
        ("times.toml", "[[phrase]]\nkind = 'half'\npatterns = ['(']\n", "no regular expression"),
        ("indicators.csv", "indicator,unit\nx,1\n", "column is missing"),
        ("other.csv", "a\n", "it holds none of"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(tmp_path: Path, file: str, content: str, said: str) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=re.escape(said)):
        vocabulary(tmp_path)


def howto() -> list[tuple[str, str, str, str]]:
    """The examples of the page on words of one's own: file, its content, a bulletin, and what it is read as."""
    page = (Path(__file__).parents[2] / "docs" / "howto" / "read.md").read_text(encoding="utf-8")
    section = page.partition("## Words of your own")[2].partition("## From Python")[0]
    found = []
    block = r"```\w+\n(?P<content>(?:(?!```)[^\n]*\n)+)```\n\n(?P<text>(?:> [^\n]*\n)+)\n(?P<said>is then read [^\n]*)"
    for match in re.finditer(block, section):
        names = re.findall(r"`(\w+\.(?:csv|toml))`", section[: match.start()].rpartition("\n**")[2])
        text = re.sub(r"^> ", "", match["text"], flags=re.MULTILINE)
        found.append((names[-1], match["content"], text, match["said"]))
    return found


def test_the_page_on_words_has_an_example_of_every_file() -> None:
    names = {*(f"{name}.csv" for name in COLUMNS), "cues.toml", "units.toml", "times.toml"}
    assert {file for file, *_ in howto()} == names


EXAMPLES = pytest.mark.parametrize(
    ("file", "content", "text", "said"), howto(), ids=[f"{at}-{one[0]}" for at, one in enumerate(howto())]
)


@pytest.fixture(scope="module")
def of_the_page(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    """The vocabulary with every file of the page in one folder; two examples may be of one file."""
    files: dict[str, str] = {}
    for file, content, *_ in howto():
        files[file] = files.get(file, "") + content
    return vocabulary(_folder(tmp_path_factory.mktemp("page"), files))


@EXAMPLES
def test_the_page_on_words_is_true(file: str, content: str, text: str, said: str, of_the_page: Vocabulary) -> None:
    """Each example is read as the page says in a folder of all of them, and is not without."""
    assert as_said(said, read(text, of_the_page))
    assert not as_said(said, read(text, vocabulary()))


@pytest.mark.long
@EXAMPLES
def test_a_file_of_the_page_needs_none_of_the_others(
    tmp_path: Path, file: str, content: str, text: str, said: str
) -> None:
    """The same with each file alone, for which what finds words is made anew every time."""
    assert as_said(said, read(text, vocabulary(_folder(tmp_path, {file: content}))))


def as_said(said: str, seen: list[Observation]) -> bool:
    """Whether what the page says of an example is among what was read."""
    level = re.search(r"`(\w+)` = ([\d,.]+) (\w+?)\b(?: of `(\w+)`)?(?: to ([\d-]+))?", said)
    growth = re.search(r"`(\w+)` growing by (\d+) %", said)
    if growth is not None:
        return (growth[1], float(growth[2])) in [(one.indicator, one.growth_pct) for one in seen]
    assert level is not None
    key = (level[1], float(level[2].replace(",", "")), level[3])
    return any(
        (one.indicator, one.value, one.unit) == key
        and level[4] in (None, one.region)
        and level[5] in (None, one.period_end)
        for one in seen
    )


def test_every_cue_of_the_file_is_one_of_the_grammar_and_says_what_it_means() -> None:
    folder = resources.files("xisuan.indicators").joinpath("vocabulary")
    tables = {
        name: table
        for file in FILES
        for name, table in tomllib.loads(folder.joinpath(file).read_text(encoding="utf-8")).items()
    }
    assert list(tables) == [one.name for one in fields(Cues)]
    assert all(table["means"].strip() for table in tables.values())


def test_a_word_of_a_list_stands_alone_in_english_and_anywhere_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "cues.toml"
    path.write_text('[part]\nen = ["there of"]\nzh = ["其内"]\n', encoding="utf-8")
    part = cues(path).part
    assert part.search("there  of 3")
    assert not part.search("thereof 3")
    assert part.search("在其内有3")


def test_what_finds_words_is_made_once_for_all_texts() -> None:
    """Five sixths of the time of a reading went into making it for each."""
    words = vocabulary()
    texts = (
        "In 2023, software revenue in Guizhou reached 81 billion yuan.",
        "2023年,贵州软件业务收入810亿元。",
        "India's GDP grew 8 %.",
    )
    first, *others = (words.for_a_text(text) for text in texts)
    for other in others:
        assert other.names is first.names
        assert other.products is first.products
        assert other.spoken("gdp") is first.spoken("gdp")
