"""Every text of the studio is a message, which the catalogue has in Chinese; names that come from elsewhere have words."""

from __future__ import annotations

import ast
import re
from importlib import resources
from pathlib import Path

import pytest

from tests.text.test_translation import holes, texts
from tools import messages
from xisuan.scenario.reading import manifest
from xisuan.scenario.schema import tables
from xisuan.studio import auth, labels
from xisuan.studio.column_headings import HEADINGS
from xisuan.studio.jobs.job_types import VERBS
from xisuan.studio.pages import page_components
from xisuan.studio.pages.work import scenario_fields
from xisuan.studio.services.all_services import SHARING
from xisuan.studio.storage.bilingual import Bilingual, restored, stored
from xisuan.text.translation import LANGUAGES, Translator
from xisuan.text.translation import message as _

FOLDER = Path(str(resources.files("xisuan.studio")))
FILES = sorted(file for file in FOLDER.rglob("*.py") if file.name != "schemas.py")
"""The schemas describe the API in English, as its routes do."""
SHOWN = (
    "RefusedError",
    "forbidden",
    "unknown",
    "button",
    "heading",
    "download",
    "H1",
    "H2",
    "H3",
    "P",
    "Summary",
)
"""Calls whose texts people read."""
NAMES = {"label", "placeholder", "aria-label", "thumbFromLabel", "thumbToLabel"}
"""Arguments that people read."""
WORDS = re.compile(r"[A-Za-z]{2,}.*\s.*[A-Za-z]{2,}|[\u4e00-\u9fff]")
"""A text of several words, or a Chinese one."""


def bare_texts(tree: ast.AST) -> list[str]:
    """Texts that are handed to what people read and are no messages."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = list(call.args) if name in SHOWN else []
        given += [word.value for word in call.keywords if word.arg in NAMES]
        for one in given:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                found.append(one.value)
            if isinstance(one, ast.JoinedStr):
                found += [part.value for part in one.values if isinstance(part, ast.Constant)]
    return [text for text in found if WORDS.search(str(text))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_what_people_read_is_a_message(file: Path) -> None:
    assert bare_texts(ast.parse(file.read_text(encoding="utf-8"))) == []


def test_a_text_that_is_no_message_is_found() -> None:
    tree = ast.parse('page.button("not a message", label=f"no {message} either"); html.P(say(_("a message here")))')
    assert bare_texts(tree) == ["not a message"]
    assert bare_texts(ast.parse("RefusedError(422, '没有')")) == ["没有"]


def test_every_message_is_in_chinese_with_chinese_punctuation() -> None:
    own = [
        one
        for one in messages.translated()
        if any(place.startswith("xisuan/studio/") for place, _line in one.locations)
    ]
    assert len(own) > 400
    for one in own:
        said = "".join(texts(one.string))
        assert said.strip(), one.id
        bare = re.sub(r"\{[^{}]*\}", "", said)
        assert not re.search(r"[一-鿿][,;:()]|[,;:()][一-鿿]", bare), one.id
        assert set().union(*map(holes, texts(one.string))) <= set().union(*map(holes, texts(one.id)))


def test_every_column_has_a_heading_of_its_own() -> None:
    """No page shows the name a column has in its file, and no table has the same heading twice."""
    for table in tables.TABLES:
        for language in LANGUAGES:
            headings = [Translator(language)(HEADINGS[column.name]) for column in table.columns]
            assert len(set(headings)) == len(headings), table.name


def test_names_that_are_stored_have_words() -> None:
    assert set(labels.ROLES) == set(auth.ROLES)
    assert set(labels.SCOPES) == set(auth.SCOPES)
    assert set(labels.SHARING) == set(SHARING)
    assert set(labels.VERBS) == set(VERBS) - {"run"}
    assert set(labels.OPTIONS) == {option.name for option in scenario_fields.SHOWN}
    choices = [parse for parse in manifest.PARSERS.values() if isinstance(parse, manifest.Choice)]
    assert set(labels.CHOICES) == {value for parse in choices for value in parse.values}


def test_every_action_of_the_log_has_words() -> None:
    """Each that the source writes down, and no other."""
    files = [FOLDER / "web" / "sign_in.py", *(FOLDER / "services").glob("*.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    found = {one for line in re.findall(r"store\.note\((.*)\)", text) for one in re.findall(r'"([a-z -]+)"', line)}
    assert found | set(VERBS) == set(labels.ACTIONS)


def test_a_text_is_stored_in_both_languages() -> None:
    text = restored(stored(_("the process of the run was ended by signal {number}", number=11)))
    assert (str(text), text.zh) == ("the process of the run was ended by signal 11", "运行进程被信号 11 终止")
    assert Translator("zh")(text) == text.zh
    assert Translator("zh")(Bilingual("only English")) == "only English"
    for plain in ("of an earlier version", "12", "", '["x"]'):
        assert str(restored(plain)) == plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_box_for_a_file_states_the_limit_that_it_enforces(language: str) -> None:
    """The box and the message for a larger file name 10 MB, which is the limit that the browser is given."""
    box, busy, refused = page_components.file_drop(Translator(language), "new-upload", 10 * 1024 * 1024)
    assert box.max_size == int(getattr(refused, "data-largest")) == 10_485_760
    assert "10 MB" in box.children.children
    assert "10 MB" in refused.children.children
    assert (refused.id, refused.hidden, busy.hidden) == ("new-upload-refused", True, True)
