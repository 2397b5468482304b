"""Specifications of maps: plain frozen data, all text already in its language, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MarkKind = Literal["site", "focus", "edge", "region"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A site or region on a map. Radii in map units: `inner` what stood, `outer` what is in use; `tip` its values."""

    x: float
    y: float
    inner: float
    outer: float
    kind: MarkKind
    tip: str


@dataclass(frozen=True, slots=True)
class Track:
    """A link on a map: SVG path data, width in map units, load as a fraction of capacity."""

    path: str
    width: float
    load: float
    tip: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Work on its way from a region: SVG path data, width in map units."""

    path: str
    width: float
    tip: str


@dataclass(frozen=True, slots=True)
class Label:
    """Text on a map at percentages of its width and height. `anchor` is the side of the point it stands on."""

    x: float
    y: float
    text: str
    anchor: Literal["left", "right", "above", "below"]
    kind: str


@dataclass(frozen=True, slots=True)
class Pulse:
    """A site on a map that changes from hour to hour. `radius` is of all it has, in map units; the others have an entry an
    hour: the share in use of all, whether it is up, and how many jobs wait.
    """

    x: float
    y: float
    radius: float
    name: str
    busy: tuple[float, ...]
    up: tuple[float, ...]
    waiting: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """An area on a map that says something of itself: SVG path data, `shade` from 0 to 1, its values."""

    path: str
    shade: float
    tip: str
    tone: Literal["year", "before", "never"] = "year"


@dataclass(frozen=True, slots=True)
class Inset:
    """A frame that shows part of the same geometry at another scale and place."""

    x: float
    y: float
    width: float
    height: float
    transform: str
    title: str


@dataclass(frozen=True, slots=True)
class Within:
    """A second map set into a corner of the first: its frame in map units, and two lines to what it enlarges."""

    x: float
    y: float
    width: float
    height: float
    title: str
    leaders: str
    map: Map


@dataclass(frozen=True, slots=True)
class Map:
    """A map. Geometry is SVG path data in map units of `width` × `height`. `shown` is the flow to begin with.

    `pulses` change over the `moments`, of which the reader chooses one. `areas` are filled under everything else; `key` says
    what their shades mean, in place of the legend of the network. `numbers` are the rows of a table of what is shown,
    headings first.
    """

    name: str
    title: str
    description: str
    width: float
    height: float
    land: str
    shared: str
    outer: str
    highlight: str
    dashes: str
    undetermined: str
    tracks: tuple[Track, ...]
    marks: tuple[Mark, ...]
    flows: tuple[tuple[str, tuple[Curve, ...]], ...]
    labels: tuple[Label, ...]
    narrow_labels: tuple[Label, ...]
    sizes: tuple[tuple[str, float], ...]
    widths: tuple[tuple[str, float], ...]
    source: str
    inset: Inset | None = None
    shown: int = 0
    pulses: tuple[Pulse, ...] = ()
    moments: tuple[str, ...] = ()
    within: Within | None = None
    areas: tuple[Area, ...] = ()
    key: tuple[tuple[Area, str], ...] = ()
    numbers: tuple[tuple[str, ...], ...] = ()
