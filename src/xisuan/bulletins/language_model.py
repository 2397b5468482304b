"""Figures proposed by a language model, of which only those are taken that the text itself proves.

The model links words: this number, with this unit, is that indicator, of this place, at this date. Number, unit, place
and date are quoted from the text and read by the grammar; no value of the model is used. A figure is taken if every
quotation stands in the text and is read in one way, its unit fits the indicator, and its kind is certain. A number that
grammar and model read differently is left over. The checks for contradictions then run over all figures.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn
from urllib.parse import urlsplit

from xisuan.bulletins.figures.number_kinds import LEFT, UNCERTAIN, UNDATED
from xisuan.bulletins.figures.observations import CONTRADICTIONS, checked, clean, fitted_to, has_unit, in_unit, scope_in
from xisuan.bulletins.figures.periods import Calendar
from xisuan.bulletins.figures.subjects import OF_A_FIRM, OF_FIRMS
from xisuan.bulletins.language.annotation import Sentence, annotate
from xisuan.bulletins.language.lexicon import Lexicon, fold, lexicon
from xisuan.bulletins.language.quantities import Quantity, with_years
from xisuan.bulletins.language.time_phrases import Span, phrases
from xisuan.bulletins.language.word_forms import simplified
from xisuan.errors import Problem, ScenarioError
from xisuan.results.bulletin_reading import Observation, Passage, Reading, Unplaced
from xisuan.text.translation import message as _

KEY = "XISUAN_READER_KEY"
"""Environment variable with the key of the server, for one that asks for a key."""
PATIENCE = 300.0
"""Timeout of one answer, in seconds."""
LARGEST = 8 * 2**20
"""Bytes of an answer that are read."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: a text goes to the address that the user gave and to no other."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Return no request."""


class ModelServer:
    """Server at `address` (such as http://127.0.0.1:8080/v1), with `model` or, if blank, the only model that it has."""

    def __init__(self, address: str, model: str = "") -> None:
        """Find the model. Raises ScenarioError if the address is not valid, or the server does not answer."""
        self.address = address.rstrip("/")
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            self._refuse("reader-address")
        self._open = urllib.request.build_opener(_NoRedirects()).open
        self.model = model or self._only_model()

    def _only_model(self) -> str:
        found = self._ask("/models", None).get("data")
        names = [str(one["id"]) for one in found if isinstance(one, dict) and "id" in one] if found else []
        if len(names) != 1:
            self._refuse("reader-model-unclear", ", ".join(names) or "–")
        return names[0]

    def answer(self, task: str, text: str, schema: Mapping[str, Any]) -> Any:
        """Return the parsed JSON answer to a task on a text. Raises ScenarioError if it is no JSON."""
        question = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": task}, {"role": "user", "content": text}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "figures", "strict": True, "schema": schema},
            },
        }
        found = self._ask("/chat/completions", question)
        try:
            return json.loads(found["choices"][0]["message"]["content"])
        except (KeyError, IndexError, TypeError, ValueError):
            self._refuse("reader-answer")

    def _ask(self, path: str, question: Mapping[str, Any] | None) -> Mapping[str, Any]:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY, ""):
            headers["Authorization"] = f"Bearer {key}"
        body = None if question is None else json.dumps(question, ensure_ascii=False).encode()
        try:
            with self._open(urllib.request.Request(self.address + path, body, headers), timeout=PATIENCE) as answer:
                found = json.loads(answer.read(LARGEST))
        except urllib.error.HTTPError as refused:
            self._refuse("reader-refused", f"{refused.code} {refused.reason}")
        except (OSError, TimeoutError) as problem:
            self._refuse("reader-unreachable", str(getattr(problem, "reason", problem)))
        except ValueError:
            self._refuse("reader-answer")
        if not isinstance(found, dict):
            self._refuse("reader-answer")
        return found

    def _refuse(self, code: str, reason: str = "") -> NoReturn:
        raise ScenarioError([Problem(code, table="--reader", value=self.address, reason=reason)])


MOST = 6_000
"""Characters of a text that are sent at once."""
STATUSES = ("actual", "preliminary", "projected", "target")
KINDS = ("level", "growth")
WORDS = ("number", "unit", "place", "date")
NOT_THERE = _("the words that the reader quotes do not stand in the text")
NOT_ONE = _("the reader's words can be read in more than one way")
NO_FIT = _("the unit does not fit the indicator that the reader gives")
NO_KIND = _("not certain whether it is reached or a target")
NOT_YET = _("said to have happened, with a day after that of the text")
NOT_SAME = _("grammar and reader read it differently")
TASK = (
    "You read official statistics. The user gives numbered passages of one bulletin in Chinese or English. List every "
    "figure of the passages that is one of the indicators below. Copy `number`, `unit`, `place` and `date` letter by "
    "letter from the text; place and date may stand in the same passage or in an earlier one. Leave a figure out "
    "unless its indicator, place and date are certain. `kind` is level, or growth over the year before. Never compute, "
    "convert or complete anything.\nIndicators:\n"
)
"""Task for the model. It is in English, since models follow such a task for texts in either language."""


