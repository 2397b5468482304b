"""File format of a kept iterate: a digest, one line of JSON, then plain arrays (`.npy`). Reading it runs no code.

32 bytes      BLAKE2b of all that follows: tells a file that was damaged or not written to its end
one line      JSON: format, scalars of the search, layout of the processes; arrays are named by their place
arrays        one after another, as `numpy.lib.format` writes them, never with objects
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy

from gnomon.arrays import Array, Index
from gnomon.interior_point.iterations.main_loop import ProofAttempts, SearchState
from gnomon.interior_point.iterations.primal_dual_problem import Point
from gnomon.runtime.hour_partition import Layout, Share, Strand

FORMAT = "gnomon iterate 1"
DIGEST = 32
"""Bytes of the digest at the beginning: of sixty damaged files without it, fifty were read as if they were whole."""
LONGEST = 1 << 20
"""Bytes of the line of JSON at most."""
POINT = tuple(one.name for one in fields(Point))
SCALARS = ("last", "count", "since", "at", "spent", "bound", "fallen")
TRIALS = tuple(one.name for one in fields(ProofAttempts))


class DamagedError(ValueError):
    """The digest of the file is not that of its content."""


def write(file: BinaryIO, parts: Sequence[Point], layout: Layout, course: SearchState) -> None:
    """Write an iterate of all processes, with the course of the first one. Raises OSError."""
    arrays: list[Array | Index] = [getattr(part, name) for part in parts for name in POINT]
    shares = [_share_document(share, arrays) for share in layout.shares]
    head = {
        "format": FORMAT,
        "parts": len(parts),
        "course": {name: getattr(course, name) for name in SCALARS} | {"best": list(course.best)},
        "trials": {name: getattr(course.trials, name) for name in TRIALS},
        "shares": shares,
        "following": layout.following,
    }
    file.write(bytes(DIGEST))
    file.write(json.dumps(head, default=_number).encode() + b"\n")
    for array in arrays:
        npy.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    digest = _digest(file)
    file.seek(0)
    file.write(digest)


def read(file: BinaryIO) -> tuple[list[Point], Layout, SearchState]:
    """Return the parts of an iterate, the layout they belong to, and the course.

    Raises DamagedError where the file is not as it was written, ValueError, KeyError or TypeError where it is of another
    format, and OSError.
    """
    if file.read(DIGEST) != _digest(file):
        raise DamagedError
    file.seek(DIGEST)
    line = file.readline(LONGEST)
    if not line.startswith(b"{"):
        raise ValueError("no JSON at the beginning")
    head = json.loads(line)
    if head["format"] != FORMAT:
        raise ValueError(f"format {head['format']!r}")
    arrays = _arrays(file)
    parts = [Point(*(next(arrays) for _ in POINT)) for _ in range(head["parts"])]
    shares = tuple(_share(one, arrays) for one in head["shares"])
    if len(parts) != len(shares):
        raise ValueError("as many parts as processes")
    following = tuple(tuple((int(who), int(which)) for who, which in one) for one in head["following"])
    best = np.array(head["course"].pop("best"), dtype=float)
    course = SearchState(parts[0], ProofAttempts(**head["trials"]), best=best, **head["course"])
    return parts, Layout(shares, following), course


def _share_document(share: Share, arrays: list[Array | Index]) -> dict[str, Any]:
    """Return the share of a process as JSON; its hours are added to `arrays`, in the order in which `_share` takes them."""
    arrays.append(share.hours)
    strands = [{"ring": strand.ring, "open": strand.open} for strand in share.strands]
    arrays.extend(strand.hours for strand in share.strands)
    return {"begin": share.begin, "end": share.end, "strands": strands}


def _share(document: dict[str, Any], arrays: Iterator[Any]) -> Share:
    hours = next(arrays)
    strands = tuple(Strand(next(arrays), one["ring"], one["open"]) for one in document["strands"])
    return Share(hours, strands, document["begin"], document["end"])


def _arrays(file: BinaryIO) -> Iterator[Any]:
    """Yield the arrays of a file.

    A stored shape is refused if it needs more bytes than the file still has, because a damaged file may state any
    shape.
    """
    end = os.fstat(file.fileno()).st_size
    while file.tell() < end:
        begin = file.tell()
        if npy.read_magic(file) != (1, 0):
            raise ValueError("arrays of another version of NumPy's format")
        shape, _, kind = npy.read_array_header_1_0(file)
        if kind.hasobject or math.prod(shape) * kind.itemsize > end - file.tell():
            raise ValueError("an array that the file does not hold")
        file.seek(begin)
        yield npy.read_array(file, allow_pickle=False)
    raise ValueError("fewer arrays than its processes have")


def _digest(file: BinaryIO) -> bytes:
    """Return the digest of what comes after the digest itself."""
    file.seek(DIGEST)
    found = hashlib.blake2b(digest_size=DIGEST)
    while piece := file.read(1 << 20):
        found.update(piece)
    return found.digest()


def _number(value: object) -> Any:
    """Return a number of NumPy as one of JSON."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} in an iterate")
