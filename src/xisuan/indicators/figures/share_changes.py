"""Shares that a level had before and has now: 用电量44.3亿千瓦时,占全社会的比重由2022年的11.6%提高到18.9%."""

from __future__ import annotations

from xisuan.indicators.figures.drafting import draft
from xisuan.indicators.figures.scene import Scene


def share_changed(scene: Scene, at: int, lead: str) -> bool:
    """Give a Chinese share that a level had at a time of its own to that time, and the one behind it to the level.

    `lead`: the words before it.
    """
    return not scene.sentence.english and (_of_before(scene, at, lead) or _of_now(scene, at))


def _of_before(scene: Scene, at: int, lead: str) -> bool:
    """Whether a percentage is the share of a time that stands right before it, of the level read last; it is drafted."""
    figure, level = scene.sentence.amounts[at], scene.drafts[-1] if scene.drafts else None
    if level is None or level.at != at - 1 or level.value is None or level.unit == "pct":
        return False
    says = scene.cues.shares.search(lead) and scene.cues.from_.search(lead) and not scene.cues.grows.search(lead)
    own = says and any(figure.start - len(lead) <= when.start and when.end <= figure.start for when, _ in scene.spans)
    if not own or scene.cues.from_a_share.match(scene.text[figure.end : figure.end + _NEAR]) is None:
        return False
    draft(scene, at, level.mention, level.term, share=figure.value)
    return True


def _of_now(scene: Scene, at: int) -> bool:
    """Whether a percentage is what the share before it became, which the level that both are of then has."""
    before = scene.drafts[-1] if scene.drafts else None
    if before is None or before.at != at - 1 or before.share is None or before.value is not None:
        return False
    gap = scene.text[scene.sentence.amounts[at - 1].end : scene.sentence.amounts[at].start]
    level = next((one for one in reversed(scene.drafts) if one.value is not None), None)
    if level is None or level.term != before.term or scene.cues.from_a_share.match(gap) is None:
        return False
    level.share = scene.sentence.amounts[at].value
    return True


_NEAR = 12
"""Signs behind a share within which it is said what it became."""
