"""Database, folders of versions, uploads."""
