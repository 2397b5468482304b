"""The block-arrowhead system: symbolic, numeric, Schur complement."""
