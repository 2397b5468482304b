"""Build the documentation site: `make site`, or `python -m tools.site` with the extra `site`.

The pages of the repository are copied to `.site-pages/` with their folders, so that links between them hold, and built by
mkdocs into `site/` with warnings as errors; a link that leads nowhere is a warning. On the way

* a link to a file that is no page, such as a module, becomes the path of the file;
* a page without a Chinese version says so at its head on the Chinese site, and has a Chinese title in the menu;
* the headings of a Chinese page have the anchors of the English page, so that links to a heading hold in both languages;
* a page of the Python interface is made from the public names of `xisuan`;
* `folder/*` in the menu of `mkdocs.yml` becomes the pages of that folder.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / ".site-pages"
TOP = (
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CODE_OF_CONDUCT.md",
    "LICENSE",
    "CITATION.cff",
)
FOLDERS = ("docs", "benchmarks", "packages/gnomon")
KINDS = {".md", ".png", ".svg"}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
CODE = re.compile(r"(^ *```.*?^ *```$)", re.M | re.S)
HEADING = re.compile(r"^(#+ .*)$", re.M)
TITLES = ROOT / "docs" / "titles.zh.toml"
"""Page without a Chinese version → its title in the menu of the Chinese site."""
ONLY_ENGLISH = '!!! note "说明"\n\n    本页仅有英文版。\n\n'


def copy_pages() -> list[Path]:
    """Copy pages and pictures to `.site-pages/`. Return the pages."""
    shutil.rmtree(PAGES, ignore_errors=True)
    files = [ROOT / name for name in TOP]
    files += [
        path
        for top in FOLDERS
        for path in (ROOT / top).rglob("*")
        if path.suffix in KINDS and "src" not in path.parts[-3:]
    ]
    for path in files:
        target = PAGES / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return sorted(PAGES.rglob("*.md"))


def replace_links(page: Path) -> None:
    """Replace links to files that are no pages by the path of the file."""
    place = ROOT / page.parent.relative_to(PAGES)

    def shown(found: re.Match[str]) -> str:
        picture, text, link = found.groups()
        path, _, anchor = link.partition("#")
        if picture or re.match(r"[a-z]+:", link) or not path:
            return found.group(0)
        if path.endswith(".zh.md") and not page.name.endswith(".zh.md"):  # the menu of languages leads there
            return str(text)
        path = path.replace(".zh.md", ".md")  # on the Chinese site this is the Chinese page
        target = (place / path).resolve()
        copied = PAGES / target.relative_to(ROOT)
        if copied.is_file():
            return f"[{text}]({path}{'#' if anchor else ''}{anchor})"
        if (copied / "README.md").is_file():
            return f"[{text}]({path.rstrip('/')}/README.md{'#' if anchor else ''}{anchor})"
        return f"{text} (`{target.relative_to(ROOT)}`)" if str(target.relative_to(ROOT)) not in text else text

    parts = CODE.split(page.read_text(encoding="utf-8"))
    parts[::2] = [LINK.sub(shown, part) for part in parts[::2]]
    page.write_text("".join(parts), encoding="utf-8")


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading: lower case, blanks as hyphens, other signs left out."""
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.lstrip("# ")).strip().lower()
    return re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")


def headings(page: Path) -> list[str]:
    """Return the headings of a page, in order."""
    prose = "".join(CODE.split(page.read_text(encoding="utf-8"))[::2])
    return [str(found) for found in HEADING.findall(prose)]


def name_headings(page: Path) -> None:
    """Give the headings of a Chinese page the anchors of its English page. Both must have as many.

    Raises ValueError if they have not.
    """
    english = headings(page.with_name(page.name.replace(".zh.md", ".md")))
    if len(english) != len(headings(page)):
        raise ValueError(f"{page.name}: {len(headings(page))} headings, {len(english)} in English. Give both the same.")
    names = iter(english)
    parts = CODE.split(page.read_text(encoding="utf-8"))
    parts[::2] = [
        HEADING.sub(lambda found: f"{found.group(1)} {{#{anchor_of(next(names))}}}", part) for part in parts[::2]
    ]
    page.write_text("".join(parts), encoding="utf-8")


def write_chinese_versions(pages: list[Path]) -> None:
    """Name the headings of Chinese pages. Write one of every page that has none: the English one below a note."""
    titles = tomllib.loads(TITLES.read_text(encoding="utf-8"))
    for page in pages:
        other = page.with_suffix(".zh.md")
        if page.name.endswith(".zh.md"):
            name_headings(page)
        elif not other.exists():
            title = titles.get(page.relative_to(PAGES).as_posix(), "")
            head = f"---\ntitle: {title}\n---\n\n" if title else ""
            other.write_text(head + ONLY_ENGLISH + page.read_text(encoding="utf-8"), encoding="utf-8")


def write_interface() -> None:
    """Write the page of the Python interface: every public name of `xisuan`, by its home module."""
    tree = ast.parse((ROOT / "src" / "xisuan" / "__init__.py").read_text(encoding="utf-8"))
    homes = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES"
    )
    names = sorted((name, home) for home, found in homes.items() for name in found)
    parts = ["# Python interface\n\n`import xisuan as xs`; each name below is one of `xs`.\n"]
    parts += [f"::: {home}.{name}\n" for name, home in names]
    folder = PAGES / "docs" / "reference"
    (folder / "api.md").write_text("\n".join(parts), encoding="utf-8")
    (folder / "api.zh.md").write_text(
        '# Python 接口\n\n接口说明仅有英文版：<a href="../../../docs/reference/api.html">Python interface</a>。\n',
        encoding="utf-8",
    )


def configuration() -> str:
    """Return mkdocs.yml with the menu's folders as lists of pages."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")

    def listed(found: re.Match[str]) -> str:
        folder = found.group(1)
        pages = [path.name for path in (ROOT / folder).glob("*.md") if not path.name.endswith(".zh.md")]
        return ", ".join(f"{folder}/{name}" for name in sorted(pages, key=lambda name: (name != "README.md", name)))

    text = re.sub(r'(?<=: )"(docs/[\w/]+)/\*"', lambda found: f"[{listed(found)}]", text)
    return re.sub(r'"(docs/[\w/]+)/\*"', listed, text)


def main() -> int:
    """Build the site. Return the exit code of mkdocs."""
    pages = copy_pages()
    for page in pages:
        replace_links(page)
    write_interface()
    write_chinese_versions(sorted(PAGES.rglob("*.md")))
    target = ROOT / ".mkdocs.yml"
    target.write_text(configuration(), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--clean", "--config-file", str(target)],
        cwd=ROOT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
