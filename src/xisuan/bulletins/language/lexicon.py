"""Lexicon: words for indicators and regions with their matchers, and the data of both languages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from xisuan.bulletins.language.language_data import Cues, cues
from xisuan.bulletins.language.name_matcher import Finder, Firm, by_first
from xisuan.bulletins.language.time_phrases import times
from xisuan.bulletins.language.time_words import Times
from xisuan.bulletins.language.units import Units, units
from xisuan.bulletins.language.word_forms import Wording, wording
from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.catalogue import COLUMNS, Catalogue, Place, Term, catalogue, listed, rows

MONEY = frozenset(("mCNY", "mUSD", "CNY"))
_SPELLINGS = (("isation", "ization"), ("isati", "izati"), ("fibre", "fiber"), ("centre", "center"))
_FOLD: dict[int, str | int] = {
    **{code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)},
    **{code: code - 0xFEE0 for code in range(0xFF21, 0xFF3B)},
    **{code: code - 0xFEE0 for code in range(0xFF41, 0xFF5B)},
    **{ord(old): new for old, new in zip("（）％．’‘＋\u00a0\u3000", "()%.''+  ", strict=True)},
    **{ord(dash): "-" for dash in "–—－‒―‐‑～〜~−─"},
}


def fold(text: str) -> str:
    """Return the text normalised for matching: lower case, one spelling, plain brackets and dashes.

    Character positions stay.
    """
    out = text.translate(_FOLD).lower()
    if len(out) != len(text):  # a character whose lower case is longer
        out = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text.translate(_FOLD))
    for old, new in _SPELLINGS:
        out = out.replace(old, new)
    return out


@dataclass(frozen=True)
class Lexicon:
    """Catalogue of indicators and regions with its words, cues, times and units."""

    catalogue: Catalogue
    term_words: Mapping[str, str]
    place_words: Mapping[str, str]
    cues: Cues
    times: Times
    units: Units
    wording: Wording
    measures: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]
    topics: Mapping[str, re.Pattern[str]]

    @property
    def terms(self) -> Mapping[str, Term]:
        """Return the indicators."""
        return self.catalogue.terms

    @property
    def places(self) -> Mapping[str, Place]:
        """Return the regions."""
        return self.catalogue.places

    @cached_property
    def names(self) -> Finder:
        """Return the matcher of indicator names."""
        return Finder(
            self.term_words, self.wording, (_chinese, lambda word: key(word, self.wording)), (_ALONE, self.cues.of_size)
        )

    @cached_property
    def places_pattern(self) -> re.Pattern[str]:
        """Return the pattern of all words for regions and nations."""
        return _pattern(self.place_words, self.wording)

    def place(self, text: str) -> str:
        """Return the region of a match of `places_pattern`."""
        return self.place_words[key(text, self.wording)]

    def firms(self, text: str, raw: str = "") -> tuple[Firm, ...]:
        """Return the firms, parks and projects that a folded text names; `raw` is the text with its capitals.

        An operator behind a region is its branch (贵州移动). 公司 and 集团 name one firm, unless only kinds of firms and
        quantities stand before them (上市公司, 各保险公司) without a region right before these.
        """
        cues = self.cues.places
        found: list[Firm] = []
        ends = {0}
        for one in self.places_pattern.finditer(text):
            ends.add(one.end())
            branch = cues["branch"].match(text, one.end())
            if branch and not _SECTOR.fullmatch(raw, one.start(), branch.end()):
                found.append(Firm(one.start(), branch.end(), "operator"))
        for kind in ("firm", "leading", "all", "together"):
            found += [Firm(one.start(), one.end(), kind) for one in cues[kind].finditer(text)]
        for one in cues["legal"].finditer(text):
            run = _HAN_BEFORE.search(text, max(end for end in ends if end <= one.start()), one.start())
            start = run.start() if run else one.start()
            behind_region = start in ends and start > 0
            while word := self.cues.explained_zh.match(text, start, one.start()) or cues["beside"].match(
                text, start, one.start()
            ):
                start = word.end()
            own = self.cues.explained_zh.sub("", cues["kinds"].sub("", text[start : one.start()]))
            general = not own and cues["kinds"].search(text, start, one.start()) and not behind_region
            found.append(Firm(start if own else one.start(), one.end(), "all" if general else "firm"))
        out: list[Firm] = []
        for firm in sorted(found, key=lambda firm: (firm.start, -firm.end)):
            if not out or firm.start >= out[-1].end:
                out.append(firm)
        return tuple(out)

    @cached_property
    def products(self) -> Mapping[str, str]:
        """Return indicators of output by the Chinese product: 产量 removed from their words."""
        end = "产量"
        return {word.removesuffix(end): name for word, name in self.term_words.items() if word.endswith(end)}

    def ratio(self, part: str, whole: str = "") -> str:
        """Return the indicator of the share of stock `part` in `whole` (any if blank), else blank."""
        for name, term in self.terms.items():
            if term.flag("part") == part and whole in ("", term.flag("whole")):
                return name
        return ""


_SECTOR = re.compile(r"[A-Z][A-Za-z' ]* [a-z]+")
"""Region and a noun without a capital, which is no name of an operator: Guizhou telecom."""


def lexicon(more: Path | None = None) -> Lexicon:
    """Return the lexicon, with the words of folder `more` added.

    Raises ScenarioError with the problems of its files.
    """
    return _shipped() if more is None else _build(more)


@cache
def _shipped() -> Lexicon:
    return _build(None)


_FILES = (*(f"{name}.csv" for name in COLUMNS), "times.toml", "units.toml")


def _build(more: Path | None) -> Lexicon:
    if more is not None and not more.is_dir():
        raise ScenarioError([Problem("words-folder-missing", table=str(more))])
    if more is not None and not any((more / name).is_file() for name in _FILES):
        raise ScenarioError([Problem("words-folder-empty", table=str(more), files=", ".join(_FILES))])
    known = catalogue(more)
    spoken = wording(listed(row["words_en"]) for row in rows("alike", more))
    measures = {row["measure"]: (listed(row["words_en"]), listed(row["words_zh"])) for row in rows("measures", more)}
    named = _words([(term.indicator, term.words_en, term.words_zh) for term in known.terms.values()], spoken)
    regions = [*known.places.values(), *known.nations.values()]
    return Lexicon(
        catalogue=known,
        term_words=_with_other_ends(named, measures, spoken) | _as_written(known.terms.values(), named, spoken),
        place_words=_words([(one.region, one.words_en, one.words_zh) for one in regions], spoken),
        cues=cues(),
        times=times(more / "times.toml" if more else None),
        units=units(more / "units.toml" if more else None),
        wording=spoken,
        measures={name: _measure(*said) for name, said in measures.items() if name in _BESIDE},
        topics={row["topic"]: _topic(row) for row in rows("topics", more)},
    )


_BESIDE = ("revenue", "investment", "profits", "value_added", "exports", "costs", "rd", "margin")
"""Measures whose word may stand apart from the name of their industry."""


def _measure(english: Sequence[str], chinese: Sequence[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a measure behind a name and, in English, before it: profits of the industry."""
    words = "|".join(sorted(map(re.escape, english), key=len, reverse=True))
    either = "|".join([*map(re.escape, chinese), rf"\b(?:{words})s?\b"])
    return re.compile(either), re.compile(rf"\b(?:{words})s?\s+(?:of|by|from|in)\s+(?:[a-z'-]+\s+){{0,4}}$")


