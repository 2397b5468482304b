"""REST routes and schemas."""
