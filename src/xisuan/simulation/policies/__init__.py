"""Families of policies: queue disciplines, placement, packing, failures."""
