"""Command line of xisuan: one module per command."""
