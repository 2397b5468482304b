"""The brief and the chapters as a PDF: the report as Chromium prints it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from xisuan.errors import StoreError
from xisuan.text.translation import message as _

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip
"""Names and places of the browsers that print: Chromium and those built on it."""
SECONDS = 180
"""Time after which a browser that does not print is stopped."""


def browser() -> str:
    """Return the path of a browser that prints. Raises StoreError if there is none, with what to install."""
    found = next((path for name in BROWSERS if (path := shutil.which(name)) is not None), None)
    if found is None:
        raise StoreError(
            _(
                "a PDF is printed by Chromium, Google Chrome or Microsoft Edge, and none is installed: install one "
                "(Debian and Ubuntu: apt install chromium), or open report.html in any browser and print it"
            )
        )
    return found


def write(html: str, path: Path) -> None:
    """Print a page to `path`. Raises StoreError if there is no browser or it fails."""
    program = browser()
    with tempfile.TemporaryDirectory(prefix="xisuan-print-") as scratch:
        page, out = Path(scratch, "page.html"), Path(scratch, "page.pdf")
        page.write_text(html, encoding="utf-8")
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # the browser has no sandbox for root
        command = [
            program, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={scratch}/profile",
            *(["--no-sandbox"] if is_root else []), f"--print-to-pdf={out}", page.as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise StoreError(_("{program} did not print: {problem}", program=program, problem=str(problem))) from None
        if not out.is_file():
            last = (done.stderr.strip().splitlines() or [""])[-1]
            raise StoreError(_("{program} did not print: {problem}", program=program, problem=last))
        shutil.copyfile(out, path)
