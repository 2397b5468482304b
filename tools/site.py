"""Build the documentation site: `make site`, or `python -m tools.site` with the extra `site`.

`--version NAME` adds the site as a version to the local branch `gh-pages` instead, where mike keeps all versions, and the
pages get a list of them; `--latest` makes it the one that readers get first.

The pages of the repository are copied to `.site-pages/` with their folders, so that links between them hold, and built by
mkdocs into `site/` with warnings as errors; a link that leads nowhere is a warning. On the way

* a link to a file that is no page, such as a module, becomes the path of the file;
* a page without a Chinese version says so at its head on the Chinese site, has a Chinese title in the menu, and is found
  by the search once, as the English page;
* a link from a page to its version in the other language leads to that page of the site;
* the headings of a Chinese page have the anchors of the English page, so that links to a heading hold in both languages;
* a page of the Python interface is made from the public names of `xisuan`;
* `folder/*` in the menu of `mkdocs.yml` becomes the pages of that folder.
"""

from __future__ import annotations

import argparse
import ast
import os
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
CELL_CODE = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
HEADING = re.compile(r"^(#+ .*)$", re.M)
TITLES = ROOT / "docs" / "titles.zh.toml"
"""Page without a Chinese version → its title in the menu of the Chinese site."""
ONLY_ENGLISH = 'search: {exclude: true}\n---\n\n!!! note "说明"\n\n    本页仅有英文版。\n\n'
"""End of the metadata, and first lines, of a page of the Chinese site that repeats the English one."""


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


def adapt(page: Path) -> None:
    """Replace links to files that are no pages by the path of the file, and `\\|` in the code of a table by the sign itself.

    GitHub asks for the backslash there; the generator of the site shows it.
    """
    place = ROOT / page.parent.relative_to(PAGES)
    chinese = page.name.endswith(".zh.md")

    def shown(found: re.Match[str]) -> str:
        picture, text, link = found.groups()
        path, _, anchor = link.partition("#")
        if picture or re.match(r"[a-z]+:", link) or not path:
            return found.group(0)
        if path.endswith(".zh.md") != chinese and path.replace(".zh.md", ".md") == page.name.replace(".zh.md", ".md"):
            return f'<a href="{other_language(page)}">{text}</a>'
        path = path.replace(".zh.md", ".md")  # on the Chinese site this is the Chinese page
        target = (place / path).resolve()
        copied = PAGES / target.relative_to(ROOT)
        if copied.is_file():
            return f"[{text}]({path}{'#' if anchor else ''}{anchor})"
        if (copied / "README.md").is_file():
            return f"[{text}]({path.rstrip('/')}/README.md{'#' if anchor else ''}{anchor})"
        return f"{text} (`{target.relative_to(ROOT)}`)" if str(target.relative_to(ROOT)) not in text else text

    def unescaped(found: re.Match[str]) -> str:
        return found.group(0).replace("\\|", "|")

    parts = CODE.split(page.read_text(encoding="utf-8"))
    parts[::2] = [CELL_CODE.sub(unescaped, LINK.sub(shown, part)) for part in parts[::2]]
    page.write_text("".join(parts), encoding="utf-8")


def other_language(page: Path) -> str:
    """Return the address of a page in the other language, relative to the page: the Chinese site is the folder `zh`."""
    place = page.relative_to(PAGES)
    name = place.name.replace(".zh.md", ".md").replace("README.md", "index.md").removesuffix(".md")
    up, folder = "../" * (len(place.parts) - 1), "".join(f"{part}/" for part in place.parts[:-1])
    if place.name.endswith(".zh.md"):
        return f"{up}../{folder}{name}.html"
    return f"{up}zh/{folder}{name}.html"


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
            head = "---\n" + (f"title: {title}\n" if title else "")
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


def configuration(versions: bool = False) -> str:
    """Return mkdocs.yml with the menu's folders as lists of pages, and with a list of `versions` if there are several."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")

    def listed(found: re.Match[str]) -> str:
        folder = found.group(1)
        pages = [path.name for path in (ROOT / folder).glob("*.md") if not path.name.endswith(".zh.md")]
        return ", ".join(f"{folder}/{name}" for name in sorted(pages, key=lambda name: (name != "README.md", name)))

    text = re.sub(r'(?<=: )"(docs/[\w/]+)/\*"', lambda found: f"[{listed(found)}]", text)
    text = re.sub(r'"(docs/[\w/]+)/\*"', listed, text)
    return text + "\nextra: {version: {provider: mike, default: latest}}\n" if versions else text


def command(version: str, latest: bool, configuration_file: Path) -> list[list[str]]:
    """Return the commands that build the site: one folder, or a version beside the others in `gh-pages`."""
    file = ["--config-file", str(configuration_file)]
    if not version:
        return [["mkdocs", "build", "--strict", "--clean", *file]]
    deploy = ["mike", "deploy", *file, "--update-aliases", version]
    return [[*deploy, "latest"], ["mike", "set-default", *file, "latest"]] if latest else [deploy]


def main() -> int:
    """Build the site. Return the exit code of mkdocs or mike."""
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__.partition("\n")[0])
    parser.add_argument("--version", default="", help="name of the version, e.g. 0.2.0 or dev")
    parser.add_argument("--latest", action="store_true", help="the version that readers get first")
    asked = parser.parse_args()
    pages = copy_pages()
    for page in pages:
        adapt(page)
    write_interface()
    write_chinese_versions(sorted(PAGES.rglob("*.md")))
    target = ROOT / ".mkdocs.yml"
    target.write_text(configuration(versions=bool(asked.version)), encoding="utf-8")
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for step in command(asked.version, asked.latest, target):
        if failed := subprocess.run(step, cwd=ROOT, env={**os.environ, "PATH": programs}, check=False).returncode:
            return failed
    return 0


if __name__ == "__main__":
    sys.exit(main())
