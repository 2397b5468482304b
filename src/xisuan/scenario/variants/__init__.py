"""Scenarios derived from another one."""
