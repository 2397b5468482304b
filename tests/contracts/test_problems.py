"""Every problem of an input has a code that is used, filled with all its values, documented and translated."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from tools import messages, reference
from xisuan.errors import Problem
from xisuan.problem_codes import GROUPS, SOURCES
from xisuan.text.translation import Message, decoded, encoded, translate
from xisuan.text.translation import message as _

SOURCE = Path(__file__).parents[2] / "src"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
QUOTED = re.compile(r'"([a-z0-9-]+)"')
FIELDS = frozenset(("table", "row", "column", "value", "level", "more"))
"""Arguments of a problem that are not values of its message."""


def holes(text: str) -> set[str]:
    """Names of the values that a source asks for."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def trees() -> list[tuple[str, ast.Module]]:
    """Modules that name the code of a problem; to parse all others would take every worker three seconds."""
    files = [path for path in SOURCE.rglob("*.py") if "problem_codes" not in path.parts]
    texts = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in files}
    return [
        (name, ast.parse(text)) for name, text in texts.items() if not SOURCES.keys().isdisjoint(QUOTED.findall(text))
    ]


MODULES, PAGE, CATALOGUE = trees(), reference.problems(), messages.translated()
TEXTS = {
    node.value
    for name, tree in MODULES
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
"""Texts of the code, without the tables of codes."""


def test_no_code_has_two_meanings() -> None:
    codes = [code for group in GROUPS for code in group.SOURCES]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []


def test_every_code_is_used() -> None:
    assert sorted(set(SOURCES) - TEXTS) == []


@pytest.mark.parametrize("code", sorted(SOURCES))
def test_a_code_is_a_short_name_documented_and_translated(code: str) -> None:
    assert NAME.fullmatch(code)
    assert f"| `{code}` |" in PAGE
    for text in filter(None, SOURCES[code]):
        chinese = CATALOGUE.get(text, context=code)
        assert chinese is not None, f"{code}: {text!r} is not in the catalogue"
        assert chinese.string, f"{code}: {text!r} has no Chinese"
        assert holes(chinese.string) == holes(text)


def test_every_problem_says_what_to_do() -> None:
    """Only the line that counts further problems does not."""
    assert [code for code, (_fault, remedy) in SOURCES.items() if not remedy] == ["more-like-these"]


MAKERS = frozenset(("error", "warn", "Problem", "UnreadableError"))
"""Functions that make a problem of a code and its values."""


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def calls() -> list[tuple[str, str, ast.Call]]:
    """Calls with the code of a problem as an argument: file and line, code, call."""
    found = []
    for name, tree in MODULES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
                codes = [one.value for one in node.args if isinstance(one, ast.Constant) and one.value in SOURCES]
                found += [(f"{name}:{node.lineno}", str(code), node) for code in codes]
    return found


@pytest.mark.parametrize(("place", "code", "call"), calls(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_problem_has_all_values_of_its_message(place: str, code: str, call: ast.Call) -> None:
    given = {keyword.arg for keyword in call.keywords}
    wanted = {name for text in SOURCES[code] for name in holes(text)}
    assert None in given or wanted <= given, place
    assert not wanted & FIELDS


def test_a_problem_is_one_line_in_both_languages() -> None:
    one = Problem("not-a-number-in-unit", table="power.csv", row=3, column="price", value="half", unit="CNY per kWh")
    assert str(one) == "power.csv, row 3, price: half · not a number; write the number alone, in CNY per kWh"
    assert one.in_language("zh") == "power.csv，第 3 行，price：half · 不是数字；请只填数值，单位为CNY per kWh"
    document = one.document()
    assert (document["code"], document["row"], document["values"]) == (one.code, "row 3", {"unit": "CNY per kWh"})
    assert document["message"] == "not a number; write the number alone, in CNY per kWh"


def test_a_stored_problem_keeps_its_languages() -> None:
    hint = _("known: {names}", names="a, b")
    one = Problem(
        "table-unknown", table="x.csv", row=_("row {line} ({key})", line=2, key="a"), hint=hint, level="warning"
    )
    again = Problem.restored(one.stored())
    assert again == one
    assert again.in_language("zh") == "x.csv，第 2 行（a） · 没有这张表；可选：a, b"
    assert isinstance(decoded(encoded(hint)), Message)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError, match="no-such-code"):
        Problem("no-such-code")


def test_values_are_shown_on_one_line() -> None:
    one = Problem("table-unknown", hint="a\nb")
    assert translate(one.message, "en") == r"no such table; a\nb"