@dataclass(frozen=True)
class _Text:
    """Prose of a bulletin for the checks: passages, title, day of publication, default region and vocabulary."""

    passages: Sequence[Passage]
    title: str
    published: datetime.date | None
    region: str
    words: Lexicon

    def earlier(self, at: int) -> str:
        """Return the title and the passages of the paragraph before passage `at`."""
        start = max((nth for nth in range(at + 1) if self.passages[nth].begins), default=0)
        return "\n".join([self.title, *(one.text for one in self.passages[start:at])])


def extended(
    found: Reading, server: ModelServer, words: Lexicon | None = None, region: str = ""
) -> tuple[Reading, int, int]:
    """Return the reading of one bulletin with the figures of a model, and how many of these were taken and refused.

    `region` is the region of a text that names none. Raises ScenarioError if the server does not answer as it should.
    """
    bulletin = found.bulletins[0]
    day = datetime.date.fromisoformat(bulletin.published) if bulletin.published else None
    text = _Text([one for one in found.passages if one.text], bulletin.title, day, region, words or lexicon())
    taken: list[Observation] = []
    left: list[Unplaced] = []
    proposed = _proposed(text, server)
    for one in proposed:
        seen = _observation(one, text)
        if isinstance(seen, Observation) and _is_settled(found, seen):
            continue
        if isinstance(seen, Observation):
            taken.append(replace(seen, published=bulletin.published, source=bulletin.source))
        elif seen is not None:
            left.append(seen)
    return _merged(found, text, taken, left), len(taken), len(proposed) - len(taken)


def _proposed(text: _Text, server: ModelServer) -> list[Mapping[str, Any]]:
    """Return the figures that the model proposes, each with the index of its passage."""
    terms = text.words.terms
    task = TASK + "\n".join(f"{key}: {term.title} / {term.title_zh} ({term.unit})" for key, term in terms.items())
    out: list[Mapping[str, Any]] = []
    part: list[str] = []
    for at, one in enumerate(text.passages):
        part.append(f"[{at}] {one.text}")
        if at + 1 == len(text.passages) or sum(map(len, part)) > MOST:
            head = f"{text.title}\n{text.published or ''}\n"
            answer = server.answer(task, head + "\n".join(part), _schema(sorted(terms)))
            figures = answer.get("figures") if isinstance(answer, dict) else None
            out += [one for one in figures if isinstance(one, dict)] if isinstance(figures, list) else []
            part = []
    return out


def _schema(indicators: Sequence[str]) -> dict[str, Any]:
    """Return the JSON schema of an answer."""
    quoted = {name: {"type": "string"} for name in WORDS}
    choices = {"indicator": list(indicators), "status": list(STATUSES), "kind": list(KINDS)}
    fields = {
        "passage": {"type": "integer"},
        **quoted,
        **{name: {"type": "string", "enum": known} for name, known in choices.items()},
    }
    one = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    figures = {"type": "array", "items": one}
    return {
        "type": "object",
        "properties": {"figures": figures},
        "required": ["figures"],
        "additionalProperties": False,
    }


def _observation(one: Mapping[str, Any], text: _Text) -> Observation | Unplaced | None:
    """Return the observation of a proposed figure, the reason against it, or None if its number is not in the text."""
    at, words = one.get("passage"), text.words
    said = {name: one.get(name) for name in (*WORDS, "indicator", "status", "kind")}
    if (
        not isinstance(at, int)
        or not 0 <= at < len(text.passages)
        or not all(isinstance(v, str) for v in said.values())
    ):
        return None
    passage = text.passages[at]
    sentence = annotate(with_years(simplified(passage.text)), passage.place, "", words)
    number = _number(sentence, str(said["number"]), str(said["unit"]))
    if number is None:
        return None
    spec = words.terms.get(str(said["indicator"]))
    if spec is None or said["status"] not in STATUSES or said["kind"] not in KINDS:
        return None
    left = Unplaced(
        passage.text[number.start : number.end], "", passage.text, passage.place, ((number.start, number.end),)
    )
    growth = said["kind"] == "growth"
    if not (number.unit == "pct" if growth else has_unit(number, spec)):
        return replace(left, why=NO_FIT)
    days = _quoted(str(said["date"]), at, text)
    region = _quoted(str(said["place"]), at, text)
    if days is None or region is None:
        return replace(left, why=NOT_THERE)
    when, where = _days(str(said["date"]), text), _region(str(said["place"]), text)
    if when is None or not where:
        return replace(left, why=NOT_ONE)
    status = str(said["status"])
    first, last, basis = fitted_to(when, spec)
    if (words.cues.status["target"].search(sentence.text) is not None) != (status == "target"):
        return replace(left, why=NO_KIND)
    if status in ("actual", "preliminary") and text.published is not None and last > text.published:
        return replace(left, why=NOT_YET)
    value, unit = (None, "pct") if growth else in_unit(number, spec.unit)
    return Observation(
        indicator=spec.indicator, region=where, period_start=first.isoformat(), period_end=last.isoformat(),
        basis=basis, value=None if value is None else clean(value), unit=unit,
        growth_pct=clean(number.value) if growth else None, status=status, bound=number.bound,
        inherited=tuple(name for name, own in (("period", days), ("region", region)) if not own),
        text=passage.text, place=passage.place, marks=left.marks,
        scope=scope_in(sentence.text[: number.start]),
    )  # fmt: skip


