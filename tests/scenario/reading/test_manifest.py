"""scenario.toml: every option is read, every mistake is named, and text and settings agree."""

from __future__ import annotations

import dataclasses
import datetime
import tomllib

import pytest

from xisuan.scenario.reading import manifest
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.settings import OPTIONS, Hours, PlanOptions, ReportOptions, Settings


def read(text):
    findings = Findings()
    raw = manifest.load(text, "scenario.toml", findings)
    stated = manifest.fields(raw, "scenario.toml", findings) if raw is not None else {}
    return stated, [str(problem) for problem in findings.problems]


def test_every_option_is_defined_read_and_documented_once():
    sections = {"plan": PlanOptions, "report": ReportOptions}
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
        ("name = ", "not TOML"),
        ("a = " + "[" * 5000, "not TOML: nested too deeply"),
        ("base_year = " + "9" * 5000, "not TOML"),
        ("base_year = 20.5", "base_year: 20.5 · give a whole number from 1900 to 2200"),
        ("base_year = true", "base_year: True · give a whole number"),
        ("discount_rate = 6", "give a fraction a year from 0 to 1: 6 % is 0.06"),
        ("discount_rate = nan", "give a fraction a year"),
        ('name = "../up"', "use letters, digits, - and _ only"),
        ('name = ""', "use letters, digits, - and _ only"),
        ("periods = 2026", "give the investment years, such as [2026, 2027]"),
        ("periods = []", "give the investment years, such as [2026, 2027]"),
        ("periods = [2027, 2026]", "give the years in ascending order, each once"),
        ("periods = [2026, 2026]", "give the years in ascending order, each once"),
        ('hours = "weeks:60"', 'give "year", "one", "weeks:N" (N ≤ 52)'),
        ("hours = 24", "give text in quotes"),
        ('objective = "price"', 'give "cost" or "carbon"'),
        ('as_of = "31.12.2025"', "give a date such as 2025-12-31"),
        ("as_of = 2025-12-31T10:00:00", "without a time"),
        ("plan = 3", "give a section [plan]"),
        ("[plan]\npower_prise = 1", 'plan.power_prise · no such option; did you mean "plan.power_price"?'),
        ("[plan]\nexcess_mcny_per_unit = inf", "give a finite number, 0 or more"),
        ("[plan]\ngap = 0", "give a fraction above 0, at most 1"),
        ("[plan]\ngap = nan", "give a fraction above 0, at most 1"),
        ("[plan]\ngap = true", "give a fraction above 0, at most 1"),
        ("drop = 1", "give a section [drop]"),
        ("[drop]\nregion = []", 'no such table; did you mean "regions"?'),
        ("[drop]\nregions = 'a'", "give a list of keys in quotes"),
    ],
)
def test_mistakes_are_named(text, said):
    assert any(said in problem for problem in read(text)[1])


def test_all_mistakes_are_named_at_once():
    assert len(read('periods = []\nhours = "day"\nbase_year = 1\nwhat = 2')[1]) == 4


def test_sections_of_later_versions_are_reported():
    assert read("[simulate]\nseed = 1")[1] == ["scenario.toml, simulate · this version reads no options there"]
