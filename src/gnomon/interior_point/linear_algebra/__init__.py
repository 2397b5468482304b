"""General sparse linear algebra."""
