"""Use of the studio by each user, and its limits: number of runs, and bytes of runs and scenarios."""

from __future__ import annotations

from dataclasses import dataclass

from xisuan.studio.auth import Person
from xisuan.studio.configuration import MIB
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.service_base import Service
from xisuan.studio.storage import folder_sizes
from xisuan.text.translation import message as _
from xisuan.text.translation import plural


@dataclass(frozen=True, slots=True)
class Usage:
    """Runs of a user, and MB of these runs and of all versions of the user's scenarios; limits of 0: none."""

    runs: int
    mb: float
    most_runs: int
    most_mb: int


class Quotas(Service):
    """Verbs on the use of the studio."""

    def usage(self, person: Person) -> Usage:
        """Return a user's use of the studio, with what is removed but not deleted for good."""
        runs = self.store.run_ids(person.id)
        folders = [self.queue.folder(run_id) for run_id in runs]
        folders += [self.folders.folder(room).parent for room in self.store.version_folders(person.id)]
        mb = folder_sizes.bytes_of(folders) / MIB
        return Usage(len(runs), mb, self.limits.user_runs, self.limits.user_mb)

    def _require_quota(self, person: Person, runs: int = 0) -> None:
        """Raise RefusedError if a user has no room for more files or for `runs` more runs.

        Edits of tables are saved regardless: a quota must not cost anybody their work.
        """
        if not (self.limits.user_runs or self.limits.user_mb):
            return
        used = self.usage(person)
        if runs and used.most_runs and used.runs + runs > used.most_runs:
            raise RefusedError(
                409,
                plural(
                    "you have {count} run, and each user can have {most:,}; delete runs that you no longer need",
                    "you have {count:,} runs, and each user can have {most:,}; delete runs that you no longer need",
                    used.runs,
                    most=used.most_runs,
                ),
            )
        if used.most_mb and used.mb >= used.most_mb:
            raise RefusedError(
                409,
                _(
                    "your runs and scenarios take {used:,.0f} MB, and each user can have {most:,} MB; delete runs, or "
                    "removed scenarios for good",
                    used=used.mb,
                    most=used.most_mb,
                ),
            )