def _topic(row: Mapping[str, str]) -> re.Pattern[str]:
    """Return the pattern of the words of an industry; * matches any ending."""
    english = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in listed(row["words_en"])]
    parts = [rf"\b(?:{'|'.join(english)})"] if english else []
    return re.compile("|".join([*map(re.escape, listed(row["words_zh"])), *parts]) or r"(?!)")


def _words(named: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]], spoken: Wording) -> dict[str, str]:
    """Return indicators or regions by word key.

    If two rows claim a word, the first keeps it; a row's own words take precedence over reordered ones.
    """
    out: dict[str, str] = {}
    said: list[tuple[str, str]] = []
    for name, english, chinese in named:
        for word in (*english, *chinese):
            out.setdefault(key(fold(word), spoken), name)
        said += [(fold(word), name) for word in english]
    for word, owner in [*said, *out.items()]:
        if word.isascii() and not word.endswith("!"):
            for turned in spoken.turned(word):
                out.setdefault(key(turned, spoken), owner)
    return out


def _as_written(terms: Iterable[Term], words: Mapping[str, str], spoken: Wording) -> dict[str, str]:
    """Return the English words whose key another indicator of the same industry and unit has, in their spelling.

    The turnover of telecom services is their volume, although turnover elsewhere is a synonym of revenue.
    """
    out: dict[str, str] = {}
    of = {term.indicator: term for term in terms}
    for term in of.values():
        for word in map(fold, term.words_en):
            owner = of[words[key(word, spoken)]]
            alike = (owner.family, owner.unit) == (term.family, term.unit)
            if term.family and alike and owner is not term and word not in words:
                out.setdefault(word, term.indicator)
    return out


