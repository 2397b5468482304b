"""Families of policies: queue, placement, packing, failures."""
