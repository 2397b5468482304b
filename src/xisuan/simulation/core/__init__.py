"""The compiled event core: every file in it is in the cache key."""
