"""Database, version folders, uploads."""
