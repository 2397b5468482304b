"""Facts: every number of the brief, computed once from the tables of a run, with range, confidence and source."""
