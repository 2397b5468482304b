"""The words of official statistics, from data files that a statistician extends: indicators and regions."""

from __future__ import annotations

import copy
import csv
import difflib
import itertools
import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.language.composing import Composing, composing
from xisuan.indicators.language.cues import Cues, cues
from xisuan.indicators.language.deeds import Deeds, deeds
from xisuan.indicators.language.doings import Doings, doings
from xisuan.indicators.language.finding import Finder, by_first
from xisuan.indicators.language.periods import times
from xisuan.indicators.language.timewords import Times
from xisuan.indicators.language.units import Units, units
from xisuan.indicators.language.wording import Wording, stem, wording

MONEY = frozenset(("mCNY", "mUSD", "CNY"))
_ANY_NATION = ("the country", "nationwide", "the whole country", "our country")
"""Words for a nation that do not say which."""
_SPELLINGS = (("isation", "ization"), ("isati", "izati"), ("fibre", "fiber"), ("centre", "center"))


def fold(text: str) -> str:
    """The text for matching: lower case, one spelling, plain brackets and dashes. Every sign keeps its place."""
    out = text.translate(_FOLD).lower()
    if len(out) != len(text):  # a sign whose lower case is longer: keep the places
        out = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text.translate(_FOLD))
    for old, new in _SPELLINGS:
        out = out.replace(old, new)
    return out


_FOLD: dict[int, str | int] = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)},
    **{code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)},
    **{code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)},
    **{ord(old): new for old, new in zip("（）％．’‘＋\u00a0\u3000", "()%.''+  ", strict=True)},
    **{ord(dash): "-" for dash in "–—－‒―‐‑～〜~−─"},
}


