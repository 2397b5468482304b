"""New scenarios to start from."""

from __future__ import annotations

import re

import pytest

from tests.scenario.folder import by, made
from xisuan.errors import ScenarioError
from xisuan.scenario import load, write
from xisuan.scenario.reading import scenario_folders
from xisuan.scenario.settings import OPTIONS
from xisuan.scenario.variants import new_folder


def test_without_a_base_it_is_a_copy_of_the_starter(tmp_path):
    folder = new_folder.new("mine", None, tmp_path)
    assert folder == tmp_path / "mine"
    assert (folder / "regions.csv").is_file()
    assert write.same(load.load(folder), load.load("starter").with_settings(name="mine"))


CHAIN = ("starter", "guizhou", "guizhou-2023")
"""Shipped scenarios with no base, one and three."""


@pytest.mark.parametrize(
    "base",
    [name if name in CHAIN else pytest.param(name, marks=pytest.mark.long) for name in scenario_folders.shipped()],
)
def test_on_a_shipped_base_it_extends_it(tmp_path, base):
    folder = new_folder.new("mine", base, tmp_path)
    assert [path.name for path in folder.iterdir()] == ["scenario.toml"]
    assert f'extends = "{base}"' in (folder / "scenario.toml").read_text()
    assert write.same(load.load(folder), load.load(base).with_settings(name="mine"))


def test_every_top_level_key_is_stated_one_a_line(tmp_path):
    text = (new_folder.new("mine", "starter", tmp_path) / "scenario.toml").read_text()
    for option in OPTIONS:
        if "." not in option.name and option.name != "drop":
            assert len(re.findall(rf"^{option.name} = .+$", text, re.MULTILINE)) == 1


def test_a_base_beside_it_is_extended_and_one_elsewhere_is_copied(tmp_path):
    base = made(tmp_path / "here" / "small")
    beside = new_folder.new("one", base, tmp_path / "here")
    elsewhere = new_folder.new("two", base, tmp_path / "there")
    assert 'extends = "small"' in (beside / "scenario.toml").read_text()
    assert (elsewhere / "links.csv").is_file()
    assert write.same(load.load(beside), load.load(elsewhere).with_settings(name="one"))


def test_a_base_beside_it_with_a_shipped_name_is_meant_itself(tmp_path):
    base = made(tmp_path / "starter")
    folder = new_folder.new("mine", base, tmp_path)
    assert load.load(folder).settings.title == ""
    assert write.same(load.load(folder), load.load(base).with_settings(name="mine"))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../up", "a b", "-rf", "a\n", "a\0", "x" * 65, "C:", None, 3])
def test_hostile_names_are_refused(tmp_path, name):
    with pytest.raises(ScenarioError, check=by("scenario-name-invalid")):
        new_folder.new(name, None, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_existing_folders_are_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(ScenarioError, check=by("folder-exists")):
        new_folder.new("mine", None, tmp_path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ScenarioError, check=by("folder-exists")):
        new_folder.new("dangling", None, tmp_path)


def test_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, check=by("folder-not-written")):
        new_folder.new("mine", None, tmp_path / "file")


def test_a_base_that_cannot_be_read_leaves_nothing_behind(tmp_path):
    with pytest.raises(ScenarioError, check=by("scenario-unknown")):
        new_folder.new("mine", tmp_path / "nowhere", tmp_path)
    assert list(tmp_path.iterdir()) == []
