"""Verbs on people, removed things and the queue: share by name, delete for good, see and stop what blocks others."""

from __future__ import annotations

import shutil

from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError, forbidden, unknown
from xisuan.studio.services.estimates import Known
from xisuan.studio.services.runs import Runs
from xisuan.studio.services.scenarios import Scenarios
from xisuan.studio.storage.repository import Row
from xisuan.text.translation import message as _

ACCESSES = ("none", "view", "edit")
LONGEST_COMMENT = 2_000
"""Characters of a comment."""
MOST_COMMENTS = 200
"""Comments on one run."""
ENDED = ("done", "failed", "cancelled")


class Upkeep(Scenarios, Runs):
    """Verbs on people, removed things and the queue."""

    def people(self, person: Person, scenario_id: str) -> list[Row]:
        """Return the people with whom a user's scenario is shared by name."""
        return self.store.shares(self._own(person, scenario_id)["id"])

    def share_with(self, person: Person, scenario_id: str, name: str, access: str) -> None:
        """Let one person view or edit a scenario, or end that (`none`)."""
        row = self._own(person, scenario_id)
        if access not in ACCESSES:
            raise RefusedError(422, _("access is one of {known}", known=", ".join(ACCESSES)))
        other = self.store.user(name)
        if other is None or not other["active"]:
            raise RefusedError(404, _("there is no account {name}", name=name[:64]))
        if other["id"] == person.id:
            raise RefusedError(422, _("the scenario is yours already"))
        self.store.set_share(row["id"], other["id"], "" if access == "none" else access)
        self.store.note(person.name, "share", f"{row['name']} ({scenario_id}): {name} {access}")

    def removed(self, person: Person) -> list[Row]:
        """Return the removed scenarios of a user; for an administrator those of everybody."""
        return self.store.removed(person)

    def restore_removed(self, person: Person, scenario_id: str) -> None:
        """Put a removed scenario back into the lists."""
        row = self._removed(person, scenario_id)
        self.store.change_scenario(row["id"], removed=None)
        self.store.note(person.name, "restore", f"{row['name']} ({scenario_id})")

    def delete(self, person: Person, scenario_id: str) -> None:
        """Delete a removed scenario for good, with its versions, runs and files."""
        row = self._removed(person, scenario_id)
        if any(run["scenario_id"] == scenario_id for run in self.store.active()):
            raise RefusedError(409, _("a run of this scenario has not ended yet; try again in a moment"))
        folders, runs = self.store.delete_scenario(row["id"])
        for folder in folders:
            self.folders.discard(folder)
        for run_id in runs:
            shutil.rmtree(self.queue.folder(run_id), ignore_errors=True)
        for page in (self.configuration.data / "readings").glob(f"{scenario_id}-*"):
            page.unlink(missing_ok=True)
        self.store.note(person.name, "delete", f"{row['name']} ({scenario_id})")

    def delete_run(self, person: Person, run_id: str) -> None:
        """Delete a run that has ended, with its files."""
        row = self._changeable(person, run_id)
        if row["status"] not in ENDED:
            raise RefusedError(409, _("the run has not ended; cancel it first"))
        if self.store.followers(run_id):
            raise RefusedError(409, _("other jobs use the plan of this run; delete them first"))
        self.store.delete_run(run_id)
        shutil.rmtree(self.queue.folder(run_id), ignore_errors=True)
        self.store.note(person.name, "delete", run_id)

    def comments(self, person: Person, run_id: str) -> list[Row]:
        """Return the comments on a run that the user can see, oldest first, each with whether the user may delete it."""
        self.run(person, run_id)
        return [
            {**row, "may_delete": row["user_id"] == person.id or person.administers}
            for row in self.store.comments(run_id)
        ]

    def comment(self, person: Person, run_id: str, text: str) -> str:
        """Add a comment of a user who can see a run. Return its id. Raises RefusedError."""
        self._writes(person)
        self.run(person, run_id)
        text = text.strip()
        if not 0 < len(text) <= LONGEST_COMMENT:
            raise RefusedError(422, _("a comment has 1 to {most:,} characters", most=LONGEST_COMMENT))
        if len(self.store.comments(run_id)) >= MOST_COMMENTS:
            raise RefusedError(409, _("this run has {most} comments; delete some first", most=MOST_COMMENTS))
        comment_id = self.store.add_comment(run_id, person.id, text)
        self.store.note(person.name, "comment", run_id)
        return comment_id

    def delete_comment(self, person: Person, run_id: str, comment_id: str) -> None:
        """Delete a comment of the user, or as an administrator any that the user can see. Raises RefusedError."""
        self._writes(person)
        found = next((row for row in self.comments(person, run_id) if row["id"] == comment_id), None)
        if found is None:
            raise unknown(_("comment"))
        if not found["may_delete"]:
            raise forbidden(_("this comment is another user's"))
        self.store.delete_comment(comment_id)
        self.store.note(person.name, "delete", f"{run_id} {comment_id}")

    def active(self, person: Person) -> list[Row]:
        """Return the queued and running runs of everybody, for an administrator.

        `left`: seconds that the work of each should still take, by an earlier run of its owner's; None without one.
        """
        self._require_administrator(person)
        known: Known = {}
        return [row | {"left": self._left(person, row, known)} for row in self.store.active()]

    def stop(self, person: Person, run_id: str) -> None:
        """Cancel a queued or running run of anybody, as an administrator."""
        self._require_administrator(person)
        if not self.queue.cancel(run_id):
            raise RefusedError(409, _("the run has already ended"))
        self.store.note(person.name, "cancel", run_id)

    def _removed(self, person: Person, scenario_id: str) -> Row:
        found = next((row for row in self.store.removed(person) if row["id"] == scenario_id), None)
        if found is None:
            raise unknown(_("removed scenario"))
        self._writes(person)
        return found

    @staticmethod
    def _writes(person: Person) -> None:
        """Raise RefusedError for a program's token that may only read."""
        if person.access.scope == "read":
            raise forbidden(_("this token has the scope read; create one with the scope plan"))

    @staticmethod
    def _require_administrator(person: Person) -> None:
        if not person.administers:
            raise forbidden(_("only an administrator can do this"))
