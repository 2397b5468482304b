"""How things are said: translation, numbers, durations (ground floor)."""
