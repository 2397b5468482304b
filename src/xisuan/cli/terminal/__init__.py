"""Modules that commands share: options, output, progress, lines of results."""
