"""Studio: planning in the browser, and a REST API with the same verbs. Routes, background runs and pages, no modelling."""
