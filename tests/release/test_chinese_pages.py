"""Every tutorial and how-to page has a Chinese page with the same code and headings, and links to Chinese pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import site

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
CHINESE = sorted([ROOT / "README.zh.md", *DOCS.rglob("*.zh.md")])
PAGES = sorted(
    page
    for folder in ("tutorials", "howto")
    for page in (DOCS / folder).glob("*.md")
    if not page.name.endswith(".zh.md")
)


def chinese(page: Path) -> Path:
    """Return the path of the Chinese page of an English one."""
    return page.with_suffix(".zh.md")


def code(page: Path) -> list[str]:
    """Return the fenced blocks of a page, in order."""
    return [block.strip("\n") for block in site.CODE.split(page.read_text(encoding="utf-8"))[1::2]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_has_the_same_code_in_chinese(page: Path) -> None:
    """A `text` block may show what a command prints in Chinese; every other block is the same."""
    english, other = code(page), code(chinese(page))
    assert len(english) == len(other)
    for one, two in zip(english, other, strict=True):
        assert one == two or (one.startswith("```text") and two.startswith("```text"))


def names(page: Path) -> set[str]:
    """Return the options, files, columns and calls that the text of a page names."""
    prose = "".join(site.CODE.split(page.read_text(encoding="utf-8"))[::2])
    return {re.sub(r"\s+", " ", found) for found in re.findall(r"`([^`]+)`", prose)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_names_the_same_in_chinese(page: Path) -> None:
    """Every option, file, column and call of the English page."""
    assert not names(page) - names(chinese(page))


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_chinese_page_has_as_many_headings(page: Path) -> None:
    """Headings of the same levels, in Chinese or names of commands."""
    english = site.headings(page.with_name(page.name.replace(".zh.md", ".md")))
    other = site.headings(page)
    assert [len(one) - len(one.lstrip("#")) for one in english] == [len(one) - len(one.lstrip("#")) for one in other]
    assert re.search(r"[\u4e00-\u9fff]", other[0])


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_chinese_page_leads_to_chinese_pages(page: Path) -> None:
    """A link leads to the Chinese page where there is one, except to its own English page."""
    prose = "".join(site.CODE.split(page.read_text(encoding="utf-8"))[::2])
    own = page.with_name(page.name.replace(".zh.md", ".md"))
    for _picture, _text, link in site.LINK.findall(prose):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve()
        if re.match(r"[a-z]+:", link) or not path.endswith(".md") or target == own:
            continue
        assert target.exists(), link
        assert path.endswith(".zh.md") or not chinese(target).exists(), link
        assert not (anchor and path.endswith(".zh.md")), f"{link}: the site gives the headings there English anchors"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_says_what_the_reader_will_have(page: Path) -> None:
    """In its first lines, in both languages; a page is not longer than three screens of text."""
    text = page.read_text(encoding="utf-8")
    assert re.search(r"[Aa]t\s+the\s+end", text[:1500])
    prose = "".join(site.CODE.split(text)[::2])
    assert len(prose.split()) <= 1200
    assert re.search(r"阅读本页后|命令结束时", chinese(page).read_text(encoding="utf-8")[:600])