@dataclass(frozen=True, slots=True)
class Term:
    """An indicator of the vocabulary. `family` and `measure` tie together what is counted of one industry.

    `flags`: `generic` for a name that many things have, so that it must stand free of other words,
    and `own` with it for one that is never an industry's; `bare` for one that
    is but a measure where an industry is named behind its figure; `day` for a ratio that is as of a day, `point` for one
    that is so where a day is said;
    `topical` for one that is of the industry alone where a bulletin is about one; `batch` for things in batches, so
    that a count must be said to be of all there are; `apart` for one that is another's right behind that;
    `of=` for what a share is a share of; `open` for a ratio in per cent that may pass 100.
    """

    indicator: str
    unit: str
    kind: str
    chain: bool
    part_of: str
    title: str
    title_zh: str
    family: str
    measure: str
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Head:
    """Last words of names that only a text gives, and what these measure: unit and kind of an indicator."""

    unit: str
    kind: str
    words_en: tuple[str, ...]
    words_zh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A region of the vocabulary and the one it lies in; of a nation, in which month its `fiscal` year begins."""

    region: str
    within: str
    kind: str
    title: str
    title_zh: str
    capital: str = ""
    fiscal: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """Indicators and regions, what finds all their words, and the small words around them."""

    terms: MutableMapping[str, Term]
    places: Mapping[str, Place]
    term_words: Mapping[str, str]
    place_words: Mapping[str, str]
    by_measure: Mapping[tuple[str, str], str]
    measures: Mapping[str, tuple[str, ...]]
    cues: Cues
    times: Times
    units: Units
    wording: Wording
    topics: Mapping[str, re.Pattern[str]]
    deeds: Deeds
    doings: Doings
    said_by: Sequence[tuple[str, Sequence[str]]]
    heads: tuple[Head, ...] = ()
    nations: Mapping[str, Place] = field(default_factory=dict)
    nation_words: Mapping[str, str] = field(default_factory=dict)
    nation: str = "china"

    def known(self, region: str) -> None:
        """Raise ScenarioError where a region, not blank, is none of the vocabulary."""
        regions = [*self.places, *self.nations]
        if region and region not in regions:
            near = difflib.get_close_matches(region, regions, 1)
            what = f"no such region{f'; did you mean {near[0]}?' if near else '; add it to regions.csv of a folder --words'}"
            raise ScenarioError([Problem("--region", "", "region", region, what)])

    def for_a_text(self, text: str, region: str = "") -> Vocabulary:
        """The same words for one text, to which the indicators that it names itself may be added.

        A text that names no place of China, and another nation, is of that nation: the one it names most often, or the
        one that it is said to be about (`region`). One that is said to be about a place of China is of none.
        """
        for name in _OF_ALL_TEXTS:  # made here, or each copy would make its own
            getattr(self, name)
        own = copy.copy(self)
        object.__setattr__(own, "terms", ChainMap({}, dict(self.terms)))
        said = fold(text)
        title = next((line for line in said.splitlines() if line.strip()), "")
        abroad = _ABROAD.match(title) is not None and any(
            not _of_any_nation(found[0]) for found in self.nations_pattern.finditer(title[:_OPENING])
        )
        here = region in self.places or any(
            not _of_any_nation(found[0]) and not (abroad and found[0] == "全国")
            for found in self.places_pattern.finditer(said)
        )
        if here or self.cues.miit.search(said) or self.cues.national_signs.search(said):
            return own
        found = [found[0] for found in self.nations_pattern.finditer(said) if not _of_any_nation(found[0])]
        if found or region in self.nations:
            named = Counter(self.nation_words[key(one, self.wording)] for one in found).most_common(1)
            nation = region if region in self.nations else named[0][0]
            told = {key(fold(word), self.wording): nation for word in _ANY_NATION}
            for name, value in (
                ("places", self.nations),
                ("place_words", {**self.nation_words, **told}),
                ("nation", nation),
            ):
                object.__setattr__(own, name, value)
            own.__dict__["places_pattern"] = self.nations_pattern
        elif not region and not any("\u4e00" <= sign <= "\u9fff" for sign in said):
            object.__setattr__(own, "nation", "")  # of which country an English text without a name is, nobody knows
            own.__dict__["places_pattern"] = self._named_places_pattern
        return own

    @cached_property
    def _named_places_pattern(self) -> re.Pattern[str]:
        """All words for regions but those for a nation that do not say which."""
        return _pattern([word for word in self.place_words if not _of_any_nation(word)], self.wording)

    def named_nation(self, said: str) -> bool:
        """Whether some words for a nation say which."""
        return not _of_any_nation(said)

    @cached_property
    def nations_pattern(self) -> re.Pattern[str]:
        """All words for nations other than China."""
        return _pattern([*self.nation_words, *(key(fold(word), self.wording) for word in _ANY_NATION)], self.wording)

    @cached_property
    def names(self) -> Finder:
        """All words for indicators."""
        return Finder(
            self.term_words, self.wording, (_chinese, lambda word: key(word, self.wording)), (_ALONE, self.cues.of_size)
        )

    @cached_property
    def composing(self) -> Composing:
        """All English names as sets of words."""
        parts: list[tuple[str, set[str], set[str]]] = []
        for name, term in self.terms.items():
            said = {flag.partition("=")[0]: flag.partition("=")[2] for flag in term.flags}
            if "part" in said:
                parts.append((name, {said["part"]}, {said.get("whole", "")}))
            elif "of" in said and term.family:
                kin = {own for own, one in self.terms.items() if one.family == term.family and one.unit in MONEY}
                parts.append((name, kin, {said["of"]}))
        names = {  # the turnover of telecommunications is a volume of business, and as revenue another thing
            word: name
            for word, name in self.term_words.items()
            if "revenue" not in word.split() or self.terms[name].measure != "volume"
        }
        return composing(self.said_by, names, self.wording, parts)

    @cached_property
    def places_pattern(self) -> re.Pattern[str]:
        """All words for regions."""
        return _pattern(self.place_words, self.wording)

    @cached_property
    def products(self) -> Mapping[str, str]:
        """Chinese products whose output is an indicator, and that."""
        ends = "产量"
        return {word.removesuffix(ends): name for word, name in self.term_words.items() if word.endswith(ends)}

    @cached_property
    def _ratios(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        out: dict[str, list[tuple[str, str]]] = {}
        for name, term in self.terms.items():
            said = {flag.partition("=")[0]: flag.partition("=")[2] for flag in term.flags}
            if "part" in said:
                out.setdefault(said["part"], []).append((said.get("whole", ""), name))
        return {part: tuple(ratios) for part, ratios in out.items()}

    def ratio(self, part: str, whole: str = "") -> str:
        """The ratio of a count to what it is a part of, to `whole` where that is said; blank where there is none."""
        return next((name for of, name in self._ratios.get(part, ()) if whole in ("", of)), "")

    @cached_property
    def _spoken(self) -> Mapping[str, frozenset[str]]:
        out: dict[str, set[str]] = {}
        for words, name in self.term_words.items():
            out.setdefault(name, set()).update(stem(word) for word in re.findall(r"[a-z0-9]+", words))
        return {name: frozenset(words) for name, words in out.items()}

    def spoken(self, indicator: str) -> frozenset[str]:
        """The stems of all English words that an indicator is called by."""
        return self._spoken.get(indicator, frozenset())

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset().union(*self._spoken.values())

    def speaks(self, word: str) -> bool:
        """Whether an English word is one of any name."""
        return stem(word) in self._stems

    def place(self, text: str) -> str:
        """The region that a stretch of text names, one that `places_pattern` found."""
        return self.place_words[key(text, self.wording)]

    def within(self, region: str) -> tuple[str, ...]:
        """The region and all it lies in, the smallest first."""
        out: list[str] = []
        while region and region in self.places and region not in out:
            out.append(region)
            region = self.places[region].within
        return tuple(out)

    def ancestor(self, region: str, kinds: Iterable[str]) -> str:
        """The nearest of these kinds that the region is or lies in; blank where there is none."""
        wanted = set(kinds)
        return next((name for name in self.within(region) if self.places[name].kind in wanted), "")


_OF_ALL_TEXTS = ("names", "composing", "places_pattern", "products", "_ratios", "_stems")
"""What takes a second to make and is the same for every text."""
_ABROAD = re.compile(r"(?!.*(?:全国|我国|中国|[对自从与向和同赴][\u4e00-\u9fff]))")
"""A title that speaks of no trade with a nation, and of no other."""
_OPENING = 8
"""Signs with which a title opens that is about a nation."""


def _of_any_nation(said: str) -> bool:
    """Whether the words of a text for a nation do not say which."""
    return said in _ANY_NATION or f"the {said}" in _ANY_NATION


def vocabulary(more: Path | None = None) -> Vocabulary:
    """The shipped words, with those of the folder `more` added, as many of the files as are there.

    A row of an indicator, region or measure that is known replaces it; cues, times and units are added. Raises
    ScenarioError with what is wrong with the files.
    """
    return _shipped() if more is None else _build(more)


@cache
def _shipped() -> Vocabulary:
    return _build(None)


COLUMNS = {
    "indicators": ("indicator", "unit", "kind", "chain", "part_of", "title", "title_zh", "words_en", "words_zh"),
    "regions": ("region", "within", "kind", "title", "title_zh", "words_en", "words_zh"),
    "nations": ("region", "within", "kind", "title", "title_zh", "words_en", "words_zh"),
    "measures": ("measure", "words_en", "words_zh"),
    "alike": ("words_en",),
    "topics": ("topic", "words_en", "words_zh"),
    "heads": ("head", "unit", "kind", "words_en", "words_zh"),
    "deeds": ("name", "subjects_en", "verbs_en", "subjects_zh", "verbs_zh"),
    "doings": ("name", "done_en", "used_en"),
    "composing": ("says", "words_en"),
}
_MANY_ROWS = ("deeds", "composing")
"""Files of which one identifier may have several rows; to those of `composing` a folder of one's own only adds."""
_FILES = (*(f"{name}.csv" for name in COLUMNS), "cues.toml", "times.toml", "units.toml")


