"""Damaged scenarios and workbooks by the thousand: what they are, and what came of them."""

from __future__ import annotations

import datetime as dt
import io
import os
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from tests.scenario.folder import SMALL
from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.errors import Problem, ScenarioError, XisuanError
from xisuan.scenario import load
from xisuan.scenario.schema.column_types import Column, Table
from xisuan.scenario.schema.tables import TABLES

Files = dict[str, bytes]

CELLS = (
    *("", " ", "nan", "NaN", "inf", "-inf", "-1", "-0", "0", "1e999", "-1e308", "1e-320", "1,5", "1 000", "12%"),
    *("0x1F", "1_0", "１２", "９" * 30, "9" * 400, "9" * 5000, "2026.5", "99999", "true", "'; drop table", "=1+1"),
    *("../../etc", "*", "/", "a/b", '"', '""', '"open', "a\tb", "贵州", "\u202eabc", "\u0085", "\x07", "e\u0301"),
    *("x" * 20_000, "null", "None", "all", "a", "b"),
)
VALUES = (
    *("", "nan", "inf", "-inf", "true", "[]", "{}", "-1", "0", "1.5", "9" * 19, "9" * 4400, "1e400", "'x'", '""'),
    *('"a\\u0000b"', '"../.."', '"/etc"', '"."', '"starter"', '"other"', '"here"', '"loop"', "[2026]", "[2027, 2026]"),
    *("[1, 'a']", "['a']", "[[]]", "[" * 3000, "2025-12-31", "2025-13-41", "2025-12-31T00:00:00Z", "12:00:00"),
    *('"days:0"', '"weeks:99"', '"hours:１"', '"one"', "{a = {b = {c = 1}}}", '"""', "'''multi\nline'''", "0x10"),
    *("1_000", "+1", "nan nan"),
)
KEYS = (
    *("name", "title", "extends", "base_year", "discount_rate", "as_of", "periods", "last_period_years", "hours"),
    *("objective", "capital", "drop", "plan", "report", "simulate", "[drop]\nregions", "[drop]\ndemand"),
    *("[drop]\nprofiles", "[plan]\noperate_days", "[plan.x]\ny", "[[plan]]\nz", "[report]\nregion", "nme", "a.b"),
    *('"a b"', "名", ""),
)
CODES = ("gb18030", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "big5", "utf-7")
ODD_NAMES = ("limts.csv", "re\ngions.csv", "members.csv", ".csv", "贵.csv", "a" * 200 + ".csv")
ODD_ENDS = ("/dev/zero", "/etc/hostname", "/", "nowhere", "regions.csv", "..", "/proc/self/mem")


def sample(table: Table) -> bytes:
    """A table of two sound rows, every column filled."""
    if table.name == "profiles":
        return b"hour,p,q\n" + b"".join(b"%d,1,0.5\n" % hour for hour in range(30))
    lines = [",".join(column.name for column in table.all_columns)]
    lines += [",".join(sound(column, at) for column in table.all_columns) for at in (0, 1)]
    return ("\n".join(lines) + "\n").encode()


def sound(column: Column, at: int) -> str:
    """A cell that its column allows."""
    if column.kind in ("number", "count", "series"):
        return f"{(column.low or column.above or 0) + at + 1 if column.high != 1.0 else 0.5:g}"
    cells = {"year": str(2026 + at), "flag": "yes", "choice": (column.choices or ("",))[0]}
    return cells.get(column.kind, "ab"[at])


SAMPLES = {f"{table.name}.csv": sample(table) for table in TABLES}


# damage to the bytes of one file


def truncate(rng: np.random.Generator, data: bytes) -> bytes:
    return data[: rng.integers(len(data) + 1)]


def flip(rng: np.random.Generator, data: bytes) -> bytes:
    out = bytearray(data or b"x")
    for at in rng.integers(len(out), size=rng.integers(1, 6)):
        out[at] = rng.integers(256)
    return bytes(out)


def insert(rng: np.random.Generator, data: bytes) -> bytes:
    at = rng.integers(len(data) + 1)
    bits = (b"\0", b'"', b",", b"\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1a", b";", b"\t", b"#")
    return data[:at] + bits[rng.integers(len(bits))] * int(rng.integers(1, 4)) + data[at:]


def recode(rng: np.random.Generator, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace") + "贵"
    return text.encode(
        ("gb18030", "utf-16", "utf-16-be", "utf-32", "utf-8-sig", "big5", "utf-7")[rng.integers(7)], "replace"
    )


def cells(rng: np.random.Generator, data: bytes) -> bytes:
    rows = [line.split(",") for line in data.decode("utf-8", "replace").split("\n")]
    for _ in range(rng.integers(1, 4)):
        row = rows[rng.integers(len(rows))]
        row[rng.integers(len(row))] = CELLS[rng.integers(len(CELLS))]
    return "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass")


