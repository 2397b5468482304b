"""Every text is there in both languages with the same gaps, is used, and nothing that is used is missing."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

import xisuan.indicators
from xisuan.decisions.display_names import RULES
from xisuan.equations.notation import CONSTRAINTS
from xisuan.report.run_context import inside
from xisuan.report.tracking.track_phrases import REASONS
from xisuan.report.words import LANGUAGES, Words, catalogue
from xisuan.results.plan import COST_TERMS
from xisuan.scenario.settings import Hours

DYNAMIC = {
    *(
        "class",
        "class_short",
        "class_plain",
        "party",
        "headline",
        "hub",
        "investor",
        "scope",
        "asset",
        "month",
        "weekday",
        "profile",
        "term",
        "table",
        "rule",
        "quality",
        "origin",
        "origin_value",
        "method",
        "family",
    ),
    *(
        "gigabit_unit",
        "alternatives",
        "verdict",
        "source",
        "money",
        "binding",
        "access_unit",
        "bound",
        "why",
        "levelised",
        "rules",
        "unanswered",
        "page",
        "comparison",
        "carbon",
        "data",
        "proof",
        "trace",
        "verify",
        "given",
        "column_unit",
        "amount_unit",
        "hours_of",
        "sweep",
        "sweep_figure",
        "sweep_unit",
        "members",
        "note",
        "outlook",
        "prices",
        "away",
    ),
}
"""Sections some of whose keys are put together from names of the model."""


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def sources() -> str:
    folder = resources.files("xisuan.report")
    files = [*folder.iterdir(), *folder.joinpath("templates").iterdir()]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.name.endswith((".py", ".j2")))


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_a_text_has_both_languages_and_the_same_gaps(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == {"en", "zh"}
    assert all(text.strip() for text in texts.values())
    assert gaps(texts["en"]) == gaps(texts["zh"])


def test_chinese_texts_use_chinese_punctuation() -> None:
    for key, texts in catalogue().items():
        bare = re.sub(r"\{\w+\}", "", texts["zh"])
        assert not re.search(r"[一-鿿][,;:()]|[,;:()][一-鿿]", bare), key


def test_no_text_shows_marks_of_code() -> None:
    """The page sets text as it is: a backtick would stand there as a backtick."""
    assert not [key for key, texts in catalogue().items() if "`" in "".join(texts.values())]


def test_every_key_used_is_in_the_catalogue() -> None:
    used = set(re.findall(r'say\(\s*"([a-z_]+\.[a-z_0-9]+)"', sources()))
    assert len(used) > 100
    assert used <= set(catalogue())


def test_every_key_of_the_catalogue_is_used() -> None:
    text = sources()
    unused = [key for key in catalogue() if f'"{key}"' not in text and key.partition(".")[0] not in DYNAMIC]
    assert unused == []


def test_every_cost_term_has_a_name() -> None:
    assert {f"term.{term}" for term in COST_TERMS} <= set(catalogue())


def test_every_constraint_has_a_name() -> None:
    """Those of the model, and what the certificate checks besides."""
    besides = {"bounds", "deadline", "integrality", "eligibility", "capacity"}
    asked = {constraint.name for constraint in CONSTRAINTS} | besides
    assert {key.partition(".")[2] for key in catalogue() if key.startswith("family.")} == asked


def test_unknown_names_stay_as_they_are() -> None:
    assert Words("zh").known("investor", "Acme") == "Acme"
    assert Words("zh").known("investor", "China Telecom") == "中国电信"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_called_the_same_in_estimates_and_on_the_page(rule: str) -> None:
    """The tables of decisions name it, too, and know nothing of the page."""
    assert RULES[rule] == (Words("en")(f"rule.{rule}"), Words("zh")(f"rule.{rule}"))


def reasons_of_the_reader() -> Iterator[str]:
    """What `leave` is called with in the sources, be it a text or the name of one."""
    for file in Path(xisuan.indicators.__path__[0]).rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {
            name.id: ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for name in node.targets
            if isinstance(name, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "leave":
                why = node.args[1]
                if isinstance(why, ast.Constant):
                    yield str(why.value)
                elif isinstance(why, ast.Name) and why.id in named:
                    yield named[why.id]


def test_every_reason_of_the_reader_has_a_chinese_twin() -> None:
    found = set(reasons_of_the_reader())
    assert len(found) > 20
    assert found <= set(REASONS)


@pytest.mark.parametrize("kind", ["year", "one", "weeks:1", "weeks:4", "days:1", "days:12", "hours:1", "hours:96"])
def test_hours_are_said_in_words(kind: str) -> None:
    """Nobody reads `days:2`."""
    for language in LANGUAGES:
        said = Words(language).hours_of(Hours.parse(kind))
        assert ":" not in said
        assert kind.partition(":")[2] in said


def test_a_name_that_begins_a_chinese_sentence_keeps_its_capital() -> None:
    assert [inside("Hub首年所订"), inside("First orders"), inside("AI training")] == [
        "Hub首年所订",
        "first orders",
        "AI training",
    ]
