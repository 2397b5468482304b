"""Own rules as files: rules.toml, layers, drops, dates, and what `check` says of each mistake, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import made, problems
from xisuan import load, write
from xisuan.certificate.reading.variables import OF_OPERATION
from xisuan.equations.notation import OWN, VARIABLE
from xisuan.scenario.queries.own_rules import own_rules
from xisuan.scenario.schema.own_rule_tables import REFUSED, SUMMANDS
from xisuan.scenario.write import same

RULES = """
[[rule]]
name = "few"
sense = "<="
value = {2026 = 90, 2027 = 80}
unit = "units"

[[rule.term]]
variable = "installed"
site = "east-1"

[[rule.term]]
variable = "load"
technology = "server"
coefficient = 0.5

[[rule]]
name = "some"
sense = ">="
value = 1
[[rule.term]]
variable = "installed"
"""


def said(folder: Path) -> list[str]:
    """Return the errors of a folder in words."""
    return [str(problem) for problem in problems(folder) if problem.level == "error"]


def test_a_period_beside_one_value_is_kept(tmp_path: Path) -> None:
    text = RULES.replace("value = 1", "value = 1\nperiod = 2027")
    assert load(made(tmp_path, rules_toml=text))["rules"]["period"].tolist() == [2026, 2027, 2027]
    twice = RULES.replace("value = {2026 = 90", "period = 2026\nvalue = {2026 = 90")
    assert any("period" in one and "by year already" in one for one in said(made(tmp_path / "b", rules_toml=twice)))


@pytest.mark.parametrize("key", ["rule", "term"])
def test_a_term_cannot_say_that_it_is_anothers(tmp_path: Path, key: str) -> None:
    text = RULES.replace('variable = "load"', f'variable = "load"\n{key} = "some"')
    assert any("the place in the file gives it" in one for one in said(made(tmp_path, rules_toml=text)))


def test_rules_in_a_file_of_another_name_are_not_lost(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "Rules.toml").write_text(RULES)
    assert any("rename it to rules.toml" in one for one in said(folder))


def test_a_rule_without_a_value_is_told(tmp_path: Path) -> None:
    folder = made(tmp_path, rules_toml=RULES.replace("value = 1\n", ""))
    assert any("no value in any period" in str(one) for one in problems(folder))


def test_rules_are_read_as_two_tables(tmp_path: Path) -> None:
    scenario = load(made(tmp_path, rules_toml=RULES))
    assert scenario["rules"][["rule", "sense", "value", "by", "period"]].fillna(0).to_numpy().tolist() == [
        ["few", "<=", 90, "period", 2026],
        ["few", "<=", 80, "period", 2027],
        ["some", ">=", 1, "period", 0],
    ]
    assert scenario["rule_terms"][["rule", "term", "variable"]].to_numpy().tolist() == [
        ["few", 1, "installed"],
        ["few", 2, "load"],
        ["some", 1, "installed"],
    ]
    write(scenario, tmp_path / "again")
    assert same(load(tmp_path / "again"), scenario)


def test_a_layer_replaces_a_rule_with_all_its_terms_and_drops_another(tmp_path: Path) -> None:
    made(tmp_path / "base", rules_toml=RULES)
    child = tmp_path / "child"
    child.mkdir()
    (child / "scenario.toml").write_text('name = "child"\nextends = "base"\n[drop]\nrules = ["some"]\n')
    (child / "rules.toml").write_text(
        '[[rule]]\nname = "few"\nsense = ">="\nvalue = 2\n[[rule.term]]\nvariable = "build"\n'
    )
    (rule,) = own_rules(load(child))
    assert (rule.sense, dict(rule.values), [term["variable"] for term in rule.terms]) == (">=", {2026: 2.0}, ["build"])


def test_terms_alone_do_not_change_a_rule_of_the_base(tmp_path: Path) -> None:
    """A rule is replaced as a whole: its terms without the rule, in a layer, would add to or replace some of them."""
    made(tmp_path / "base", rules_toml=RULES)
    child = tmp_path / "child"
    child.mkdir()
    (child / "scenario.toml").write_text('name = "child"\nextends = "base"\n')
    terms = "rule,term,variable\nfew,2,build\nfew,3,load\nnone,1,load\n"
    (child / "rule_terms.csv").write_text(terms)
    found = said(child)
    assert ["rule: few · the rule is stated by what this scenario extends" in one for one in found] == [True, False]
    assert found[0].startswith("rule_terms.csv, row 2,")
    assert "rule: none" in found[1]
    (child / "rule_terms.csv").write_text("rule,term,variable\nfew,2,build\n")
    (child / "rules.csv").write_text("rule,sense,value\nfew,>=,2\n")
    few = next(rule for rule in own_rules(load(child)) if rule.name == "few")
    assert (few.sense, dict(few.values), [term["variable"] for term in few.terms]) == (">=", {2026: 2.0}, ["build"])


def test_a_dropped_site_does_not_shorten_a_rule_silently(tmp_path: Path) -> None:
    made(tmp_path / "base", rules_toml=RULES)
    child = tmp_path / "child"
    child.mkdir()
    (child / "scenario.toml").write_text('name = "child"\nextends = "base"\n[drop]\nsites = ["east-1"]\n')
    assert any("base/rules.toml, row 8, site: east-1" in one for one in said(child))


def test_a_rule_published_later_is_hidden_with_its_terms(tmp_path: Path) -> None:
    rules = RULES.replace('name = "few"', 'name = "few"\nsource = "late"')
    sources = "source,title,date\nlate,Late,2027-06\n"
    toml = 'name = "small"\nperiods = [2026]\nas_of = 2025-12-31\n'
    scenario = load(made(tmp_path, rules_toml=rules, sources_csv=sources, scenario_toml=toml))
    assert [rule.name for rule in own_rules(scenario)] == ["some"]
    assert set(scenario["rule_terms"]["rule"]) == {"some"}


MISTAKES = {
    'variable = "halls"': "variable: halls · no such variable",
    'variable = "flow"': "own rules cannot name routes",
    'variable = "deploy"': "own rules cannot name gigabit access",
    'variable = "peak"': "own rules cannot name the peak",
    'variable = "installed"\nregion = "east"': "region: east · not a filter of this variable",
    'variable = "installed"\nsite = "north-1"': "site: north-1 · not in sites",
    'variable = "installed"\nhub = "h"': "no such variable matches all filters of the term",
    'variable = "installed"\nweight = "sun"': "weight: sun · no such profile",
    'variable = "installed"\nlag = 2': "lag: 2",
    'variable = "installed"\nsites = "east-1"': "sites",
    'variable = "build"\n[[rule.term]]\nvariable = "load"\ncoefficient = 1': "cannot name orders",
    'variable = "load"\nlag = 1': "the period before is known of orders and capacity only",
    'variable = "load"': "blank, but the variable is in unit-hours and the rule in units",
}


@pytest.mark.parametrize("term", MISTAKES)
def test_a_mistake_in_a_term_is_named_with_its_line(term: str, tmp_path: Path) -> None:
    rules = f'[[rule]]\nname = "r"\nsense = "<="\nvalue = 5\nunit = "units"\n\n[[rule.term]]\n{term}\n'
    errors = said(made(tmp_path, rules_toml=rules))
    assert any(MISTAKES[term] in one for one in errors), errors
    assert all(one.startswith("rules.toml, row 7") or "rules.toml" in one for one in errors), errors


HEADS = {
    'sense = "<"\nvalue = 1': "sense",
    "value = 1": "sense",
    'sense = "<="\nvalue = -1': "no plan can keep it in 2026: variables are 0 or more, so that the sum is ≥ 0",
    'sense = "="\nvalue = -1': "no plan can keep it in 2026",
    'sense = "<="\nvalue = 1\nby = "hour"': "none of its variables has hours",
    'sense = "<="\nvalue = "many"': "value: many",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_mistake_in_a_rule_is_named(head: str, tmp_path: Path) -> None:
    errors = said(made(tmp_path, rules_toml=f'[[rule]]\nname = "r"\n{head}\n[[rule.term]]\nvariable = "installed"\n'))
    assert any(HEADS[head] in one and one.startswith("rules.toml, row 1") for one in errors), errors


def test_mistakes_are_named_all_at_once(tmp_path: Path) -> None:
    rules = "\n".join(
        f'[[rule]]\nname = "r{at}"\nsense = "<="\nvalue = 5\nunit = "units"\n[[rule.term]]\n{term}\n'
        for at, term in enumerate(MISTAKES)
        if "sites" not in term
    )
    errors = said(made(tmp_path, rules_toml=rules))
    assert len(errors) >= len(MISTAKES) - 1


def test_an_operating_rule_is_no_equation(tmp_path: Path) -> None:
    rules = '[[rule]]\nname = "r"\nsense = "="\nvalue = 5\n[[rule.term]]\nvariable = "load"\ncoefficient = 1\n'
    assert any("give two rules, <= and >=" in one for one in said(made(tmp_path, rules_toml=rules)))


def test_a_rule_without_terms_and_other_keys_are_errors(tmp_path: Path) -> None:
    errors = said(made(tmp_path, rules_toml='[[rule]]\nname = "r"\nsense = "<="\nvalue = 5\n\n[other]\nx = 1\n'))
    assert any("it sums nothing" in one for one in errors)
    assert any("not a key of rules.toml" in one for one in errors)
    assert any("not TOML" in one for one in said(made(tmp_path, rules_toml="[[rule\n")))


def test_units_of_several_kinds_are_not_added_up(tmp_path: Path) -> None:
    technologies = (
        "technology,class,unit,capex_mcny_per_unit,life_years\nserver,general,rack,1,5\nbox,general,box,1,5\n"
    )
    errors = said(made(tmp_path, rules_toml=RULES, technologies_csv=technologies))
    assert any("adds up units of several kinds" in one for one in errors)


@pytest.mark.parametrize("variable", ["serve", "unserved"])
def test_work_of_several_units_is_not_added_up(variable: str, tmp_path: Path) -> None:
    """A unit of work is one of the equipment that runs it: cores and boxes are not one sum, boxes alone are."""
    tables = {
        "technologies_csv": (
            "technology,class,unit,capex_mcny_per_unit,life_years\nserver,general,core,1,5\nbox,smart,box,1,5\n"
        ),
        "workloads_csv": "workload,class,latency_ms\nweb,general,100\nai,smart,100\n",
        "demand_csv": "region,workload,period,units\neast,web,2026,100\neast,ai,2026,9\n",
    }
    rule = f'[[rule]]\nname = "r"\nsense = "<="\nvalue = 5\n[[rule.term]]\nvariable = "{variable}"\n'
    assert any('"box", "core"' in one for one in said(made(tmp_path / "both", rules_toml=rule, **tables)))
    one = rule + 'workload = "ai"\n'
    assert not said(
        made(tmp_path / "one", rules_toml=one.replace("value = 5", 'value = 5\nunit = "box-hours"'), **tables)
    )


def test_the_source_of_power_is_a_filter_and_no_citation(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "r"\nsense = "<="\nvalue = 5\n[[rule.term]]\nvariable = "supply"\nsource = "solar"\n'
    tables = {
        "supply_csv": "site,source,capex_mcny_per_mw,life_years\neast-1,solar,4,20\n",
        "sources_csv": "source,title,date\na,A,2025\n",
    }
    found = [str(one) for one in problems(made(tmp_path, rules_toml=rule, **tables))]
    assert not any("rule_terms" in one or "rules.toml" in one for one in found)


def test_a_lagged_rule_promises_nothing_in_one_period(tmp_path: Path) -> None:
    """Its only period has none before, so that it is neither kept nor broken there."""
    ramp = (
        '[[rule]]\nname = "r"\nsense = "<="\nvalue = -5\n[[rule.term]]\nvariable = "build"\n'
        '[[rule.term]]\nvariable = "build"\nlag = 1\n'
    )
    toml = 'name = "small"\nperiods = [2026]\n'
    assert not any(
        "cannot be kept" in one or "≥" in one for one in said(made(tmp_path, rules_toml=ramp, scenario_toml=toml))
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests as root may read all, so the refusal of the system is played."""
    folder = made(tmp_path, rules_toml=RULES)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "rules.toml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert any("rules.toml" in one and "Permission denied" in one for one in said(folder))


def test_summands_are_variables_of_the_model() -> None:
    assert set(SUMMANDS) | set(REFUSED) == set(VARIABLE)
    assert {name for name, one in SUMMANDS.items() if one.stage == "operation"} == OF_OPERATION
    for name, summand in SUMMANDS.items():
        assert (summand.unit, summand.hourly) == (VARIABLE[name].unit, VARIABLE[name].hourly), name
        named = {"site", "technology", "source", "link", "region", "workload"} & set(VARIABLE[name].dims)
        assert named == set(summand.filters) & {"site", "technology", "source", "link", "region", "workload"}, name
    assert len(set(OWN.values())) == 5