_SAME_END = ("revenue", "profits", "share")
"""Measures whose Chinese words are synonyms at the end of a name."""


def _with_other_ends(
    words: dict[str, str], measures: Mapping[str, tuple[Sequence[str], Sequence[str]]], spoken: Wording
) -> dict[str, str]:
    """Return the words, with synonyms of the measure at the end of Chinese names added: 软件业收入, 软件业营收."""
    out = dict(words)
    for measure in _SAME_END:
        ends = measures.get(measure, ((), ()))[1]
        for word, owner in words.items():
            end = next((sign for sign in ends if word.endswith(sign) and len(word) > len(sign) + 1), "")
            for other in ends if end else ():
                out.setdefault(key(word.removesuffix(end) + other, spoken), owner)
    return out


def key(word: str, spoken: Wording) -> str:
    """Return the key of a matched word, without fillers."""
    return spoken.key(word) if word.isascii() else _INSIDE.sub("", re.sub(r"[\s\-“”\"]", "", word))


_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff]{1,16}$")
"""Chinese characters that end a span: the words before 公司."""
_FILLED = (
    (r"(?:领域|建设|项目|方面)?(?:累计|共)?(?:完成|实现)?(?:固定资产)?", "投资"),
    (r"(?:累计|共)?(?:完成|实现)?(?:营业|业务|主营业务)?总?", "收入"),
    (r"年?(?:累计|共)?(?:完成|实现)?(?:工业)?总?", "产值"),
    (r"(?:累计)?(?:完成|实现)?", "增加值"),
    (r"(?:累计)?(?:完成|实现)?", "利润"),
    (r"(?:(?:接入)?速率的?(?:固定)?(?:互联网)?(?:宽带)?(?:接入)?)?总?", "用户"),
    (r"年?(?:累计)?", "产量"),
    (r"(?:累计|接入|总)?", "流量"),
)
"""Fillers inside a Chinese word, before the measure that ends it: 大数据领域累计完成投资 is 大数据投资."""
_INSIDE = re.compile("|".join(rf"(?<=\S{{2}}){filler}(?={measure})" for filler, measure in _FILLED))


def _pattern(words: Iterable[str], spoken: Wording) -> re.Pattern[str]:
    """Return the pattern of all words, longest first. English words match at word boundaries, Chinese ones anywhere."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    latin = by_first(one for word in ordered if word.isascii() for one in spoken.patterns(word))
    chinese = by_first(_chinese(word) for word in ordered if not word.isascii())
    parts = [rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"] if latin else []
    return re.compile("|".join([*([f"(?:{chinese})"] if chinese else []), *parts]) or r"(?!)")


_ALONE = re.compile(
    r"(?=\s*(?:$|[,.;:()]|(?:'s\s+)?(?:business|industry|sector|market)?\s*(?:has\s+|had\s+|[a-z]+ly\s+|also\s+)?"
    r"(?:and|or|which|in|by|reach\w*|hit|totaled|rose|grew|fell|declin\w*|increas\w*|is|are|was|were|saw|stood|came|topped"
    r"|passed|shrank|contracted|dropped|climbed|surged|soared|jumped|expanded|exceeded|growth|growing)\b))"
)
"""Context behind an English word that is an indicator only if it stands for the whole industry."""
_TOLD_ZH = (
    r"(?=(?:同比|名义|实际|累计|全年|总体|平稳|较快|稳定|持续|年均|均|保持){0,2}"
    r"(?:增长(?!点|极|率?贡献|率?的贡献|动|空间|潜力|方式|预期|目标)|增速|增幅|下降|上涨|回升|增(?=\s?\d))"
    r"|(?:总量|规模)?(?:达到?|为|完成|实现|突破|超过?|约|近){0,2}\s?\d)"
)
"""Growth or level behind a Chinese word that is an indicator only if it stands for the whole industry."""


def _chinese(word: str) -> str:
    """Return the pattern of a Chinese word: blanks at Latin letters, quotes anywhere, fillers before its measure."""
    if word.endswith("!"):
        return _chinese(word[:-1]) + _TOLD_ZH
    out = re.escape(word[0])
    inner = {word.find(measure): filler for filler, measure in _FILLED if word.find(measure) >= 2}
    for at, (before, sign) in enumerate(itertools.pairwise(word), start=1):
        out += inner.get(at, "")
        out += (r"[\s\-“”\"]?" if before.isascii() or sign.isascii() else '[“”"]?') + re.escape(sign)
    return out + ("(?!以上)" if word.endswith("规模") else "")
