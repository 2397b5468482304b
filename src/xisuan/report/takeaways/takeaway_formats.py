"""Formats of takeaways: what each is called, its media type, and the module that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xisuan.text.translation import message as _


class TakeawayName(StrEnum):
    """Name of a format in commands and requests, which is also the ending of its files."""

    DOCX = "docx"
    PPTX = "pptx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class TakeawayFormat:
    """A format of takeaways. `module` of this folder needs the extra `office`; blank: a browser prints the page."""

    label: str
    media_type: str
    module: str = ""


OFFICE = "application/vnd.openxmlformats-officedocument"
TAKEAWAYS = {
    TakeawayName.DOCX: TakeawayFormat(_("Brief (Word)"), f"{OFFICE}.wordprocessingml.document", "word_document"),
    TakeawayName.PPTX: TakeawayFormat(_("Slides (PowerPoint)"), f"{OFFICE}.presentationml.presentation", "slides"),
    TakeawayName.PDF: TakeawayFormat(_("Brief (PDF)"), "application/pdf"),
}
"""Every format by name. Commands, requests and pages of the studio read this list."""