def _rows(name: str, more: Path | None) -> list[dict[str, str]]:
    """Rows of one file, the shipped ones first, each identifier once; one indicator may be told by several deeds."""
    text = resources.files("xisuan.indicators").joinpath("vocabulary", f"{name}.csv").read_text(encoding="utf-8")
    identifier = COLUMNS[name][0]
    rows = list(csv.DictReader(text.splitlines()))
    path = more / f"{name}.csv" if more else None
    if path is not None and path.is_file():
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        lacking = [column for column in COLUMNS[name] if column not in (reader.fieldnames or ())]
        if lacking:
            what = f"give the columns {', '.join(COLUMNS[name])}; words are separated by |"
            raise ScenarioError([Problem(str(path), "row 1", lacking[0], "", f"the column is missing; {what}")])
        own = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
        known = {row[identifier] for row in own}
        rows = [*(row for row in rows if row[identifier] not in known), *own] if name == "deeds" else [*rows, *own]
    return rows if name in _MANY_ROWS else list({row[identifier]: row for row in rows}.values())


def _build(more: Path | None) -> Vocabulary:
    if more is not None and not more.is_dir():
        raise ScenarioError([Problem(str(more), "", "", "", "there is no such folder of words")])
    if more is not None and not any((more / name).is_file() for name in _FILES):
        raise ScenarioError([Problem(str(more), "", "", "", f"it holds none of {', '.join(_FILES)}")])
    indicators, regions = _rows("indicators", more), _rows("regions", more)
    terms = {row["indicator"]: _term(row) for row in indicators}
    nations = _rows("nations", more)
    by_measure: dict[tuple[str, str], str] = {}
    for name, term in terms.items():
        if term.family and term.measure:
            by_measure.setdefault((term.family, term.measure), name)
    spoken = wording(_listed(row["words_en"]) for row in _rows("alike", more))
    measures = {
        row["measure"]: (*_listed(row["words_zh"]), *_listed(row["words_en"])) for row in _rows("measures", more)
    }
    term_words = _with_other_ends(_words(indicators, "indicator", spoken), measures, spoken)
    place_words = _words(regions, "region", spoken)
    return Vocabulary(
        terms=terms,
        places=_places(regions),
        term_words=term_words,
        place_words=place_words,
        by_measure=by_measure,
        measures=measures,
        cues=cues(more / "cues.toml" if more else None),
        times=times(more / "times.toml" if more else None),
        units=units(more / "units.toml" if more else None),
        wording=spoken,
        topics={row["topic"]: _topic(row) for row in _rows("topics", more)},
        heads=tuple(
            Head(row["unit"], row["kind"], _listed(row["words_en"]), _listed(row["words_zh"]))
            for row in _rows("heads", more)
        ),
        nations=_places(nations),
        nation_words=_words(nations, "region", spoken),
        deeds=deeds(_rows("deeds", more), terms, ("exports", "imports", "output")),
        doings=doings(_rows("doings", more), terms),
        said_by=[(row["says"], _listed(row["words_en"])) for row in _rows("composing", more)],
    )


