"""Parts of the table editor."""
