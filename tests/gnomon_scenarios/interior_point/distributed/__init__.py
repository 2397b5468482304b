"""Parts of a model assembled by processes."""
