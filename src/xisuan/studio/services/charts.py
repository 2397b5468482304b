"""Verbs on charts of finished runs: what they can be filtered by, and their page or data for a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xisuan.report.charts_data import Selection
from xisuan.studio.auth import Person
from xisuan.studio.editing import code_names
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import run_charts
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
    ) -> str:
        """Return the charts of one to six runs for chosen sites, classes and regions. Raises RefusedError."""
        if not 1 <= len(run_ids) <= MOST_COMPARED:
            raise RefusedError(422, _("choose one to {most} runs", most=MOST_COMPARED))
        self._require_known(person, run_ids, chosen, language)
        folders = [str(self._of_one_future(person, run_id)) for run_id in run_ids]
        selection = Selection(**{kind: tuple(keys) for kind, keys in chosen.items()})
        names = self._run_names(person, run_ids, Translator(language))
        return self.worker.run(run_charts.charts, folders, names, selection, language, form)

    def _require_known(
        self, person: Person, run_ids: Sequence[str], chosen: Mapping[str, Sequence[str]], language: Language
    ) -> None:
        """Raise RefusedError for a key that none of the runs has: its charts would be empty without a reason."""
        known = [self.chart_choices(person, run_id, language) for run_id in run_ids]
        for kind, keys in chosen.items():
            for key in keys:
                if not any(key in each[kind] for each in known):
                    raise RefusedError(422, _("{kind}: no run has {key}", kind=kind, key=key[:100]))
