"""Observations reconciled, carried forward to the deadline and held against targets."""
