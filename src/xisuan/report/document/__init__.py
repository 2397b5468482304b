"""Blocks, cells, charts, markup."""
