"""General sparse algebra that knows no hour."""