def _places(rows: Iterable[Mapping[str, str]]) -> dict[str, Place]:
    """The regions of some rows by their identifiers."""
    return {
        row["region"]: Place(
            row["region"],
            row["within"],
            row["kind"],
            row["title"],
            row["title_zh"],
            row.get("capital") or "",
            row.get("fiscal") or "",
        )
        for row in rows
    }


def _topic(row: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern for the words of a topic; * is any ending."""
    english = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in _listed(row["words_en"])]
    parts = [rf"\b(?:{'|'.join(english)})"] if english else []
    return re.compile("|".join([*map(re.escape, _listed(row["words_zh"])), *parts]) or r"(?!)")


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split("|") if word.strip())


def _term(row: Mapping[str, str]) -> Term:
    fields = (row["title"], row["title_zh"], row.get("family", ""), row.get("measure", ""))
    flags = frozenset(_listed(row.get("flags", "")))
    return Term(row["indicator"], row["unit"], row["kind"], row["chain"] != "no", row["part_of"], *fields, flags)


def _words(rows: list[dict[str, str]], name: str, spoken: Wording) -> dict[str, str]:
    """Key → identifier; the first row keeps a word that two claim, and what a row says itself goes before its turns."""
    out: dict[str, str] = {}
    for row in rows:
        for word in (*_listed(row["words_en"]), *_listed(row["words_zh"])):
            out.setdefault(key(fold(word), spoken), row[name])
    said = [(fold(word), row[name]) for row in rows for word in _listed(row["words_en"])]
    for word, owner in [*said, *out.items()]:
        if word.isascii() and not word.endswith("!"):
            for turned in spoken.turned(word):
                out.setdefault(key(turned, spoken), owner)
    return out


_SAME_END = ("revenue", "profits", "share")
"""Measures whose Chinese words say the same at the end of a name."""


def _with_other_ends(words: dict[str, str], measures: Mapping[str, tuple[str, ...]], spoken: Wording) -> dict[str, str]:
    """The words with Chinese names by every word for their measure: 软件业收入 is 软件业营收, too."""
    out = dict(words)
    for measure in _SAME_END:
        ends = [sign for sign in measures.get(measure, ()) if not sign.isascii()]
        for word, owner in words.items():
            end = next((sign for sign in ends if word.endswith(sign) and len(word) > len(sign) + 1), "")
            for other in ends if end else ():
                out.setdefault(key(word.removesuffix(end) + other, spoken), owner)
    return out


def key(word: str, spoken: Wording) -> str:
    """A matched word as it is looked up: without what may stand inside it."""
    return spoken.key(word) if word.isascii() else _INSIDE.sub("", re.sub(r"[\s\-“”\"]", "", word))


_FILLED = (
    (r"(?:领域|建设|项目|方面)?(?:累计|共)?(?:完成|实现)?(?:固定资产)?", "投资"),
    (r"(?:累计|共)?(?:完成|实现)?(?:营业|业务|主营业务)?总?", "收入"),
    (r"年?(?:累计|共)?(?:完成|实现)?(?:工业)?总?", "产值"),
    (r"(?:累计)?(?:完成|实现)?", "增加值"),
    (r"(?:累计)?(?:完成|实现)?", "利润"),
    (r"总?", "用户"),
    (r"年?(?:累计)?", "产量"),
)
"""What may stand inside a word before the measure that ends it: 大数据领域累计完成投资 is 大数据投资."""
_INSIDE = re.compile("|".join(rf"(?<=\S{{2}}){filler}(?={measure})" for filler, measure in _FILLED))


def _pattern(words: Iterable[str], spoken: Wording) -> re.Pattern[str]:
    """All words, the longest first. English ones stand alone and bear small words between; Chinese ones stand anywhere."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    latin = by_first(one for word in ordered if word.isascii() for one in spoken.patterns(word))
    chinese = by_first(_chinese(word) for word in ordered if not word.isascii())
    parts = [rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"] if latin else []
    return re.compile("|".join([*([f"(?:{chinese})"] if chinese else []), *parts]) or r"(?!)")


_ALONE = re.compile(
    r"(?=\s*(?:$|[,.;:()]|(?<=\s)[\d.]+\s?(?:percent|per\s+cent|%)|'s\b(?!\s+(?!growth|size|output|expansion|value|total|revenue|scale|income|profits?)[a-z])|of\s+(?:about\s+|some\s+|over\s+|nearly\s+|almost\s+)?\d|of\s+(?:the\s+)?(?:[a-z'-]+\s+){1,4}?(?:grew|expanded|rose|shrank|contracted|reached|was|stood|topped|came|passed|climbed|hit)\b"
    r"|(?:business|industry|sector|market)?\s*(?:has\s+|had\s+|[a-z]+ly\s+|barely\s+|hardly\s+|still\s+|also\s+|alone\s+)?(?:and|or|which|in|by|from|reach\w*|hit|totaled|totalled|rose|grew|fell|declin\w*|increas\w*|will|is|are|was|were|saw|sees|to|stood|came"
    r"|went|together|combined|passed|topped|crossed|hit|managed|swelled|shrank|contracted|overtook|neared|made|took|brought|earned|contributed|comprised|numbered|turned|followed|led|with|for|dropped|climbed|surged|soared|jumped|expanded|amounted|exceeded|slid|edged|accounted|generated|recorded|posted|registered|respectively|revenues?|income|output)\b))"
)
"""What may stand behind a word that must stand for the industry: telecommunications, not a telecom operator."""


_TOLD_ZH = (
    r"(?=(?:同比|名义|实际|累计|全年|总体|平稳|较快|稳定|持续|年均|均|保持){0,2}"
    r"(?:增长(?!点|极|率?贡献|率?的贡献|动|空间|潜力|方式|预期|目标)|增速|增幅|下降|上涨|回升|增(?=\s?\d))"
    r"|(?:总量|规模)?(?:达到?|为|完成|实现|突破|超过?|约|近){0,2}\s?\d)"
)
"""Behind a Chinese word that must stand for its whole, what tells its growth or its level."""


def _chinese(word: str) -> str:
    """Blanks and hyphens may stand beside Latin signs, quotes anywhere inside: 10G-PON端口, 5G 基站, “上云”企业; a word
    that ends in ! must stand for its whole, right before what says that it grew or how much it is: 经济增长5%.
    """
    if word.endswith("!"):
        return _chinese(word[:-1]) + _TOLD_ZH
    out = re.escape(word[0])
    inner = {word.find(measure): filler for filler, measure in _FILLED if word.find(measure) >= 2}
    for at, (before, sign) in enumerate(itertools.pairwise(word), start=1):
        out += inner.get(at, "")
        out += (r"[\s\-“”\"]?" if before.isascii() or sign.isascii() else '[“”"]?') + re.escape(sign)
    return out + ("(?!以上)" if word.endswith("规模") else "")
