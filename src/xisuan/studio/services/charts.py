"""Verbs on charts of finished runs: what they can be filtered by, and their page or data for a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from xisuan.report.charts_data import Selection
from xisuan.results.storage.two_stage_store import member_folders
from xisuan.studio.auth import Person
from xisuan.studio.editing import code_names
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_types, run_charts
from xisuan.studio.services.runs import MOST_COMPARED, Runs
from xisuan.text.translation import Language, Translator
from xisuan.text.translation import message as _


class Charts(Runs):
    """Verbs on charts of finished runs."""

    def chart_choices(self, person: Person, run_id: str, language: Language) -> dict[str, dict[str, str]]:
        """Return the sites, classes and regions of a run: kind → key → title."""
        row = self.run(person, run_id)
        version = self._version(person, row["scenario_id"], row["version"])
        return code_names.chart_choices(self.folders.folder(version["folder"]), language)

    def charts(
        self,
        person: Person,
        run_ids: Sequence[str],
        chosen: Mapping[str, Sequence[str]],
        language: Language,
        form: run_charts.Form = "html",
        members: Sequence[str] = (),
    ) -> str:
        """Return the charts of one to six runs for chosen sites, classes and regions. Raises RefusedError.

        A run for several futures counts as its members: those named in `members`, or all.
        """
        if not 1 <= len(run_ids) <= MOST_COMPARED:
            raise RefusedError(422, _("choose one to {most} runs", most=MOST_COMPARED))
        self._require_known(person, run_ids, chosen, language)
        drawn = self._drawn(person, run_ids, members, Translator(language))
        if len(drawn) > MOST_COMPARED:
            raise RefusedError(
                422,
                _("{count} plans are too many for one chart: choose at most {most} runs and members",
                  count=len(drawn), most=MOST_COMPARED),
            )  # fmt: skip
        names, folders = [name for name, _folder in drawn], [str(folder) for _name, folder in drawn]
        selection = Selection(**{kind: tuple(keys) for kind, keys in chosen.items()})
        return self.worker.run(run_charts.charts, folders, names, selection, language, form)

    def members(self, person: Person, run_id: str) -> dict[str, Path]:
        """Return the run folder of each member of a run for several futures; none of another run."""
        return member_folders(self._result(person, run_id, job_types.RUN)) if self.several(person, run_id) else {}

    def _drawn(
        self, person: Person, run_ids: Sequence[str], members: Sequence[str], say: Translator
    ) -> list[tuple[str, Path]]:
        """Return the names and folders of the plans to draw. Raises RefusedError for a member that no run has."""
        drawn: list[tuple[str, Path]] = []
        known: set[str] = set()
        for name, run_id in zip(self._run_names(person, run_ids, say), run_ids, strict=True):
            futures = self.members(person, run_id)
            known |= futures.keys()
            drawn += [(f"{name} · {one}", folder) for one, folder in futures.items() if not members or one in members]
            drawn += [] if futures else [(name, self._result(person, run_id, job_types.RUN))]
        for one in members:
            if one not in known:
                raise RefusedError(422, _("{kind}: no run has {key}", kind="members", key=one[:100]))
        return drawn

    def _require_known(
        self, person: Person, run_ids: Sequence[str], chosen: Mapping[str, Sequence[str]], language: Language
    ) -> None:
        """Raise RefusedError for a key that none of the runs has: its charts would be empty without a reason."""
        known = [self.chart_choices(person, run_id, language) for run_id in run_ids]
        for kind, keys in chosen.items():
            for key in keys:
                if not any(key in each[kind] for each in known):
                    raise RefusedError(422, _("{kind}: no run has {key}", kind=kind, key=key[:100]))
