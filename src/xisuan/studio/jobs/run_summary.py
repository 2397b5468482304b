"""Short summary of a finished run, and a comparison of several runs: made by the report, cached next to the run."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xisuan.report.document.blocks import Block, Brief, Keys, Text, Tile
from xisuan.report.document.number_cells import CLOSE, OPEN
from xisuan.report.pages import run_page
from xisuan.report.takeaways.write_comparison import comparison
from xisuan.results.storage import run_store
from xisuan.results.storage.two_stage_store import load_tried
from xisuan.results.two_stage import TwoStage
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.text.translation import LANGUAGES, Language

FILE = "verdict.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Headline of a report: main figures (value, unit, label), sentences, status, and certification."""

    keys: list[tuple[str, str, str]]
    sentences: list[str]
    status: str
    certified: bool
    cost_mcny: float


def read(result: str, language: Language) -> Verdict:
    """Return the headline of the run folder `result`. The first call takes seconds, later ones use the cache."""
    place = Path(result).with_name(f"{language}.{FILE}")
    if not place.is_file():
        run = load_tried(result)
        plan = run.found if isinstance(run, TwoStageRun) else run.plan
        cost = plan.objective if isinstance(plan, TwoStage) else plan.cost_mcny
        certified = plan.certificate is not None and plan.certificate.ok
        for each in LANGUAGES:
            first = run_page.sections(run, each)[0]
            keys, said = _headline(first.blocks)
            said = [first.title, *said] if any(isinstance(block, Brief) for block in first.blocks) else said
            found = Verdict(keys, said, plan.status, certified, cost)
            other = Path(result).with_name(f"{each}.{FILE}")
            partial = other.with_suffix(".partial")
            partial.write_text(json.dumps(dataclasses.asdict(found), ensure_ascii=False), encoding="utf-8")
            partial.rename(other)
    stored = json.loads(place.read_text(encoding="utf-8"))
    return Verdict(**{**stored, "keys": [(value, unit, label) for value, unit, label in stored["keys"]]})


def _headline(blocks: Sequence[Block]) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Return the main figures and sentences of a page's first section."""
    tiles = [tile for block in blocks if isinstance(block, Brief) for tile in block.tiles]
    said = [_answer(tile) for tile in tiles]
    said += [item for block in blocks if isinstance(block, Text) for item in block.items]
    keys = [(tile.value, tile.unit, tile.label) for tile in tiles if tile.value]
    keys += [(key.value, key.unit, key.label) for block in blocks if isinstance(block, Keys) for key in block.keys]
    return keys, [text.replace(OPEN, "").replace(CLOSE, "") for text in said]


def _answer(tile: Tile) -> str:
    """Return a tile of the brief as a sentence: its question, number, range and verdict."""
    number = " ".join(part for part in (tile.value, tile.unit, tile.label) if part)
    return " · ".join(part for part in (tile.question, number, tile.span, tile.verdict) if part)


def side_by_side(folders: Sequence[str], names: Sequence[str], language: Language) -> str:
    """Return the page that compares the runs in `folders` with the first of them."""
    return comparison([run_store.load_run(folder) for folder in folders], names, language)
