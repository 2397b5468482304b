"""Messages are said in both languages, and the catalogue is complete."""

from __future__ import annotations

import pickle
import re
import string
from collections.abc import Iterable

import pytest
from babel.messages.catalog import Message as CatalogMessage

from tools import messages
from xisuan.text.translation import Message, Translator, catalogue, in_context, plural, translate
from xisuan.text.translation import message as _


class Loads:
    """A catalogue of one text."""

    def __init__(self, **texts: str) -> None:
        self._texts = texts

    def gettext(self, source: str) -> str:
        return self._texts.get(source, source)


def holes(text: str) -> set[str]:
    """Names of the values that a source asks for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def texts(source: str | Iterable[str]) -> list[str]:
    return [source] if isinstance(source, str) else list(source)


def test_a_message_is_english_text_with_its_source() -> None:
    said = _("{name} has {rate:.1f} Gbps", name="A", rate=40)
    assert said == "A has 40.0 Gbps"
    assert (said.source, said.values) == ("{name} has {rate:.1f} Gbps", {"name": "A", "rate": 40})


def test_a_message_survives_another_process() -> None:
    inner = _("a link")
    said = pickle.loads(pickle.dumps(_("{what} is missing", what=inner)))
    assert said == "a link is missing"
    assert isinstance(said.values["what"], Message)


def test_messages_within_messages_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = Loads(**{"a link": "链路", "{what} is missing": "缺少{what}"})
    monkeypatch.setattr("xisuan.text.translation.catalogue", lambda language: loads)
    assert translate(_("{what} is missing", what=_("a link")), "zh") == "缺少链路"
    assert Translator("zh")(_("a link")) == "链路"
    assert translate(12, "zh") == "12"


def test_a_count_chooses_the_english_form() -> None:
    assert plural("{count} row", "{count} rows", 1) == "1 row"
    assert plural("{count} row", "{count} rows", 3) == "3 rows"


def test_a_context_keeps_equal_sources_apart() -> None:
    assert in_context("verb", "plan").context == "verb"


def test_every_message_is_translated_and_every_translation_is_used() -> None:
    """After a change of words: python -m tools.messages, then write the Chinese into xisuan.po and run it again."""
    found, stored = messages.extracted(), messages.translated()
    assert {(one.context, str(one.id)) for one in found} == {(one.context, str(one.id)) for one in stored}
    lacking = [one.id for one in stored if one.id and not all(texts(one.string))]
    assert lacking == []


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    assert (messages.FOLDER / "xisuan.mo").read_bytes() == messages.compiled(messages.translated())
    assert catalogue("en").gettext("a source") == "a source"


def test_a_translation_fills_in_the_same_values() -> None:
    for one in messages.translated():
        if one.id:
            asked = set().union(*(holes(text) for text in texts(one.id)))
            given = set().union(*(holes(text) for text in texts(one.string)))
            assert given <= asked, one.id
            assert asked - given <= {"count"}, one.id


def of_the_report() -> list[CatalogMessage]:
    """Messages of the report alone."""
    found = [one for one in messages.translated() if one.id and all("/report/" in place for place, _ in one.locations)]
    assert len(found) > 1000
    return found


def test_no_text_of_the_report_shows_marks_of_code() -> None:
    """A page sets text as it is: a backtick would stand there as a backtick."""
    assert not [one.id for one in of_the_report() if "`" in "".join((*texts(one.id), *texts(one.string)))]


def test_chinese_texts_of_the_report_use_chinese_punctuation() -> None:
    for one in of_the_report():
        bare = re.sub(r"\{\w+\}", "", "".join(texts(one.string)))
        assert not re.search(r"[一-鿿][,;:()]|[,;:()][一-鿿]", bare), one.id
