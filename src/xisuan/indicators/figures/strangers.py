"""Industries that nobody knows and a sentence is about: of `the sector` behind one no earlier industry is meant, and what
is told under such a name, *Toys: exports of 3.1 billion yuan*, is not of the industry before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.tokens import Stretch
from xisuan.indicators.language.vocabulary import Vocabulary
from xisuan.indicators.language.wording import stem
from xisuan.indicators.sentences.sentence import Sentence


def introduces(sentence: Sentence, words: Vocabulary) -> bool:
    """Whether a sentence has an industry for its subject that is not in the vocabulary: 元宇宙产业发展迅速."""
    cues = words.cues
    named: list[Stretch] = [*sentence.mentions, *sentence.times]
    if not sentence.english:
        said = (found.span("who") for found in cues.opens_industry.finditer(sentence.text))
        return any(_strange(sentence, span, named) for span in said)
    opens = cues.opens_industry_en.match(sentence.text)
    if opens is None or any(topic.search(opens["who"]) for topic in words.topics.values()):
        return False
    if all(says_nothing(cues, word) or words.speaks(word) for word in opens["who"].split()):
        return False
    return _strange(sentence, opens.span("who"), [*named, *sentence.regions])


def under_a_strange_name(sentence: Sentence, words: Vocabulary) -> bool:
    """Whether an English sentence opens with the name of something that is not in the vocabulary, a colon, and a measure or
    figure of it.
    """
    label = _LABEL.match(sentence.text) if sentence.english else None
    if label is None or not sentence.amounts or all(says_nothing(words.cues, word) for word in label["who"].split()):
        return False
    known: list[Stretch] = [*sentence.mentions, *sentence.regions, *sentence.times]
    if any(one.start < label.end() for one in known):
        return False
    if any(topic.search(label["who"]) for topic in words.topics.values()):
        return False
    own = [one for one in sentence.mentions if not one.whole]
    titles = " ".join(words.terms[one.indicator].title.lower() for one in own if one.indicator in words.terms)
    if any(stem(word) in map(stem, titles.split()) for word in label["who"].split()):
        return False
    bare = all(_MEASURE.fullmatch(sentence.text, one.start, one.end) for one in own)
    first = min(sentence.amounts[0].start, *(one.start for one in own)) if own else sentence.amounts[0].start
    return bare and len(sentence.text[label.end() : first].split()) <= _FEW


_LABEL = re.compile(r"\W*(?:\(?[a-z0-9]{1,2}[.)]\s*)?(?P<who>[a-z][a-z&'-]{2,}(?:\s+[a-z&'-]+){0,3}):\s")
"""A name, at the beginning of a line, of which what follows the colon is told."""
_MEASURE = re.compile(
    r"(?:(?:total|annual|combined|business|operating|sales|domestic)\s+)?(?:revenues?|income|sales|turnover|exports?|imports?|trade|output(?:\s+value)?|profits?|investment|value\s+added|added\s+value|value-added)"
)
"""What may be measured of anything."""
_FEW = 2
"""Words that may stand between such a name and what is told of it."""


def _strange(sentence: Sentence, span: tuple[int, int], named: Sequence[Stretch]) -> bool:
    """Whether nothing that is known stands in a stretch of a sentence; what stands for something unknown does not count."""
    known = (one for one in named if getattr(one, "indicator", "") not in ("?", "?share"))
    return not any(one.start < span[1] and one.end > span[0] for one in known)
