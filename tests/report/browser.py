"""Chromium without a window: what a page looks like to a browser, measured by a script appended to a copy of it."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

FRAME = """<!doctype html><body style="margin:0">
<iframe src="{page}" style="border:0;width:{width}px;height:3000px"></iframe>
<pre id="out"></pre>
<script>addEventListener("message", (event) => document.getElementById("out").textContent = event.data)</script>"""
"""A window of Chromium is at least 500 pixels wide; a frame can be as narrow as a phone."""


def need() -> str:
    """The browser. Without one the test is skipped, loudly; under CI it fails."""
    if BROWSER is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: install it, the page must be looked at before it is released")
        pytest.skip("NO CHROMIUM: nobody has looked at the page; install chromium and run again")
    return BROWSER


def run(*arguments: str, folder: Path) -> str:
    """What the browser writes to standard output."""
    command = [need(), *QUIET, f"--user-data-dir={folder / 'profile'}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    return done.stdout


def ask(page: str, script: str, folder: Path, width: int = 1280, *more: str) -> dict[str, Any]:
    """Show a page `width` pixels wide and return what the script finds: it returns an object, or a promise of one."""
    errors = 'const errors = []; addEventListener("error", (event) => errors.push(event.message));'
    told = f"JSON.stringify({{...(await (() => {{{script}}})()), errors}})"
    after = f'<script>addEventListener("load", async () => parent.postMessage({told}, "*"));</script></body>'
    copy = page.replace("<script>", f"<script>{errors}</script><script>", 1).replace("</body>", after)
    (folder / "page.html").write_text(copy, encoding="utf-8")
    (folder / "frame.html").write_text(FRAME.format(page="page.html", width=width), encoding="utf-8")
    size = f"--window-size={max(500, width)},3000"
    shown = run(
        *more, size, "--virtual-time-budget=5000", "--dump-dom", (folder / "frame.html").as_uri(), folder=folder
    )
    found = re.search(r'<pre id="out">(.*?)</pre>', shown, flags=re.S)
    assert found, shown[:2000]
    answer: dict[str, Any] = json.loads(html.unescape(found[1]))
    return answer
