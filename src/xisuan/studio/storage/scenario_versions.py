"""Versions of scenarios on disk: immutable folders, in which unchanged files are shared with earlier versions.

Each lies in DATA/versions/NAME, which holds only `scenario/`, so that `extends` finds shipped scenarios only.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xisuan.errors import Problem
from xisuan.scenario import load, write
from xisuan.scenario.reading import manifest, scenario_folders
from xisuan.scenario.reading.problems import shown
from xisuan.scenario.reading.raw_sheets import RULES_FILE
from xisuan.scenario.variants.provinces import province_folder, province_list
from xisuan.studio import auth
from xisuan.studio.editing import table_rows
from xisuan.studio.http_errors import RefusedError
from xisuan.text.translation import message as _

Texts = Mapping[str, str | bytes | None]
"""Changes to a folder: file name → content; None removes it."""

PROBLEMS = "problems.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """Findings of `check` on a folder, and its titles."""

    title: str
    title_zh: str
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """Number of problems that prevent a run."""
        return sum(problem.level == "error" for problem in self.problems)

    @property
    def columns(self) -> dict[str, Any]:
        """Return the values that the database stores."""
        warnings = len(self.problems) - self.errors
        titles = {"title": self.title[:300], "title_zh": self.title_zh[:300]}
        return {**titles, "errors": self.errors, "warnings": warnings}


def check(folder: str) -> Checked:
    """Check a scenario folder. Runs in the worker process."""
    _, problems = load.examine(folder)
    options = table_rows.settings(Path(folder))
    return Checked(options.title, options.title_zh, problems)


def resolve_extends(folder: str) -> None:
    """Rewrite the scenario in `folder` with all its tables as CSV, so that it extends nothing. Raises ScenarioError."""
    whole = load.load(folder)
    path = Path(folder)
    write.write(whole, path.with_name("whole"))
    shutil.rmtree(path)
    path.with_name("whole").rename(path)


def write_shipped(name: str, title: str, folder: str) -> None:
    """Write the shipped scenario `name` into `folder`, with all its tables."""
    scenario = load.load(name)
    title = title or scenario.settings.title
    write.write(scenario.with_settings(title=title), folder)


def write_province(code: str, name: str, periods: tuple[int, ...], folder: str) -> None:
    """Write the scenario of a province into `folder`, with all its tables. Raises ScenarioError for unknown periods."""
    province = next(one for one in province_list.provinces() if one.code == code)
    province_folder.new(province, name, Path(folder), periods)
    readme = Path(folder, "README.md").read_bytes()
    resolve_extends(folder)
    Path(folder, "README.md").write_bytes(readme)


def nation_years() -> tuple[int, ...]:
    """Return the years of the nation, on top of which a province is planned."""
    return table_rows.settings(scenario_folders.library() / province_folder.NATION).periods


def shipped_titles() -> dict[str, tuple[str, str]]:
    """Return the titles of each shipped scenario by name."""
    out = {}
    for name in scenario_folders.shipped():
        options = table_rows.settings(scenario_folders.library() / name)
        out[name] = (options.title or name, options.title_zh or options.title or name)
    return out


class VersionFolders:
    """Folders of all versions of a studio."""

    def __init__(self, data: Path) -> None:
        self.root = data / "versions"
        self.root.mkdir(parents=True, exist_ok=True)
        for left in self.root.glob(".making-*"):
            shutil.rmtree(left, ignore_errors=True)

    def folder(self, room: str) -> Path:
        """Return the scenario folder of a version."""
        return self.root / room / "scenario"

    @contextmanager
    def draft(self, room: str | None, changes: Texts) -> Iterator[Path]:
        """Context with a changed copy of a version's scenario folder, which is removed unless it is kept."""
        place = Path(tempfile.mkdtemp(prefix=".making-", dir=self.root))
        try:
            folder = place / "scenario"
            folder.mkdir()
            if room is not None:
                for path in self.folder(room).iterdir():
                    os.link(path, folder / path.name)
            for name, content in changes.items():
                (folder / name).unlink(missing_ok=True)
                if content:
                    data = content.encode() if isinstance(content, str) else content
                    (folder / name).write_bytes(data)
            yield folder
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def keep(self, draft: Path, checked: Checked) -> str:
        """Turn a draft into a version's folder. Return its name; the folder is complete before it is renamed."""
        problems = [problem.stored() for problem in checked.problems]
        (draft.parent / PROBLEMS).write_text(json.dumps(problems, ensure_ascii=False), encoding="utf-8")
        room = auth.new_id()
        draft.parent.rename(self.root / room)
        return room

    def problems(self, room: str) -> list[Problem]:
        """Return the findings of `check` from when the version was made."""
        found = json.loads((self.root / room / PROBLEMS).read_text(encoding="utf-8"))
        if any("code" not in entry for entry in found):  # stored by a version whose problems had no codes
            return list(check(str(self.folder(room))).problems)
        return [Problem.restored(entry) for entry in found]

    def discard(self, room: str) -> None:
        """Remove a folder that no version uses."""
        shutil.rmtree(self.root / room, ignore_errors=True)


def make_independent(files: Mapping[str, bytes], draft: Path, settle: Callable[[str], None]) -> None:
    """Make an uploaded folder independent: rewrite it if it extends a shipped scenario, or holds Parquet or rules.toml.

    Raises RefusedError if it extends anything else, ScenarioError.
    """
    stated = table_rows.stated(draft)
    if stated is None:
        raise RefusedError(422, _("{file} in the upload is not TOML; correct it and upload again", file=manifest.FILE))
    extends = stated.get("extends", "")
    if extends and extends not in scenario_folders.shipped():
        raise RefusedError(
            422,
            _(
                "it extends {extends}, which is no shipped scenario; upload the whole scenario, with all its tables",
                extends=shown(extends),
            ),
        )
    if extends or RULES_FILE in files or any(name.endswith(".parquet") for name in files):
        settle(str(draft))


def parquet(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of a run folder."""
    return pd.read_parquet(folder / f"{name}.parquet")
