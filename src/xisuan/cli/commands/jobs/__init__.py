"""Commands that simulate jobs and failures."""
