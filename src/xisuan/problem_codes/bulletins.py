"""Problems of bulletins and the word lists that read them: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "quote-not-closed": (
        "a quotation mark that opens a cell is not closed before the next one",
        "close it, or double it inside a cell",
    ),
    "words-not-toml": ("not readable as TOML: {fault}", "correct the line that it names"),
    "words-folder-missing": ("there is no such folder of words", "give a folder that exists"),
    "words-folder-empty": ("the folder holds none of {files}", "put at least one of them there"),
    "words-unknown-key": ("not a key of this file", "give relative, plans, [[phrase]], compared or compared_before"),
    "words-not-whole": ("not a whole number", "give a whole number"),
    "kind-unknown": ("not one of the known kinds", "give one of {known}"),
    "words-not-a-pattern": ("not a regular expression: {fault}", "correct it"),
    "words-unknown-section": ("not a section of this file", "give [times], [[unit]] and [[bound]] only"),
    "words-not-positive": ("not a number above 0", "give a number above 0"),
    "words-unit-missing": ("the unit is missing", "say which unit it is"),
    "words-missing": ("the words are missing", "give zh, en or patterns"),
    "words-bound-incomplete": ("the bound is incomplete", "give bound ({known}) and side (before, after)"),
    "bulletin-empty": ("is empty", "give a bulletin"),
    "bulletin-is-an-address": ("is a web address, and nothing is fetched", "save the page first, and give the file"),
    "document-library-missing": ("{kind} are read with a library that is not installed", "install it: {command}"),
    "document-too-long": ("{pages} pages", "give at most {most}"),
    "document-locked": ("is locked by a password", "save it without one"),
    "pdf-unreadable": ("not a PDF that can be read", "save it again"),
    "word-unreadable": ("not a Word document that can be read", "save it as .docx"),
    "document-is-a-scan": ("is a scan: pictures of pages without text", "run text recognition (OCR) over it first"),
    "document-without-letters": ("its letters have no text behind them", "run text recognition (OCR) over it first"),
    "bulletin-kind-unknown": ("not a kind of file that is read", "give one of {known}"),
    "bulletin-too-large": ("larger than {most} MB", "give one bulletin"),
    "bulletin-encoding": ("not text in UTF-8, UTF-16 or GB 18030", "give text, HTML, CSV or Excel"),
    "bulletin-unpacks-too-large": ("unpacks to more than {most} MB", "give one bulletin"),
    "not-a-workbook": ("not an Excel workbook that can be read: {fault}", "save it again as .xlsx"),
    "sheet-too-large": ("a sheet of {rows:,} rows and {columns:,} columns", "give at most {most:,} cells"),
}
