"""Chart of a solver's gap over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc

from xisuan.studio.request_context import Asking
from xisuan.text.translation import message as _

COLOURS = {
    "light": {"ink": "#1d2530", "soft": "#5d6672", "line": "#dedad0", "accent": "#1f5c66", "seal": "#b23a26"},
    "dark": {"ink": "#e7e4dc", "soft": "#a6acb1", "line": "#39424a", "accent": "#6fb5bd", "seal": "#e2735e"},
}
HEIGHT = 300
FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'


def gap(now: Asking, points: Sequence[dict[str, float]]) -> Any:
    """Return the chart of the remaining gap over the seconds of a run."""
    colours = COLOURS[now.theme]
    line = go.Scatter(
        x=[point["at"] for point in points],
        y=[point["gap"] for point in points],
        mode="lines",
        line={"color": colours["accent"], "width": 2},
        hovertemplate="%{x:.0f} s: %{y:.1e}<extra></extra>",
    )
    return _graph(now, [line], now.say(_("seconds")), now.say(_("relative gap")), "log")


def _graph(now: Asking, lines: list[Any], across: str, up: str, scale: str) -> Any:
    colours = COLOURS[now.theme]
    axis = {"gridcolor": colours["line"], "zeroline": False, "linecolor": colours["line"]}
    figure = go.Figure(lines)
    figure.update_layout(
        template="none",
        height=HEIGHT,
        margin={"l": 70, "r": 20, "t": 10, "b": 50},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": colours["soft"], "family": FONT, "size": 13},
        xaxis={**axis, "title": {"text": across, "font": {"size": 13}}},
        yaxis={**axis, "title": {"text": up, "font": {"size": 13}}, "type": scale, "exponentformat": "power"},
        showlegend=False,
    )
    return dcc.Graph(
        figure=figure, config={"displaylogo": False, "displayModeBar": False, "responsive": True}, className="chart"
    )
