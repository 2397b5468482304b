"""Page on which a person confirms what was read from bulletins."""
