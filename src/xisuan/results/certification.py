"""Result of `certify` on a run folder: files against their checksums, contents against the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from xisuan.results.plan import Certificate

Verdict = Literal["holds", "changed", "wrong"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored value that differs from the one recomputed from the scenario and the plan's values.

    part: folder within the run, blank for the plan itself. table, row, column: its place. stored, right: the stored
    value and the recomputed one. rows: number of rows with the same fault. what: kind of fault, a key of the message
    catalogue.
    """

    what: str
    part: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    stored: object = None
    right: object = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Signed:
    """State of a run's signature.

    state: unsigned, signed, other (by another key than asked for), broken, or unknown (it cannot be verified here, for
    the reason `why`). by: name that the signer gave. when: time of signing, ISO 8601. key: fingerprint of the public
    key.
    """

    state: Literal["unsigned", "signed", "other", "broken", "unknown"] = "unsigned"
    by: str = ""
    when: str = ""
    key: str = ""
    why: str = ""


@dataclass(frozen=True)
class Certification:
    """Findings on a run folder.

    changed: files that differ from their checksums, by name, as changed, missing or added. certificates: by part.
    differences: faults of the contents. rechecked: recomputed tables, by part. unchecked: what was not recomputed, and
    why. subject: folder within it that the verdict is about, blank for the whole.
    """

    folder: str
    changed: Mapping[str, str]
    certificates: Mapping[str, Certificate]
    differences: tuple[Difference, ...]
    rechecked: Mapping[str, tuple[str, ...]]
    unchecked: Mapping[str, str]
    signature: Signed = field(default_factory=Signed)
    subject: str = ""

    @property
    def verdict(self) -> Verdict:
        """Verdict. wrong: the contents contradict themselves or the scenario; changed: only checksums differ."""
        if self.differences or not all(one.ok for one in self.certificates.values()):
            return "wrong"
        return "changed" if self.changed or self.signature.state == "broken" else "holds"

    @property
    def ok(self) -> bool:
        """True if everything that can be re-checked holds."""
        return self.verdict == "holds"
