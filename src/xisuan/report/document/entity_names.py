"""Names of the things of a scenario, in the language of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Settings
from xisuan.text.translation import Language

KEYS = {
    "sites": "site", "regions": "region", "technologies": "technology", "workloads": "workload", "nodes": "node",
    "cities": "city", "measures": "measure",
}  # fmt: skip
"""Tables with titles, and their key."""


def wide(text: str) -> str:
    """Chinese text with the brackets that belong to it."""
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in text)
    return text.replace("(", "（").replace(")", "）") if chinese else text


def titled(settings: Settings, language: Language) -> str:
    """Return the name of a scenario: its title in the language, or in the other, or its name."""
    return (wide(settings.title_zh) if language == "zh" else settings.title) or settings.title or settings.name


@dataclass(frozen=True)
class Names:
    """The names of one scenario in one language; what has no title is called by its key."""

    scenario: Scenario
    language: Language

    @cached_property
    def _titles(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        return {
            table: {
                str(name): (str(en or ""), str(zh or ""))
                for name, en, zh in self.scenario[table]
                .drop_duplicates(key)[[key, "title", "title_zh"]]
                .itertuples(index=False)
            }
            for table, key in KEYS.items()
        }

    def of(self, table: str, key: str) -> str:
        """Return the title of a row of `table`."""
        en, zh = self._titles[table].get(key, ("", ""))
        return wide(zh or en or key) if self.language == "zh" else (en or zh or key)

    def both(self, table: str, key: str) -> str:
        """Return the title followed by the Chinese one, for its first use in English."""
        name, zh = self.of(table, key), self._titles[table].get(key, ("", ""))[1]
        return f"{name} ({zh})" if self.language == "en" and zh and zh != name else name

    def known(self, table: str, key: str) -> bool:
        """Return True if `table` has a row of that key."""
        return key in self._titles[table]

    def node(self, key: str) -> str:
        """Return the name of a backbone node, or of the region that is one."""
        return self.of("nodes" if self.known("nodes", key) else "regions", key)

    @cached_property
    def ends(self) -> Mapping[str, tuple[str, str]]:
        """Link → the nodes it joins."""
        rows = self.scenario["links"].drop_duplicates("link")
        return {str(link): (str(a), str(b)) for link, a, b in rows[["link", "from", "to"]].itertuples(index=False)}

    def link(self, key: str) -> str:
        """Return the name of a link: the names of its ends."""
        ends = self.ends.get(key)
        return f"{self.node(ends[0])} – {self.node(ends[1])}" if ends else key

    def place(self, key: str) -> str:
        """Return the name of a site or a link."""
        return self.link(key) if key in self.ends else self.of("sites", key)
