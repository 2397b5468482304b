"""Export of plans and tracks to the formats of other tools."""
