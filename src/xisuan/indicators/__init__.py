"""Official statistics: read from bulletins, reconciled, carried forward, and held against targets.

A text becomes observations upwards through `language` (words, numbers, stretches of time), `sentences` (what stands in
one), `figures` (what each figure is of, where and when) and `reading` (whole files). `tracking` holds observations
against targets.
"""