def _number(sentence: Sentence, number: str, unit: str) -> Quantity | None:
    """Return the quantity that is written as `number` with `unit`; None unless it stands once in the sentence."""
    digits, measure = fold(number).strip(), fold(simplified(unit)).strip()
    if not re.search(r"\d", digits) or not measure:
        return None
    exact = re.compile(rf"(?<![\d.,]){re.escape(digits)}(?!\d|[.,]\d)")
    found = [
        one
        for one in sentence.numbers
        if exact.search(sentence.text[one.start : one.end]) and measure in sentence.text[one.start : one.end]
    ]
    return found[0] if len(found) == 1 else None


def _quoted(said: str, at: int, text: _Text) -> bool | None:
    """Return True if words stand in passage `at`, False if before it in its paragraph or the title, else None."""
    if not said.strip():
        return None
    if said in text.passages[at].text:
        return True
    return False if said in text.earlier(at) else None


def _days(said: str, text: _Text) -> Span | None:
    """Return the period of quoted words; None unless they state one."""
    folded = fold(with_years(simplified(said)))
    found = [one for one in phrases(folded, [], text.words.times) if not one.compared]
    calendar = Calendar(text.published, text.published.year if text.published else None)
    return calendar.resolve(found[0]) if len(found) == 1 else None


def _region(said: str, text: _Text) -> str:
    """Return the region of quoted words; blank unless they name one. An anaphor such as 全省 is the default region."""
    found = annotate(simplified(said), "", "", text.words).regions
    named = {one.region or (text.region if one.local else "") for one in found}
    region = next(iter(named)) if len(named) == 1 else ""
    known = text.words.catalogue
    return region if region in known.places or region in known.nations else ""


_SETTLED = {
    *(OF_A_FIRM, OF_FIRMS, UNCERTAIN, UNDATED),
    *CONTRADICTIONS,
    *(why for kind, why in LEFT.items() if kind != "other"),
}
"""Reasons of the grammar that say what a number is, and not only that the grammar does not know it."""


def _is_settled(found: Reading, one: Observation) -> bool:
    """Return True if the grammar says that the number of a proposed figure is no figure of a region: of a firm, a change."""
    return any(left.why in _SETTLED and _shares_number(left, one) for left in found.unplaced)


def _merged(found: Reading, text: _Text, taken: Sequence[Observation], left: Sequence[Unplaced]) -> Reading:
    """Return a reading with further figures, where both agree or only one has read a number."""
    prose = {one.place for one in text.passages}
    own = [one for one in found.observations if one.place in prose]
    unplaced = list(found.unplaced)
    seen: list[Observation] = list(own)
    for one in taken:
        rivals = [other for other in own if _shares_number(other, one)]
        if not rivals:
            seen.append(one)
            unplaced = [other for other in unplaced if not _shares_number(other, one)]
        elif not any(_is_same(other, one) for other in rivals):
            seen = [other for other in seen if other not in rivals]
            unplaced.append(Unplaced(_words(one), NOT_SAME, one.text, one.place, one.marks))
    known: list[Observation | Unplaced] = [*found.observations, *unplaced]
    unplaced += [one for one in left if not any(_shares_number(other, one) for other in known)]
    kept, wrong = checked(seen, text.words)
    tables = [one for one in found.observations if one.place not in prose]
    return replace(found, observations=(*kept, *tables), unplaced=(*unplaced, *wrong))


def _words(one: Observation) -> str:
    return one.text[one.marks[0][0] : one.marks[0][1]]


def _shares_number(a: Observation | Unplaced, b: Observation | Unplaced) -> bool:
    """Return True if two figures have a number of the text in common."""
    if a.place != b.place or " ".join(a.text.split()) != " ".join(b.text.split()):
        return False
    return any(low < end and start < high for start, end in a.marks for low, high in b.marks)


def _is_same(known: Observation, one: Observation) -> bool:
    """Return True if a figure of the grammar says what one of the model says."""

    def key(seen: Observation) -> tuple[str, ...]:
        return seen.indicator, seen.region, seen.period_start, seen.period_end, seen.status

    if key(known) != key(one):
        return False
    return known.growth_pct == one.growth_pct if one.value is None else known.value == one.value
