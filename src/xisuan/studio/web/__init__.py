"""Handling of every request: middleware, sign-in, context."""
