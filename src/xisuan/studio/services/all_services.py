"""All verbs of the studio, each once: the API and the pages call nothing else.

Every verb takes the user first, checks their permission, and writes changes into the audit log.
"""

from __future__ import annotations

from xisuan.studio.services.accounts import Accounts
from xisuan.studio.services.charts import Charts
from xisuan.studio.services.readings import Readings
from xisuan.studio.services.scenarios import SHARING
from xisuan.studio.services.upkeep import Upkeep
from xisuan.studio.services.versions import Table
from xisuan.studio.services.what_if import Questions

__all__ = ["SHARING", "Services", "Table"]


class Services(Upkeep, Charts, Readings, Questions, Accounts):
    """All verbs of the studio."""

    def open(self) -> None:
        """Start the background work."""
        self.store.forget_expired()
        self.queue.start()

    def close(self) -> None:
        """Stop the background work; active runs go back into the queue."""
        self.queue.stop()
        self.worker.close()
        self.store.close()
