"""The pages of the site: every page of the menu exists, links hold after the copy, and pages without Chinese say so."""

from __future__ import annotations

import re
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
        site.replace_links(page)
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


def test_the_interface_page_has_every_public_name(pages: Path) -> None:
    text = (pages / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert {line.rsplit(".", 1)[1] for line in text.splitlines() if line.startswith(":::")} == set(xisuan.__all__)


def test_the_menu_leads_to_pages(pages: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for folder in re.findall(r'"docs/([\w/]+)/\*"', (tmp_path / "mkdocs.yml").read_text(encoding="utf-8")):
        (tmp_path / "docs" / folder).mkdir(parents=True, exist_ok=True)
        for page in (ROOT / "docs" / folder).glob("*.md"):
            (tmp_path / "docs" / folder / page.name).touch()
    monkeypatch.setattr(site, "ROOT", tmp_path)
    text = site.write_configuration().read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/.-]+\.md\b", text.split("\nnav:")[1]))
    assert "*" not in text.split("\nnav:")[1]
    assert {f"docs/howto/{page.name}" for page in (ROOT / "docs" / "howto").glob("*.md")} <= named
    assert all((pages / page).is_file() for page in named)


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in text
    assert not re.search(r"https?:", text)
