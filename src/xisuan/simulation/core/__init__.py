"""Compiled event core; every file of this folder is part of its cache key."""
