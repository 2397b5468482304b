"""Extract messages from the source, update the Chinese catalogue, and compile it: `python -m tools.messages`.

New sources appear in `xisuan.po` with an empty translation to be written; unused sources are removed.
"""

from __future__ import annotations

import ast
import datetime
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from gnomon.errors import INFEASIBLE, NO_WHOLE_NUMBERS
from xisuan import problem_codes
from xisuan.scenario.schema.tables import TABLES
from xisuan.scenario.settings import OPTIONS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "src" / "xisuan" / "locale" / "zh" / "LC_MESSAGES"
KEYWORDS = {"_": None, "unfilled": None, "plural": (1, 2), "in_context": ((1, "c"), 2)}
"""Functions whose first arguments are English sources."""
DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""Date in the header, constant so that the file is deterministic."""


def python_calls(
    file: BinaryIO, keywords: Iterable[str], _tags: Iterable[str], options: Mapping[str, object]
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Yield the calls of `keywords` in Python code as Babel asks: line, function, literal arguments, comments.

    Babel's own extractor misses calls in the arguments of another one and, before Python 3.12, those in f-strings.
    """
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            if texts and isinstance(texts[0], str):
                yield node.lineno, node.func.id, tuple(texts), []


METHODS = [("**.py", python_calls), ("**.j2", "jinja2")]
"""Files that hold sources, and how they are read."""


def extracted() -> Catalog:
    """Return every source in the code, with its files (no line numbers: they change at every edit)."""
    found = Catalog(project="xisuan", charset="utf-8")
    for package in ("gnomon", "xisuan"):
        for file, _, source, _, context in extract_from_dir(ROOT / "src" / package, METHODS, keywords=KEYWORDS):
            found.add(source, locations=[(f"{package}/{file}", 0)], context=context)
    for source, context, file in declared():
        found.add(source, locations=[(file, 0)], context=context or None)
    return found


def declared() -> Iterator[tuple[str, str, str]]:
    """Yield the sources that tables declare, with context and file: problems by code, and the texts of the schema."""
    for code, texts in problem_codes.SOURCES.items():
        for text in filter(None, texts):
            yield text, code, "xisuan/problem_codes"
    yield from ((text, "", "gnomon/errors.py") for text in (INFEASIBLE, NO_WHOLE_NUMBERS))
    columns = [column for table in TABLES for column in table.all_columns]
    texts = [text for column in columns for text in (column.meaning, column.unit, column.blank)]
    texts += [table.meaning for table in TABLES] + [
        text for option in OPTIONS for text in (option.meaning, option.unit)
    ]
    for text in dict.fromkeys(filter(None, texts)):
        yield text, "schema", "xisuan/scenario/schema"


def translated() -> Catalog:
    """Return the stored catalogue."""
    path = FOLDER / "xisuan.po"
    stored = Catalog(locale="zh")
    if path.is_file():
        with path.open("rb") as stream:
            stored = read_po(stream, locale="zh")
    return stored


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue in the binary format of gettext."""
    catalogue.creation_date = catalogue.revision_date = DAY
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Update and compile the catalogue; exit with 1 if a translation is missing."""
    found = translated()
    found.update(extracted(), no_fuzzy_matching=True)
    found.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "xisuan.po").open("wb") as stream:
        write_po(
            stream, found, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=True
        )
    (FOLDER / "xisuan.mo").write_bytes(compiled(found))
    missing = [
        one.id for one in found if one.id and not (all(one.string) if isinstance(one.string, tuple) else one.string)
    ]
    for source in missing:
        print(f"not translated: {source}")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
