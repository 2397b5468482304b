"""The pages of the site: every page of the menu exists, links hold after the copy, and pages without Chinese say so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import xisuan
from tools import site

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pages as mkdocs gets them, in a folder of the test."""
    monkeypatch.setattr(site, "PAGES", tmp_path / "pages")
    for page in site.copy_pages():
        site.adapt(page)
    site.write_interface()
    site.write_chinese_versions(sorted(site.PAGES.rglob("*.md")))
    return site.PAGES


def test_every_link_of_the_site_leads_to_a_page_of_the_site(pages: Path) -> None:
    seen = 0
    for page in pages.rglob("*.md"):
        text = "".join(site.CODE.split(page.read_text(encoding="utf-8"))[::2])
        for _picture, _text, link in site.LINK.findall(text):
            if not re.match(r"[a-z]+:|#", link):
                assert (page.parent / link.partition("#")[0]).resolve().is_file(), (page, link)
                seen += 1
    assert seen > 300


def test_a_page_without_chinese_says_so_and_one_with_it_does_not(pages: Path) -> None:
    assert "本页仅有英文版" in (pages / "docs" / "explanation" / "model.zh.md").read_text(encoding="utf-8")
    assert "本页仅有英文版" not in (pages / "docs" / "which-tool.zh.md").read_text(encoding="utf-8")
    assert "本页仅有英文版" not in (pages / "README.zh.md").read_text(encoding="utf-8")


def test_the_menu_of_the_chinese_site_is_chinese(pages: Path) -> None:
    """A page of the menu has a Chinese version or a title in docs/titles.zh.toml, and a title is of a page that needs it."""
    titles = tomllib.loads(site.TITLES.read_text(encoding="utf-8"))
    menu = site.configuration().split("\nnav:")[1]
    for name in set(re.findall(r"[\w/.-]+\.md\b", menu)) - {"docs/reference/api.md"}:
        assert (ROOT / name).with_suffix(".zh.md").exists() != (name in titles), name
    text = (pages / "docs" / "explanation" / "model.zh.md").read_text(encoding="utf-8")
    assert text.startswith(f"---\ntitle: {titles['docs/explanation/model.md']}\nsearch: {{exclude: true}}\n---\n")
    for group in re.findall(r"^ *- (\w[\w ]+):", menu, re.M):
        assert f"            {group}: " in (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), group


def test_chinese_headings_have_english_anchors(pages: Path) -> None:
    text = (pages / "docs" / "howto" / "report.zh.md").read_text(encoding="utf-8")
    assert "## 工作簿 {#the-workbook}" in text
    with_code = (pages / "docs" / "howto" / "department.zh.md").read_text(encoding="utf-8")
    assert "# /etc/systemd/system/xisuan.service\n" in with_code  # a comment in a block is no heading


def test_a_page_leads_to_itself_in_the_other_language(pages: Path) -> None:
    assert '<a href="zh/index.html">README.zh.md</a>' in (pages / "README.md").read_text(encoding="utf-8")
    assert '<a href="../index.html">README.md</a>' in (pages / "README.zh.md").read_text(encoding="utf-8")
    assert site.other_language(pages / "docs" / "howto" / "run.md") == "../../zh/docs/howto/run.html"
    assert site.other_language(pages / "docs" / "howto" / "run.zh.md") == "../../../docs/howto/run.html"


def test_chinese_is_searched_by_words_and_an_english_page_is_found_once(pages: Path) -> None:
    """The search plugin divides Chinese only with jieba, and its parts are joined by a blank of no width."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    separator = re.search(r"separator: '(.+)'", text)
    assert separator
    assert re.split(separator[1], "测算\u200b方案，千兆") == ["测算", "方案", "千兆"]
    assert any(one.startswith("jieba") for one in _site_packages())
    repeated = [page for page in pages.rglob("*.zh.md") if site.ONLY_ENGLISH in page.read_text(encoding="utf-8")]
    assert not [page for page in repeated if (ROOT / page.relative_to(pages)).exists()]
    assert len(repeated) > 40


def _site_packages() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"]["site"])


def test_a_chinese_page_with_other_headings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# One\n\n## Two\n", encoding="utf-8")
    (tmp_path / "one.zh.md").write_text("# 一\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.zh\.md: 1 headings, 2 in English"):
        site.name_headings(tmp_path / "one.zh.md")


def test_the_interface_page_has_every_public_name(pages: Path) -> None:
    text = (pages / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert {line.rsplit(".", 1)[1] for line in text.splitlines() if line.startswith(":::")} == set(xisuan.__all__)


def test_code_in_a_table_has_no_backslash_before_a_bar(pages: Path) -> None:
    assert "`--lang en|zh`" in (pages / "docs" / "howto" / "run.md").read_text(encoding="utf-8")


def test_versions_lie_side_by_side_and_the_latest_comes_first() -> None:
    """A local build has no list of versions: its pages would ask a server for it."""
    assert "mike" not in site.configuration()
    assert site.configuration(versions=True).endswith("\nextra: {version: {provider: mike, default: latest}}\n")
    here = Path("configuration.yml")
    assert [step[0] for step in site.command("", False, here)] == ["mkdocs"]
    assert [step[:2] + step[-2:] for step in site.command("0.2.0", True, here)] == [
        ["mike", "deploy", "0.2.0", "latest"],
        ["mike", "set-default", str(here), "latest"],
    ]
    assert [step[-1] for step in site.command("dev", False, here)] == ["dev"]


def test_the_menu_leads_to_pages(pages: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for folder in re.findall(r'"docs/([\w/]+)/\*"', (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")):
        (tmp_path / "docs" / folder).mkdir(parents=True, exist_ok=True)
        for page in (ROOT / "docs" / folder).glob("*.md"):
            (tmp_path / "docs" / folder / page.name).touch()
    monkeypatch.setattr(site, "ROOT", tmp_path)
    text = site.configuration()
    named = set(re.findall(r"[\w/.-]+\.md\b", text.split("\nnav:")[1]))
    assert "*" not in text.split("\nnav:")[1]
    howto = [page.name for page in (ROOT / "docs" / "howto").glob("*.md") if not page.name.endswith(".zh.md")]
    assert {f"docs/howto/{name}" for name in howto} <= named
    tutorials = [page.name for page in (ROOT / "docs" / "tutorials").glob("*.md") if not page.name.endswith(".zh.md")]
    assert {f"docs/tutorials/{name}" for name in tutorials} <= named
    assert all((pages / page).is_file() for page in named)


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in text
    assert not re.search(r"https?:", text)
