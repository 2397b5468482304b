"""Industries that nobody knows and a sentence is about: of `the sector` behind one no earlier industry is meant."""

from __future__ import annotations

from collections.abc import Sequence

from xisuan.indicators.language.explained import says_nothing
from xisuan.indicators.language.tokens import Stretch
from xisuan.indicators.language.vocabulary import Vocabulary
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


def _strange(sentence: Sentence, span: tuple[int, int], named: Sequence[Stretch]) -> bool:
    """Whether nothing that is known stands in a stretch of a sentence; what stands for something unknown does not count."""
    known = (one for one in named if getattr(one, "indicator", "") not in ("?", "?share"))
    return not any(one.start < span[1] and one.end > span[0] for one in known)
