"""Status of a single target: its outcome or its probability, and the forecast path to its deadline."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.results.track import AT_RISK, ON_TRACK, Level
from xisuan.text.translation import message as _
from xisuan.tracking.series import growth_chain, growth_rate_walk, level_walk, part_whole_bounds, year_nowcast
from xisuan.tracking.series.outlook import WHOLE, YEAR_DAYS, Outlook
from xisuan.tracking.series.reconciliation import Figure, levels
from xisuan.tracking.series.statistical_units import convert, is_share
from xisuan.tracking.series.year_under_way import year_to_date
from xisuan.tracking.targets import related_indicator
from xisuan.tracking.targets.growth_targets import Growing
from xisuan.tracking.targets.plan_start import Start
from xisuan.tracking.targets.target_forecast import foreseen, path_days
from xisuan.tracking.targets.target_values import Wanted

Row = dict[str, Any]
SHORT_DAYS = 360
"""Days from a level to its deadline below which the growth needed is not a yearly growth."""
SAME = 5e-3
"""Relative difference below which the level that the plan starts from is the latest published one, rounded."""
PASSED = "deadline passed, outcome not published"
WEAK = ("C", "D")
"""Grades of sources on which no status is certain: mirrors of official texts, and weak ones."""


_BY_GROWTHS = _("by the path of published growths")
_BETWEEN = _("by the path from the time that it counts from")
_BETWEEN_GROWTHS = _("by the path of published growths from the time that it counts from")
_BY_THE_COUNT = _("by the path of what it counts, with as many residents as at its latest level")


class Judge:
    """Evaluates targets one by one and collects their forecast paths.

    starts: levels from which a plan starts, by indicator and region; forecasts of levels go through them.
    """

    def __init__(
        self,
        figures: Sequence[Figure],
        specs: Mapping[str, Row],
        day: datetime.date,
        starts: Mapping[tuple[str, str], Start] | None = None,
    ) -> None:
        self.figures, self.specs, self.day, self.starts = figures, specs, day, starts or {}
        self.paths: list[Row] = []
        self._seen: set[tuple[str, str, str]] = set()

    def target(self, row: Row) -> Row:
        """Return the row of a target with its status and the figures behind it."""
        spec = self.specs[row["indicator"]]
        deadline = datetime.date.fromisoformat(row["deadline"])
        series = levels(self.figures, row["indicator"], row["region"], bool(spec["chain"]), str(row["scope"]))
        wanted = self._wanted(row, deadline, series)
        known = math.isfinite(wanted.goal)
        out: Row = {
            "indicator": row["indicator"],
            "region": row["region"],
            "target": wanted.goal if known else None,
            "unit": spec["unit"],
            "deadline": row["deadline"],
            "source": row["source"],
            "tier": row["tier"],
            "quality": row["quality"],
            "note": [],
            "probability": None,
            "latest": None,
            "undecided": "",
            "reached_by": "",
            "latest_tier": "",
            "required_growth_pct": None,
        }
        if known:
            self._latest(out, series, wanted)
        settled = wanted.settled(series, self.day)
        start = self._start(out, row, wanted, settled) if known else None
        ahead = self._ahead(out, series, wanted, start) if known and not settled else None
        if isinstance(wanted, Growing):
            self._grown(out, series, wanted, settled)
        out["status_tier"] = self._grade(out, settled, series, wanted)
        if settled:
            certain = 1.0 if settled == "reached" else 0.0
            out["status"], out["probability"] = settled, None if out["status_tier"] in WEAK else certain
        elif self.day > deadline:
            out["status"] = PASSED
            out["undecided"] = wanted.undecided(out)
        else:
            out["status"] = _standing(out["probability"])
        if out["status"] in (PASSED, "missed"):
            out["reached_by"] = wanted.reached_by(series)
        self._growth(out, settled)
        self._index(out, ahead, falling=wanted.falling)
        out["note"] += related_indicator.note(self.figures, self.specs, row, wanted.goal, deadline)
        return out

    def _grade(self, out: Row, settled: str, series: Sequence[Figure], wanted: Wanted) -> str:
        """Return the weakest grade among the sources of the target and of the figure that its status rests on."""
        deciding = [one.tier for one in wanted.deciding(series, self.day)] if settled else []
        figure = min(deciding, default=out["latest_tier"])
        return max(str(out["tier"]), figure)

    def _wanted(self, row: Row, deadline: datetime.date, series: Sequence[Figure]) -> Wanted:
        """Return the target of a row: of a level, or of a growth if it has no level."""
        spec = self.specs[row["indicator"]]
        begins = (
            datetime.date.fromisoformat(row["period_start"])
            if row["period_start"]
            else datetime.date(deadline.year, 1, 1)
        )
        if math.isnan(row["value"]):
            return Growing(row, str(spec["kind"]), begins, deadline, series, self.figures)
        goal = convert(float(row["value"]), row["unit"], str(spec["unit"]))
        return Wanted(goal, begins, deadline, str(spec["kind"]), row["bound"] == "under")

    def _grown(self, out: Row, series: Sequence[Figure], wanted: Growing, settled: str) -> None:
        """Add the columns of a growth target; without a base level, its probability follows from published growths."""
        told = wanted.told(series, out["unit"])
        notes = [*told.pop("note"), *out["note"]]
        out |= told
        if not math.isfinite(wanted.goal) and not settled and self.day <= wanted.deadline:
            out["required_growth_pct"] = wanted.pace
            how, found = self._grows(out["indicator"], out["region"], series, wanted)
            if found is not None:
                notes.append(how)
                chance = found.probability((1.0 + wanted.pace / 100.0) ** wanted.years)
                out["probability"] = 1.0 - chance if wanted.falling else chance
        out["note"] = [one for one in notes if one]

    def _grows(
        self, indicator: str, region: str, series: Sequence[Figure], wanted: Growing
    ) -> tuple[str, Outlook | None]:
        """Return the forecast ratio to the unknown base of a growth, with the text of its method.

        The index of published growths is used if it contains the base; if it ends earlier, the path of the levels, else
        of the index.
        """
        days, values, noise = wanted.index()
        stock = wanted.kind == "stock"
        if wanted.base_day <= self.day and wanted.base_day in days:
            found = foreseen(days, values, [wanted.deadline], noise, stock=stock)
            base = values[days.index(wanted.base_day)]
            return _BY_GROWTHS, found[-1].times(1.0 / base) if found is not None else None
        if is_share(indicator, wanted.kind, str(self.specs[indicator]["unit"])):
            return "", None
        known = self._levels(indicator, region, series, wanted.kind)
        for how, (at, walked, _noise) in ((_BETWEEN, known), (_BETWEEN_GROWTHS, (days, values, noise))):
            if len(walked) >= level_walk.LEAST and at[-1] <= wanted.base_day:
                grows = growth_rate_walk.growth if stock and growth_rate_walk.never_fell(walked) else level_walk.growth
                return how, grows(at, walked, wanted.base_day, wanted.deadline)
        return "", None

    def _latest(self, out: Row, series: Sequence[Figure], wanted: Wanted) -> None:
        """Add the latest level that is comparable with the target: a whole year of a flow, any day of a stock."""
        fitting = [
            one
            for one in series
            if wanted.covers(one)
            or ((wanted.yearly or wanted.kind != "flow") and (wanted.kind != "flow" or one.whole_year))
        ]
        chosen = fitting or (series if wanted.yearly else [])
        if self.day > wanted.deadline:  # later levels do not count
            chosen = [one for one in chosen if one.last <= wanted.deadline]
        if not chosen:
            return
        last = chosen[-1]
        years = (wanted.deadline - last.last).days / YEAR_DAYS
        out |= {"latest": last.value, "latest_end": last.last.isoformat(), "latest_bound": last.bound or None}
        out["latest_tier"] = last.tier
        if fitting and years > 0.04 and self.day <= wanted.deadline and last.value > 0 and out["target"] > 0:
            out["required_growth_pct"] = 100.0 * (
                (out["target"] / last.value)
                ** (1.0 / (round(years) if last.whole_year and wanted.yearly and years > 0.5 else max(years, 1.0)))
                - 1.0
            )
        if wanted.yearly and wanted.kind == "flow" and self._under_way(out, series, wanted, last):
            return
        part = [
            one
            for one in series
            if one.first == wanted.begins and one.last < wanted.deadline and one.last.year == wanted.deadline.year
        ]
        if wanted.yearly and part and wanted.kind == "flow" and self.day <= wanted.deadline:
            left = 12 - part[-1].last.month
            out["run_rate"] = (out["target"] - part[-1].value) / left if left else None
        if not fitting:
            only = _("only {first} to {last} was published", first=last.first.isoformat(), last=last.last.isoformat())
            out["note"] = [only]

    def _under_way(self, out: Row, series: Sequence[Figure], wanted: Wanted, last: Figure) -> bool:
        """Add the level of an incomplete year after the last whole one; return True if there is such a year.

        The growth needed then counts from the nowcast of that year.
        """
        known = last.last.year if last.whole_year else 0
        part = year_to_date(series, self.figures, out["indicator"], out["region"], known)
        guess = year_nowcast.whole_year(part) if part else None
        if part is None or guess is None or not math.isfinite(part.level) or part.year > wanted.deadline.year:
            return False
        under_way = next(
            one for one in reversed(series) if one.first.year == part.year and one.last.month == part.month
        )
        out |= {
            "latest": part.level,
            "latest_end": under_way.last.isoformat(),
            "latest_bound": None,
            "latest_tier": under_way.tier,
            "required_growth_pct": None,
            "taken_as": guess[0],
        }
        level = Level(guess[0], "mCNY" if out["unit"] == "mCNY" else "")
        out["note"] = [
            _(
                "to month {month} of {year}, taken as {level} for the year",
                month=part.month,
                year=part.year,
                level=level,
            )
        ]
        ahead = wanted.deadline.year - part.year
        if self.day <= wanted.deadline and ahead > 0:
            out["required_growth_pct"] = 100.0 * ((out["target"] / guess[0]) ** (1.0 / ahead) - 1.0)
        if self.day <= wanted.deadline and ahead == 0:
            out["run_rate"] = (out["target"] - part.level) / (12 - part.month)
        return True

    def _start(self, out: Row, row: Row, wanted: Wanted, settled: str) -> Start | None:
        """Return the level from which the plan starts, if the target is a later level of it; add the growth needed.

        A growth counts from its own published level, and a scope of its own is another count. Add a note where the
        level is not the latest published one.
        """
        start = self.starts.get((out["indicator"], out["region"]))
        if start is None or row["scope"] or isinstance(wanted, Growing):
            return None
        is_late = wanted.deadline <= start.day
        is_ahead = not (settled or is_late or wanted.deadline < self.day)
        if out["latest"] is None or not math.isclose(start.level, out["latest"], rel_tol=SAME):
            if is_ahead or is_late:
                out["note"] += start.note(out["unit"], wanted.deadline)
            if is_ahead:
                out["taken_as"] = start.level
                years = (wanted.deadline - start.day).days / YEAR_DAYS
                out["required_growth_pct"] = 100.0 * ((wanted.goal / start.level) ** (1.0 / max(years, 1.0)) - 1.0)
        return start if is_ahead else None

    def _ahead(self, out: Row, series: Sequence[Figure], wanted: Wanted, start: Start | None) -> Outlook | None:
        """Add median and interval at the deadline, collect the path, and return the forecast; None without one."""
        if not wanted.yearly and wanted.kind == "flow":
            return None
        counted = self._counted(out["indicator"], out["region"], series)
        days, values, noise = counted or self._levels(out["indicator"], out["region"], series, wanted.kind)
        if not days or days[-1] > wanted.deadline or (days[-1] == wanted.deadline and noise == 0.0):
            return None
        grew = growth_chain.other_growths(self.figures, out["indicator"], out["region"], days)
        if start is not None:
            days, values = start.joined(days, values)
        until = sorted({wanted.deadline, *path_days(days[-1], wanted.deadline, wanted.kind)})
        stock = wanted.kind == "stock" or counted is not None
        share = is_share(out["indicator"], wanted.kind, out["unit"]) and max(*values, wanted.goal) <= WHOLE
        found = foreseen(days, values, until, noise, stock=stock, share=share, grew=() if counted else grew)
        if found is None:
            return None
        if counted:
            out["note"].append(_BY_THE_COUNT)
        if len(values) == level_walk.LEAST:
            out["note"].append(_("two levels only: the interval is wide"))
        last = next(one for one in found if one.when == wanted.deadline)
        out |= {"expected": last.median, "low": last.low, "high": last.high}
        chance = last.probability(wanted.goal)
        out["probability"] = 1.0 - chance if wanted.falling else chance
        key = (out["indicator"], out["region"], wanted.deadline.isoformat())
        if key not in self._seen:
            self._seen.add(key)
            for one in found:
                kind = "nowcast" if noise and one.when == days[-1] else "forecast"
                self.paths.append(
                    {
                        "indicator": key[0],
                        "region": key[1],
                        "date": one.when.isoformat(),
                        "median": one.median,
                        "low": one.low,
                        "high": one.high,
                        "kind": kind,
                    }
                )
        return last

    def _counted(
        self, indicator: str, region: str, series: Sequence[Figure]
    ) -> tuple[list[datetime.date], list[float], float] | None:
        """Return days, levels and noise of the count behind a ratio per 10,000 residents, or None.

        Levels are in the unit of the ratio. The count has more and later levels than the ratio and hardly falls. Both
        need a level on the ratio's latest day. The number of residents is kept constant: a province gains or loses
        about 0.3 % a year.
        """
        name = self.specs[indicator].get("counts")
        if not isinstance(name, str) or name not in self.specs or not series:
            return None
        known = levels(self.figures, name, region, bool(self.specs[name]["chain"]), "")
        by_day = {one.last: one.value for one in known if one.value > 0}
        last = series[-1]
        if last.last not in by_day or not growth_rate_walk.never_fell(list(by_day.values())):
            return None
        # Ratio per unit of the count on the latest common day.
        residents = last.value / by_day[last.last]
        return list(by_day), [value * residents for value in by_day.values()], 0.0

    def _levels(
        self, indicator: str, region: str, series: Sequence[Figure], kind: str
    ) -> tuple[list[datetime.date], list[float], float]:
        """Return days, levels and noise from which a path starts; an incomplete year enters as a nowcast."""
        if kind == "ratio":
            ratios = {one.last: one.value for one in series if one.value > 0}
            return list(ratios), list(ratios.values()), 0.0
        known = {one.last: one.value for one in series if (one.whole_year or kind == "stock") and one.value > 0}
        levels = growth_chain.chained_levels(self.figures, indicator, region, known, yearly=kind == "flow")
        days, values = list(levels), list(levels.values())
        noise = growth_chain.IMPLIED_SD if days and days[-1] not in known else 0.0
        if kind == "stock":
            return days, values, noise
        part = year_to_date(series, self.figures, indicator, region, days[-1].year if days else 0)
        if part is not None and days and days[-1].year == part.year - 1:
            part = dataclasses.replace(part, before=values[-1])
        guess = year_nowcast.whole_year(part) if part else None
        if part is None or guess is None:
            return days, values, noise
        before = datetime.date(part.year - 1, 12, 31)
        if before not in levels and math.isfinite(part.growth):
            days, values = [*days, before], [*values, guess[0] / (1.0 + part.growth / 100.0)]
        return [*days, datetime.date(part.year, 12, 31)], [*values, guess[0]], guess[1]

    def _growth(self, out: Row, settled: str) -> None:
        ratio = self.specs[out["indicator"]]["kind"] in ("ratio", "growth")
        out["best_growth_pct"] = (
            None if ratio else part_whole_bounds.best_growth(self.figures, out["indicator"], out["region"])
        )
        if not ratio and (start := part_whole_bounds.begun(self.figures, out["indicator"], out["region"])) is not None:
            times = f"{1.0 + start[0] / 100.0:,.0f}"
            out["note"].append(
                _("{year} multiplied a small beginning by {times}, which is no pace", year=start[1], times=times)
            )
        if out["best_growth_pct"] is not None and part_whole_bounds.worked_out(
            self.figures, out["indicator"], out["region"]
        ):
            out["note"].append(_("best growth is worked out from two published levels"))
        if settled == "reached":
            out["required_growth_pct"] = None
        elif out["required_growth_pct"] is not None and out["latest"] is not None:
            self._pace(out)

    def _pace(self, out: Row) -> None:
        """Replace the yearly growth needed where it misleads: by points for a share, by a note for less than a year."""
        spec = self.specs[out["indicator"]]
        left = (datetime.date.fromisoformat(out["deadline"]) - datetime.date.fromisoformat(out["latest_end"])).days
        if is_share(out["indicator"], str(spec["kind"]), str(spec["unit"])):
            out["required_growth_pct"] = None
            out["note"].append(_("{points} points to go", points=f"{out['target'] - out['latest']:+.1f}"))
        elif left < SHORT_DAYS:
            out["note"].append(_("growth needed is for the {days} days left, not for a year", days=left))

    def _index(self, out: Row, ahead: Outlook | None, *, falling: bool) -> None:
        """Add ESCAP's anticipated progress index: the gap expected at the deadline over the present gap, per cent.

        For an incomplete year the present gap uses its nowcast. A target that is already passed has no index.
        """
        now = out.get("taken_as", out["latest"])
        if ahead is None or now is None:
            return
        gap, expected = out["target"] - now, out["target"] - ahead.median
        if falling:
            gap, expected = -gap, -expected
        if gap > 0.0:
            out["progress_index_pct"] = 100.0 * max(0.0, expected) / gap


def _standing(chance: float | None) -> str:
    """Return the status of an open target by its probability."""
    if chance is None:
        return "not enough data"
    return "on track" if chance >= ON_TRACK else "at risk" if chance >= AT_RISK else "off track"
