"""Commands that make plans and work with run folders."""
