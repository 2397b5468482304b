"""The command line: one more client of the library, one module a command."""
