"""Which method, how long it will take."""
