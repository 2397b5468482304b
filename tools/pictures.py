"""Take the pictures of the tutorials again: `python -m tools.pictures`.

Each tutorial is followed in a folder of its own, and the page that it ends with is photographed in both languages.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from xisuan.cli.main import invoke

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(console|csv|json|toml|python)(?: (\S+))?\n(.*?)^```$", re.M | re.S)
"""What a tutorial has the reader type or write."""
PAGES: dict[str, tuple[Sequence[str], str, str]] = {
    "first-scenario": (("report", "runs/green"), "runs/green/report.html", ""),
    "gigabit": ((), "runs/towns/report.html", "cities"),
    "members": ((), "runs/futures/members.html", ""),
    "city": ((), "runs/harbour-city/report.html", ""),
    "province": (("report", "runs/campus"), "runs/campus/report.html", ""),
}
"""Tutorial → command that makes its page, the page, the section that the picture begins with."""
SIZE = {"width": 1280, "height": 800}


def follow(page: Path) -> None:
    """Write the files, and run the commands and the lines of Python, of a tutorial in the current folder."""
    names: dict[str, object] = {}
    for kind, file, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(text, page.name, "exec"), names)
        elif kind != "console":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(text, encoding="utf-8")
        for line in text.splitlines() if kind == "console" else ():
            code = invoke(shlex.split(line.removeprefix("$ "))[1:])
            if code != int(file.removeprefix("exit=") or 0):
                raise SystemExit(f"{page.name}: {line} ended with {code}")


def photograph(browser: Browser, html: Path, section: str, picture: Path) -> None:
    """Save the first screen of a page, or the screen that begins with a section of it."""
    page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
    page.goto(html.resolve().as_uri() + (f"#{section}" if section else ""))
    page.wait_for_timeout(500)
    page.screenshot(path=picture)
    page.close()


def main() -> None:
    """Follow every tutorial and save its two pictures in docs/images."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (command, html, section) in PAGES.items():
            with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                follow(ROOT / "docs" / "tutorials" / f"{name}.md")
                if command and invoke(list(command)) != 0:
                    raise SystemExit(f"{name}: {' '.join(command)} failed")
                for ending, language in (("", ""), (".zh", "-zh")):
                    at = Path(html).with_suffix(f"{ending}.html")
                    photograph(browser, at, section, ROOT / "docs" / "images" / f"tutorial-{name}{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
