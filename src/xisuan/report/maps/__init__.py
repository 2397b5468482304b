"""Maps: bases, labels, markers."""
