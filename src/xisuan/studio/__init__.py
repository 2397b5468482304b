"""The studio: planning in the browser, and a REST API of the same verbs. Routes, background runs, pages; no arithmetic."""
