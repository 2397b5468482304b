"""scenario.toml: every option is read, every mistake is named, and text and settings agree."""

from __future__ import annotations

import dataclasses
import datetime
import tomllib

import pytest

from tests.scenario.folder import told
from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.settings import OPTIONS, Hours, PlanOptions, ReportOptions, RiskOptions, Settings


def read(text):
    findings = Findings()
    raw = manifest.load(text, "scenario.toml", findings)
    stated = manifest.fields(raw, "scenario.toml", findings) if raw is not None else {}
    return stated, [told(problem) for problem in findings.problems]


def test_every_option_is_defined_read_and_documented_once():
    sections = {"plan": PlanOptions, "risk": RiskOptions, "report": ReportOptions}
    fields = [f.name for f in dataclasses.fields(Settings) if f.name not in sections]
    fields += [f"{name}.{f.name}" for name, section in sections.items() for f in dataclasses.fields(section)]
    assert sorted(option.name for option in OPTIONS) == sorted(fields)
    assert sorted([*manifest.PARSERS, "drop"]) == sorted(fields)


def test_text_and_settings_agree():
    chosen = Settings(
        name="here",
        title='a "quoted" \\ title',
        title_zh="贵州",
        as_of=datetime.date(2025, 12, 31),
        periods=(2026, 2030),
        hours=Hours("weeks", 4),
        discount_rate=0.1,
        objective="carbon",
        plan=PlanOptions("contract", 2.5, 0.5, 3, 1e-4),
    )
    stated, problems = read(manifest.text(chosen))
    assert problems == []
    assert manifest.settings(stated) == chosen


def test_every_top_level_option_is_on_a_line_of_its_own():
    lines = manifest.text(Settings(name="here")).splitlines()
    for option in OPTIONS:
        if "." not in option.name and option.name != "drop":
            assert sum(line.startswith(f"{option.name} = ") for line in lines) == 1
    assert tomllib.loads("\n".join(lines))["as_of"] == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[plan]\nrolling = "24/48"', "windows-invalid"),
        ('[plan]\nrolling = "168/24"', "windows-too-long"),
        ("name = ", "not-toml"),
        ("a = " + "[" * 5000, "not-toml"),
        ("base_year = " + "9" * 5000, "not-toml"),
        ("base_year = 20.5", "base_year: 20.5 · not-whole-in-range"),
        ("base_year = true", "base_year: True · not-whole-in-range"),
        ("discount_rate = 6", "rate-not-a-fraction"),
        ("discount_rate = nan", "rate-not-a-fraction"),
        ('name = "../up"', "name-invalid"),
        ('name = ""', "name-invalid"),
        ("periods = 2026", "periods-not-years"),
        ("periods = []", "periods-not-years"),
        ("periods = [2027, 2026]", "periods-not-ascending"),
        ("periods = [2026, 2026]", "periods-not-ascending"),
        ('hours = "weeks:60"', "hours-invalid"),
        ("hours = 24", "text-not-quoted"),
        ('objective = "price"', "not-a-choice"),
        ('as_of = "31.12.2025"', "date-invalid"),
        ("as_of = 2025-12-31T10:00:00", "date-with-time"),
        ("plan = 3", "not-a-section"),
        ("[plan]\npower_prise = 1", "plan.power_prise · option-unknown"),
        ("[plan]\nexcess_mcny_per_unit = inf", "penalty-invalid"),
        ("[plan]\ngap = 0", "gap-not-a-fraction"),
        ("[plan]\ngap = nan", "gap-not-a-fraction"),
        ("[plan]\ngap = true", "gap-not-a-fraction"),
        ("drop = 1", "drop-not-a-section"),
        ("[drop]\nregion = []", "table-unknown"),
        ("[drop]\nregions = 'a'", "keys-not-a-list"),
    ],
)
def test_mistakes_are_named(text, said):
    assert any(said in problem for problem in read(text)[1])


def test_all_mistakes_are_named_at_once():
    assert len(read('periods = []\nhours = "day"\nbase_year = 1\nwhat = 2')[1]) == 4


def test_sections_of_later_versions_are_reported():
    assert read("[simulate]\nseed = 1")[1] == ["scenario.toml, simulate · section-not-read"]