def columns(rng: np.random.Generator, data: bytes) -> bytes:
    """The header doubled, shuffled, misspelt or shortened."""
    head, _, body = data.decode("utf-8", "replace").partition("\n")
    names = head.split(",")
    at = rng.integers(len(names))
    how = rng.integers(4)
    if how == 0:
        names[at] = names[rng.integers(len(names))]
    elif how == 1:
        rng.shuffle(names)
    elif how == 2:
        names[at] = names[at][::-1]
    else:
        del names[at]
    return f"{','.join(names)}\n{body}".encode()


def repeat(rng: np.random.Generator, data: bytes) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines, lines[rng.integers(len(lines))], lines[rng.integers(len(lines))]])


def empty(rng: np.random.Generator, data: bytes) -> bytes:
    return (b"", b"\n", b"\xef\xbb\xbf", b",,,\n", b'""')[rng.integers(5)]


def options(rng: np.random.Generator, data: bytes) -> bytes:
    key, value = KEYS[rng.integers(len(KEYS))], VALUES[rng.integers(len(VALUES))]
    return data + f"\n{key} = {value}\n".encode() if rng.random() < 0.5 else f"{key} = {value}\n".encode() + data


TABLE_DAMAGE = (truncate, flip, insert, recode, cells, cells, cells, columns, repeat, empty)
TOML_DAMAGE = (truncate, flip, insert, recode, options, options, options, options, empty)


# damage to the folder


def parquet(rng: np.random.Generator) -> bytes:
    """A Parquet file of odd types, damaged as often as not."""
    odd = {"region": ["a", None], "lat": [1.0, float("inf")], "title": [b"\xff", b"x"], "node": [["a"], []]}
    kept = {"region": odd["region"]} | {name: odd[name] for name in odd if rng.random() < 0.4}
    out = io.BytesIO()
    pd.DataFrame(kept).to_parquet(out)
    data = out.getvalue()
    return (data, truncate(rng, data), flip(rng, data), b"PAR1" + rng.bytes(50) + b"PAR1")[rng.integers(4)]


def disturb(rng: np.random.Generator, here: Path) -> None:
    """Something in the folder that is not a plain file."""
    name = ("regions.csv", "scenario.toml", "demand.csv", "links.parquet")[rng.integers(4)]
    path = here / name
    path.unlink(missing_ok=True)
    how = rng.integers(7)
    if how == 0:
        path.mkdir()
    elif how == 1:
        path.symlink_to(ODD_ENDS[rng.integers(len(ODD_ENDS))])
    elif how == 2:
        os.mkfifo(path)
    elif how == 3:
        (here / "regions.parquet").write_bytes(parquet(rng))
    elif how == 4:
        (here / ODD_NAMES[rng.integers(len(ODD_NAMES))]).touch()
    elif how == 5:
        (here / "regions.parquet").write_bytes(parquet(rng))
        (here / "regions.csv").unlink(missing_ok=True)
    else:
        path.write_bytes(rng.bytes(int(rng.integers(200))))


def hurt(rng: np.random.Generator, here: Path) -> None:
    """Write one damaged scenario into the empty folder `here`."""
    kind = rng.random()
    files: Files = {"scenario.toml": b'name = "x"\nperiods = [2026, 2027]\n', "regions.csv": b"region,node\na,\nb,n\n"}
    if kind < 0.3:
        files = {name: text.encode() for name, text in SMALL.items()}
    elif kind < 0.6:
        name = list(SAMPLES)[rng.integers(len(SAMPLES))]
        files |= {name: SAMPLES[name]}
    if 0.6 <= kind < 0.9:
        files["scenario.toml"] = twice(rng, TOML_DAMAGE, files["scenario.toml"])
    else:
        name = [name for name in files if name != "scenario.toml"][-1 if kind >= 0.3 else rng.integers(len(files) - 1)]
        files[name] = twice(rng, TABLE_DAMAGE, files[name])
    for name, data in files.items():
        (here / name).write_bytes(data)
    if kind >= 0.9:
        disturb(rng, here)


def twice(
    rng: np.random.Generator, ways: tuple[Callable[[np.random.Generator, bytes], bytes], ...], data: bytes
) -> bytes:
    for _ in range(rng.integers(1, 3)):
        data = ways[rng.integers(len(ways))](rng, data)
    return data


def outcome(folder: Path) -> str:
    """What came of a folder; anything but a scenario or a ScenarioError is left to fail the test."""
    try:
        load.load(folder)
    except ScenarioError as refusal:
        return "refused in words" if all(map(said_well, refusal.problems)) and refusal.problems else "refused badly"
    return "loaded"


def said_well(problem: Problem) -> bool:
    """Whether a problem says what is wrong, in signs that can be seen."""
    return bool(problem.message) and str(problem).isprintable()


