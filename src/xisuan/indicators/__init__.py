"""Official statistics: read from bulletins, reconciled, carried forward, and held against targets."""
