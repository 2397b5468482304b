"""One function, one family of constraints."""
