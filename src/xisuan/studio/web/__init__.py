"""Every request: middleware, sign-in, context."""