def neighbours(room: Path) -> None:
    """What scenarios in the folder may try to extend: a sound one, two in a circle, a way out."""
    for name, toml in (("other", "periods = [2026]"), ("loop", 'extends = "pool"'), ("pool", 'extends = "loop"')):
        (room / name).mkdir()
        (room / name / "scenario.toml").write_text(toml)
        (room / name / "regions.csv").write_text("region\na\n")
    (room / "out").symlink_to("/etc")


def scenarios(seed: int, count: int) -> Counter[str]:
    """What came of so many damaged scenarios. Raises AssertionError, with the input, where anything else escaped."""
    rng = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="xisuan-hostile-") as folder:
        neighbours(Path(folder))
        here = Path(folder) / "here"
        here.mkdir()
        for at in range(count):
            hurt(rng, here)
            try:
                counts[outcome(here)] += 1
            except Exception as escaped:
                kept = {path.name: path.read_bytes()[:300] for path in here.iterdir() if path.is_file()}
                said = f"input {at} of seed {seed} let {type(escaped).__name__} escape: {kept}"
                raise AssertionError(said) from escaped
            for path in here.iterdir():  # cheaper than a new folder each time
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    return counts


def in_parallel(what: Callable[[int, int], Counter[str]], seed: int, count: int, pieces: int) -> Counter[str]:
    """`what` of `count` inputs in so many pieces, each with a seed of its own, on all cores."""
    each = [count // pieces + (piece < count % pieces) for piece in range(pieces)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        found = pool.map(what, range(seed, seed + pieces), each)
        return sum(found, Counter())


# damage to workbooks

ODD_CELLS = (
    *("#N/A", "#REF!", "=1/0", '=HYPERLINK("file:///etc/passwd")', "='[other.xlsx]Sheet1'!A1", "=cmd|' /C calc'!A0"),
    *("../../etc/passwd", "\u202e贵州", "x" * 32_000, "9" * 400, "1e999", "-", "亿元", "12.5%", ""),
    *(
        float("1e308"),
        -1,
        0,
        True,
        dt.date(2025, 12, 31),
        dt.datetime(1900, 1, 1),
        dt.time(12, 30),
        dt.timedelta(days=9),
    ),
)
PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "xl/sharedStrings.xml")

ODD_PARTS = (b"<sheet/>", b"", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>")


def workbook(rng: np.random.Generator) -> bytes:
    """A small workbook of figures and odd cells, merged, dated, far or misnamed, damaged as often as not."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = ("Sheet1", "指标", "a" * 31, "'x")[rng.integers(4)]
    sheet.append(["指标", "单位", "2024年", "2025年"])
    for _ in range(rng.integers(1, 6)):
        sheet.append([ODD_CELLS[rng.integers(len(ODD_CELLS))] for _ in range(rng.integers(1, 6))])
    sheet.append(["数字经济增加值", "亿元", 100, 110])
    for _ in range(rng.integers(3)):
        low, high = sorted(int(row) for row in rng.integers(1, 8, size=2))
        sheet.merge_cells(start_row=low, end_row=high, start_column=1, end_column=int(rng.integers(1, 5)))
    if rng.random() < 0.1:
        sheet.cell(row=int(rng.integers(1, 1_048_577)), column=int(rng.integers(1, 16_385)), value="far")
    if rng.random() < 0.1:
        book.create_sheet("empty")
        book.active = 1
    out = io.BytesIO()
    book.save(out)
    return damaged(rng, out.getvalue())


def damaged(rng: np.random.Generator, data: bytes) -> bytes:
    """A workbook as it is, cut, with bytes flipped, with a part lost or replaced, or with one that unpacks to much."""
    how = rng.integers(6)
    if how < 3:
        return (data, truncate(rng, data), flip(rng, data))[how]
    part = PARTS[rng.integers(len(PARTS))]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
            elif how == 4:
                new.writestr(name, flip(rng, old.read(name)))
        if how == 5:
            new.writestr(
                part,
                (b"<sheet/>", b"", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>")[rng.integers(3)],
            )
        if rng.random() < 0.3:
            new.writestr(
                ("../../escaped", "/etc/escaped", "xl/externalLinks/externalLink1.xml")[rng.integers(3)], b"<a/>"
            )
    return out.getvalue()


def workbooks(seed: int, count: int) -> Counter[str]:
    """What came of so many workbooks given to `read`. Raises AssertionError, with the input, where anything else escaped."""
    rng = np.random.default_rng(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="xisuan-hostile-") as folder:
        path = Path(folder) / "here" / "book.xlsx"
        path.parent.mkdir()
        for at in range(count):
            path.write_bytes(workbook(rng))
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # openpyxl tells what it leaves out
                    read_bulletin(path)
                counts["read"] += 1
            except XisuanError as refusal:
                counts["refused in words" if str(refusal) else "refused badly"] += 1
            except Exception as escaped:
                raise AssertionError(f"workbook {at} of seed {seed} let {type(escaped).__name__} escape") from escaped
            counts["left the folder"] += len(list(Path(folder).iterdir())) - 1
    return counts
